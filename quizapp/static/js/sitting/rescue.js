/**
 * A rescue file: answers that could not be sent, sealed so that only the server can read them, to be
 * handed to the organisers. `exam/rescue.py` opens it.
 */

const INFO = "quizapp rescue 1";
const CURVE = { name: "ECDH", namedCurve: "P-256" };

/** Whether this browser can seal: it keeps its cryptography for pages that came over TLS. */
export function canSeal() {
  return Boolean(globalThis.crypto?.subtle);
}

/**
 * The text of a rescue file. `pending` lists versions as `{ number, answer, flagged, seq, key, at }`,
 * `at` in milliseconds of this device's clock, or absent; `page` is what the server gave the page.
 */
export async function seal(pending, page) {
  const { readme, key, stage, candidate } = page;
  const contents = {
    ticket: page.ticket,
    sealed_at: new Date().toISOString(),
    pending: pending.map(({ number, answer, flagged, seq, key, at }) => ({
      item: number, answer, flagged, seq, key, at: at ? new Date(at).toISOString() : null,
    })),
  };
  const outside = { readme, format: "quizapp-rescue-1", key, stage, candidate };
  const { secret, ephemeral } = await agree(bytes(page.public));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: utf8(Object.values(outside).join("\n")) },
    secret,
    utf8(JSON.stringify(contents)),
  );
  const file = { ...outside, ephemeral: base64(ephemeral), iv: base64(iv), sealed: base64(sealed) };
  return JSON.stringify(file, null, 2) + "\n";
}

/** Give the person a text as a file. */
export function download(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A key for this one file, from a pair made for it and the server’s point. */
async function agree(point) {
  const subtle = crypto.subtle;
  const server = await subtle.importKey("raw", point, CURVE, false, []);
  const pair = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const ephemeral = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  const agreed = await subtle.deriveBits({ name: "ECDH", public: server }, pair.privateKey, 256);
  const secret = await subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array([...ephemeral, ...point]), info: utf8(INFO) },
    await subtle.importKey("raw", agreed, "HKDF", false, ["deriveKey"]),
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  return { secret, ephemeral };
}

function utf8(text) {
  return new TextEncoder().encode(text);
}

/** Base64 for addresses, without padding. */
function base64(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function bytes(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
