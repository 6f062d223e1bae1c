/**
 * The candidate’s desk: answers are sent as they are given, the bar says what the server keeps.
 * Without this script the same form posts the same answers, page by page.
 */

// A bare `import` would lose the version in the address, and be asked for again on every question.
const part = (name) => import(document.querySelector(`link[data-part="${name}"]`).href);
const [{ say, hour }, { Store }, { Saver }, { Timer }, { Navigator }] = await Promise.all(
  ["words", "store", "saving", "timer", "navigator"].map(part),
);

const TYPING = 800;
// What stands on the device only: no network, a network that answers for itself, a busy server.
const UNSENT = ["offline", "unclear", "busy"];
const bar = document.getElementById("bar");
const form = document.getElementById("paper");
const strip = bar.querySelector("[data-strip]");
const keptLine = document.getElementById("kept");
const questions = new Map([...document.querySelectorAll(".question")].map((one) => [Number(one.dataset.number), one]));
const store = new Store(bar.dataset.sitting);
const navigator = new Navigator(say);
let leaving = false;
let held = false;
let ending = false;
let lastKind = "";
let wasUnsent = false;

document.documentElement.classList.add("has-js");

const saver = new Saver({
  store,
  pass: bar.dataset.pass,
  changed: showState,
  kept: showKept,
});
const timer = new Timer(bar, { say, over: () => queueMicrotask(end) });

takeUp();
form?.addEventListener("change", (event) => changed(event.target));
form?.addEventListener("input", (event) => typed(event.target));
document.addEventListener("submit", (event) => void submitted(event));
document.addEventListener("click", followed);
addEventListener("beforeunload", (event) => {
  // Only where leaving would lose something: closing the tab forgets what it kept.
  if (!leaving && [...UNSENT, "refused"].includes(saver.state.kind) && store.all().size) event.preventDefault();
});
addEventListener("pageshow", (event) => {
  // A page brought back from memory shows what was kept then, not now.
  if (event.persisted) location.reload();
});

/** Make every question known, and send what an earlier page could not. */
function takeUp() {
  const onServer = new Map();
  for (const one of document.querySelectorAll("[data-seq]")) {
    onServer.set(Number(one.dataset.cell), { url: one.dataset.saveUrl, seq: Number(one.dataset.seq) });
  }
  for (const [number, known] of onServer) saver.know(number, known);
  if (!keptLine.dataset.state) keptLine.textContent = say("idle");
  for (const [number, unsent] of store.all()) {
    if (!onServer.has(number)) continue;
    const again = saver.resume(number, unsent, onServer.get(number).seq);
    if (again && questions.has(number)) fill(questions.get(number), unsent);
  }
}

/** Show an unsent answer again in its question. */
function fill(question, { answer, flagged }) {
  for (const input of answersOf(question)) {
    if (input.type === "text") input.value = answer[0] ?? "";
    else input.checked = answer.length ? answer.includes(input.value) : input.value === "";
  }
  flagOf(question).checked = flagged;
  sequence(question);
}

function answersOf(question) {
  return [...question.querySelectorAll(`[name="answer-${question.dataset.number}"]`)];
}

function flagOf(question) {
  return question.querySelector(`[name="flag-${question.dataset.number}"]`);
}

/** What the question’s fields say now, as the server reads it. */
function valueOf(question) {
  return answersOf(question)
    .filter((input) => input.type === "text" || input.checked)
    .map((input) => input.value.trim())
    .filter((value) => value !== "");
}

/** The form that leaves this page follows the version that was sent last. */
function sequence(question) {
  const number = Number(question.dataset.number);
  question.querySelector(`[name="seq-${number}"]`).value = saver.seq(number);
}

function changed(input) {
  const question = input.closest(".question");
  if (!question || ending) return;
  clearTimeout(question.typing);
  question.typing = 0;
  if (input.type === "text" && !understood(input)) return;
  saver.change(Number(question.dataset.number), valueOf(question), flagOf(question).checked);
  sequence(question);
}

/** A typed number is read back at once, and sent when the typing pauses. */
function typed(input) {
  const question = input.closest(".question");
  if (!question || input.type !== "text") return;
  understood(input);
  clearTimeout(question.typing);
  question.typing = setTimeout(() => changed(input), TYPING);
}

/** Say how the number is read; true if the server will read it too. */
function understood(input) {
  const line = input.closest(".question").querySelector("[data-understood]");
  const plain = input.value.trim().replace(/(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))/g, "").replace("−", "-").replace(",", ".");
  const right = /^[+-]?\d{1,15}(\.\d{1,6})?$/.test(plain);
  const number = right && Number(plain).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 6 });
  line.textContent = right ? say("understood", { number }) : plain && say("not-understood");
  input.toggleAttribute("aria-invalid", Boolean(plain) && !right);
  return right || plain === "";
}

/** The keeping state in words: in the bar always, aloud only when its kind changes. */
function showState() {
  const state = saver.state;
  for (const [number, question] of questions) showTrouble(question, state.refusals.find((one) => one.number === number));
  if (ending || state.kind === "idle") return;
  const many = state.waiting === 1 ? "one" : "many";
  const words = { kept: "kept", sending: "sending", refused: "refused", offline: `offline-${many}` };
  keptLine.dataset.state = UNSENT.includes(state.kind) ? "offline" : state.kind;
  keptLine.textContent = say(words[state.kind] ?? `busy-${many}`, { at: state.at && hour(state.at), count: state.waiting });
  const kind = [state.kind, ...state.refusals.map((one) => `${one.number} ${one.code}`)].join();
  if (state.kind === "sending" || kind === lastKind) return;
  showStrip(state);
  if (state.kind === "kept") timer.announce(wasUnsent ? say("back") : keptLine.textContent);
  wasUnsent = UNSENT.includes(state.kind);
  lastKind = kind;
}

/** The strip under the bar: what is safe, what is waiting, what to do. */
function showStrip({ kind, refusals }) {
  strip.replaceChildren();
  strip.dataset.kind = kind;
  if (UNSENT.includes(kind)) strip.append(paragraph(say(`${kind}-strip`)));
  if (kind !== "refused") return;
  const { title, detail, status, code } = refusals.at(-1);
  const line = paragraph(`${title}. ${detail} `);
  if (status === 401) line.append(link(say("sign-in"), bar.dataset.signInUrl));
  else if (code === "elsewhere") line.append(link(say("go-on-here"), location.href));
  else if (code === "too_late") line.append(link(say("see-receipt"), bar.dataset.summaryUrl));
  else if (status !== 422) line.append(link(say("reload"), location.href));
  strip.append(line);
}

function paragraph(text) {
  const line = document.createElement("p");
  line.textContent = text;
  return line;
}

function link(text, href) {
  const anchor = document.createElement("a");
  Object.assign(anchor, { textContent: text, href });
  return anchor;
}

function showTrouble(question, refusal) {
  const line = question.querySelector("[data-trouble]");
  const text = refusal ? `${refusal.title}. ${refusal.detail}` : "";
  if (line.textContent !== text) line.textContent = text;
  line.hidden = !refusal;
}

/** The server has stored this version: the time, the cell and the question say so. */
function showKept(number, answer, reply) {
  timer.told(reply);
  navigator.kept(number, answer);
  const line = questions.get(number)?.querySelector("[data-kept]");
  if (line) line.textContent = say("kept", { at: hour(reply.kept.at) });
  // The summary was drawn before this answer arrived.
  if (!form && !held && !saver.state.waiting) location.reload();
}

/** A form leaves with all answers of its page; without a network it would lead nowhere. */
async function submitted(event) {
  const stuck = ["offline", "unclear"].includes(saver.state.kind);
  if (!stuck && (form || !saver.state.waiting)) {
    for (const question of questions.values()) clearTimeout(question.typing);
    store.carried(questions.keys());
    leaving = true;
    return;
  }
  event.preventDefault();
  if (held) return;
  held = true;
  strip.replaceChildren(paragraph(say("offline-move")));
  saver.wake();
  await saver.settled();
  held = false;
  strip.replaceChildren();
  event.target.requestSubmit(event.submitter);
}

/** A link inside the sitting takes nothing away: what is unsent goes along in this tab. */
function followed(event) {
  if (event.target.closest("a.cell, a.table-link, .strip a")) leaving = true;
}

/** The time is over: last answers first, then the server hands in; not all in the same second. */
async function end() {
  for (const question of questions.values()) {
    if (question.typing) changed(answersOf(question)[0]);
  }
  ending = true;
  if (form) form.inert = true;
  strip.replaceChildren(paragraph(say("over")));
  await saver.settled(4000);
  if (saver.state.waiting) strip.replaceChildren(paragraph(say("over-offline")));
  await saver.settled();
  leaving = true;
  setTimeout(() => location.replace(bar.dataset.summaryUrl), 1000 + Math.random() * 2000);
}
