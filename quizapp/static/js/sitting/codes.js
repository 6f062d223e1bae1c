/**
 * A rescue file as QR codes in numbered parts, for a device from which no file can be taken away.
 * `exam/rescue_parts.py` puts them together again.
 */

const FORMAT = "QUIZAPP1";
// With its head, what one code of 85 modules holds at level M: it is read from a phone’s screen.
const LENGTH = 460;
const EDGE = 4;
const SVG = "http://www.w3.org/2000/svg";

/** The texts of the codes: format, sum of the whole, number, how many, and a piece. */
export async function parts(file) {
  const bytes = new TextEncoder().encode(JSON.stringify(JSON.parse(file)));
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const whole = btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(whole)));
  const sum = Array.from(hash.slice(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const count = Math.ceil(whole.length / LENGTH);
  return Array.from({ length: count }, (_none, place) => {
    return [FORMAT, sum, place + 1, count, whole.slice(place * LENGTH, (place + 1) * LENGTH)].join(".");
  });
}

/** The modules of one code, and how it was made. */
export async function drawn(text) {
  const { encode } = await import(document.querySelector('link[data-part="uqr"]').href);
  return encode(text, { ecc: "M", border: 0, boostEcc: false });
}

/** Show the codes of a rescue file above the page, one under the other. */
export async function show(file, say) {
  const all = await parts(file);
  const dialog = document.createElement("dialog");
  dialog.className = "codes";
  dialog.setAttribute("aria-labelledby", "codes-title");
  const title = element("h2", say("codes-title"));
  // Read from the top: without this the button at the end would be in focus.
  Object.assign(title, { id: "codes-title", tabIndex: -1, autofocus: true });
  const close = element("button", say("codes-close"));
  Object.assign(close, { type: "button", className: "button" });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(title, element("p", say("codes-how")));
  for (const [place, text] of all.entries()) {
    const name = say("codes-number", { number: place + 1, count: all.length });
    const figure = document.createElement("figure");
    figure.append(picture(await drawn(text), name), element("figcaption", name));
    dialog.append(figure);
  }
  dialog.append(close);
  document.body.append(dialog);
  dialog.showModal();
}

function picture({ data, size }, name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `${-EDGE} ${-EDGE} ${size + 2 * EDGE} ${size + 2 * EDGE}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", name);
  const path = document.createElementNS(SVG, "path");
  const dark = data.flatMap((row, y) => row.map((one, x) => (one ? `M${x} ${y}h1v1h-1z` : "")));
  path.setAttribute("d", dark.join(""));
  svg.append(path);
  return svg;
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
