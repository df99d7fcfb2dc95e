// The phone's shell: who is signed in, where the person is, news, the second factor, the simulated phone.
import { html, useEffect, useMemo, useRef, useState } from "../vendor/htm-preact.js";
import { openDoor } from "../common/door.js";
import { learnTime } from "../common/format.js";
import { AppContext } from "../common/hooks.js";
import { Button } from "../common/kit.js";
import { useLive } from "../common/live.js";
import { _, language, onLanguage, speak } from "../common/texts.js";
import { Trouble } from "../common/trouble.js";
import { Banner, Drawer, useSms } from "./drawer.js";
import { Toasts } from "./layout.js";
import { Keys } from "./keys/index.js";
import { useRouter } from "./router.js";
import { fetchOthers, screenFor } from "./screens.js";
import { useAutomaticDownload } from "./screens/automatic.js";
import { knowPerson } from "./screens/staying.js";
import { guardDoor, SecondFactor } from "./secondfactor.js";
import { StatusBar } from "./statusbar.js";

/** Where the person's choice of language is kept. */
export const languageKey = (place) => `yx:${place}:language`;

function useToasts() {
  const [all, setAll] = useState([]);
  const count = useRef(0);
  const toast = (text, tone = "good") => {
    const id = (count.current += 1);
    setAll((before) => [...before.slice(-1), { id, text, tone }]);
    setTimeout(() => setAll((before) => before.filter((one) => one.id !== id)), tone === "bad" ? 7000 : 3500);
  };
  return [all, toast];
}

function useLanguage() {
  const [spoken, setSpoken] = useState(language());
  useEffect(() => onLanguage(setSpoken), []);
  return spoken;
}

/** `state` of this phone: `handset.state`, asked again after whatever signs in or out. */
function useHandsetState(door, place, seq, tell) {
  const [state, setState] = useState(null);
  const [failed, setFailed] = useState(null);
  const known = useRef(false);
  const refresh = async () => {
    try {
      const found = await door.ask("handset.state");
      learnTime(found.now);
      // Before any form shows what it kept: whose it is.
      if (found.signed_in && !known.current) await knowPerson({ place, door });
      known.current = found.signed_in;
      setState(found);
      tell(found.signed_in);
      setFailed(null);
      return found;
    } catch (refusal) {
      setFailed(refusal);
      return null;
    }
  };
  useEffect(() => {
    refresh();
  }, [door, seq]);
  return [state, refresh, failed];
}

function useUnread(door, signedIn, seq) {
  const [unread, setUnread] = useState(0);
  useEffect(() => {
    if (!signedIn) setUnread(0);
    else door.ask("messaging.summary").then(
      (found) => setUnread(Object.values(found).reduce((sum, one) => sum + one.unread, 0)),
      () => setUnread(0),
    );
  }, [door, signedIn, seq]);
  return unread;
}

/** The whole phone. */
export function Phone({ base, frame, root, lent }) {
  const place = base.replace(/^.*\/w\//, "");
  const [door, keys] = useMemo(() => {
    const opened = openDoor(base);
    const made = new Keys(place, opened, lent);
    opened.device = () => made.devicePoint();
    return [opened, made];
  }, [base]);
  const [factor, setFactor] = useState(null);
  const spoken = useLanguage();
  const [router, path] = useRouter(place, frame);
  const [toasts, toast] = useToasts();
  const [signedIn, setSignedIn] = useState(false);
  const seq = useLive(door, signedIn);
  const [state, refresh, failed] = useHandsetState(door, place, seq, setSignedIn);
  const unread = useUnread(door, signedIn, seq);
  useAutomaticDownload({ door, router, path, seq, signedIn });
  const codes = useMemo(() => new Set(), []);
  const forms = useMemo(() => new Set(), []);
  const [banner, setBanner, messages] = useSms(door, state, seq);

  useEffect(() => {
    guardDoor(door, setFactor);
    door.onSignedOut = () => refresh();
  }, [door]);

  // Who leaves the screen gives the act up that waited for a code.
  const pending = useRef(null);
  pending.current = factor;
  useEffect(() => () => pending.current?.giveUp(), [path]);

  const app = {
    door, keys, place, frame, root, router, path, seq, toast, state, refresh, unread, codes, forms, language: spoken,
    go: (to) => router.go(to),
    async speak(wanted) {
      localStorage.setItem(languageKey(place), wanted);
      await speak(wanted);
    },
  };
  return html`<${AppContext.Provider} value=${app}>
    <div class=${`phone ${frame ? "framed" : "full"}`} lang=${spoken === "en" ? "en" : "zh-CN"}>
      ${frame && html`<${StatusBar} sim=${state?.sim} />`}
      ${state?.demo && html`<${Trouble} door=${door} />`}
      ${banner && html`<${Banner} sms=${banner} codes=${codes} onClose=${() => setBanner(null)} />`}
      <${Current} path=${path} app=${app} failed=${failed} />
      ${factor && html`<${SecondFactor} settle=${factor} />`}
      <${Toasts} all=${toasts} />
    </div>
    ${state?.demo && html`<${Drawer} messages=${messages} />`}
  <//>`;
}

/** Fetch a screen's modules: `[here, failed]`. */
function useModules(screen) {
  const [, setCount] = useState(0);
  const [failed, setFailed] = useState(null);
  useEffect(() => {
    if (!screen) return undefined;
    let alive = true;
    screen.load().then(
      () => {
        if (alive) setCount((count) => count + 1);
        fetchOthers();
      },
      () => alive && setFailed(screen),
    );
    return () => {
      alive = false;
    };
  }, [screen]);
  return [Boolean(screen?.module), failed !== null && failed === screen];
}

const Waiting = ({ children }) => html`<main class="screen"><div class="body">${children
  ?? html`<div class="loading" role="status"><span class="spinner"></span>${_("Loading…")}</div>`}</div></main>`;

function Current({ path, app, failed }) {
  const [screen, given] = app.state ? screenFor(path, app.state.signed_in) : [null, {}];
  const [here, broken] = useModules(screen);
  if (!app.state && failed) return html`<${Waiting}><div class="empty"><b>${failed.title}</b><${Button} onClick=${app.refresh}>${_("Try again")}<//></div><//>`;
  // A browser may remember that a module failed; a page that is loaded anew asks again, and forms are kept.
  if (broken && !here) return html`<${Waiting}><div class="empty"><b>${_("The connection broke. What you typed is kept: try again.")}</b><${Button} onClick=${() => location.reload()}>${_("Try again")}<//></div><//>`;
  if (!here) return html`<${Waiting} />`;
  const Component = screen.pick(screen.module, given.id);
  return html`<${Component} key=${path} ...${given} />`;
}
