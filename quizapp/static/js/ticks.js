/** Ticking a line of the wall means: act on the ticked ones. */

const ticked = document.querySelector("[data-ticked]");
const everyone = ticked?.closest("fieldset").querySelector('[value="tous"]');

document.addEventListener("change", ({ target }) => {
  if (target.name === "c") tell(true);
});
addEventListener("pageshow", () => tell(false));

function tell(choose) {
  if (!ticked) return;
  const count = document.querySelectorAll('[name="c"]:checked').length;
  document.querySelector("[data-tick-count]").textContent = count ? `(${count})` : "";
  if (choose) (count ? ticked : everyone).checked = true;
}
