/**
 * Answers that the server has not acknowledged, kept on this device: they survive a reload, a crash
 * and a flat battery, and are sent when the sitting is opened again. Where the browser refuses
 * storage, they live as long as the page.
 */

const NAME = "quizapp";
const TABLE = "unsent";

export class Store {
  #sitting;
  #unsent = new Map();
  #base;

  /** The store of this sitting, with what an earlier page left in it. */
  static async open(sitting) {
    const store = new Store();
    store.#sitting = sitting;
    try {
      store.#base = await base();
      for (const one of await asked(store.#table("readonly").getAll())) {
        if (one.sitting === sitting) store.#unsent.set(one.number, one.answer);
      }
    } catch {
      // Forbidden or unreadable: the server’s answers are on the page.
    }
    return store;
  }

  /** The unsent answers, by question number. */
  all() {
    return new Map(this.#unsent);
  }

  put(number, answer) {
    this.#unsent.set(number, answer);
    this.#write((table) => table.put({ sitting: this.#sitting, number, answer }));
  }

  remove(number) {
    if (this.#unsent.delete(number)) this.#write((table) => table.delete([this.#sitting, number]));
  }

  #table(mode) {
    // Relaxed durability would leave the answer in the system’s memory.
    return this.#base.transaction(TABLE, mode, { durability: "strict" }).objectStore(TABLE);
  }

  #write(change) {
    try {
      if (this.#base) change(this.#table("readwrite"));
    } catch {
      // Full or lost storage must not keep an answer from being sent.
    }
  }
}

/** Every unsent answer on this device, whatever its sitting; `done(one)` forgets it. */
export async function leftovers() {
  const opened = await base();
  const table = (mode) => opened.transaction(TABLE, mode).objectStore(TABLE);
  const all = await asked(table("readonly").getAll());
  return { all, done: ({ sitting, number }) => asked(table("readwrite").delete([sitting, number])) };
}

function base() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE, { keyPath: ["sitting", "number"] });
  return asked(opening);
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
