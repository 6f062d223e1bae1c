/** The numbered cells: what the server keeps of each question, and the way to it. */

export class Navigator {
  #say;
  #cells = new Map();

  constructor(say) {
    this.#say = say;
    for (const cell of document.querySelectorAll("a.cell")) {
      const number = Number(cell.dataset.cell);
      this.#cells.set(number, [...(this.#cells.get(number) ?? []), cell]);
    }
    this.#sheet(document.querySelector(".navigator-sheet"));
  }

  /** A question’s answer was kept: its cell says so. */
  kept(number, { answer, flagged }) {
    const answered = answer.some((one) => one !== "");
    for (const cell of this.#cells.get(number) ?? []) {
      cell.dataset.state = answered ? "answered" : "empty";
      cell.toggleAttribute("data-flagged", flagged);
      const word = flagged ? "flagged" : answered ? "answered" : "empty";
      cell.querySelector(".cell-word").textContent = this.#say(word);
    }
    this.#count();
  }

  #count() {
    const count = document.querySelector("[data-count]");
    if (!count) return;
    const cells = [...this.#cells.values()].map(([first]) => first);
    const answered = cells.filter((cell) => cell.dataset.state === "answered").length;
    count.textContent = this.#say("count", { answered, total: cells.length });
  }

  /** The sheet on a phone closes when a question is chosen, and with Escape. */
  #sheet(sheet) {
    sheet?.addEventListener("click", (event) => {
      if (event.target.closest("a")) sheet.open = false;
    });
    sheet?.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !sheet.open) return;
      sheet.open = false;
      sheet.querySelector("summary").focus();
    });
  }
}
