/**
 * What is open of a paced paper: its own clock, and the way to what follows. The server decides: a
 * page that asks again gets no time back, and one that asks twice skips nothing.
 */

const TIMEOUT = 8000;
const AGAIN = 3000;
// The moments that are said aloud, in seconds before the end.
const SAID = [10, 60, 300];

/** The own clock of a question or part; without one, or on another page, it does nothing. */
export class StepClock {
  #face;
  #clock;
  #say;
  #spell;
  #timer;
  #over;
  #until;
  #stoodAt;
  #before = Infinity;
  #ended = false;

  /**
   * `timer()` gives the sitting’s own clock, `spell` puts seconds in words; `over()` is called once,
   * when the time has run out.
   */
  constructor(bar, clock, { say, spell, timer, over }) {
    this.#face = bar.querySelector("[data-step-clock]");
    if (!this.#face) return;
    this.#clock = clock;
    this.#say = say;
    this.#spell = spell;
    this.#timer = timer;
    this.#over = over;
    this.#until = Date.parse(bar.dataset.stepUntil);
    this.#stoodAt = bar.dataset.paused === "true" ? Number(bar.dataset.stepLeft) : null;
    queueMicrotask(() => this.#tick());
  }

  /** What the server says of the step now: `until`, and `left` where the clock stands still. */
  heard({ until, left }, paused) {
    if (!this.#face) return;
    this.#until = Date.parse(until);
    this.#stoodAt = paused ? left : null;
  }

  get #left() {
    return this.#stoodAt ?? (this.#until - this.#clock.now) / 1000;
  }

  #tick() {
    const left = this.#left;
    const text = this.#say("step-time", { time: this.#spell(left, this.#say, this.#timer().hidden) });
    if (this.#face.textContent !== text) this.#face.textContent = text;
    this.#face.toggleAttribute("data-last", left < SAID[0] && this.#stoodAt === null);
    this.#warn(left);
    this.#before = left;
    if (left > 0) setTimeout(() => this.#tick(), this.#stoodAt === null ? (left % 1) * 1000 + 20 : 1000);
    else if (!this.#ended) {
      this.#ended = true;
      this.#over();
    }
  }

  #warn(left) {
    const seconds = SAID.find((one) => this.#before !== Infinity && this.#before > one && left <= one);
    if (!seconds) return;
    const m = seconds / 60;
    if (m < 1) this.#timer().announce(this.#say("step-seconds", { s: seconds }));
    else this.#timer().announce(m === 1 ? this.#say("step-minute") : this.#say("step-minutes", { m }));
  }
}

/** The way on from what is open, once what was answered is on its way. */
export class Way {
  #bar;
  #form;
  #with;
  #going = false;
  left = false;

  constructor(bar, form, desk) {
    this.#bar = bar;
    this.#form = form;
    this.#with = desk;
  }

  /** Go on: to the next question, or to the page that tells the next part before it begins. */
  async on() {
    if (this.#going) return;
    this.#going = true;
    const { home, after } = this.#bar.dataset;
    await this.#with.nothingWaiting();
    if (after === "question") await this.#open();
    this.left = true;
    location.assign({ question: home, part: `${home}?suite=1`, summary: `${home}/recapitulatif` }[after]);
  }

  /** The time is over: last answers first, then what follows. */
  async over() {
    const { say, tell, saver, sendTyping } = this.#with;
    sendTyping();
    this.#form.inert = true;
    tell(say("step-over"));
    await saver.settled(4000);
    if (saver.state.waiting) tell(say("step-over-offline"));
    await saver.settled();
    await this.on();
  }

  /**
   * Ask the server to open what follows, until it has answered. A refusal is an answer too: the page
   * that is loaded next says why.
   */
  async #open() {
    const { say, tell } = this.#with;
    while (!(await this.#asked())) {
      tell(say(this.#form.inert ? "step-over-offline" : "step-offline"));
      await new Promise((done) => {
        setTimeout(done, AGAIN * (0.75 + Math.random() / 2));
        addEventListener("online", done, { once: true });
      });
    }
  }

  async #asked() {
    const { csrf_token: token, leaving } = this.#form.elements;
    try {
      const reply = await fetch(this.#form.querySelector('[name="go"][value="on"]').formAction, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ csrf_token: token.value, leaving: leaving.value }),
        redirect: "error",
        signal: AbortSignal.timeout?.(TIMEOUT),
      });
      const told = await reply.json();
      // A public network’s own page is not our server’s word.
      return told.opened === true || (reply.status < 500 && typeof told.code === "string");
    } catch {
      return false;
    }
  }
}
