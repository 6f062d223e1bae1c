/**
 * How an answer reaches the server. One request at a time per question, the newest value wins,
 * and nothing counts as kept before the server has said so for this very version.
 */

const TIMEOUT = 10_000;
const LONGEST_PAUSE = 30_000;
// After these refusals the answer stays on the device: signing in or reloading sends it again.
const STAYS = new Set([401, 403, 404]);

export class Saver {
  #questions = new Map();
  #store;
  #pass;
  #changed;
  #kept;
  #woken = new Set();
  #lastKept;
  #stopped = false;

  /**
   * `lastKept` is when an answer was last kept, if one was. `changed()` is called whenever `state` may differ; `kept(number, answer, reply)` and
   * `state.refusals` tell the fate of each answer.
   */
  constructor({ store, pass, lastKept, changed, kept }) {
    this.#store = store;
    this.#pass = pass;
    this.#lastKept = lastKept;
    this.#changed = changed;
    this.#kept = kept;
    addEventListener("online", () => this.wake());
  }

  /** Make a question known: where it is saved, and the version that the server has. */
  know(number, { url, seq }) {
    this.#questions.set(number, { number, url, seq, unsent: null, busy: false, tries: 0, why: "", refusal: null });
  }

  /** The version last used for a question. */
  seq(number) {
    return this.#questions.get(number).seq;
  }

  /** A new value, to be sent as soon as the one before it has arrived. */
  change(number, answer, flagged) {
    const question = this.#questions.get(number);
    question.seq += 1;
    const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(16).slice(2)}`;
    const at = Date.now();
    question.unsent = { answer, flagged, seq: question.seq, key, at, url: question.url, pass: this.#pass };
    question.refusal = null;
    this.#store.put(number, question.unsent);
    this.#send(question);
  }

  /** Take up what an earlier page could not send. */
  resume(number, unsent) {
    const question = this.#questions.get(number);
    question.seq = Math.max(question.seq, unsent.seq);
    question.unsent = { ...unsent, pass: this.#pass };
    this.#send(question);
  }

  /** Send nothing more: another page writes now, and takes up what is unsent. */
  stop() {
    this.#stopped = true;
  }

  /** What the bar says: kind, how many wait, when the last was kept, what was refused. */
  get state() {
    const all = [...this.#questions.values()];
    const waiting = all.filter((one) => one.unsent && !one.refusal);
    const refusals = all.filter((one) => one.refusal).map((one) => ({ number: one.number, ...one.refusal }));
    const failed = waiting.find((one) => one.why);
    let kind = this.#lastKept ? "kept" : "idle";
    if (refusals.length) kind = "refused";
    if (waiting.length) kind = failed ? failed.why : "sending";
    return { kind, waiting: waiting.length, at: this.#lastKept, refusals };
  }

  /** Try again now what waits for its next try. */
  wake() {
    for (const again of this.#woken) again();
  }

  /** Wait until nothing is under way any more, or `limit` ms have passed. */
  async settled(limit = Infinity) {
    const end = Date.now() + limit;
    while (this.state.waiting && Date.now() < end) {
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  async #send(question) {
    this.#changed();
    if (question.busy) return;
    question.busy = true;
    while (question.unsent && !question.refusal && !this.#stopped) {
      const sent = question.unsent;
      const reply = await deliver(sent, question.number);
      if (reply.kind === "kept") this.#arrived(question, sent, reply);
      else if (reply.kind === "refused") this.#refused(question, sent, reply);
      else {
        question.why = reply.kind;
        this.#changed();
        await this.#pause(question.tries++, reply.after);
      }
    }
    question.busy = false;
  }

  #arrived(question, sent, reply) {
    Object.assign(question, { tries: 0, why: "" });
    this.#lastKept = reply.body.kept.at;
    if (question.unsent === sent) question.unsent = null;
    this.#store.arrived(question.number, sent, reply.body.receipt);
    // A newer version that waits meanwhile stays on this device.
    if (question.unsent) this.#store.put(question.number, question.unsent);
    this.#kept(question.number, sent, reply.body);
    this.#changed();
  }

  #refused(question, sent, reply) {
    Object.assign(question, { tries: 0, why: "" });
    // A newer value may be what the server asked for: it is sent before anything is said.
    if (question.unsent !== sent) return;
    question.refusal = { status: reply.status, ...reply.body };
    if (!STAYS.has(reply.status)) {
      question.unsent = null;
      this.#store.remove(question.number);
    }
    this.#changed();
  }

  /** Wait longer after each failure, and never in step with a thousand others. */
  #pause(tries, after = 0) {
    const longest = Math.min(LONGEST_PAUSE, 1000 * 2 ** tries);
    const pause = after * 1000 + longest * (0.5 + Math.random() / 2);
    return new Promise((done) => {
      const timer = setTimeout(go, pause);
      const woken = this.#woken;
      function go() {
        clearTimeout(timer);
        woken.delete(wake);
        done();
      }
      function wake() {
        setTimeout(go, Math.random() * 1000);
      }
      woken.add(wake);
    });
  }
}

/** One request, and what its answer means: kept, refused, or to be tried again. */
export async function deliver({ url, answer, flagged, seq, key, pass }, number) {
  let reply, body;
  try {
    reply = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "Accept-Language": document.documentElement.lang,
        "X-Pass": pass,
      },
      body: JSON.stringify({ answer, flagged, seq, key }),
      credentials: "same-origin",
      redirect: "manual",
      // The request outlives the page: a link may be followed while it is under way.
      keepalive: true,
      signal: AbortSignal.timeout?.(TIMEOUT),
    });
    body = await reply.json().catch(() => null);
  } catch {
    return { kind: "offline" };
  }
  if (reply.ok && body?.kept?.number === number && body.kept.seq === seq) return { kind: "kept", body };
  if (reply.status === 429 || reply.status >= 500) {
    return { kind: "busy", after: Number(reply.headers.get("Retry-After")) || 0 };
  }
  if (reply.status >= 400 && typeof body?.code === "string") {
    return { kind: "refused", status: reply.status, body };
  }
  // A public network’s own page, whatever its status, is not our server’s word.
  return { kind: "unclear" };
}
