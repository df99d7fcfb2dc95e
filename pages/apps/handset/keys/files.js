// Files at a PC: their digest signed here, their key opened by halves here and handed to that PC's browser alone.
import { Refusal } from "../../common/door.js";
import { _ } from "../../common/texts.js";
import { contentKey, digestNamed } from "./envelope.js";
import * as messages from "./messages.js";
import { base64, ofBase64, ofHex, toBytes, utf8 } from "./numbers.js";
import * as opening from "./opening.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };

const missing = () => new Refusal({ code: "handset.key_missing", title: _("No key that opens this file is on this phone. Use the phone of the person it is for, or have the key recovered.") });
const notOpened = () => new Refusal({ code: "handset.envelope_not_opened", title: _("This was not encrypted for this certificate, or it was damaged on the way.") });

/** Which of this phone's keys opens the file of a ticket: `{one, held}`, or null. */
export async function keyFor(keys, ticket) {
  for (const one of await keys.door.ask("enveloping.to_be_opened", { ticket_id: ticket.id })) {
    const held = await keys.kept.get(`encryption/${one.certificate_id}`);
    if (held) return { one, held };
  }
  return null;
}

/** A secret that only a browser's key opens (`engine/pki/handing.py`). */
async function handed(secret, point, ticketId) {
  const to = await crypto.subtle.importKey("raw", point, CURVE, false, []);
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: to }, own.privateKey, 256);
  const from = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(`yinxin handing over\n${ticketId}`) };
  const key = await crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, secret));
  return new Uint8Array([...new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey)), ...sealed]);
}

/** Confirm a scanned 扫码解密: the file's key goes to the PC that showed the code, and nobody else learns it. */
export async function openAtPc(keys, ticket, pin, number) {
  const found = await keyFor(keys, ticket);
  if (!found) throw missing();
  const { one, held } = found;
  const share = toBytes(await keys.apart.run("shown", held, pin), held.sealed.length);
  const made = await keys.apart.run("veiled", ofBase64(one.value), share, held.material);
  if (!made) throw notOpened();
  const given = { ticket_id: ticket.id, certificate_id: one.certificate_id, opens_with: held.opensWith, value: base64(made.veiled), half: base64(made.half), number };
  const message = await messages.ofFileOpening(ticket, one.certificate_id, made.veiled);
  const joined = await keys.perform("enveloping.confirm_opening", given, held.opensWith, pin, message);
  const wrap = one.wrap_bytes ? { key: ofBase64(one.wrapped), size: one.wrap_bytes, about: ofBase64(one.about) } : null;
  const envelope = { digest: digestNamed(wrap ? one.digest : one.oaep), wrap, size: one.key_bytes };
  const key = await contentKey(envelope, opening.unveiled(ofBase64(joined), made.factor, held.material));
  const sealed = await handed(key, ofHex(ticket.payload.browser_key), ticket.id);
  return keys.door.act("enveloping.hand_over_key", { ticket_id: ticket.id, sealed: base64(sealed) });
}
