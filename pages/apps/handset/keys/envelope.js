// Enveloped messages (CMS EnvelopedData, RFC 5652 6; key agreement: RFC 5753): to whom, and what is inside.
//
// As `engine/pki/envelopes`: AES in CBC or GCM, its key transported by RSA (PKCS #1 v1.5 or OAEP) or agreed on over
// P-256 and wrapped by AES. Anything else is refused by name. What decrypts the key is in two halves (`opening.js`).
import { Refusal } from "../../common/door.js";
import { _ } from "../../common/texts.js";
import { element, elements, oid, same, wrapped } from "./der.js";
import { ofBase64 } from "./numbers.js";

const ENVELOPED = "1.2.840.113549.1.7.3";
const AUTHENTICATED = "1.2.840.113549.1.9.16.1.23";
const RSA = "1.2.840.113549.1.1.1";
const OAEP = "1.2.840.113549.1.1.7";
const KEY_IDENTIFIER = "2.5.29.14";
const DIGESTS = { "1.3.14.3.2.26": "SHA-1", "2.16.840.1.101.3.4.2.1": "SHA-256" };
// How long keys are. Browsers have no AES-192.
const CBC = { "2.16.840.1.101.3.4.1.2": 16, "2.16.840.1.101.3.4.1.42": 32 };
const GCM = { "2.16.840.1.101.3.4.1.6": 16, "2.16.840.1.101.3.4.1.46": 32 };
const WRAP = { "2.16.840.1.101.3.4.1.5": 16, "2.16.840.1.101.3.4.1.45": 32 };
// The key derivations of ANSI X9.63 by their digest, with and without the cofactor, which is 1 here.
const AGREED = {
  "1.3.133.16.840.63.0.2": "SHA-1", "1.3.132.1.11.1": "SHA-256", "1.3.132.1.11.2": "SHA-384", "1.3.132.1.11.3": "SHA-512",
  "1.3.133.16.840.63.0.3": "SHA-1", "1.3.132.1.14.1": "SHA-256", "1.3.132.1.14.2": "SHA-384", "1.3.132.1.14.3": "SHA-512",
};
const SEQUENCE = 0x30;
const SET = 0x31;
const OCTETS = 0x04;

const refused = (code, title) => new Refusal({ code: `handset.${code}`, title, field: "file" });
const damaged = () => refused("envelope_damaged", _("This is no encrypted file that can be read here, or it was damaged on the way."));
const notOpened = () => refused("envelope_not_opened", _("This was not encrypted for this certificate, or it was damaged on the way."));
const unknown = () => refused("envelope_kind", _("This file is encrypted in a way that cannot be opened here. Ask for it in AES-128 or AES-256."));
const forOthers = () => refused("envelope_for_others", _("This file was encrypted for other certificates than this one."));

/** The bytes of a file in DER, or in PEM. */
export function bytesOf(file) {
  if (file[0] === SEQUENCE) return file;
  const text = new TextDecoder("latin1").decode(file);
  const body = /-----BEGIN (?:CMS|PKCS7)-----([A-Za-z0-9+/=\s]+)-----END/.exec(text);
  if (!body) throw damaged();
  return ofBase64(body[1].replace(/\s/g, ""));
}

/** Issuer, serial number and key identifier of a certificate, as envelopes name it. */
function namesOf(certificate) {
  const fields = elements(elements(element(certificate).content)[0].content);
  const at = fields[0].tag === 0xa0 ? 1 : 0;
  const extensions = fields.find((one) => one.tag === 0xa3);
  const found = extensions && elements(element(extensions.content).content)
    .map((one) => elements(one.content)).find(([name]) => oid(name) === KEY_IDENTIFIER);
  return { serial: fields[at].encoded, issuer: fields[at + 2].encoded, identifier: found ? element(found.at(-1).content).content : new Uint8Array() };
}

function isNamed(whom, names) {
  if (whom.tag === 0x80) return same(whom.content, names.identifier);
  if (whom.tag === 0xa0) return same(elements(whom.content)[0].content, names.identifier);
  const [issuer, serial] = elements(whom.content);
  return same(issuer.encoded, names.issuer) && same(serial.encoded, names.serial);
}

function transported(info, names) {
  const [, whom, algorithm, key] = elements(info.content);
  if (!isNamed(whom, names)) return null;
  const [name, parameters] = elements(algorithm.content);
  if (oid(name) === RSA) return { value: key.content, digest: "", wrap: null };
  if (oid(name) !== OAEP) throw unknown();
  const hash = parameters && elements(parameters.content).find((one) => one.tag === 0xa0);
  const digest = hash ? DIGESTS[oid(elements(element(hash.content).content)[0])] : "SHA-1";
  if (!digest) throw unknown();
  return { value: key.content, digest, wrap: null };
}

function agreed(info, names) {
  const fields = elements(info.content);
  const entity = fields.find((one) => one.tag === 0xa1);
  const [algorithm, recipients] = fields.slice(-2);
  const own = elements(recipients.content).map((one) => elements(one.content)).find(([whom]) => isNamed(whom, names));
  if (!own) return null;
  const [name, wrap] = elements(algorithm.content);
  const digest = AGREED[oid(name)];
  const size = wrap && WRAP[oid(elements(wrap.content)[0])];
  const originator = element(fields[1].content);
  if (!digest || !size || originator.tag !== 0xa1) throw unknown();
  const point = elements(originator.content)[1].content;
  // A bit string of whole bytes with an uncompressed point: only its x coordinate matters.
  if (point.length !== 66 || point[0] !== 0 || point[1] !== 4) throw unknown();
  const bits = [0, 0, (8 * size) >> 8, (8 * size) & 0xff];
  const shared = [...wrap.encoded, ...(entity ? wrapped(0xa0, entity.content) : []), ...wrapped(0xa2, wrapped(OCTETS, bits))];
  return { value: point.slice(2, 34), digest, wrap: { key: own[1].content, size, about: wrapped(SEQUENCE, shared) } };
}

/** The part of an envelope that is addressed to a certificate (both DER). */
export function read(encoded, certificate) {
  let found;
  try {
    const [kind, inside] = elements(element(encoded).content);
    const whole = oid(kind) === AUTHENTICATED;
    if (!whole && oid(kind) !== ENVELOPED) throw unknown();
    const fields = elements(element(inside.content).content);
    const [infos, content] = [fields.find((one) => one.tag === SET), fields.find((one) => one.tag === SEQUENCE)];
    const names = namesOf(certificate);
    for (const info of elements(infos.content)) {
      found ??= info.tag === SEQUENCE ? transported(info, names) : info.tag === 0xa1 ? agreed(info, names) : null;
    }
    const [, algorithm, body] = elements(content.content);
    const [cipher, given] = elements(algorithm.content);
    const size = (whole ? GCM : CBC)[oid(cipher)];
    if (!size || body?.tag !== 0x80) throw unknown();
    const nonce = whole ? elements(given.content)[0].content : given.content;
    // What shows that the content is whole stands behind it.
    const tag = whole ? fields.find((one) => one.tag === OCTETS).content : null;
    found &&= { ...found, size, nonce, content: body.content, tag };
  } catch (problem) {
    throw problem instanceof Refusal ? problem : damaged();
  }
  if (!found) throw forOthers();
  return found;
}

// -- what decrypting gave, taken to the content --------------------------------------------------

async function digested(name, ...parts) {
  return new Uint8Array(await crypto.subtle.digest(name, await new Blob(parts).arrayBuffer()));
}

const counted = (number) => Uint8Array.from([number >> 24, number >> 16, number >> 8, number].map((one) => one & 0xff));

async function masked(bytes, seed, digest) {
  const made = bytes.slice();
  for (let at = 0, block = 0; at < made.length; block += 1) {
    for (const byte of await digested(digest, seed, counted(block))) if (at < made.length) made[at++] ^= byte;
  }
  return made;
}

/** RFC 8017 7.2.2 and 7.1.2; the phone alone sees what comes of it. */
function withoutV15(padded) {
  const end = padded.indexOf(0, 2);
  if (padded[0] !== 0 || padded[1] !== 2 || end < 10) throw notOpened();
  return padded.slice(end + 1);
}

async function withoutOaep(padded, digest) {
  const empty = await digested(digest);
  const size = empty.length;
  const seed = await masked(padded.slice(1, 1 + size), padded.slice(1 + size), digest);
  const block = await masked(padded.slice(1 + size), seed, digest);
  const begin = block.findIndex((byte, at) => at >= size && byte !== 0);
  if (padded[0] !== 0 || !same(block.slice(0, size), empty) || block[begin] !== 1) throw notOpened();
  return block.slice(begin + 1);
}

/** X9.63 with one digest's worth of key at a time, then AES key wrap (RFC 3394). */
async function unwrapped(secret, { key, size, about }, digest) {
  const made = new Uint8Array(size);
  for (let at = 0, block = 1; at < size; block += 1) {
    const part = await digested(digest, secret, counted(block), about);
    made.set(part.slice(0, size - at), at);
    at += part.length;
  }
  const own = await crypto.subtle.importKey("raw", made, "AES-KW", false, ["unwrapKey"]);
  const content = await crypto.subtle.unwrapKey("raw", key, own, "AES-KW", "AES-CBC", true, ["decrypt"]);
  return new Uint8Array(await crypto.subtle.exportKey("raw", content));
}

/** The name that browsers have for the digest of a padding or of a key derivation. */
export const digestNamed = (name) => AGREED[name] ?? { sha1: "SHA-1", sha256: "SHA-256" }[name] ?? "";

/** The key of a content, from what decrypting an envelope's value gave. */
export async function contentKey({ digest, wrap, size }, decrypted) {
  try {
    const key = wrap ? await unwrapped(decrypted, wrap, digest) : digest ? await withoutOaep(decrypted, digest) : withoutV15(decrypted);
    if (key.length !== size) throw notOpened();
    return key;
  } catch (problem) {
    throw problem instanceof Refusal ? problem : notOpened();
  }
}

/** The content of an envelope that was read, from what decrypting its value gave. */
export async function opened(envelope, decrypted) {
  try {
    const { nonce, content, tag } = envelope;
    const key = await contentKey(envelope, decrypted);
    const name = tag ? "AES-GCM" : "AES-CBC";
    const usable = await crypto.subtle.importKey("raw", key, name, false, ["decrypt"]);
    const whole = tag ? await new Blob([content, tag]).arrayBuffer() : content;
    return new Uint8Array(await crypto.subtle.decrypt({ name, iv: nonce }, usable, whole));
  } catch (problem) {
    throw problem instanceof Refusal ? problem : notOpened();
  }
}
