/**
 * Between candidate and organisation during a sitting: messages that arrive, incidents that leave.
 * A message is announced once, when it arrives, and stays until it is read; all of them stay on the
 * help page. An incident noted without network keeps its moment, and leaves when the network is back.
 */

const said = document.getElementById("desk-said");
const status = said.querySelector("[data-desk-status]");
const READ = `desk.read.${said.dataset.sitting}`;
const HEARD = `desk.heard.${said.dataset.sitting}`;
const UNSENT = `desk.incident.${said.dataset.sitting}`;
let shown = 0;

said.addEventListener("click", (event) => {
  if (event.target.closest("[data-read]")) read(event.target.closest("[data-message]"));
});
// What the page asks every twenty seconds brings along everything that was said to this candidate.
document.addEventListener("announcements", ({ detail }) => detail.forEach(arrived));

const form = document.querySelector("[data-incident]");
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void incident({ key: fresh(), at: Date.now() });
});
addEventListener("online", retry);
retry();

function read(message) {
  keep(READ, message.dataset.message);
  for (const one of said.querySelectorAll("[data-message]")) {
    if (Number(one.dataset.message) <= Number(message.dataset.message)) one.remove();
  }
  document.getElementById("main").focus({ preventScroll: true });
}

function arrived({ id, at_text: at, text }) {
  if (id <= shown) return;
  shown = id;
  if (id <= Number(recall(READ) ?? 0)) return;
  const message = said.querySelector("template").content.firstElementChild.cloneNode(true);
  message.dataset.message = id;
  message.querySelector("strong").textContent = status.dataset.from.replace("{at}", at);
  message.querySelector(".said-body").textContent = text;
  status.before(message);
  // Aloud once, on whatever page it arrives.
  if (id <= Number(recall(HEARD) ?? 0)) return;
  keep(HEARD, id);
  status.textContent = `${message.querySelector("strong").textContent} : ${text}`;
}

/** Send an incident; without network it waits here, with the moment at which it was noted. */
async function incident(noted) {
  const line = document.querySelector("[data-incident-said]");
  const body = new FormData(form);
  body.set("key", noted.key);
  // How long ago, not when: the device’s clock may be wrong.
  body.set("ago", Math.max(0, Math.round((Date.now() - noted.at) / 1000)));
  try {
    const reply = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
    const told = await reply.json();
    if (!reply.ok && reply.status !== 429) throw new Error(String(reply.status));
    line.textContent = told.told ?? `${told.title}. ${told.detail}`;
    forget(noted.key);
  } catch {
    // An answer that is not ours, or none: the moment is kept on this device.
    waiting(noted);
    setTimeout(retry, 10_000 + Math.random() * 10_000);
    const at = new Date(noted.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    line.textContent = form.dataset.unsent.replace("{at}", at);
  }
}

function unsent() {
  try {
    return JSON.parse(recall(UNSENT) ?? "[]");
  } catch {
    return [];
  }
}

function waiting(noted) {
  if (unsent().some(({ key }) => key === noted.key)) return;
  keep(UNSENT, JSON.stringify([...unsent(), noted].slice(-10)));
}

function forget(key) {
  keep(UNSENT, JSON.stringify(unsent().filter((one) => one.key !== key)));
}

function retry() {
  if (form) for (const noted of unsent()) void incident(noted);
}

function fresh() {
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(16).slice(2)}`;
}

function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Without storage it holds for this page.
  }
}
