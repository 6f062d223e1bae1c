/**
 * The time left, told from the server’s clock, and the end as the server has it now: it is asked
 * every twenty seconds, and at once when the device wakes, its clock was set, or its network is back.
 * `over()` is called when the time has run out, `paused(whether)` when the clock stops or runs again,
 * `closed()` when the sitting was ended elsewhere, `heard(state)` each time the server has answered.
 */

const EVERY = 20_000;
const TIMEOUT = 8000;
// A tick this late (ms) means that the device slept.
const SLEPT = 15_000;
const HIDDEN = "sitting.seconds";
const pad = (number) => String(number).padStart(2, "0");

/** Seconds in words; `hidden`: without the seconds. */
export function spell(seconds, say, hidden) {
  const left = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(left / 3600), Math.floor(left / 60), left % 60];
  if (h) return say("clock-hours", { h, mm: pad(m % 60) });
  if (hidden) return m ? say("clock-minutes", { m }) : say("clock-last");
  return m ? say("clock-full", { m, ss: pad(s) }) : say("clock-seconds", { s });
}

export class Timer {
  #bar;
  #face;
  #said;
  #line;
  #say;
  #hour;
  #calls;
  #clock;
  #endsAt;
  #stoodAt;
  #lasts;
  #before = Infinity;
  #ticked = performance.now();
  #asking = false;
  #over = false;
  #hidden = false;

  constructor(bar, clock, { say, hour, ...calls }) {
    this.#bar = bar;
    this.#clock = clock;
    this.#face = bar.querySelector("[data-clock]");
    this.#said = bar.querySelector("[data-said]");
    this.#line = bar.querySelector("[data-time]");
    this.#say = say;
    this.#hour = hour;
    this.#calls = calls;
    this.#endsAt = bar.dataset.endsAt;
    this.#stoodAt = bar.dataset.paused === "true" ? Number(bar.dataset.left) : null;
    this.#lasts = Number(bar.dataset.lasts);
    this.#toggle(bar.querySelector("[data-clock-toggle]"));
    addEventListener("online", () => void this.#ask());
    document.addEventListener("visibilitychange", () => document.hidden || void this.#ask());
    if (this.#stoodAt !== null) this.#tell("paused");
    setTimeout(() => this.#askAgain(), Math.random() * 3000);
    this.#tick();
  }

  /** An acknowledgement came with the server’s time. */
  told({ now }) {
    this.#clock.told(now);
    this.#show();
  }

  /** Tell a screen reader, when it has finished its sentence. */
  announce(text) {
    this.#said.textContent = text;
  }

  /** Whether the seconds are out of sight. */
  get hidden() {
    return this.#hidden;
  }

  get #left() {
    return this.#stoodAt ?? (Date.parse(this.#endsAt) - this.#clock.now) / 1000;
  }

  #tick() {
    const late = performance.now() - this.#ticked > SLEPT;
    this.#ticked = performance.now();
    if (this.#clock.jumped() || late) {
      this.#bar.dataset.unsure = "";
      void this.#ask();
    }
    const left = this.#left;
    this.#show();
    this.#warn(left);
    this.#before = left;
    if (left > 0) setTimeout(() => this.#tick(), this.#stoodAt === null ? (left % 1) * 1000 + 20 : 1000);
    else if (!this.#over) {
      this.#over = true;
      this.#calls.over();
    }
  }

  async #askAgain() {
    await this.#ask();
    // Fifteen hundred pages never ask in step, and none later than every 25 seconds.
    setTimeout(() => this.#askAgain(), EVERY * (0.75 + Math.random() / 2));
  }

  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    const asked = performance.now();
    try {
      const reply = await fetch(`${this.#bar.dataset.home}/etat`, {
        headers: { Accept: "application/json" },
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout?.(TIMEOUT),
      });
      const arrived = performance.now();
      const state = await reply.json();
      // A public network’s own page is not our server’s word.
      if (reply.ok && Number.isFinite(Date.parse(state.now)) && Number.isFinite(Date.parse(state.ends_at))) {
        this.#clock.answered(state.now, asked, arrived);
        delete this.#bar.dataset.unsure;
        this.#heard(state);
      }
    } catch {
      // The next question, or the server at the end, sets it right.
    }
    this.#asking = false;
  }

  #heard(state) {
    const { ends_at: endsAt, paused, left, closed, announcements } = state;
    const moved = Date.parse(endsAt) - Date.parse(this.#endsAt);
    const stood = this.#stoodAt !== null;
    this.#endsAt = endsAt;
    this.#stoodAt = paused ? left : null;
    if (paused && !stood) this.#tell("paused");
    else if (stood && !paused) this.#tell("resumed");
    else if (!paused && Math.abs(moved) > 1000) this.#tell(moved > 0 ? "longer" : "shorter");
    if (paused !== stood) this.#calls.paused(paused);
    this.#show();
    this.#calls.heard(state);
    if (announcements?.length) document.dispatchEvent(new CustomEvent("announcements", { detail: announcements }));
    if (closed && !this.#over) {
      this.#over = true;
      this.#calls.closed();
    }
  }

  /** Say what became of the time, in sight and aloud. */
  #tell(word) {
    const line = document.createElement("p");
    line.textContent = this.#say(word, { at: this.#hour(this.#endsAt) });
    this.#line.replaceChildren(line);
  }

  #show() {
    const left = Math.max(0, Math.floor(this.#left));
    let text = spell(left, this.#say, this.#hidden);
    if ("unsure" in this.#bar.dataset) text = this.#say("clock-unsure", { time: text });
    if (this.#face.textContent !== text) this.#face.textContent = text;
    this.#bar.toggleAttribute("data-last", left < 60 && this.#stoodAt === null);
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
