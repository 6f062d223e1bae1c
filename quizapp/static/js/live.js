/**
 * A page of the desk renews its figures in place, while somebody looks at it.
 * Only a lost or regained server is announced: figures that change are there to be read, not heard.
 */

const EVERY = 5000;
const SPREAD = 5000;
const LONGEST = 60_000;
const PATIENCE = 20_000;
const SLOW = "slow";
const counts = document.getElementById("counts");
const hour = new Intl.DateTimeFormat(counts.dataset.language, { hour: "numeric", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: counts.dataset.zone });
let tag = "";
let failures = 0;
let paused = false;
let timer = 0;
let asking = null;

// The line about the renewal stands among the figures: it is looked up when it is needed, since
// figures that appear or go may bring a new one.
const part = (id) => document.getElementById(id);

document.documentElement.classList.add("has-js");
counts.addEventListener("click", (event) => {
  if (event.target.closest("#pause")) toggle();
});
document.addEventListener("visibilitychange", () => (document.hidden ? stop() : void renew()));
plan();

/** Ask again in 5 to 10 seconds, later after each failure, not at all in a hidden tab. */
function plan() {
  clearTimeout(timer);
  if (paused || document.hidden) return;
  const wait = Math.min(EVERY * 2 ** failures, LONGEST);
  timer = setTimeout(() => void renew(), wait + Math.random() * SPREAD);
}

function stop() {
  clearTimeout(timer);
  asking?.abort();
}

function toggle() {
  paused = !paused;
  const { resume, pause } = part("pause").dataset;
  part("pause").textContent = paused ? resume : pause;
  say(paused ? "paused" : "");
  if (paused) stop();
  else void renew();
}

async function renew() {
  if (paused || document.hidden) return;
  stop();
  const mine = new AbortController();
  const limit = setTimeout(() => mine.abort(SLOW), PATIENCE);
  asking = mine;
  try {
    const reply = await fetch(counts.dataset.url, {
      cache: "no-store", // the tag is sent by hand, so that an unchanged page is seen as such
      headers: { Accept: "text/html", ...(tag && { "If-None-Match": tag }) },
      redirect: "manual",
      signal: mine.signal,
    });
    if (reply.type === "opaqueredirect" || reply.status === 401 || reply.status === 403) {
      signedOut();
      return;
    }
    await take(reply);
  } catch {
    // Given up on purpose: a newer question, a hidden tab or a pause has taken over.
    if (mine.signal.aborted && mine.signal.reason !== SLOW) return;
    failures += 1;
    if (failures === 2) say("lost");
  } finally {
    clearTimeout(limit);
  }
  plan();
}

async function take(reply) {
  if (reply.status !== 304) {
    if (!reply.ok) throw new Error(String(reply.status));
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.querySelector("[data-counts]");
    // A captive portal answers too, with something else.
    if (!fresh) throw new Error("not the counts");
    match(counts.querySelector("[data-counts]"), document.importNode(fresh, true));
    tag = reply.headers.get("ETag") ?? "";
  }
  say(failures > 1 ? "back" : "");
  failures = 0;
  stamp(new Date(reply.headers.get("Date") ?? Date.now()));
}

/** Make `old` say what `fresh` says, touching only what differs: focus and open details stay. */
function match(old, fresh) {
  if (old.dataset?.keep !== undefined) return;
  if (old.dataset?.keyed !== undefined && fresh.dataset?.keyed !== undefined) {
    matchKeyed(old, fresh);
    return;
  }
  if (old.nodeName !== fresh.nodeName || old.childNodes.length !== fresh.childNodes.length) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const pairs = [...old.childNodes].map((node, place) => [node, fresh.childNodes[place]]);
  for (const [before, after] of pairs) match(before, after);
}

/** Rows that bear a key stay the same rows where they come, go or move: a tick stays on its line. */
function matchKeyed(old, fresh) {
  const known = new Map([...old.children].map((row) => [row.dataset.key, row]));
  let before = null;
  for (const row of [...fresh.children]) {
    const mine = known.get(row.dataset.key);
    known.delete(row.dataset.key);
    if (mine) match(mine, row);
    const placed = mine?.isConnected ? mine : row;
    const next = before ? before.nextElementSibling : old.firstElementChild;
    if (placed !== next) old.insertBefore(placed, next);
    before = placed;
  }
  for (const gone of known.values()) gone.remove();
}

/** « 10 h 42 min 07 s », as the server writes it. */
function stamp(at) {
  const parts = Object.fromEntries(hour.formatToParts(at).map(({ type, value }) => [type, value]));
  const french = `${Number(parts.hour)}\u00a0h\u00a0${parts.minute}\u00a0min\u00a0${parts.second}\u00a0s`;
  const updated = part("updated");
  updated.textContent = counts.dataset.language === "fr" ? french : hour.format(at);
  updated.dateTime = at.toISOString();
}

function say(name) {
  const line = part("renewal");
  line.textContent = name ? line.dataset[name] : "";
}

function signedOut() {
  paused = true; // nothing more to ask for, even when the tab is shown again
  const line = part("renewal");
  const link = document.createElement("a");
  link.href = line.dataset.signInUrl;
  link.textContent = line.dataset.signIn;
  line.replaceChildren(line.dataset.out, " ", link);
  part("pause").remove();
}
