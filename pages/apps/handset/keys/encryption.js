// A phone's shares of encryption keys: taken once, kept under the PIN of the certificate that they open with.
import { Refusal } from "../../common/door.js";
import { _ } from "../../common/texts.js";
import * as messages from "./messages.js";
import { base64, ofBase64, power, toBytes, toNumber } from "./numbers.js";
import * as split from "./split.js";

const SCHEME = "agency";

const raised = (value, share, modulus, bits) => toBytes(power(toNumber(value), share, toNumber(modulus), bits), modulus.length);

/** Take the phone's share of an encryption key and show that it is here: the pair is complete. */
export async function takeShare(keys, certificateId, opensWith, pin) {
  const wanted = { certificate_id: certificateId, opens_with: opensWith };
  const message = (tryId) => messages.ofEncryptionShare(certificateId, tryId);
  const given = await keys.perform("issuing.take_encryption_share", wanted, opensWith, pin, message);
  const [share, modulus] = [ofBase64(given.share), ofBase64(given.modulus)];
  if (!modulus.length) throw new Refusal({ code: "handset.key_kind", title: _("This kind of key cannot be used in a browser. Use the app.") });
  const under = await split.hidden(toNumber(share), pin, await keys.cost(), share.length);
  await keys.kept.put({ [`encryption/${certificateId}`]: { scheme: SCHEME, material: modulus, opensWith, ...under } });
  const half = raised(ofBase64(given.sample), toNumber(share), modulus, 8 * share.length);
  return keys.door.act("issuing.confirm_encryption_share", { certificate_id: certificateId, half: base64(half) });
}

/** The shares that open with a certificate, under another PIN: what a change of it keeps beside its own. */
export async function moved(keys, opensWith, oldPin, newPin) {
  const changes = {};
  for (const name of await keys.kept.names("encryption/")) {
    const held = await keys.kept.get(name);
    if (held.opensWith !== opensWith) continue;
    const share = await split.shown(held, oldPin);
    changes[name] = { ...held, ...(await split.hidden(share, newPin, held.cost, held.sealed.length)) };
  }
  return changes;
}
