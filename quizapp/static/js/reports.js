/**
 * Errors come home: a script error and a failed save are counted by the server, by file and line.
 * Nothing of the page, of what was typed or of the person goes along, and never more than a few.
 */

const url = document.querySelector("[data-reports]").dataset.reports;
const MOST = 10;
const met = new Map();
let sent = 0;
let timer = 0;

addEventListener("error", (event) => {
  if (event.error) count("script", place(event.filename, event.lineno, event.error.name));
});
addEventListener("unhandledrejection", ({ reason }) => {
  const [, file, line] = /(\/static\/js\/[a-z/]+\.js)\S*?:(\d+):\d+/.exec(reason?.stack ?? "") ?? [];
  count("script", place(file ?? "", line ?? 0, "rejet"));
});
addEventListener("pagehide", flush);

// The bar of a sitting says how the answers stand: each time it turns to trouble counts once.
const kept = document.getElementById("kept");
if (kept) {
  let before = "";
  new MutationObserver(() => {
    const state = kept.dataset.state;
    if (state !== before && ["offline", "refused"].includes(state)) count("save", state);
    before = state;
  }).observe(kept, { attributeFilter: ["data-state"] });
}

/** « sitting/timer.js:42 TypeError »: only for files of ours. */
function place(file, line, name) {
  const [, ours] = /\/static\/js\/([a-z/]+\.js)/.exec(file) ?? [];
  return ours ? `${ours}:${line} ${name}` : "ailleurs";
}

function count(kind, where) {
  if (sent >= MOST) return;
  sent += 1;
  const key = `${kind} ${where}`;
  met.set(key, { kind, place: where, times: (met.get(key)?.times ?? 0) + 1 });
  // Not all browsers of an outage in the same second, and not while there is none to hear.
  timer ||= setTimeout(flush, 2000 + Math.random() * 20_000);
}

function flush() {
  clearTimeout(timer);
  timer = 0;
  if (!met.size) return;
  if (!navigator.onLine) {
    timer = setTimeout(flush, 30_000);
    return;
  }
  const faults = [...met.values()];
  const body = new Blob([JSON.stringify({ faults })], { type: "application/json" });
  if (navigator.sendBeacon(url, body)) met.clear();
}
