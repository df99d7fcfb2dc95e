// The phone's half of decrypting, under a veil that it alone can take off (`engine/pki/decrypting.py`).
//
// The platform joins the halves and learns nothing of what comes out. An RSA key is named by its modulus; one
// on P-256 has none, and what it decrypts is the x coordinate of a point.
import * as curve from "./curve.js";
import { inverse, power, random, toBytes, toNumber } from "./numbers.js";

const EXPONENT = 65537n;
const EXPONENT_BITS = 20;

function raised(number, share, modulus) {
  return power(number, toNumber(share), toNumber(modulus), 8 * share.length);
}

/** What the phone makes of a value with its share; null where the value is none of this key's. */
export function half(value, share, modulus) {
  if (!modulus.length) return curve.times(value, curve.scalarOf(toNumber(share)));
  const [number, n] = [toNumber(value), toNumber(modulus)];
  if (value.length !== modulus.length || number <= 1n || number >= n - 1n) return null;
  return toBytes(raised(number, share, modulus), modulus.length);
}

function veil(value, modulus) {
  if (!modulus.length) {
    const factor = (toNumber(random(curve.COORDINATE_BYTES + 8)) % (curve.ORDER - 1n)) + 1n;
    return { veiled: curve.times(value, factor), factor };
  }
  const n = toNumber(modulus);
  const factor = (toNumber(random(modulus.length + 16)) % (n - 3n)) + 2n;
  return { veiled: toBytes((toNumber(value) * power(factor, EXPONENT, n, EXPONENT_BITS)) % n, modulus.length), factor };
}

/** A value under a veil and the phone's half of that: `{veiled, half, factor}`; null for a value of no such key. */
export function veiled(value, share, modulus) {
  const made = veil(value, modulus);
  const own = made.veiled && half(made.veiled, share, modulus);
  return own && { ...made, half: own };
}

/** What both halves made, without the veil. */
export function unveiled(joined, factor, modulus) {
  if (!modulus.length) return curve.times(joined, inverse(factor, curve.ORDER));
  const n = toNumber(modulus);
  return toBytes((toNumber(joined) * inverse(factor, n)) % n, modulus.length);
}
