/**
 * The waiting room: counts down to the opening by the server’s clock, and opens itself.
 * Fifteen hundred people wait for the same second: each asks, and enters, at a moment of its own.
 */

const EVERY = 30_000;
const SPREAD = 3000;
const room = document.getElementById("countdown");
const clock = room.querySelector("[data-clock]");
const line = room.querySelector("[data-words]");
const said = room.querySelector("[data-said]");
const words = new Map(
  [...document.getElementById("words").content.querySelectorAll("[data-word]")].map((one) => [one.dataset.word, one.textContent.trim()]),
);
const say = (name, values = {}) => words.get(name).replace(/\{(\w+)\}/g, (_whole, key) => values[key] ?? "");
const pad = (number) => String(number).padStart(2, "0");

let opensAt = Date.parse(room.dataset.opensAt);
let offset = Date.parse(room.dataset.now) - Date.now();
let warned = false;
let entering = false;

tick();
setTimeout(() => void ask(), EVERY * Math.random());

function tick() {
  const left = (opensAt - Date.now() - offset) / 1000;
  if (left <= 0) {
    enter();
    return;
  }
  show(Math.ceil(left));
  if (left <= 60 && !warned) said.textContent = say("minute");
  warned = left <= 60;
  setTimeout(tick, (left % 1) * 1000 + 20);
}

function show(left) {
  const [d, h, m, s] = [Math.floor(left / 86_400), Math.floor(left / 3600), Math.floor(left / 60), left % 60];
  if (d) clock.textContent = say("days", { d, h: h % 24 });
  else if (h) clock.textContent = say("hours", { h, mm: pad(m % 60) });
  else if (!m) clock.textContent = say("seconds", { s });
  else clock.textContent = say("minutes", { m, ss: pad(s) });
}

/** Correct the clock, the hour of opening too: the organisation may have moved it. */
async function ask() {
  if (entering) return;
  try {
    const asked = Date.now();
    const reply = await fetch(room.dataset.stateUrl, { headers: { Accept: "application/json" } });
    const state = await reply.json();
    // The answer was written about half-way between the question and its arrival.
    offset = Date.parse(state.now) - (asked + Date.now()) / 2;
    opensAt = Date.parse(state.opens_at);
    line.textContent = say("waiting");
    if (state.phase !== "future") enter();
  } catch {
    line.textContent = say("offline");
  }
  setTimeout(() => void ask(), EVERY * (0.75 + Math.random() / 2));
}

/** Go in, at a moment of one’s own. */
function enter() {
  if (entering) return;
  entering = true;
  clock.textContent = say("now");
  setTimeout(() => void open(), Math.random() * SPREAD);
}

/** Reload only where the server says that it is open: a lost network must not empty the page. */
async function open() {
  try {
    const reply = await fetch(room.dataset.stateUrl, { headers: { Accept: "application/json" } });
    if ((await reply.json()).phase !== "future") {
      location.reload();
      return;
    }
  } catch {
    line.textContent = say("offline");
  }
  setTimeout(() => void open(), 1000 + Math.random() * SPREAD);
}
