// Work that takes a while (Argon2id, primes, powers) in a thread of its own: a page that froze would look broken.
import { GIVEN_UP, Refusal } from "../../common/door.js";
import { _ } from "../../common/texts.js";

/** A thread for a phone's arithmetic. It is started by the first work, and `end` stops it whatever it does. */
export class Apart {
  constructor() {
    this.waiting = new Map();
    this.count = 0;
    this.thread = null;
  }

  /** One of the works of `worker.js`. */
  run(name, ...given) {
    return new Promise((resolve, reject) => {
      const id = (this.count += 1);
      this.waiting.set(id, { resolve, reject });
      this.started().postMessage({ id, name, given });
    });
  }

  started() {
    if (this.thread) return this.thread;
    this.thread = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.thread.onmessage = ({ data: { id, made, failed } }) => {
      const { resolve, reject } = this.waiting.get(id);
      this.waiting.delete(id);
      if (failed === undefined) resolve(made);
      else reject(new Error(failed));
    };
    this.thread.onerror = () => this.end(new Refusal({ code: "handset.no_arithmetic", title: _("The key could not be worked with in this browser. Load the page again.") }));
    return this.thread;
  }

  /** Stop what is under way; whoever waits for it hears `why`. */
  end(why = new Refusal({ code: GIVEN_UP })) {
    this.thread?.terminate();
    this.thread = null;
    for (const { reject } of this.waiting.values()) reject(why);
    this.waiting.clear();
  }
}
