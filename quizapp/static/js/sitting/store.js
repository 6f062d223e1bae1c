/**
 * Answers that the server has not acknowledged, kept in this tab across pages and reloads.
 * Where the browser refuses storage, they live as long as the page.
 */

export class Store {
  #name;
  #unsent = new Map();

  constructor(sitting) {
    this.#name = `sitting.${sitting}.unsent`;
    try {
      this.#unsent = new Map(JSON.parse(sessionStorage.getItem(this.#name) ?? "[]"));
    } catch {
      // An unreadable store is an empty one: the server’s answers are on the page.
    }
  }

  /** The unsent answers, by question number. */
  all() {
    return new Map(this.#unsent);
  }

  put(number, answer) {
    this.#unsent.set(number, answer);
    this.#write();
  }

  remove(number) {
    if (this.#unsent.delete(number)) this.#write();
  }

  /** The page’s form takes these questions along: a newer version may then be on the server. */
  carried(numbers) {
    for (const number of numbers) {
      const answer = this.#unsent.get(number);
      if (answer) answer.carried = true;
    }
    this.#write();
  }

  #write() {
    try {
      if (this.#unsent.size) sessionStorage.setItem(this.#name, JSON.stringify([...this.#unsent]));
      else sessionStorage.removeItem(this.#name);
    } catch {
      // Full or forbidden storage must not keep an answer from being sent.
    }
  }
}
