// Multiples of points on P-256, named by their x coordinate alone (`engine/pki/decrypting.py`, CurveDivided).
//
// As many additions of one shape whatever the scalar's digits: the complete formulas of Renes, Costello and Batina
// (EUROCRYPT 2016, algorithm 4), which know no special case. BigInt promises no constant time beyond that.
import { inverse, power, toBytes, toNumber } from "./numbers.js";

const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
export const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
export const COORDINATE_BYTES = 32;
const BITS = 256n;

const mod = (number) => ((number % P) + P) % P;

function sum([x1, y1, z1], [x2, y2, z2]) {
  const xx = mod(x1 * x2);
  const yy = mod(y1 * y2);
  const zz = mod(z1 * z2);
  const xy = mod((x1 + y1) * (x2 + y2) - xx - yy);
  const yz = mod((y1 + z1) * (y2 + z2) - yy - zz);
  const xz = mod((x1 + z1) * (x2 + z2) - xx - zz);
  const left = mod(3n * (xz - B * zz));
  const low = mod(yy - left);
  const high = mod(yy + left);
  const mixed = mod(3n * (B * xz - 3n * zz - xx));
  const rest = mod(3n * xx - 3n * zz);
  return [mod(xy * high - yz * mixed), mod(high * low + rest * mixed), mod(yz * low + xy * rest)];
}

/** The point of an x coordinate whose y is even; null where the curve has none. */
function pointOf(x) {
  if (x >= P) return null;
  const square = mod(x * x * x - 3n * x + B);
  const root = power(square, (P + 1n) / 4n, P, 256);
  if (mod(root * root) !== square) return null;
  return [x, root & 1n ? P - root : root, 1n];
}

/** The x coordinate of a multiple of a point; null where there is no such point. */
export function times(coordinate, scalar) {
  const point = coordinate.length === COORDINATE_BYTES ? pointOf(toNumber(coordinate)) : null;
  if (!point) return null;
  // Two sums for each digit: the one that is not wanted is made and dropped.
  let [low, high] = [[0n, 1n, 0n], point];
  for (let at = BITS - 1n; at >= 0n; at -= 1n) {
    const both = sum(low, high);
    const one = (scalar >> at) & 1n;
    [low, high] = one ? [both, sum(high, high)] : [sum(low, low), both];
  }
  const [x, , z] = low;
  return z ? toBytes(mod(x * inverse(z, P)), COORDINATE_BYTES) : null;
}

/** A share, a uniform string, as a scalar that is never zero. */
export const scalarOf = (share) => (share % (ORDER - 1n)) + 1n;
