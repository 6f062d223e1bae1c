/**
 * The candidate’s desk: answers are sent as they are given, the bar says what the server keeps.
 * Without this script the same form posts the same answers, page by page.
 */

// A bare `import` would lose the version in the address, and be asked for again on every question.
const part = (name) => import(document.querySelector(`link[data-part="${name}"]`).href);
const [rescue, { say, hour }, { Store }, { Saver }, { ServerClock }, { Timer, spell }, { Navigator, statesIn }, { Sheet }, { alone }, { StepClock, Way }] = await Promise.all(
  ["rescue", "words", "store", "saving", "clock", "timer", "navigator", "sheet", "alone", "step"].map(part),
);

const TYPING = 800;
const RESCUE_AFTER = Number(document.getElementById("bar").dataset.rescueAfter);
// What stands on the device only: no network, a network that answers for itself, a busy server.
const UNSENT = ["offline", "unclear", "busy"];
const bar = document.getElementById("bar");
const form = document.getElementById("paper");
const strip = bar.querySelector("[data-strip]");
const keptLine = document.getElementById("kept");
const { home, sitting } = bar.dataset;
const states = statesIn(bar.dataset.cells);
const tell = (text) => strip.replaceChildren(paragraph(text));
let [held, ending, wasUnsent, lastKind] = [false, false, false, ""];

document.documentElement.classList.add("has-js");

const sheet = new Sheet(form, say);
const href = (number) => (sheet.current ? `${home}?q=${number}` : `${form ? "" : home}#question-${number}`);
const navigator = new Navigator(say, states.slice(sheet.first - 1, sheet.last), href);
const store = await Store.open(sitting);
const saver = new Saver({ store, pass: bar.dataset.pass, lastKept: bar.dataset.lastKept, changed: showState, kept: showKept });
const clock = new ServerClock(bar.dataset.now);
const way = new Way(bar, form, { say, tell, saver, sendTyping, nothingWaiting });
const step = new StepClock(bar, clock, { say, spell, timer: () => timer, over: () => ending || void way.over() });
const timer = new Timer(bar, clock, { say, hour, over: () => queueMicrotask(end), paused, closed, heard });

const early = sheet.early();
takeUp();
early.forEach(changed);
alone(sitting, superseded);
form?.addEventListener("change", (event) => changed(event.target));
form?.addEventListener("input", (event) => typed(event.target));
document.addEventListener("submit", (event) => void submitted(event));
document.addEventListener("click", followed);
addEventListener("popstate", () => sheet.whole && sheet.current && front(asked()));
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // it shows what was kept then, not now
});
if (sheet.current) {
  navigator.at(sheet.current);
  if (sheet.first < sheet.last && (await sheet.complete(`${home}/sujet`))) showWhatIsKnown();
}

/** Make every question known, and send what an earlier page could not. */
function takeUp() {
  for (const { number, seq } of states) saver.know(number, { url: `${home}/reponses/${number}`, seq });
  keptLine.textContent = bar.dataset.lastKept ? say("kept", { at: hour(bar.dataset.lastKept) }) : say("idle");
  if (bar.dataset.lastKept) keptLine.dataset.state = "kept";
  showWhatIsKnown();
  for (const [number, unsent] of store.all()) {
    if (states[number - 1]) saver.resume(number, unsent);
  }
}

/** The questions that are now on the page say when they were kept, and what is still unsent of them. */
function showWhatIsKnown() {
  const unsent = store.all();
  for (const number of sheet.numbers) {
    const question = sheet.question(number);
    const line = question.querySelector("[data-kept]");
    if (line?.dataset.kept && !line.textContent) line.textContent = say("kept", { at: hour(line.dataset.kept) });
    if (unsent.has(number)) sheet.fill(question, unsent.get(number));
    sheet.follows(question, saver.seq(number));
  }
}

function changed(input) {
  const question = input.closest(".question");
  if (!question || ending) return;
  clearTimeout(question.typing);
  question.typing = 0;
  if (input.type === "text" && !sheet.understood(input)) return;
  const number = Number(question.dataset.number);
  const { answer, flagged } = sheet.read(question);
  saver.change(number, answer, flagged);
  sheet.follows(question, saver.seq(number));
}

/** What is typed is read back at once, and sent when the typing pauses. */
function typed(input) {
  const question = input.closest(".question");
  if (!question || ["radio", "checkbox", "select-one"].includes(input.type)) return;
  sheet.understood(input);
  clearTimeout(question.typing);
  question.typing = setTimeout(() => changed(input), TYPING);
}

/** What is still being typed is sent now. */
function sendTyping() {
  for (const number of sheet.numbers) {
    const question = sheet.question(number);
    if (question.typing) changed(sheet.fields(question)[0]);
  }
}

/** The keeping state in words: in the bar always, aloud only when its kind changes. */
function showState() {
  const state = saver.state;
  for (const number of sheet.numbers) {
    showTrouble(sheet.question(number), state.refusals.find((one) => one.number === number));
  }
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
  if (UNSENT.includes(kind)) {
    strip.append(paragraph(say(`${kind}-strip`)));
    void offerRescue();
  }
  if (kind !== "refused") return;
  const { title, detail, status, code } = refusals.at(-1);
  const line = paragraph(`${title}. ${detail} `);
  if (status === 401) line.append(link(say("sign-in"), bar.dataset.signInUrl));
  else if (code === "elsewhere") line.append(link(say("go-on-here"), location.href));
  else if (code === "too_late") line.append(link(say("see-receipt"), `${home}/recapitulatif`));
  else if (status !== 422 && code !== "item_closed") line.append(link(say("reload"), location.href));
  strip.append(line);
  if (code === "elsewhere" && form) form.inert = true;
}

/** After a minute without the server, what waits can be taken away as a sealed file. */
async function offerRescue() {
  if (!rescue.canSeal() || strip.querySelector("button")) return;
  await new Promise((done) => setTimeout(done, RESCUE_AFTER));
  if (!UNSENT.includes(saver.state.kind) || strip.querySelector("button")) return;
  const sealed = () => rescue.seal([...store.all()].map(([number, one]) => ({ number, ...one })), JSON.parse(bar.dataset.rescue));
  const saved = action(say("rescue"), async () => {
    rescue.download(await sealed(), say("rescue-name"));
    strip.append(paragraph(say("rescued")));
  });
  const line = paragraph("");
  line.append(saved, " ", action(say("codes"), async () => (await part("codes")).show(await sealed(), say)));
  strip.append(line);
}

function action(text, done) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "link-button", textContent: text });
  button.addEventListener("click", () => void done());
  return button;
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
  const line = sheet.question(number)?.querySelector("[data-kept]");
  if (line) line.textContent = say("kept", { at: hour(reply.kept.at) });
  // The summary was drawn before this answer arrived.
  if (!form && !held && !saver.state.waiting) location.reload();
}

/** A newer tab writes: this page only shows, and says why. */
function superseded() {
  saver.stop();
  ending = true;
  if (form) form.inert = true;
  const line = paragraph(`${say("other-tab")} `);
  line.append(link(say("go-on-here"), location.href));
  strip.replaceChildren(line);
  keptLine.dataset.state = "refused";
  keptLine.textContent = say("refused");
}

/** The question that the address asks for. */
function asked() {
  return Number(new URLSearchParams(location.search).get("q")) || 1;
}

/** Put a question in front, without asking the server. */
function front(number) {
  sheet.show(number);
  navigator.at(number);
}

function move(number) {
  if (sheet.whole) {
    history.pushState(null, "", href(number));
    front(number);
  } else void leave(href(number));
}

/** Leave this page once nothing is under way; without a network that would lead nowhere. */
async function leave(url) {
  await nothingWaiting();
  location.assign(url);
}

async function nothingWaiting() {
  if (!saver.state.waiting) return;
  held = true;
  if (UNSENT.includes(saver.state.kind)) tell(say(bar.dataset.step ? "step-offline" : "offline-move"));
  saver.wake();
  await saver.settled();
  held = false;
}

/** The page’s own form never leaves: its answers are sent one by one. Another form waits for them. */
async function submitted(event) {
  if (event.target === form) {
    event.preventDefault();
    sendTyping();
    const go = event.submitter?.value ?? "stay";
    if (go === "summary") await leave(`${home}/recapitulatif`);
    else if (go === "on") await way.on();
    else if (go !== "stay") move(sheet.current + (go === "next" ? 1 : -1));
    return;
  }
  if (!saver.state.waiting) return;
  event.preventDefault();
  if (held) return;
  await nothingWaiting();
  event.target.requestSubmit(event.submitter);
}

/** The server’s word on what is open: another page may have gone on. */
function heard({ step: told, paused: stopped }) {
  if (!told || !bar.dataset.step || ending || way.left) return;
  if (told.first === sheet.first) step.heard(told, stopped);
  else location.replace(home);
}

/** A cell puts its question in front. */
function followed(event) {
  const cell = event.target.closest("a.cell");
  if (!cell || !sheet.current || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  sendTyping();
  move(Number(cell.dataset.cell));
}

/** The clock stands still: the questions are out of sight, and come back with it. */
function paused(stopped) {
  if (!form) location.reload();
  else if (!ending) form.hidden = stopped;
}

/** The paper was handed in on another device, or by the organisation. */
function closed() {
  if (ending) return;
  ending = true;
  if (form) form.inert = true;
  tell(say("closed"));
  setTimeout(() => location.replace(`${home}/recapitulatif`), 3000);
}

/** The time is over: last answers first, then the server hands in; not all in the same second. */
async function end() {
  if (ending) return;
  sendTyping();
  ending = true;
  if (form) form.inert = true;
  tell(say("over"));
  await saver.settled(4000);
  if (saver.state.waiting) tell(say("over-offline"));
  await saver.settled();
  setTimeout(() => location.replace(`${home}/recapitulatif`), 1000 + Math.random() * 2000);
}
