/**
 * What this device keeps of a sitting: answers that the server has not acknowledged, which survive a
 * reload, a crash and a flat battery, and the signed receipts of those that it has. Where the browser
 * refuses storage, they live as long as the page.
 */

const NAME = "quizapp";
const UNSENT = "unsent";
const RECEIPTS = "receipts";

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
      for (const one of await asked(store.#base.transaction(UNSENT).objectStore(UNSENT).getAll())) {
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
    this.#write(UNSENT, (table) => table.put({ sitting: this.#sitting, number, answer }));
  }

  /** The server has stored this question’s version: its word for it is kept instead. */
  arrived(number, { seq }, receipt) {
    this.#write(RECEIPTS, (table) => table.put({ sitting: this.#sitting, number, seq, receipt }));
    this.remove(number);
  }

  remove(number) {
    if (this.#unsent.delete(number)) this.#write(UNSENT, (table) => table.delete([this.#sitting, number]));
  }

  #write(table, change) {
    try {
      // Relaxed durability would leave the answer in the system’s memory.
      const writing = this.#base?.transaction(table, "readwrite", { durability: "strict" });
      if (writing) change(writing.objectStore(table));
    } catch {
      // Full or lost storage must not keep an answer from being sent.
    }
  }
}

/** Every unsent answer on this device, whatever its sitting; `done(one)` forgets it. */
export async function leftovers() {
  const opened = await base();
  const all = await asked(opened.transaction(UNSENT).objectStore(UNSENT).getAll());
  const forget = ({ sitting, number }) => opened.transaction(UNSENT, "readwrite").objectStore(UNSENT).delete([sitting, number]);
  return { all, done: (one) => asked(forget(one)) };
}

/** The receipts that this device was given in a sitting, in order of question and version. */
export async function receipts(sitting) {
  const all = await asked((await base()).transaction(RECEIPTS).objectStore(RECEIPTS).getAll());
  return all.filter((one) => one.sitting === sitting).map((one) => one.receipt);
}

function base() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(UNSENT, { keyPath: ["sitting", "number"] });
    opening.result.createObjectStore(RECEIPTS, { keyPath: ["sitting", "number", "seq"] });
  };
  return asked(opening);
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
