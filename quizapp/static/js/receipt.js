/** The receipt’s print button; a browser’s own menu does the same without it. */

document.documentElement.classList.add("has-js");
document.querySelector("[data-print]").addEventListener("click", () => print());
