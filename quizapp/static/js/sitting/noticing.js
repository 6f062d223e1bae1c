/**
 * What is noted of a sitting: that this page was left, that its text was copied. Each fact is sent
 * once, never again, and shown here as noted; the help page shows them all. No content leaves.
 */

const { say } = await import(document.querySelector('link[data-part="words"]').href);
// A shorter absence is a window that took the front for a moment.
const LEAST = 2;
const bar = document.getElementById("bar");
const strip = bar.querySelector("[data-noted]");
let leftAt = null;

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    leftAt = performance.now();
  } else if (leftAt !== null) {
    const seconds = Math.floor((performance.now() - leftAt) / 1000);
    leftAt = null;
    if (seconds >= LEAST) void note("left", seconds);
  }
});
document.addEventListener("copy", ({ target }) => {
  // What somebody typed is theirs to copy.
  if (!target.closest?.("input, textarea")) void note("copying");
});

async function note(kind, seconds = 0) {
  try {
    const reply = await fetch(`${bar.dataset.home}/faits`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-Pass": bar.dataset.pass },
      body: JSON.stringify({ kind, seconds }),
      redirect: "error",
    });
    if (reply.status === 204) show(kind, seconds);
  } catch {
    // Not sent again: it may have arrived, and nobody is to be counted twice.
  }
}

function show(kind, seconds) {
  const [row, line] = ["div", "p"].map((name) => document.createElement(name));
  row.className = "row row-apart";
  line.textContent = say(`noted-${kind}`, { time: span(seconds) });
  const read = document.createElement("button");
  Object.assign(read, { type: "button", className: "link-button", textContent: say("noted-read") });
  read.addEventListener("click", () => {
    strip.replaceChildren();
    document.getElementById("main").focus({ preventScroll: true });
  });
  row.append(line, read);
  strip.replaceChildren(row);
}

function span(seconds) {
  const m = Math.floor(seconds / 60);
  return m ? say("clock-minutes", { m }) : say("clock-seconds", { s: seconds });
}
