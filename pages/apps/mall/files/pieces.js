// Files read piece by piece, so that a large one takes no more memory than a small one.
import { hex } from "../../handset/keys/numbers.js";
import { Sha256 } from "./sha256.js";

/** How much of a file is in memory at a time; a multiple of a cipher's block. */
export const PIECE = 4 * 1024 * 1024;

/** Bytes of a file (or any blob). */
export const bytesOf = async (blob, from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer());

/** The SHA-256 of a file in hexadecimal; `tell` hears how much of it is done, 0 to 1. `signal` stops it. */
export async function digestOf(blob, tell = () => null, signal = null) {
  const digest = new Sha256();
  for (let at = 0; at < blob.size; at += PIECE) {
    signal?.throwIfAborted();
    digest.update(await bytesOf(blob, at, at + PIECE));
    tell(Math.min(1, (at + PIECE) / blob.size));
  }
  return hex(digest.digest());
}

/** A file's size as people read it. */
export function sizeText(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let [value, unit] = [bytes, 0];
  for (; value >= 1024 && unit < 3; unit += 1) value /= 1024;
  return `${unit ? value.toFixed(1) : value} ${units[unit]}`;
}

/** Give a blob to be saved under a name. */
export function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
