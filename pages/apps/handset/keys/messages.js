// What a key signs: the canonical bytes of `engine/kernel/challenges`, made here from what the screen showed.
import { base64, ofBase64, sha256, utf8 } from "./numbers.js";

const byCodePoint = (a, b) => {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    if (left[at] !== right[at]) return left[at].codePointAt(0) - right[at].codePointAt(0);
  }
  return left.length - right.length;
};

/** JSON with sorted keys, no blanks, bytes as `{"$b": base64}`, integers only: as `codec.canonical`. */
export function canonical(value) {
  if (value instanceof Uint8Array) return canonical({ $b: base64(value) });
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const names = Object.keys(value).sort(byCodePoint);
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new TypeError("only whole numbers are signed");
  return JSON.stringify(value);
}

const message = (head, bound) => utf8(`yinxin ${head}\n${canonical(bound)}`);

export const ofRequest = (orderId, scheme, key) => message("certificate request", { order: orderId, scheme, key });

export const ofTry = (certificateId, nonce) => message("PIN try", { certificate: certificateId, nonce });

export const ofPinChange = (certificateId, tryId) => message("PIN change", { certificate: certificateId, try: tryId });

export const ofActivation = (certificateId, digest) => message("activation", { certificate: certificateId, digest });

export const ofEncryptionShare = (certificateId, tryId) => message("encryption share", { certificate: certificateId, try: tryId });

export async function ofOpening(certificateId, value) {
  return message("opening", { certificate: certificateId, value: await sha256(value) });
}

/** A file's key is opened for the browser of a ticket: the whole of that is bound. */
export async function ofFileOpening(ticket, certificateId, value) {
  return message("file opening", { ticket: await sha256(ofTicket(ticket)), certificate: certificateId, value: await sha256(value) });
}

/** The whole of a scanned ticket, so that nothing of it can be exchanged. */
export function ofTicket(ticket) {
  return message("ticket", {
    ticket: ticket.id,
    purpose: ticket.purpose,
    kind: ticket.kind,
    platform: ticket.platform_id,
    browser: ofBase64(ticket.nonce_hash),
    payload: ticket.payload,
    created_at: ticket.created_at,
  });
}
