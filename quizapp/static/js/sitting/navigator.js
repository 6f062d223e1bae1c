/** The numbered cells: what the server keeps of each question, and the way to it. */

export class Navigator {
  #say;
  #cells = new Map();

  /** `states` are the questions as the bar tells them; `href(number)` leads to each. */
  constructor(say, states, href) {
    this.#say = say;
    const template = document.getElementById("cell");
    for (const list of document.querySelectorAll("[data-cells].cells")) {
      for (const state of states) list.append(this.#draw(template, state, href(state.number)));
    }
    for (const state of states) this.#tell(state.number, state.answered, state.flagged);
    this.#sheet(document.querySelector(".navigator-sheet"));
  }

  #draw(template, { number }, href) {
    const one = template.content.cloneNode(true);
    const cell = one.querySelector("a");
    cell.href = href;
    cell.dataset.cell = number;
    cell.querySelector("[data-number]").textContent = number;
    this.#cells.set(number, [...(this.#cells.get(number) ?? []), cell]);
    return one;
  }

  /** A question’s answer was kept: its cell says so. */
  kept(number, { answer, flagged }) {
    this.#tell(number, answer.some((one) => one !== ""), flagged);
    this.#count();
  }

  /** This question is in front. */
  at(current) {
    for (const [number, cells] of this.#cells) {
      for (const cell of cells) {
        if (number === current) cell.setAttribute("aria-current", "true");
        else cell.removeAttribute("aria-current");
      }
    }
  }

  #tell(number, answered, flagged) {
    for (const cell of this.#cells.get(number) ?? []) {
      cell.dataset.state = answered ? "answered" : "empty";
      cell.toggleAttribute("data-flagged", flagged);
      const word = flagged ? "flagged" : answered ? "answered" : "empty";
      cell.querySelector(".cell-word").textContent = this.#say(word);
    }
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

/** What the server knows of each question: its version, and whether it is answered and flagged. */
export function statesIn(cells) {
  return cells.split(" ").map((text, place) => ({
    number: place + 1,
    seq: parseInt(text, 10),
    answered: text.includes("a"),
    flagged: text.includes("f"),
  }));
}
