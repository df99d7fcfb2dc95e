// The mall of a trading platform: `mount(element, {base, language, frame})`, or by itself as its page's script.
import { openDoor } from "../common/door.js";
import { AppContext } from "../common/hooks.js";
import { useLive } from "../common/live.js";
import { Trouble } from "../common/trouble.js";
import { language, onLanguage, speak } from "../common/texts.js";
import { html, render, useCallback, useEffect, useMemo, useState } from "../vendor/htm-preact.js";
import { colourOf, inkOn } from "./colours.js";
import { LANGUAGE } from "./links.js";
import { usePlace } from "./place.js";
import { Shell } from "./shell.js";

const platformOf = (base) => decodeURIComponent(base.replace(/\/$/, "").split("/").pop());

/** Who is signed in: `undefined` while that is unknown, `null` for nobody. */
function useAccount(door, acts) {
  const [account, setAccount] = useState(undefined);
  const again = useCallback(
    () => door.ask("mall.signed_in").then(setAccount, (refusal) => refusal.status && setAccount(null)),
    [door],
  );
  useEffect(() => {
    // A session that has lapsed leads to the sign-in, and from there back to where one was.
    door.onSignedOut = () => setAccount(null);
  }, [door]);
  useEffect(() => void again(), [again, acts]);
  return [account, again];
}

function App({ base, frame }) {
  const door = useMemo(() => openDoor(base), [base]);
  const platformId = platformOf(base);
  const [at, go] = usePlace(door.base, frame);
  const [platform, setPlatform] = useState(null);
  const [acts, setActs] = useState(0);
  const [spoken, setSpoken] = useState("");
  const [told, setTold] = useState({ text: "", tone: "" });
  const [account, who] = useAccount(door, acts);
  // The stream is for who is signed in; nobody's QR code asks for itself.
  const beat = useLive(door, Boolean(account)) + acts / 1000;
  const toast = useCallback((text, tone = "good") => setTold({ text, tone }), []);
  useEffect(() => onLanguage(setSpoken), []);
  useEffect(() => door.afterAct(() => setActs((before) => before + 1)), [door]);
  useEffect(() => {
    door.ask("mall.platforms").then((all) => setPlatform(all[platformId] ?? { missing: true }), () => {});
  }, [door, platformId, beat]);
  useEffect(() => {
    if (!told.text) return undefined;
    const timer = setTimeout(() => setTold({ text: "", tone: "" }), 6000);
    return () => clearTimeout(timer);
  }, [told]);
  if (!platform) return html`<div class="mall" aria-busy="true"></div>`;
  const colour = colourOf(platformId, platform);
  const mall = {
    door, seq: beat, toast, place: door.base, platformId, platform, account, who, at, go, frame, spoken, told,
  };
  return html`<${AppContext.Provider} value=${mall}>
    <div class=${`mall ${frame ? "in-frame" : ""}`} lang=${language() === "en" ? "en" : "zh-CN"}
      style=${`--mall:${colour};--mall-ink:${inkOn(colour)}`}>
      <${Trouble} door=${door} />
      <${Shell} />
    </div>
  <//>`;
}

const SHEETS = ["./mall.css", "./contract.css"].map((name) => new URL(name, import.meta.url).href);

/** The style sheets, once for the page or shadow root around `element`. */
function styled(element) {
  const around = element.getRootNode();
  const into = around instanceof ShadowRoot ? around : document.head;
  const there = new Set([...into.querySelectorAll("link[rel=stylesheet]")].map((link) => link.href));
  return Promise.all(SHEETS.filter((sheet) => !there.has(sheet)).map((sheet) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet });
    const loaded = new Promise((done) => (link.onload = link.onerror = done));
    into.append(link);
    return loaded;
  }));
}

/** Draw the mall into `element`; what it returns takes it away again. */
export async function mount(element, { base, language: wanted = "", frame = false }) {
  const chosen = frame ? "" : localStorage.getItem(LANGUAGE);
  await Promise.all([styled(element), speak(chosen || wanted || navigator.language)]);
  render(html`<${App} base=${base} frame=${frame} />`, element);
  return () => render(null, element);
}

const own = document.querySelector('#app[data-base*="/mall/"]');
if (own) mount(own, own.dataset.frame === "true" ? { ...own.dataset, frame: true } : { ...own.dataset, frame: false });
