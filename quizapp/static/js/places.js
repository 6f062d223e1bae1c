/**
 * The choice of a city: suggestions under the field, in the ARIA 1.2 combobox pattern.
 * Without this script the field takes a name, and the server asks which city if several bear it.
 */

const PAUSE = 150;
const input = document.querySelector("[data-cities]");
const status = document.getElementById("city-status");
const list = document.createElement("ul");
let options = [];
let active = -1;
let asking = null;
let timer = 0;

prepare();
input.addEventListener("input", typed);
input.addEventListener("keydown", pressed);
input.addEventListener("blur", close);
// A click would first take the focus from the field, and close the list before it is heard.
list.addEventListener("pointerdown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) choose(options.indexOf(option));
});

/** Give the plain field its role: only now is there a list for it to own. */
function prepare() {
  list.id = "city-list";
  list.className = "combobox-list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", status.dataset.list);
  const told = { role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
  for (const [name, value] of Object.entries(told)) input.setAttribute(name, value);
  // The list hangs from the field alone, below any hint or error.
  const frame = document.createElement("div");
  frame.className = "combobox";
  input.replaceWith(frame);
  frame.append(input, list);
}

function typed() {
  setCode("");
  clearTimeout(timer);
  asking?.abort();
  if (!input.value.trim()) {
    close();
    return;
  }
  timer = setTimeout(() => void ask(input.value), PAUSE);
}

/** Ask for the cities a text may begin; an answer to an older text is never shown. */
async function ask(text) {
  const mine = new AbortController();
  asking = mine;
  try {
    const url = `${input.dataset.cities}?${new URLSearchParams({ q: text })}`;
    const reply = await fetch(url, { headers: { Accept: "application/json" }, signal: mine.signal });
    if (!reply.ok) throw new Error(String(reply.status));
    const { cities } = await reply.json();
    if (!mine.signal.aborted) show(cities);
  } catch {
    // The plain field still works: the server reads the name, and asks again if it must.
    if (!mine.signal.aborted) close();
  }
}

function show(cities) {
  // Who has left the field meanwhile is not called back by a list.
  if (document.activeElement !== input) return;
  options = cities.map(({ code, label }, place) => {
    const option = document.createElement("li");
    option.id = `city-option-${place}`;
    option.className = "combobox-option";
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.code = code;
    option.textContent = label;
    return option;
  });
  list.replaceChildren(...options);
  point(-1);
  expand(options.length > 0);
  const { none, one, many } = status.dataset;
  status.textContent = options.length > 1 ? many.replace("{count}", String(options.length)) : options.length ? one : none;
}

function expand(open) {
  list.hidden = !open;
  input.setAttribute("aria-expanded", String(open));
}

function close() {
  clearTimeout(timer);
  asking?.abort();
  options = [];
  list.replaceChildren();
  point(-1);
  expand(false);
  status.textContent = "";
}

/** Make one option the active one; the focus itself stays in the field. */
function point(place) {
  options[active]?.setAttribute("aria-selected", "false");
  active = place;
  const option = options[place];
  if (option) {
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

function choose(place) {
  const option = options[place];
  const { textContent: label } = option;
  const { code } = option.dataset;
  close();
  input.value = label;
  setCode(code);
  status.textContent = status.dataset.chosen.replace("{label}", label);
}

/**
 * Keep the chosen code in the form; editing the name empties it again. If the server has asked
 * which of several cities is meant, a new name makes its question void.
 */
function setCode(code) {
  document.getElementById("city-choices")?.remove();
  let hidden = input.form.querySelector("input[type=hidden][name=city_code]");
  if (!hidden) {
    hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = "city_code";
    input.form.append(hidden);
  }
  hidden.value = code;
}

function pressed(event) {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const last = options.length - 1;
  if (list.hidden) {
    if (event.key === "ArrowDown" && input.value.trim()) {
      event.preventDefault();
      void ask(input.value);
    }
    return;
  }
  const moves = { ArrowDown: active < last ? active + 1 : 0, ArrowUp: active > 0 ? active - 1 : last };
  if (event.key in moves) {
    point(moves[event.key]);
  } else if ((event.key === "Home" || event.key === "End") && active >= 0) {
    // In the list they go to its ends; in the text they keep moving the caret.
    point(event.key === "Home" ? 0 : last);
  } else if (event.key === "Enter" && active >= 0) {
    choose(active);
  } else if (event.key === "Escape") {
    close();
  } else {
    return;
  }
  event.preventDefault();
}
