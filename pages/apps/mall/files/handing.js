// A file's key on its way from the phone to this browser, past a platform that cannot read it (`engine/pki/handing.py`).
import { utf8 } from "../../handset/keys/numbers.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const POINT_BYTES = 65;

/** A key for this once; it never leaves the browser. */
export async function madeKey() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  return { own: privateKey, point: new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)) };
}

/** What was handed to a key for a ticket. */
export async function unsealed(sealed, own, ticketId) {
  const other = await crypto.subtle.importKey("raw", sealed.slice(0, POINT_BYTES), CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: other }, own, 256);
  const from = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(`yinxin handing over\n${ticketId}`) };
  const key = await crypto.subtle.deriveKey(how, from, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, sealed.slice(POINT_BYTES)));
}
