// The arithmetic of keys apart from the page, so that the screen goes on moving meanwhile (`apart.js`).
import * as opening from "./opening.js";
import * as split from "./split.js";

const WORK = { make: split.make, half: split.half, hidden: split.hidden, shown: split.shown, veiled: opening.veiled };

globalThis.onmessage = async ({ data: { id, name, given } }) => {
  try {
    postMessage({ id, made: await WORK[name](...given) });
  } catch (problem) {
    postMessage({ id, failed: String(problem?.message ?? problem) });
  }
};
