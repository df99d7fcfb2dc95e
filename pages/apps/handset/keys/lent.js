// What a stage lends of a persona's phone, in the place of `kept.js`: whoever acts next, the story, this page or a real
// phone, has the same keys. Only a stage has any; elsewhere its gateway refuses.
import { base64, ofBase64 } from "./numbers.js";

const DEVICE = { name: "ECDSA", namedCurve: "P-256" };

const told = (value) => JSON.stringify(value, (_name, one) => (one instanceof Uint8Array ? { $b: base64(one) } : one));

function revived(value) {
  if (Array.isArray(value)) return value.map(revived);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.$b === "string") return ofBase64(value.$b);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revived(one)]));
}

/** The things that the stage keeps for the phone behind a door, with the methods of `Kept`. */
export class Lent {
  constructor(door) {
    this.door = door;
    this.device = null;
  }

  async get(name) {
    if (name === "device") return (this.device ??= await this.imported());
    const { value } = await this.door.ask("handset.lent", { name });
    return value === null ? undefined : revived(value);
  }

  /** The device's key, which scripts can use from here on and never read. */
  async imported() {
    const { value } = await this.door.ask("handset.lent", { name: "device" });
    const key = await crypto.subtle.importKey("pkcs8", ofBase64(value.key), DEVICE, false, ["sign"]);
    return { key, point: ofBase64(value.point) };
  }

  names(prefix) {
    return this.door.ask("handset.lent_names", { prefix });
  }

  async put(changes) {
    const given = Object.entries(changes).map(([name, value]) => [name, value === undefined ? "" : told(value)]);
    await this.door.act("handset.keep", { changes: Object.fromEntries(given) });
  }

  async first(name, value) {
    const found = await this.get(name);
    if (found === undefined) await this.put({ [name]: value });
    return found ?? value;
  }
}
