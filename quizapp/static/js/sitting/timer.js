/**
 * The time left, told from the server’s clock: the device’s own may be wrong, or change.
 * `say` gives the words; `over()` is called once, when the time has run out.
 */

const DRIFT = 5000;
const HIDDEN = "sitting.seconds";
const pad = (number) => String(number).padStart(2, "0");

export class Timer {
  #bar;
  #clock;
  #said;
  #say;
  #over;
  #offset;
  #endsAt;
  #lasts;
  #before = Infinity;
  #skew = Date.now() - performance.now();
  #hidden = false;

  constructor(bar, { say, over }) {
    this.#bar = bar;
    this.#clock = bar.querySelector("[data-clock]");
    this.#said = bar.querySelector("[data-said]");
    this.#say = say;
    this.#over = over;
    this.#endsAt = Date.parse(bar.dataset.endsAt);
    this.#lasts = Number(bar.dataset.lasts);
    this.#offset = Date.parse(bar.dataset.now) - Date.now();
    this.#toggle(bar.querySelector("[data-clock-toggle]"));
    this.#tick();
  }

  /** The server told its time, and when this sitting ends. */
  told({ now, ends_at: endsAt }) {
    // A message is never early: the sample that puts the server’s clock furthest ahead is the best.
    this.#offset = Math.max(this.#offset, Date.parse(now) - Date.now());
    const end = endsAt ? Date.parse(endsAt) : this.#endsAt;
    if (end > this.#endsAt + 1000) this.announce(this.#say("longer", { at: this.#hour(end) }));
    this.#endsAt = end;
    this.#show();
  }

  /** Tell a screen reader, when it has finished its sentence. */
  announce(text) {
    this.#said.textContent = text;
  }

  get #left() {
    return (this.#endsAt - Date.now() - this.#offset) / 1000;
  }

  #hour(instant) {
    return new Date(instant).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  }

  #tick() {
    this.#watchTheDevice();
    const left = this.#left;
    this.#show();
    this.#warn(left);
    this.#before = left;
    if (left <= 0) this.#over();
    else setTimeout(() => this.#tick(), (left % 1) * 1000 + 20);
  }

  #show() {
    const left = Math.max(0, Math.floor(this.#left));
    const [h, m, s] = [Math.floor(left / 3600), Math.floor(left / 60), left % 60];
    let text = m ? this.#say("clock-full", { m, ss: pad(s) }) : this.#say("clock-seconds", { s });
    if (h) text = this.#say("clock-hours", { h, mm: pad(m % 60) });
    else if (this.#hidden) text = m ? this.#say("clock-minutes", { m }) : this.#say("clock-last");
    if (this.#clock.textContent !== text) this.#clock.textContent = text;
    if (left < 60) this.#bar.dataset.last = "";
    else delete this.#bar.dataset.last;
  }

  /** Say the few moments that matter, each once, when it is passed on this page. */
  #warn(left) {
    const passed = (seconds) => this.#before !== Infinity && this.#before > seconds && left <= seconds;
    for (const seconds of [30, 60, 300, 600]) {
      if (!passed(seconds)) continue;
      const m = seconds / 60;
      if (seconds < 60) this.announce(this.#say("left-seconds", { s: seconds }));
      else this.announce(m === 1 ? this.#say("left-minute") : this.#say("left-minutes", { m }));
      return;
    }
    if (passed(this.#lasts / 2)) this.announce(this.#say("half"));
  }

  /** A device that slept, or whose clock was set, asks the server what time it is. */
  async #watchTheDevice() {
    const skew = Date.now() - performance.now();
    if (Math.abs(skew - this.#skew) < DRIFT) return;
    this.#skew = skew;
    try {
      const reply = await fetch(this.#bar.dataset.stateUrl, { headers: { Accept: "application/json" } });
      this.#offset = Date.parse((await reply.json()).now) - Date.now();
    } catch {
      // The next acknowledgement, or the server at the end, sets it right.
    }
  }

  /** Seconds can be put out of sight; the choice stays on this device. */
  #toggle(button) {
    const [label] = button.childNodes;
    const apply = () => {
      label.textContent = this.#say(this.#hidden ? "show" : "hide");
      this.#show();
    };
    try {
      this.#hidden = localStorage.getItem(HIDDEN) === "hidden";
    } catch {
      // Without storage the seconds are shown.
    }
    apply();
    button.addEventListener("click", () => {
      this.#hidden = !this.#hidden;
      try {
        localStorage.setItem(HIDDEN, this.#hidden ? "hidden" : "shown");
      } catch {
        // Then it holds for this page.
      }
      apply();
    });
  }
}
