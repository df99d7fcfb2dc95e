// The way from a page to its gateway: questions and acts, refusals as objects, one key to an intent.
import { _, language } from "./texts.js";

/** What the server (or the network) said no with. `field` names the input it is about, `inside` a part of it. */
export class Refusal extends Error {
  constructor({ code = "unexpected", title = "", status = 0, field = "", params = {} }) {
    super(title);
    const [first, ...inside] = String(field || "").split(".");
    Object.assign(this, { code, title, status, field: first, inside: inside.join("."), params });
  }
}

/** The person closed a sheet that the act needed: nothing to tell. */
export const GIVEN_UP = "given_up";

const FACTOR = "kernel.second_factor_needed";

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function refusalOf(answer) {
  const told = await answer.json().catch(() => ({}));
  const title = told.title || _("Something unexpected happened. Try again in a moment.");
  return new Refusal({ ...told, title, status: answer.status });
}

/** A request whose upload is told as it goes, from 0 to 1: `fetch` says nothing until all of it is there. */
const withProgress = (progress) => (address, { method, headers, body }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onload = () => resolve(new Response(request.responseText, { status: request.status }));
    request.onerror = () => reject(new TypeError("the connection broke"));
    request.send(body);
  });

/**
 * A door at `base`. `ask(name, arguments)` and `act(name, arguments)` answer with JSON or throw a Refusal.
 *
 * The same act asked for again while it is under way is the same promise (a double click), and after
 * a broken connection it goes out under the same key: the server does it once. `onSecondFactor`, where
 * a page sets it, is awaited when an act needs a fresh code; then the act is repeated.
 */
export function openDoor(base) {
  const root = base.replace(/\/$/, "");
  const underWay = new Map();
  const unanswered = new Map();
  const listeners = new Set();

  async function send(path, name, given, key, progress) {
    const headers = { "content-type": "application/json", "accept-language": language().replace("_", "-") };
    if (key) headers["idempotency-key"] = key;
    if (key && door.device) headers["yinxin-device"] = await door.device();
    const body = JSON.stringify({ name, arguments: given });
    let answer;
    try {
      const post = progress ? withProgress(progress) : fetch;
      answer = await post(`${root}/${path}`, { method: "POST", credentials: "same-origin", headers, body });
    } catch {
      throw new Refusal({ code: "network", title: _("The connection broke. What you typed is kept: try again.") });
    }
    if (!answer.ok) throw await refusalOf(answer);
    return answer.json();
  }

  async function once(name, given, mark, progress) {
    const key = unanswered.get(mark) ?? newKey();
    unanswered.set(mark, key);
    try {
      const done = await send("do", name, given, key, progress);
      unanswered.delete(mark);
      return done;
    } catch (refusal) {
      // Without an answer it may have been done: only the same key is safe to repeat.
      if (refusal.status && refusal.status < 502) unanswered.delete(mark);
      throw refusal;
    }
  }

  async function withFactor(name, given, mark, progress) {
    try {
      return await once(name, given, mark, progress);
    } catch (refusal) {
      if (refusal.code !== FACTOR || !door.onSecondFactor) throw refusal;
      await door.onSecondFactor();
      return await once(name, given, mark, progress);
    }
  }

  const door = {
    base: root,
    onSecondFactor: null,
    device: null,
    onSignedOut: null,
    media: (blob) => `${root}/media/${encodeURIComponent(blob)}`,
    afterAct(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async ask(name, given = {}, { progress } = {}) {
      try {
        return await send("ask", name, given, "", progress);
      } catch (refusal) {
        if (refusal.status === 401) door.onSignedOut?.(refusal);
        throw refusal;
      }
    },
    act(name, given = {}, { progress } = {}) {
      const mark = JSON.stringify([name, given]);
      if (!underWay.has(mark)) {
        const doing = withFactor(name, given, mark, progress).finally(() => {
          underWay.delete(mark);
          for (const tell of listeners) tell(name);
        });
        doing.catch((refusal) => refusal.status === 401 && door.onSignedOut?.(refusal));
        underWay.set(mark, doing);
      }
      return underWay.get(mark);
    },
    async fetch(path) {
      const answer = await fetch(`${root}/${path}`, { credentials: "same-origin" });
      if (!answer.ok) throw await refusalOf(answer);
      return answer.json();
    },
  };
  return door;
}
