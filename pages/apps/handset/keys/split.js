// The phone's side of a divided RSA key (`engine/pki/splitting`): made, put under a PIN, used, renewed.
//
// What would tell a right PIN from a wrong one is never kept: no prime, no exponent, no half, no refresh,
// no share of the server's. Every PIN opens a blob to a share of the right width.
import "../../vendor/argon2.umd.min.js";
import { gcd, inverse, ofBase64, power, random, sha256, toBytes, toNumber, toSigned } from "./numbers.js";

export const SCHEME = "split_rsa";
export const MODULUS_BYTES = 256;
export const PHONE_SHARE_BYTES = 280;
export const SERVER_SHARE_BYTES = 289;
const PHONE_SHARE_BITS = 8 * PHONE_SHARE_BYTES;
const SIGNATURE_BYTES = 512;
const OFFSET_BITS = 64;
const EXPONENT = 65537n;
const SALT_BYTES = 16;
// DigestInfo of SHA-256 (RFC 8017, 9.2, note 1).
const SHA256 = [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/** EMSA-PKCS1-v1_5 of a message under SHA-256, as a number. */
export async function encoded(message) {
  const made = new Uint8Array(SIGNATURE_BYTES).fill(0xff);
  const tail = [0, ...SHA256, ...(await sha256(message))];
  made.set([0, 1]);
  made.set(tail, SIGNATURE_BYTES - tail.length);
  return toNumber(made);
}

/** The phone's half of a signature over a message. */
export async function half(share, material, message) {
  const modulus = toNumber(material);
  return toBytes(power((await encoded(message)) % modulus, share, modulus, PHONE_SHARE_BITS), material.length);
}

/** Two primes and an exponent as `{material, share, serverShare}`; `drawn` stands in for chance in tests. */
export function divided(p, q, drawn = random) {
  const lambda = ((p - 1n) * (q - 1n)) / gcd(p - 1n, q - 1n);
  const d = inverse(EXPONENT, lambda);
  const share = toNumber(drawn(PHONE_SHARE_BYTES));
  const least = 1n << BigInt(PHONE_SHARE_BITS + OFFSET_BITS);
  const span = toNumber(drawn((PHONE_SHARE_BITS + OFFSET_BITS) / 8 + 16)) % least;
  const turns = (least + span) / lambda + 1n;
  return { material: toBytes(p * q, MODULUS_BYTES), share, serverShare: toBytes(d - share + turns * lambda, SERVER_SHARE_BYTES) };
}

/** A new key. Its primes come from WebCrypto and are forgotten as this returns. */
export async function make() {
  const wanted = { name: "RSASSA-PKCS1-v1_5", modulusLength: 8 * MODULUS_BYTES, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
  const pair = await crypto.subtle.generateKey(wanted, true, ["sign", "verify"]);
  const { p, q } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return divided(toNumber(ofBase64(p)), toNumber(ofBase64(q)));
}

async function stream(pin, salt, cost, size) {
  const made = await globalThis.hashwasm.argon2id({
    password: pin, salt, parallelism: 1, iterations: cost.passes, memorySize: cost.memory_kib, hashLength: size, outputType: "binary",
  });
  return toNumber(made);
}

/** A number under a PIN: a uniform string, nothing beside it. */
export async function hidden(number, pin, cost, size = PHONE_SHARE_BYTES, salt = random(SALT_BYTES)) {
  return { salt, cost, sealed: toBytes(number ^ (await stream(pin, salt, cost, size)), size) };
}

/** What a PIN opens; a wrong one opens another number. */
export async function shown({ sealed, salt, cost }, pin) {
  return toNumber(sealed) ^ (await stream(pin, salt, cost, sealed.length));
}

/** A new uniform share, and its difference from the old one for the server. */
export function renewed(share, following = toNumber(random(PHONE_SHARE_BYTES))) {
  return { following, refresh: toSigned(following - share, PHONE_SHARE_BYTES + 1) };
}
