/** The words of the page: they stand in its template, translated with all others. */

const found = new Map();
for (const one of document.getElementById("words").content.querySelectorAll("[data-word]")) {
  found.set(one.dataset.word, one.textContent.trim());
}

/** The word of this name, with `{name}` replaced from `values`. */
export function say(name, values = {}) {
  return found.get(name).replace(/\{(\w+)\}/g, (_whole, key) => String(values[key] ?? ""));
}

const zone = document.querySelector("[data-zone]")?.dataset.zone;
const parts = new Intl.DateTimeFormat("fr", { timeZone: zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

/** An instant of the server (ISO) as the contest’s zone tells it: 10 h 42 min 07 s. */
export function hour(iso) {
  const told = Object.fromEntries(parts.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  return say("hour", { h: Number(told.hour) % 24, hh: told.hour, mm: told.minute, ss: told.second });
}
