// The console's stage: phones in their frames beside a PC's browser window, each with its own app mounted in it.
import { _, onLanguage, speak } from "../common/texts.js";

// Each app is loaded by itself: one that cannot be loaded leaves the other standing.
const APPS = { phone: () => import("../handset/main.js"), mall: () => import("../mall/main.js") };
const SHEET = new URL("./beside.css", import.meta.url).href;
const stages = new WeakMap();

const made = (tag, name, ...inside) => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...inside);
  return element;
};

function styled(element) {
  const link = Object.assign(made("link"), { rel: "stylesheet", href: SHEET });
  const loaded = new Promise((done) => (link.onload = link.onerror = done));
  element.append(link);
  return loaded;
}

/** A phone's body around its screen, with its name above it, or whose it is. */
function phoneFrame(slot, whose) {
  const caption = made("p", "beside-caption");
  const screen = made("div", "beside-screen");
  const element = made("section", "beside-phone", caption, made("div", "beside-body", screen));
  element.dataset.slot = slot;
  const say = () => {
    const name = slot === "a" ? _("Phone A") : _("Phone B");
    caption.textContent = whose ? `${name} · ${whose}` : name;
    element.setAttribute("aria-label", caption.textContent);
  };
  return { element, screen, say };
}

/** A browser's window around the mall, with its address as a link to a window of its own. */
function pcFrame(base, whose) {
  const caption = made("p", "beside-caption");
  const address = made("a", "beside-address");
  Object.assign(address, { href: base, target: "_blank", rel: "noopener", textContent: location.host + base });
  const lights = made("span", "beside-lights", made("i"), made("i"), made("i"));
  lights.setAttribute("aria-hidden", "true");
  const screen = made("div", "beside-page");
  const element = made("section", "beside-pc", caption, made("div", "beside-window", made("div", "beside-bar", lights, address), screen));
  const say = () => {
    caption.textContent = whose ? `${_("The PC's browser")} · ${whose}` : _("The PC's browser");
    element.setAttribute("aria-label", caption.textContent);
    address.title = _("Open in a window of its own");
  };
  return { element, screen, say };
}

function begin(element) {
  const place = made("div", "beside");
  element.append(place);
  const stage = { place, shown: new Map(), language: "", ready: styled(element) };
  stage.quiet = onLanguage(() => stage.shown.forEach((one) => one.frame.say()));
  stages.set(element, stage);
  return stage;
}

function clear(stage, key) {
  const one = stage.shown.get(key);
  stage.shown.delete(key);
  one.frame.element.remove();
  one.mounted.then((takeDown) => takeDown?.());
}

function show(stage, key, frame, { base, language, lent = false }) {
  frame.say();
  stage.place.append(frame.element);
  const app = APPS[key.split("/")[0]];
  const mounted = app().then(({ mount }) => mount(frame.screen, { base, language, frame: true, lent }));
  const failed = (problem) => {
    console.error(problem);
    frame.screen.append(made("p", "beside-failed", _("This could not be loaded. Reload the page.")));
  };
  stage.shown.set(key, { frame, mounted: mounted.catch(failed) });
}

/** Take the part of a persona: this browser gets their phones and their PC, and each opens where the story is. */
async function takePart(world, phones, platform, { who, phone, pc }, still) {
  const answer = await fetch(`/w/${world}/handover?pc=${encodeURIComponent(who)}`, { method: "POST", credentials: "same-origin" });
  if (!answer.ok) console.error(`the part was not handed over: ${answer.status}`);
  // A later turn may have come meanwhile, and has said where the apps stand.
  if (!still()) return;
  // Where the apps keep their place in a frame: `handset/router.js`, `mall/place.js`.
  if (phone) for (const slot of phones) sessionStorage.setItem(`yx:${world}/phone/${slot}:path`, JSON.stringify([...new Set(["home", phone])]));
  if (pc) sessionStorage.setItem(`yx-mall-place:/w/${world}/mall/${platform}`, pc);
}

/**
 * Show what is wanted, and leave alone what is shown already: `{world, language, phones: ["a"], platform}`.
 * It may be called as often as the page around it is drawn again. On a stage `part` says whose things they are
 * and where each app stands: `{turn, who, whose, phone, pc}`; another turn draws all of it anew.
 */
export async function arrange(element, { world, language, phones, platform, part = null }) {
  const stage = stages.get(element) ?? begin(element);
  const wanted = new Map([
    ...phones.map((slot) => [`phone/${slot}`, { slot, base: `/w/${world}/phone/${slot}` }]),
    [`mall/${platform}`, { base: `/w/${world}/mall/${platform}` }],
  ]);
  stage.wanted = wanted;
  const turned = stage.language !== language;
  stage.language = language;
  const turn = part && `${world}/${part.turn}`;
  const another = Boolean(part) && stage.drawn !== turn;
  await Promise.all([stage.ready, turned ? speak(language) : null]);
  if (another) await takePart(world, phones, platform, part, () => stage.wanted === wanted);
  // While the texts came, the page may have been drawn again and want something else.
  if (stage.wanted !== wanted) return;
  stage.drawn = turn;
  for (const key of [...stage.shown.keys()]) if (another || !wanted.has(key)) clear(stage, key);
  for (const [key, { slot, base }] of wanted) {
    if (stage.shown.has(key)) continue;
    const frame = slot ? phoneFrame(slot, part?.whose) : pcFrame(base, part?.whose);
    show(stage, key, frame, { base, language, lent: Boolean(part) });
  }
  stage.place.dataset.phones = String(phones.length);
}

/** Take everything down. */
export function leave(element) {
  const stage = stages.get(element);
  if (!stage) return;
  for (const key of [...stage.shown.keys()]) clear(stage, key);
  stage.quiet();
  stage.place.remove();
  stages.delete(element);
}
