// Bytes and numbers: base64, big-endian integers, and powers of the same shape whatever the exponent.

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const ofHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

export const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

export function ofBase64(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

export const utf8 = (text) => new TextEncoder().encode(text);

export const random = (size) => crypto.getRandomValues(new Uint8Array(size));

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export const toNumber = (bytes) => BigInt(`0x${hex(bytes) || "0"}`);

export const toBytes = (number, size) => ofHex(number.toString(16).padStart(2 * size, "0"));

/** A number, negative ones in two's complement. */
export const toSigned = (number, size) => toBytes(BigInt.asUintN(8 * size, number), size);

export function gcd(a, b) {
  while (b) [a, b] = [b, a % b];
  return a;
}

/** The inverse of `a` modulo `m`, by Euclid. */
export function inverse(a, m) {
  let [low, high, one, two] = [a % m, m, 1n, 0n];
  while (low > 1n) {
    const times = high / low;
    [low, high] = [high - times * low, low];
    [one, two] = [two - times * one, one];
  }
  return ((one % m) + m) % m;
}

const WINDOW = 4n;

/**
 * `base` to `exponent` modulo `modulus`: as many squarings and multiplications as `bits` asks for, whatever the
 * exponent's digits. BigInt promises no constant time beyond that; docs/operating.md says so.
 */
export function power(base, exponent, modulus, bits) {
  const table = [1n];
  for (let at = 1; at < 16; at += 1) table.push((table[at - 1] * base) % modulus);
  let made = 1n;
  for (let at = BigInt(Math.ceil(bits / 4)) - 1n; at >= 0n; at -= 1n) {
    for (let square = 0; square < 4; square += 1) made = (made * made) % modulus;
    made = (made * table[Number((exponent >> (at * WINDOW)) & 15n)]) % modulus;
  }
  return made;
}
