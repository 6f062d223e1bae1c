/** The words of the page: they stand in its template, translated with all others. */

const found = new Map();
for (const one of document.getElementById("words").content.querySelectorAll("[data-word]")) {
  found.set(one.dataset.word, one.textContent.trim());
}

/** The word of this name, with `{name}` replaced from `values`. */
export function say(name, values = {}) {
  return found.get(name).replace(/\{(\w+)\}/g, (_whole, key) => String(values[key] ?? ""));
}
