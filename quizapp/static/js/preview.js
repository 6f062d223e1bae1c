/** The preview of a bank reloads when its file has been saved; where the server is gone, it waits. */

const EVERY = 1000;
const page = document.querySelector("[data-version]");

const here = document.querySelector(".preview-list [aria-current]");

// The list stands where the question is, and the page stays where it was.
if (here) here.closest("ol").scrollTop = here.offsetTop - here.closest("ol").offsetTop;
setTimeout(look, EVERY);

async function look() {
  if (!document.hidden) {
    try {
      const reply = await fetch(page.dataset.url, { cache: "no-store" });
      const { version } = await reply.json();
      if (version !== page.dataset.version) {
        location.reload();
        return;
      }
    } catch {
      // The command was stopped, or is starting again.
    }
  }
  setTimeout(look, EVERY);
}
