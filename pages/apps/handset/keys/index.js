// A phone's keys in its browser: the device's, and its parts of certificates' keys (as `engine/handset` has them).
//
// A proof is two acts: a try, which counts, and the act itself with the phone's half. The new share is written
// in the place of the old one only once the act's answer says that it was done; until a proof with the new
// one has come the engine takes either, so a page that is closed anywhere between loses nothing.
import { GIVEN_UP, Refusal } from "../../common/door.js";
import { _ } from "../../common/texts.js";
import { Apart } from "./apart.js";
import { moved } from "./encryption.js";
import { openAtPc } from "./files.js";
import { Kept } from "./kept.js";
import { Lent } from "./lent.js";
import * as messages from "./messages.js";
import { base64, ofBase64, random, sha256, utf8 } from "./numbers.js";
import { refusedBy } from "./rules.js";
import * as split from "./split.js";

const DEVICE = { name: "ECDSA", namedCurve: "P-256" };
// What the engine says to a request that it does not know and whose key does not prove itself.
const ASKED_ANEW = ["issuing.key_known", "issuing.key_not_proved", "issuing.requested_already", "pki.share_refused", "pki.modulus_refused"];

const missing = () => new Refusal({ code: "handset.key_missing", title: _("The key of this certificate is not on this phone. Use the phone you downloaded it with.") });

/** The keys kept at a place, for acts through a door. `cost` is what a guess of a PIN has to cost. */
export class Keys {
  constructor(place, door, lent = false) {
    this.kept = lent ? new Lent(door) : new Kept(place);
    this.door = door;
    this.apart = new Apart();
    this.turns = new Map();
  }

  // -- the device ----------------------------------------------------------------------------

  async device() {
    const found = await this.kept.get("device");
    if (found) return found;
    const made = await crypto.subtle.generateKey(DEVICE, false, ["sign", "verify"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", made.publicKey));
    return this.kept.first("device", { key: made.privateKey, point });
  }

  async devicePoint() {
    return base64((await this.device()).point);
  }

  async deviceSigns(message) {
    const { key } = await this.device();
    return base64(new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, message)));
  }

  // -- making --------------------------------------------------------------------------------

  async cost() {
    return (await this.door.ask("handset.state")).hashing;
  }

  /** The certificates whose keys this phone holds. */
  async held() {
    return (await this.kept.names("key/")).map((name) => name.slice(4));
  }

  /** Refuse a PIN that the CA's rules do not allow. */
  check(pin, rules) {
    const why = refusedBy(pin, rules);
    if (!why) return;
    const title = why === "guessable"
      ? _("This PIN would be tried first: it is a common one, or a date or number of yours. Choose another.")
      : _("A certificate PIN has {digits} digits, not all the same and not in sequence.", { digits: rules.digits });
    throw new Refusal({ code: `handset.pin_${why}`, title, field: "pin" });
  }

  /**
   * Make a key under a PIN and ask for the certificate of an approved order. `tell` hears what is done now:
   * `making`, `sealing`, `asking`. Until it asks, `signal` stops it and nothing is left behind.
   */
  async enrol(order, pin, rules, { tell = () => null, signal } = {}) {
    this.check(pin, rules);
    return this.inTurn(`order/${order.id}`, async () => {
      const pending = await this.kept.get(`pending/${order.id}`);
      if (pending) {
        try {
          tell("asking");
          return await this.requested(order.id, pending, "", "");
        } catch (refusal) {
          // Cut off before the engine had it: its other part is gone, so another key is made.
          if (!ASKED_ANEW.includes(refusal.code)) throw refusal;
        }
      }
      const { held, serverShare, proof } = await this.made(order.id, pin, tell, signal);
      tell("asking");
      // Kept before it is asked for: a page closed in between must not orphan a certificate.
      await this.kept.put({ [`pending/${order.id}`]: held });
      return this.requested(order.id, held, base64(serverShare), base64(proof));
    });
  }

  /** A new key of an order's certificate, made in a thread of its own that ends when it is given up. */
  async made(orderId, pin, tell, signal) {
    const apart = new Apart();
    const work = async () => {
      tell("making");
      const { material, share, serverShare } = await apart.run("make");
      tell("sealing");
      const cost = await this.cost();
      if (signal?.aborted) return null;
      const under = await apart.run("hidden", share, pin, cost);
      const proof = await apart.run("half", share, material, messages.ofRequest(orderId, split.SCHEME, material));
      return { held: { scheme: split.SCHEME, material, ...under }, serverShare, proof };
    };
    let stop;
    const givenUp = new Promise((_made, reject) => { stop = () => reject(new Refusal({ code: GIVEN_UP })); });
    signal?.addEventListener("abort", stop);
    try {
      if (signal?.aborted) stop();
      return await Promise.race([givenUp, work()]);
    } finally {
      signal?.removeEventListener("abort", stop);
      apart.end();
    }
  }

  async requested(orderId, held, serverShare, proof) {
    const made = await this.door.act("issuing.request_certificate", {
      order_id: orderId, scheme: held.scheme, public_material: base64(held.material), server_share: serverShare, proof,
    });
    await this.kept.put({ [`key/${made.id}`]: held, [`pending/${orderId}`]: undefined });
    return made;
  }

  // -- proving -------------------------------------------------------------------------------

  /** One at a time: two proofs with one share would each renew it. */
  inTurn(name, work) {
    if (navigator.locks) return navigator.locks.request(`yinxin:${this.door.base}:${name}`, work);
    const before = this.turns.get(name) ?? Promise.resolve();
    const now = before.catch(() => null).then(work);
    this.turns.set(name, now);
    return now;
  }

  /**
   * A counted try and the phone's halves over one message or several: `{try_id, half, refresh, more}`, and what to
   * keep if it is taken. Several are confirmed with the PIN entered once, with one share that is renewed once.
   */
  async prove(certificateId, message, pin, { newPin = "", beside = {} } = {}) {
    const held = await this.kept.get(`key/${certificateId}`);
    if (!held) throw missing();
    const nonce = random(16);
    const opened = await this.door.act("issuing.open_try", {
      certificate_id: certificateId, nonce: base64(nonce), device_signature: await this.deviceSigns(messages.ofTry(certificateId, nonce)),
    });
    const signed = typeof message === "function" ? message(opened.id) : message;
    const share = await this.apart.run("shown", held, pin);
    const { following, refresh } = split.renewed(share);
    const halves = [];
    for (const one of Array.isArray(signed) ? signed : [signed]) halves.push(base64(await this.apart.run("half", share, held.material, one)));
    const [half, ...more] = halves;
    const proof = { try_id: opened.id, half, refresh: base64(refresh), ...(more.length ? { more } : {}) };
    const taken = async () => {
      const after = await this.apart.run("hidden", following, newPin || pin, held.cost);
      await this.kept.put({ [`key/${certificateId}`]: { ...held, ...after }, ...beside });
    };
    return { proof, taken };
  }

  /** Do an act that a certificate's key has to confirm. */
  async perform(action, given, certificateId, pin, message, options = {}) {
    return this.inTurn(`key/${certificateId}`, async () => {
      const { proof, taken } = await this.prove(certificateId, message, pin, options);
      const done = await this.door.act(action, { ...given, proof });
      await taken();
      return done;
    });
  }

  /** Take a certificate into use: its PIN is set and proved. */
  async activate(certificate, pin) {
    const digest = await sha256(ofBase64(certificate.der));
    return this.perform("issuing.activate", { certificate_id: certificate.id }, certificate.id, pin, messages.ofActivation(certificate.id, digest));
  }

  /** Confirm a scanned ticket: binding, login, or a contract's signature. */
  async confirm({ ticket, certificateId, pin, number, particulars }) {
    const given = { ticket_id: ticket.id };
    if (ticket.purpose === "sign") {
      if (number) given.number = number;
      return this.perform("signing.confirm_signature", given, certificateId, pin, await this.covered(ticket));
    }
    if (ticket.purpose === "decrypt") return openAtPc(this, ticket, pin, number);
    if (ticket.purpose === "make_file") {
      given.certificate_id = certificateId;
      const covered = ofBase64(await this.door.ask("enveloping.file_to_be_signed", given));
      if (!holds(covered, ticket.payload.digest)) {
        throw new Refusal({ code: "handset.document_differs", title: _("What should be signed is not the document that was shown. Nothing was signed.") });
      }
      return this.perform("enveloping.confirm_file", given, certificateId, pin, covered);
    }
    Object.assign(given, { certificate_id: certificateId, number });
    if (ticket.purpose === "bind") given.particulars = particulars;
    const action = ticket.purpose === "bind" ? "binding.confirm_binding" : "binding.confirm_login";
    return this.perform(action, given, certificateId, pin, messages.ofTicket(ticket));
  }

  /** What the signatures of a ticket cover: each must hold the digest of a document that was shown. */
  async covered(ticket) {
    const covered = (await this.door.ask("signing.to_be_signed", { ticket_id: ticket.id })).map(ofBase64);
    let digests = [ticket.payload.digest];
    let same = true;
    if (ticket.payload.batch) {
      digests = (await this.door.ask("signing.asked_to_sign", { ticket_id: ticket.id })).map((one) => one.digest);
      same = hex(await sha256(utf8(digests.join("\n")))) === ticket.payload.digest;
    }
    if (!same || digests.length !== covered.length || !covered.every((one, at) => holds(one, digests[at]))) {
      throw new Refusal({ code: "handset.document_differs", title: _("What should be signed is not the document that was shown. Nothing was signed.") });
    }
    return covered;
  }

  /** Give a certificate another PIN (修改证书密码). */
  async rewrap(certificateId, oldPin, newPin) {
    this.check(newPin, await this.door.ask("issuing.pin_rules", { certificate_id: certificateId }));
    const message = (tryId) => messages.ofPinChange(certificateId, tryId);
    // Encryption keys that open with it go along, in the very transaction that writes the new share.
    const beside = await moved(this, certificateId, oldPin, newPin);
    return this.perform("issuing.change_pin", { certificate_id: certificateId }, certificateId, oldPin, message, { newPin, beside });
  }
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Whether bytes hold a digest (hex) somewhere. */
function holds(bytes, digest) {
  const text = hex(bytes);
  for (let at = text.indexOf(digest); at >= 0; at = text.indexOf(digest, at + 1)) if (at % 2 === 0) return true;
  return false;
}

