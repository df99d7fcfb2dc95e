// Reading an encrypted file: to whom it says it is, and what is inside once its key is here (RFC 5652 6, RFC 5083).
//
// As `engine/pki/envelopes/reading.py`: lengths may be indefinite and the content in pieces around AES in CBC. AES in
// GCM proves itself only at its end, and browsers open it whole: such files are opened up to a size.
import { Refusal } from "../../common/door.js";
import { element, elements, oid } from "../../handset/keys/der.js";
import { _ } from "../../common/texts.js";
import { bytesOf, PIECE } from "./pieces.js";

const ENVELOPED = "1.2.840.113549.1.7.3";
const AUTHENTICATED = "1.2.840.113549.1.9.16.1.23";
const SIGNED = "1.2.840.113549.1.7.2";
const CBC = { "2.16.840.1.101.3.4.1.2": 16, "2.16.840.1.101.3.4.1.42": 32 };
const GCM = { "2.16.840.1.101.3.4.1.6": 16, "2.16.840.1.101.3.4.1.46": 32 };
const LARGEST_HEADING = 1024 * 1024;
const LARGEST_WHOLE = 256 * 1024 * 1024;
const [OCTETS, SEQUENCE, SET] = [0x04, 0x30, 0x31];
const BLOCK = 16;

const refused = (code, title) => new Refusal({ code: `mall.${code}`, title, field: "file" });
const damaged = () => refused("file_damaged", _("This is no encrypted file that can be read here, or it was damaged on the way."));
const unknown = () => refused("file_kind", _("This file is encrypted in a way that cannot be opened here. Ask for it in AES-128 or AES-256."));
const tooLarge = () => refused("file_too_large", _("A file in this cipher (AES-GCM) is opened here up to 256 MB. Ask for it in AES-CBC."));
const notOpened = () => refused("file_not_opened", _("The file could not be decrypted: it was changed after it was encrypted. Ask for it once more."));

/** Tag, and where its content begins and ends; an indefinite end is null. */
function headAt(bytes, at) {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (first === undefined || (tag & 0x1f) === 0x1f) throw damaged();
  if (first === 0x80) return { tag, from: at + 2, to: null };
  if (first < 0x80) return { tag, from: at + 2, to: at + 2 + first };
  const width = first & 0x7f;
  if (width > 6) throw damaged();
  let size = 0;
  for (const digit of bytes.subarray(at + 2, at + 2 + width)) size = size * 256 + digit;
  return { tag, from: at + 2 + width, to: at + 2 + width + size };
}

function entered(bytes, at, tag) {
  const found = headAt(bytes, at);
  if (found.tag !== tag) throw damaged();
  return found.from;
}

/** What stands before the content: `{heading, cipher, nonce, authenticated, at}`; `at` is where that begins. */
export async function headingOf(file) {
  const bytes = await bytesOf(file, 0, LARGEST_HEADING);
  try {
    let at = entered(bytes, 0, SEQUENCE);
    const kind = element(bytes.subarray(at));
    if (![ENVELOPED, AUTHENTICATED].includes(oid(kind))) throw unknown();
    at = entered(bytes, entered(bytes, at + kind.encoded.length, 0xa0), SEQUENCE);
    const version = element(bytes.subarray(at));
    at += version.encoded.length;
    if (bytes[at] === 0xa0) at = headAt(bytes, at).to;
    const infos = element(bytes.subarray(at));
    if (infos.tag !== SET) throw damaged();
    at = entered(bytes, at + infos.encoded.length, SEQUENCE);
    at += element(bytes.subarray(at)).encoded.length;
    const algorithm = element(bytes.subarray(at));
    at += algorithm.encoded.length;
    const [name, given] = elements(algorithm.content);
    const authenticated = oid(kind) === AUTHENTICATED;
    const cipher = oid(name);
    if (!(authenticated ? GCM : CBC)[cipher]) throw unknown();
    const nonce = authenticated ? elements(given.content)[0].content : given.content;
    return { heading: bytes.slice(0, at), cipher, nonce: nonce.slice(), authenticated, at };
  } catch (problem) {
    throw problem instanceof Refusal ? problem : damaged();
  }
}

/** A file's bytes at a place, of which a large part is read at once. */
class Window {
  constructor(file) {
    Object.assign(this, { file, from: 0, bytes: new Uint8Array() });
  }

  async at(place, size) {
    if (place < this.from || place + size > this.from + this.bytes.length) {
      this.from = place;
      this.bytes = await bytesOf(this.file, place, place + Math.max(size, PIECE));
    }
    return this.bytes.subarray(place - this.from, place - this.from + size);
  }
}

/** Where the ciphertext lies: `[from, to]` for each of its parts, then where it ends. */
async function* partsOf(file, at) {
  const window = new Window(file);
  const outer = headAt(await window.at(at, 12), 0);
  if (outer.tag === 0x80 && outer.to !== null) {
    yield [at + outer.from, at + outer.to];
    return at + outer.to;
  }
  if (outer.tag !== 0xa0) throw damaged();
  let place = at + outer.from;
  const end = outer.to === null ? Infinity : at + outer.to;
  while (place < end) {
    const bytes = await window.at(place, 12);
    if (outer.to === null && bytes[0] === 0) return place + 2;
    const one = headAt(bytes, 0);
    if (one.tag !== OCTETS || one.to === null) throw damaged();
    yield [place + one.from, place + one.to];
    place += one.to;
  }
  return end;
}

/** The ciphertext in pieces of one size, however it was cut up; what comes of it is where it ends. */
async function* ciphertext(file, at) {
  const parts = partsOf(file, at);
  let [gathered, filled] = [new Uint8Array(PIECE), 0];
  for (;;) {
    const { value, done } = await parts.next();
    if (done) {
      if (filled) yield gathered.subarray(0, filled);
      return value;
    }
    for (let [from, to] = value; from < to;) {
      const taken = Math.min(to - from, PIECE - filled);
      const bytes = await bytesOf(file, from, from + taken);
      if (bytes.length !== taken) throw damaged();
      gathered.set(bytes, filled);
      from += taken;
      filled += taken;
      if (filled === PIECE) {
        yield gathered;
        [gathered, filled] = [new Uint8Array(PIECE), 0];
      }
    }
  }
}

async function unchained(file, { nonce, at }, contentKey, tell, signal) {
  const key = await crypto.subtle.importKey("raw", contentKey, "AES-CBC", false, ["encrypt", "decrypt"]);
  const made = [];
  let [iv, waiting, read] = [nonce, null, 0];
  const opened = async (piece, last) => {
    let whole = piece;
    if (!last) {
      // Browsers take padding off each time: a block of nothing but padding goes behind what is not the end.
      const padding = await crypto.subtle.encrypt({ name: "AES-CBC", iv: piece.slice(piece.length - BLOCK) }, key, new Uint8Array());
      whole = new Uint8Array(piece.length + BLOCK);
      whole.set(piece);
      whole.set(new Uint8Array(padding), piece.length);
    }
    made.push(new Blob([await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, whole)]));
    iv = piece.slice(piece.length - BLOCK);
  };
  for await (const piece of ciphertext(file, at)) {
    signal?.throwIfAborted();
    if (waiting) await opened(waiting, false);
    waiting = piece;
    read += piece.length;
    tell(Math.min(1, read / file.size));
  }
  if (!waiting) throw damaged();
  await opened(waiting, true);
  return new Blob(made);
}

async function authenticated(file, { nonce, at }, contentKey) {
  if (file.size > LARGEST_WHOLE) throw tooLarge();
  const pieces = ciphertext(file, at);
  const parts = [];
  let end = 0;
  for (;;) {
    const { value, done } = await pieces.next();
    if (done) {
      end = value;
      break;
    }
    parts.push(value.slice());
  }
  const after = await bytesOf(file, end, end + 64);
  // The content's frame may end here (two zeros) before the tag comes.
  const tag = element(after.subarray(after[0] === 0 ? 2 : 0));
  if (tag.tag !== OCTETS || tag.content.length !== 16) throw damaged();
  const key = await crypto.subtle.importKey("raw", contentKey, "AES-GCM", false, ["decrypt"]);
  const whole = await new Blob([...parts, tag.content]).arrayBuffer();
  return new Blob([await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, key, whole)]);
}

/** What is inside a file, by its key. Raises a refusal where it was changed. */
export async function unsealed(file, heading, contentKey, tell = () => null, signal = null) {
  try {
    if (heading.authenticated) return await authenticated(file, heading, contentKey);
    return await unchained(file, heading, contentKey, tell, signal);
  } catch (problem) {
    if (problem instanceof Refusal || problem.name === "AbortError") throw problem;
    throw notOpened();
  }
}

/**
 * What stands around a signed file: `{content, head, tail}`; null where nothing is signed that can be read here.
 * Raises a refusal where it begins as a signed file and breaks off: in CBC one changed end in 256 decrypts all the same.
 */
export async function signedIn(blob) {
  const bytes = await bytesOf(blob, 0, 64 * 1024);
  let at;
  let kind;
  try {
    at = entered(bytes, 0, SEQUENCE);
    kind = element(bytes.subarray(at));
    if (oid(kind) !== SIGNED) return null;
  } catch {
    return null;
  }
  try {
    at = entered(bytes, entered(bytes, at + kind.encoded.length, 0xa0), SEQUENCE);
    for (let skipped = 0; skipped < 2; skipped += 1) at += element(bytes.subarray(at)).encoded.length;
    at = entered(bytes, at, SEQUENCE);
    at += element(bytes.subarray(at)).encoded.length;
    const inner = headAt(bytes, entered(bytes, at, 0xa0));
    if (inner.tag !== OCTETS || inner.to === null) return null;
    if (inner.to > blob.size) throw notOpened();
    return { content: blob.slice(inner.from, inner.to), head: bytes.slice(0, inner.from), tail: await bytesOf(blob, inner.to) };
  } catch {
    throw notOpened();
  }
}
