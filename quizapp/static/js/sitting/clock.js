/**
 * The server’s clock, kept on this device. It runs on the monotonic clock, so that setting the
 * device’s own changes nothing; what the server tells corrects it.
 */

// A device’s two clocks part by this much (ms) if one was set, or if it slept.
const JUMP = 2000;
const STALE = 120_000;

export class ServerClock {
  #base;
  #error = Infinity;
  #sampled = -Infinity;
  #apart = Date.now() - performance.now();

  /** `now`: what the server wrote into the page, some moments ago. */
  constructor(now) {
    this.#base = Date.parse(now) - performance.now();
  }

  get now() {
    return performance.now() + this.#base;
  }

  /** The server wrote `now` between these two instants of the monotonic clock: take half-way. */
  answered(now, asked, arrived) {
    const error = (arrived - asked) / 2;
    if (error > this.#error && arrived - this.#sampled < STALE) return;
    this.#base = Date.parse(now) - (asked + arrived) / 2;
    this.#error = error;
    this.#sampled = arrived;
  }

  /** A message is never early: one that puts the server further ahead is nearer to the truth. */
  told(now) {
    this.#base = Math.max(this.#base, Date.parse(now) - performance.now());
  }

  /** Whether the device’s clock was set, or it slept, since this was last asked. */
  jumped() {
    const apart = Date.now() - performance.now();
    if (Math.abs(apart - this.#apart) < JUMP) return false;
    this.#apart = apart;
    this.#error = Infinity;
    return true;
  }
}
