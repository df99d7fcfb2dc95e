// A receipt of the platform's log, checked by the phone itself: each event's way up the Merkle tree
// (RFC 9162 2.1.3.2), and the signature of the head that it leads to. Nothing is asked of the platform.
import { hex, ofHex, sha256, utf8 } from "./keys/numbers.js";

const RECEIPT = "yinxin receipt 1";
const HEAD = "yinxin tree head 1";
const HASH = 32;
const ALGORITHM = { name: "Ed25519" };

/** Why a receipt does not hold, in the order in which it is found. */
export const WRONG = { form: "form", key: "key", unable: "unable", signature: "signature", told: "told", path: "path" };

const joined = (first, ...parts) => sha256(Uint8Array.from([first, ...parts.flatMap((part) => [...part])]));

const bytesOf = (text, length) => {
  const bytes = /^(?:[0-9a-f]{2})+$/.test(text) ? ofHex(text) : [];
  if (bytes.length !== length) throw new TypeError("not so many bytes in hexadecimal digits");
  return bytes;
};

/** JSON with one spelling: names in order, nothing between. */
const canonical = (told) => JSON.stringify(Object.fromEntries(Object.keys(told).sort().map((name) => [name, told[name]])));

/** The root that a leaf's way leads to, in hexadecimal digits; empty where it leads nowhere. */
export async function rootOf(own, index, size, path) {
  if (!(index >= 0 && index < size)) return "";
  let [at, last, made] = [index, size - 1, own];
  // Halving, not shifting: a log may be longer than 32 bits count.
  const half = (number) => Math.floor(number / 2);
  for (const other of path) {
    if (last === 0) return "";
    if (at % 2 || at === last) {
      made = await joined(1, other, made);
      while (at % 2 === 0 && at) [at, last] = [half(at), half(last)];
    } else {
      made = await joined(1, made, other);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? hex(made) : "";
}

async function signed(head, key) {
  const { signature, ...told } = head;
  const known = await crypto.subtle.importKey("raw", ofHex(key), ALGORITHM, false, ["verify"]).catch(() => null);
  if (!known) return WRONG.unable;
  return (await crypto.subtle.verify(ALGORITHM, known, bytesOf(signature, 64), utf8(canonical(told)))) ? "" : WRONG.signature;
}

async function inLog(one, head) {
  const own = bytesOf(one.leaf, HASH);
  if (one.told && hex(await joined(0, utf8(one.told))) !== one.leaf) return WRONG.told;
  const path = one.proof.map((node) => bytesOf(node, HASH));
  return (await rootOf(own, one.index, head.size, path)) === head.root ? "" : WRONG.path;
}

/**
 * What is wrong with a receipt, one of `WRONG`; empty where it holds: all its events are under a head that
 * was signed by `key` (hexadecimal digits), which this phone got with the app.
 */
export async function wrongWith(receipt, key) {
  try {
    const { head, events } = receipt;
    const numbers = [head.size, head.timestamp, head.occurred_at, ...events.map((one) => one.index)];
    if (receipt.format !== RECEIPT || head.format !== HEAD || !events.length || !numbers.every(Number.isSafeInteger)) return WRONG.form;
    bytesOf(head.root, HASH);
    if (head.key !== key) return WRONG.key;
    const bad = await signed(head, key);
    if (bad) return bad;
    for (const one of events) {
      const lost = await inLog(one, head);
      if (lost) return lost;
    }
    return "";
  } catch {
    return WRONG.form;
  }
}
