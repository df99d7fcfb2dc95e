// The phone: mounted into an element by the console's demo page, or by itself in a page of its own.
import { html, render } from "../vendor/htm-preact.js";
import { speak } from "../common/texts.js";
import { languageKey, Phone } from "./app.js";

const SHEETS = ["../common/kit.css", "./phone.css", "./screens.css", "./seals.css", "./contracts.css", "./invoices.css"];

function styled(element) {
  const found = element.getRootNode();
  const into = found instanceof ShadowRoot ? found : document.head;
  return Promise.all(SHEETS.map((sheet) => {
    const href = new URL(sheet, import.meta.url).href;
    if ([...into.querySelectorAll("link[rel=stylesheet]")].some((link) => link.href === href)) return null;
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    const loaded = new Promise((resolve) => (link.onload = link.onerror = resolve));
    into.append(link);
    return loaded;
  }));
}

/**
 * Show the phone that answers at `base` in `element`. What it returns takes it down.
 * A `lent` one is a persona's on a stage, whose keys the stage keeps.
 */
export async function mount(element, { base, language, frame = false, lent = false }) {
  const place = base.replace(/\/$/, "").replace(/^.*\/w\//, "");
  await Promise.all([styled(element), speak(localStorage.getItem(languageKey(place)) || language || "zh_CN")]);
  element.classList.add("yx", "yx-phone");
  element.classList.toggle("framed", frame);
  render(html`<${Phone} base=${base.replace(/\/$/, "")} frame=${frame} root=${element} lent=${lent} />`, element);
  return () => render(null, element);
}

const own = document.querySelector('#app[data-base*="/phone/"], #phone[data-base]');
if (own) mount(own, { base: own.dataset.base, language: own.dataset.language, lent: own.dataset.lent === "true" });
