// What this browser keeps of a phone: its device key, which it will not give out, and shares under their PINs.
const STORE = "kept";

const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function opened(name) {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return asked(request);
}

/** The things kept at a place (`demo/phone/a`): each write is durable before it is answered. */
export class Kept {
  constructor(place) {
    this.database = opened(`yinxin:${place}`);
  }

  async get(name) {
    const at = (await this.database).transaction(STORE).objectStore(STORE);
    return asked(at.get(name));
  }

  async names(prefix) {
    const at = (await this.database).transaction(STORE).objectStore(STORE);
    return (await asked(at.getAllKeys())).filter((name) => name.startsWith(prefix));
  }

  /** Put all of `changes` ({name: value, or undefined to forget}) in one transaction. */
  async put(changes) {
    const change = (await this.database).transaction(STORE, "readwrite", { durability: "strict" });
    const at = change.objectStore(STORE);
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) at.delete(name);
      else at.put(value, name);
    }
    await new Promise((resolve, reject) => {
      change.oncomplete = resolve;
      change.onabort = change.onerror = () => reject(change.error);
    });
  }

  /** Put a value where there is none yet; what is there then (two pages may make it at once). */
  async first(name, value) {
    const change = (await this.database).transaction(STORE, "readwrite", { durability: "strict" });
    const at = change.objectStore(STORE);
    const found = await asked(at.get(name));
    if (found === undefined) await asked(at.put(value, name));
    return found ?? value;
  }
}
