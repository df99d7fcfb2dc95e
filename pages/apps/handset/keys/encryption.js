// A phone's shares of encryption keys: taken once, kept under the PIN of the certificate that they open with, used.
import { Refusal } from "../../common/door.js";
import { _ } from "../../common/texts.js";
import * as envelopes from "./envelope.js";
import * as messages from "./messages.js";
import { base64, ofBase64, toBytes, toNumber } from "./numbers.js";
import * as opening from "./opening.js";

const SCHEME = "agency";

const missing = () => new Refusal({ code: "handset.key_missing", title: _("The encryption key is not on this phone. Take it here first, or use the phone that has it.") });

/** Take the phone's share of an encryption key and show that it is here: the pair is complete. */
export async function takeShare(keys, certificateId, opensWith, pin) {
  const wanted = { certificate_id: certificateId, opens_with: opensWith };
  const message = (tryId) => messages.ofEncryptionShare(certificateId, tryId);
  const given = await keys.perform("issuing.take_encryption_share", wanted, opensWith, pin, message);
  // A key on a curve has no modulus.
  const [share, modulus] = [ofBase64(given.share), ofBase64(given.modulus)];
  const under = await keys.apart.run("hidden", toNumber(share), pin, await keys.cost(), share.length);
  await keys.kept.put({ [`encryption/${certificateId}`]: { scheme: SCHEME, material: modulus, opensWith, ...under } });
  const half = opening.half(ofBase64(given.sample), share, modulus);
  return keys.door.act("issuing.confirm_encryption_share", { certificate_id: certificateId, half: base64(half) });
}

/** Which signing certificate on this phone the share of an encryption key opens with; empty where it is not here. */
export async function opensWith(keys, certificateId) {
  return (await keys.kept.get(`encryption/${certificateId}`))?.opensWith ?? "";
}

/** The content of an enveloped file (DER or PEM) that is addressed to an encryption certificate. */
export async function openEnvelope(keys, certificate, pin, file) {
  const envelope = envelopes.read(envelopes.bytesOf(file), ofBase64(certificate.der));
  const held = await keys.kept.get(`encryption/${certificate.id}`);
  if (!held) throw missing();
  const share = toBytes(await keys.apart.run("shown", held, pin), held.sealed.length);
  const made = await keys.apart.run("veiled", envelope.value, share, held.material);
  if (!made) throw new Refusal({ code: "handset.envelope_not_opened", title: _("This was not encrypted for this certificate, or it was damaged on the way."), field: "file" });
  const given = { certificate_id: certificate.id, opens_with: held.opensWith, value: base64(made.veiled), half: base64(made.half) };
  const message = await messages.ofOpening(certificate.id, made.veiled);
  const joined = await keys.perform("issuing.open_envelope", given, held.opensWith, pin, message);
  return envelopes.opened(envelope, opening.unveiled(ofBase64(joined), made.factor, held.material));
}

/** The shares that open with a certificate, under another PIN: what a change of it keeps beside its own. */
export async function moved(keys, signingId, oldPin, newPin) {
  const changes = {};
  for (const name of await keys.kept.names("encryption/")) {
    const held = await keys.kept.get(name);
    if (held.opensWith !== signingId) continue;
    const share = await keys.apart.run("shown", held, oldPin);
    changes[name] = { ...held, ...(await keys.apart.run("hidden", share, newPin, held.cost, held.sealed.length)) };
  }
  return changes;
}
