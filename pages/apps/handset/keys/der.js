// DER, as far as envelopes and certificates are read here: definite lengths, tags of one byte, nothing guessed.

const fail = () => { throw new TypeError("not DER"); };

/** The element at the beginning of some bytes: `{tag, content, encoded}`. */
export function element(bytes) {
  if (bytes.length < 2 || (bytes[0] & 0x1f) === 0x1f) fail();
  let [length, at] = [bytes[1], 2];
  if (length & 0x80) {
    const count = length & 0x7f;
    if (count < 1 || count > 4 || bytes.length < 2 + count) fail();
    length = bytes.slice(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
    at += count;
  }
  if (bytes.length < at + length) fail();
  return { tag: bytes[0], content: bytes.subarray(at, at + length), encoded: bytes.subarray(0, at + length) };
}

/** The elements inside some bytes. */
export function elements(bytes) {
  const found = [];
  for (let rest = bytes; rest.length;) {
    const one = element(rest);
    found.push(one);
    rest = rest.subarray(one.encoded.length);
  }
  return found;
}

/** An object identifier as text. */
export function oid(one) {
  if (one?.tag !== 0x06 || !one.content.length) fail();
  const arcs = [];
  let arc = 0;
  for (const byte of one.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (!(byte & 0x80)) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...rest].join(".");
}

/** Bytes under a tag, encoded. */
export function wrapped(tag, content) {
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Uint8Array.from([tag, ...length, ...content]);
}

/** Whether two byte strings are one. */
export const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);
