/**
 * The questions on the page: what their fields say, and which of them is in front. A paper of one
 * question a page fetches the others once, so that going from one to the next needs no network.
 */

// Fields that count only while they are checked.
const BOXES = ["radio", "checkbox"];

/** Whether a field that is typed in, or a list, says something else than the page that came. */
function differs(field) {
  if (field.type !== "select-one") return field.value !== field.defaultValue;
  return [...field.options].some((one) => one.selected && !one.defaultSelected) && field.selectedIndex > 0;
}

export class Sheet {
  #form;
  #say;
  #questions = new Map();
  #whole;

  constructor(form, say) {
    this.#form = form;
    this.#say = say;
    this.#know(form?.querySelectorAll(".question") ?? []);
    this.#whole = form ? !form.dataset.current : false;
  }

  /** Whether every question is on the page. */
  get whole() {
    return this.#whole;
  }

  /** The question in front, where one is shown at a time. */
  get current() {
    return Number(this.#form?.dataset.current) || null;
  }

  /** The first and the last question that are open: all, unless the paper is paced. */
  get first() {
    return Number(this.#form?.dataset.first ?? 1);
  }

  get last() {
    return Number(this.#form?.dataset.last ?? this.#form?.dataset.total ?? Infinity);
  }

  get numbers() {
    return [...this.#questions.keys()];
  }

  question(number) {
    return this.#questions.get(number);
  }

  /** Bring the other questions onto the page, out of sight; false where that was not possible. */
  async complete(url) {
    try {
      const reply = await fetch(url, { headers: { Accept: "text/html" }, redirect: "error" });
      if (!reply.ok) return false;
      const parsed = new DOMParser().parseFromString(await reply.text(), "text/html");
      const others = [...parsed.querySelectorAll(".question")];
      if (others.length !== this.last - this.first + 1) return false;
      this.#insert(others);
    } catch {
      return false;
    }
    this.#whole = true;
    this.#form.elements.shown.value = this.numbers.sort((one, other) => one - other).join(",");
    return true;
  }

  #insert(others) {
    const front = this.#questions.get(this.current);
    for (const one of others) {
      const number = Number(one.dataset.number);
      if (number === this.current) continue;
      one.hidden = true;
      front.parentNode.insertBefore(one, number < this.current ? front : this.#form.querySelector(".moves"));
    }
    this.#know(others.filter((one) => one.hidden));
  }

  #know(questions) {
    for (const one of questions) this.#questions.set(Number(one.dataset.number), one);
  }

  /** Put a question in front, with the buttons that lead on from it. */
  show(number) {
    this.#form.dataset.current = number;
    for (const [other, question] of this.#questions) question.hidden = other !== number;
    const total = Number(this.#form.dataset.total);
    const button = (go) => this.#form.querySelector(`[name="go"][value="${go}"]`);
    button("previous").hidden = number === this.first;
    button("next").hidden = number === this.last;
    button("summary")?.classList.toggle("button-quiet", number !== this.last);
    if (button("on")) button("on").hidden = number !== this.last;
    const question = this.#questions.get(number);
    const place = this.#say("place", { number, total });
    document.querySelector("[data-place]").textContent = place;
    document.querySelector("[data-section]").textContent = question.querySelector(".question-section").textContent;
    document.title = document.title.replace(/^[^·]*(?= ·)/, place);
    const head = question.querySelector(".question-head");
    head.tabIndex = -1;
    head.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }

  fields(question) {
    return [...question.querySelectorAll(`[name="answer-${question.dataset.number}"]`)];
  }

  /** One field of each question that was changed before the script was there to hear it. */
  early() {
    const changed = (one) => (BOXES.includes(one.type) ? one.checked !== one.defaultChecked : differs(one));
    return [...this.#questions.values()].map((one) => [...this.fields(one), this.#flag(one)].find(changed)).filter(Boolean);
  }

  #flag(question) {
    return question.querySelector(`[name="flag-${question.dataset.number}"]`);
  }

  /** What the question’s fields say now, in their order and empty ones included: the form posts the same. */
  read(question) {
    const answer = this.fields(question)
      .filter((input) => !BOXES.includes(input.type) || input.checked)
      .map((input) => input.value.trim());
    return { answer, flagged: this.#flag(question).checked };
  }

  /** Show an answer in its question again. */
  fill(question, { answer, flagged }) {
    let place = 0;
    for (const input of this.fields(question)) {
      if (BOXES.includes(input.type)) input.checked = answer.length ? answer.includes(input.value) : input.value === "";
      else input.value = answer[place++] ?? "";
    }
    this.#flag(question).checked = flagged;
  }

  /** The form that leaves this page follows this version. */
  follows(question, seq) {
    question.querySelector(`[name="seq-${question.dataset.number}"]`).value = seq;
  }

  /** Say how a typed number is read; true if the server will read it too, or if it is no number. */
  understood(input) {
    const line = input.closest(".question").querySelector("[data-understood]");
    if (!line) return true;
    const plain = input.value.trim().replace(/(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))/g, "").replace("−", "-").replace(",", ".");
    const right = /^[+-]?\d{1,15}(\.\d{1,6})?$/.test(plain);
    const number = right && Number(plain).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 6 });
    line.textContent = right ? this.#say("understood", { number }) : plain && this.#say("not-understood");
    input.toggleAttribute("aria-invalid", Boolean(plain) && !right);
    return right || plain === "";
  }
}
