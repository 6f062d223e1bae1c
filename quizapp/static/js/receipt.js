/**
 * The receipt: its print button, the server’s word for each answer as this device was given it, and
 * what a page that was closed could not send. The server keeps what comes too late as evidence.
 */

const part = (name) => import(document.querySelector(`link[data-part="${name}"]`).href);
const [{ leftovers, receipts }, { deliver }] = await Promise.all(["store", "saving"].map(part));
const { sitting } = document.querySelector("[data-sitting]").dataset;

document.documentElement.classList.add("has-js");
document.querySelector("[data-print]").addEventListener("click", () => print());
await sendLeftovers();
await offerReceipts();

async function sendLeftovers() {
  const { all, done } = await leftovers();
  for (const one of all) {
    if (one.sitting !== sitting) continue;
    const { kind } = await deliver(one.answer, one.number);
    if (kind === "kept" || kind === "refused") await done(one);
  }
}

async function offerReceipts() {
  const told = await receipts(sitting);
  if (!told.length) return;
  const link = document.querySelector("[data-receipts]");
  link.href = URL.createObjectURL(new Blob([told.join("\n") + "\n"], { type: "text/plain" }));
  link.hidden = false;
}
