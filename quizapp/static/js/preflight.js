/**
 * The check of a machine before the day: each row is tried for real, told in words, and never blamed.
 * What is written for a trial is removed; what is sent is kept nowhere. The organisers are told one
 * word per row.
 */

const { say } = await import(document.querySelector('link[data-part="words"]').href);

const page = document.getElementById("preflight");
const verdict = page.querySelector("[data-verdict]");
const again = page.querySelector("[data-again]");
const BADGES = { ready: "badge-ok", note: "badge-wait", mend: "badge-alert" };
const NOTICES = { ready: "notice-success", note: "notice-info", mend: "notice-warning" };
const inWords = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
const TRIALS = 5;
const TIMEOUT = 10_000;

document.documentElement.classList.add("has-js");
again.addEventListener("click", () => void check());
void check();

async function check() {
  again.disabled = true;
  for (const row of page.querySelectorAll("[data-check]")) show(row.dataset.check, "", "trying");
  const line = await trials();
  const found = {
    browser: browser(),
    storage: await storage(),
    network: network(line),
    clock: clock(line),
    cookies: cookies(),
    width: width(),
    zoom: zoom(),
  };
  for (const [name, { word, said }] of Object.entries(found)) show(name, word, word, said);
  const words = Object.fromEntries(Object.entries(found).map(([name, { word }]) => [name, word]));
  conclude(Object.values(words));
  again.disabled = false;
  await tell(words);
}

function show(name, word, badge, said = "") {
  const row = page.querySelector(`[data-check="${name}"]`);
  const mark = row.querySelector("[data-word]");
  mark.className = `badge ${BADGES[word] ?? ""}`;
  mark.textContent = say(badge);
  row.querySelector("[data-said]").textContent = said;
}

function conclude(words) {
  const mend = words.filter((word) => word === "mend").length;
  let all = words.includes("note") ? "note" : "ready";
  if (mend) all = "mend";
  verdict.className = `notice ${NOTICES[all]}`;
  const line = document.createElement("p");
  line.textContent = say(mend ? `all-mend-${mend > 1 ? "many" : "one"}` : `all-${all}`, { count: mend });
  verdict.replaceChildren(line);
}

/** What saving answers cannot do without, and what only helps on a bad day. */
function browser() {
  if (!(globalThis.indexedDB && globalThis.AbortController && "keepalive" in Request.prototype)) {
    return { word: "mend", said: say("browser-mend") };
  }
  const lacks = [];
  if (!globalThis.crypto?.subtle) lacks.push(say("lacks-seal"));
  if (!navigator.locks) lacks.push(say("lacks-locks"));
  if (lacks.length) return { word: "note", said: say("browser-note", { lacks: lacks.join(", ") }) };
  return { word: "ready", said: say("browser-ready") };
}

/** Write into a database of its own, open it again, read, and remove it. */
async function storage() {
  const name = "quizapp-check";
  const written = String(Math.random());
  try {
    const first = await opened(name);
    const writing = first.transaction("trial", "readwrite", { durability: "strict" });
    writing.objectStore("trial").put(written, 1);
    await new Promise((done, failed) => Object.assign(writing, { oncomplete: done, onabort: failed, onerror: failed }));
    first.close();
    const second = await opened(name);
    const read = await asked(second.transaction("trial").objectStore("trial").get(1));
    second.close();
    if (read === written) return { word: "ready", said: say("storage-ready") };
  } catch {
    // Private browsing and a full disk end here.
  } finally {
    globalThis.indexedDB?.deleteDatabase(name);
  }
  return { word: "mend", said: say("storage-mend") };
}

function opened(name) {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("trial");
  return asked(opening);
}

function asked(request) {
  return new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: reject }));
}

/** Trial answers, sent as real ones are: how long each took, and what the server’s clock said. */
async function trials() {
  const found = [];
  for (let item = 1; item <= TRIALS; item += 1) found.push(await trial(item));
  return found;
}

async function trial(item) {
  const key = `essai-${Math.random().toString(16).slice(2, 18)}`;
  const began = performance.now();
  const at = Date.now();
  let reply, body;
  try {
    reply = await fetch(`${page.dataset.url}/reponses/${item}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ answer: ["0"], flagged: false, seq: item, key }),
      redirect: "manual",
      keepalive: true,
      signal: AbortSignal.timeout?.(TIMEOUT),
    });
    body = await reply.json().catch(() => null);
  } catch {
    return { kind: "offline" };
  }
  if (body?.heard?.key !== key) return { kind: reply.status >= 500 ? "offline" : "unclear" };
  const took = performance.now() - began;
  return { kind: "heard", took, offset: at + took / 2 - Date.parse(body.now) };
}

function network(line) {
  const heard = line.filter(({ kind }) => kind === "heard").map(({ took }) => took);
  if (line.some(({ kind }) => kind === "unclear")) return { word: "mend", said: say("network-unclear") };
  if (!heard.length) return { word: "mend", said: say("network-mend") };
  if (heard.length < TRIALS) return { word: "mend", said: say("network-some", { arrived: heard.length }) };
  const middle = heard.sort((a, b) => a - b)[Math.floor(TRIALS / 2)];
  const time = middle < 1000 ? say("milliseconds", { ms: Math.max(10, Math.round(middle / 10) * 10) }) : span(middle);
  if (middle < 300) return { word: "ready", said: say("network-ready", { time }) };
  if (middle < 1500) return { word: "ready", said: say("network-fair", { time }) };
  return { word: "note", said: say("network-note", { time }) };
}

/** The trial that took least time tells the difference best. */
function clock(line) {
  const [best] = line.filter(({ kind }) => kind === "heard").sort((a, b) => a.took - b.took);
  if (!best) return { word: "note", said: say("clock-note") };
  const { offset } = best;
  if (Math.abs(offset) <= 2000) return { word: "ready", said: say("clock-ready") };
  return { word: "note", said: say(offset > 0 ? "clock-fast" : "clock-slow", { time: span(Math.abs(offset)) }) };
}

function cookies() {
  document.cookie = "quizapp-check=1; SameSite=Lax; Max-Age=60; Path=/verification";
  const kept = document.cookie.includes("quizapp-check=1");
  document.cookie = "quizapp-check=; SameSite=Lax; Max-Age=0; Path=/verification";
  return kept ? { word: "ready", said: say("cookies-ready") } : { word: "mend", said: say("cookies-mend") };
}

function width() {
  const word = innerWidth >= 320 ? "ready" : "note";
  return { word, said: say(`width-${word}`, { width: innerWidth }) };
}

/** On a desktop the window’s outer and inner widths tell; a phone tells by its visual viewport. */
function zoom() {
  const scale = visualViewport?.scale ?? 1;
  const window = outerWidth && matchMedia("(pointer: fine)").matches ? outerWidth / innerWidth : 1;
  const percent = Math.round((scale * window) / 0.05) * 5;
  if (percent < 115) return { word: "ready", said: say("zoom-ready") };
  return { word: "note", said: say("zoom-note", { zoom: inWords.format(percent / 100) }) };
}

function span(milliseconds) {
  const s = Math.round(milliseconds / 1000);
  if (s < 60) return say("seconds", { s });
  if (s < 3600) return say("minutes", { m: Math.floor(s / 60), s: s % 60 });
  return say("hours", { h: Math.floor(s / 3600), m: Math.floor((s % 3600) / 60) });
}

/** Only a signed-in candidate counts, and only once. */
async function tell(words) {
  if (page.dataset.counts !== "true") return;
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  try {
    await fetch(page.dataset.url, { method: "POST", headers, body: JSON.stringify(words) });
  } catch {
    // The candidate has been told already; the count can do without this one.
  }
}
