// Writing an encrypted file (CMS EnvelopedData, RFC 5652 6; key agreement: RFC 5753), as `engine/pki/envelopes`.
//
// AES-256 in CBC, piece by piece; its key is transported by RSA-OAEP or agreed on over P-256. What is inside is signed,
// so that a changed byte shows. Nothing of it leaves this browser.
import { element, elements, oid } from "../../handset/keys/der.js";
import { hex, random } from "../../handset/keys/numbers.js";
import { Refusal } from "../../common/door.js";
import { _ } from "../../common/texts.js";
import { bytesOf, PIECE } from "./pieces.js";
import { Sha256 } from "./sha256.js";

const [INTEGER, BITS, OCTETS, OID, SEQUENCE, SET] = [0x02, 0x03, 0x04, 0x06, 0x30, 0x31];
const BLOCK = 16;
const RSA = "1.2.840.113549.1.1.1";

/** Tag and shortest length of what follows. */
function head(tag, size) {
  if (size < 0x80) return Uint8Array.of(tag, size);
  const digits = [];
  for (let rest = size; rest; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Uint8Array.of(tag, 0x80 | digits.length, ...digits);
}

function joined(...parts) {
  const made = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
}

const tlv = (tag, ...parts) => {
  const content = joined(...parts);
  return joined(head(tag, content.length), content);
};

function named(dotted) {
  const [first, second, ...rest] = dotted.split(".").map(Number);
  const bytes = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left; left = Math.floor(left / 128)) groups.unshift(0x80 | (left % 128));
    bytes.push(...groups);
  }
  return tlv(OID, Uint8Array.from(bytes));
}

const SHA256 = tlv(SEQUENCE, named("2.16.840.1.101.3.4.2.1"));
const OAEP = tlv(SEQUENCE, named("1.2.840.113549.1.1.7"), tlv(SEQUENCE, tlv(0xa0, SHA256), tlv(0xa1, tlv(SEQUENCE, named("1.2.840.113549.1.1.8"), SHA256))));
const WRAP = tlv(SEQUENCE, named("2.16.840.1.101.3.4.1.45"));
const AGREED = tlv(SEQUENCE, named("1.3.132.1.11.1"), WRAP);

/** Issuer, serial number and key of a certificate, as they are written. */
function read(certificate) {
  const fields = elements(elements(element(certificate).content)[0].content);
  const at = fields[0].tag === 0xa0 ? 1 : 0;
  const key = fields[at + 5].encoded;
  const isRsa = oid(elements(elements(fields[at + 5].content)[0].content)[0]) === RSA;
  return { name: tlv(SEQUENCE, fields[at + 2].encoded, fields[at].encoded), key, isRsa };
}

async function transported({ name, key }, contentKey) {
  const to = await crypto.subtle.importKey("spki", key, { name: "RSA-OAEP", hash: "SHA-256" }, false, ["encrypt"]);
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "RSA-OAEP" }, to, contentKey));
  return tlv(SEQUENCE, tlv(INTEGER, Uint8Array.of(0)), name, OAEP, tlv(OCTETS, sealed));
}

async function agreed({ name, key }, contentKey) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const to = await crypto.subtle.importKey("spki", key, curve, false, []);
  const own = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: to }, own.privateKey, 256));
  const about = tlv(SEQUENCE, WRAP, tlv(0xa2, tlv(OCTETS, Uint8Array.of(0, 0, 1, 0))));
  // X9.63 with one digest's worth of key.
  const derived = await crypto.subtle.digest("SHA-256", joined(shared, Uint8Array.of(0, 0, 0, 1), about));
  const wrapping = await crypto.subtle.importKey("raw", derived, "AES-KW", false, ["wrapKey"]);
  const wrapped = await crypto.subtle.importKey("raw", contentKey, "AES-CBC", true, ["encrypt"]);
  const sealed = new Uint8Array(await crypto.subtle.wrapKey("raw", wrapped, wrapping, "AES-KW"));
  const originator = tlv(0xa0, tlv(0xa1, tlv(SEQUENCE, named("1.2.840.10045.2.1")), tlv(BITS, Uint8Array.of(0), point)));
  return tlv(0xa1, tlv(INTEGER, Uint8Array.of(3)), originator, AGREED, tlv(SEQUENCE, tlv(SEQUENCE, name, tlv(OCTETS, sealed))));
}

function sorted(infos) {
  const text = (one) => hex(one);
  return [...infos].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

/**
 * A blob (the file between what the phone's signature put around it) encrypted for certificates (DER):
 * `{blob, digest}`. `tell` hears how much is done, 0 to 1; `signal` stops it.
 */
export async function sealed(inside, certificates, tell = () => null, signal = null) {
  const [contentKey, nonce] = [random(32), random(BLOCK)];
  const readers = certificates.map(read);
  if (!readers.length) throw new Refusal({ code: "mall.no_recipient", title: _("There is nobody left whom this file could be encrypted for.") });
  const infos = await Promise.all(readers.map((one) => (one.isRsa ? transported(one, contentKey) : agreed(one, contentKey))));
  const length = Math.floor(inside.size / BLOCK) * BLOCK + BLOCK;
  const version = tlv(INTEGER, Uint8Array.of(readers.every((one) => one.isRsa) ? 0 : 2));
  let before = joined(named("1.2.840.113549.1.7.1"), tlv(SEQUENCE, named("2.16.840.1.101.3.4.1.42"), tlv(OCTETS, nonce)), head(0x80, length));
  before = joined(version, tlv(SET, ...sorted(infos)), head(SEQUENCE, before.length + length), before);
  before = joined(head(SEQUENCE, before.length + length), before);
  before = joined(named("1.2.840.113549.1.7.3"), head(0xa0, before.length + length), before);
  before = joined(head(SEQUENCE, before.length + length), before);
  const digest = new Sha256().update(before);
  const parts = [before];
  const key = await crypto.subtle.importKey("raw", contentKey, "AES-CBC", false, ["encrypt"]);
  let iv = nonce;
  for (let at = 0; at <= inside.size; at += PIECE) {
    signal?.throwIfAborted();
    const last = at + PIECE > inside.size;
    const plain = await bytesOf(inside, at, at + PIECE);
    let made = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv }, key, plain));
    // What the browser adds to each piece is left out, but for the last one: the pieces are one chain.
    if (!last) made = made.subarray(0, plain.length);
    iv = made.slice(made.length - BLOCK);
    digest.update(made);
    // A blob's content may rest on the disk; bytes in an array would not.
    parts.push(new Blob([made]));
    tell(Math.min(1, (at + PIECE) / (inside.size || 1)));
  }
  return { blob: new Blob(parts, { type: "application/pkcs7-mime" }), digest: hex(digest.digest()) };
}

/** What stands before and behind a file, as one blob with it: the file itself is not copied. */
export const between = (before, file, behind) => new Blob([before, file, behind]);

