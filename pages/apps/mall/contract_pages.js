// The pages of a contract, as pictures that the server draws: nothing has to be installed to look at them.
import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { Icon } from "../common/icons.js";
import { Notice } from "../common/kit.js";
import { _ } from "../common/texts.js";

/** A page; it is asked for once it comes near the screen. `ratio` is height by width until it is there. */
export function Page({ source, page, ratio, label, onSize, small, children }) {
  const frame = useRef(null);
  const [near, setNear] = useState(false);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const watch = new IntersectionObserver(([seen]) => seen.isIntersecting && setNear(true), { rootMargin: "600px" });
    watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);
  const address = source(page, small);
  useEffect(() => setFailed(false), [address]);
  const loaded = ({ target }) => onSize?.(page, target.naturalWidth, target.naturalHeight);
  return html`<div class="paper-page" ref=${frame} data-page=${page} style=${`aspect-ratio: 1 / ${ratio}`}>
    ${failed && html`<p class="paper-lost" role="alert"><${Icon} name="warn" size=${28} />${_("This page could not be loaded.")}
      <button type="button" class="link" onClick=${() => setFailed(false)}>${_("Try again")}</button></p>`}
    ${near && !failed && html`<img src=${address} alt=${label ?? _("Page {page}", { page })} draggable=${false}
      onLoad=${loaded} onError=${() => setFailed(true)} />`}
    ${children}
  </div>`;
}

const RATIO = 297 / 210;

/** How each page stands, learnt as the pictures come. */
export function useRatios() {
  const [ratios, setRatios] = useState({});
  const learn = (page, width, height) => setRatios((before) =>
    before[page] === height / width ? before : { ...before, [page]: height / width });
  return [(page) => ratios[page] ?? RATIO, learn];
}

/** The small pages beside the large one, with what lies on each. */
export function Thumbnails({ source, pages, at, turn, mark }) {
  const [ratio, learn] = useRatios();
  const here = useRef(null);
  useEffect(() => here.current?.scrollIntoView({ block: "nearest", inline: "nearest" }), [at]);
  return html`<nav class="paper-small" aria-label=${_("Pages of the document")}>
    ${Array.from({ length: pages }, (_none, n) => n + 1).map((page) => html`<button type="button" key=${page} ref=${page === at ? here : undefined}
      class="paper-thumb" aria-current=${page === at ? "page" : undefined} onClick=${() => turn(page)}>
      <${Page} source=${source} page=${page} ratio=${ratio(page)} onSize=${learn} small=${true}>${mark?.(page)}<//><span>${page}</span></button>`)}
  </nav>`;
}

/** The whole document: small pages at the side, the page in hand large, and how to turn it. */
export function Document({ source, pages, note = true, tools }) {
  const [at, setAt] = useState(1);
  const [ratio, learn] = useRatios();
  const [large, setLarge] = useState(false);
  const page = Math.min(at, pages);
  const turn = (to) => setAt(Math.max(1, Math.min(pages, to)));
  const keys = (event) => {
    const by = { PageDown: 1, ArrowRight: 1, PageUp: -1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    turn(page + by);
  };
  return html`<div class="paper" data-document>
    ${note && html`<${Notice}>${_("No viewing driver has to be installed: the document is shown right here in the browser.")}<//>`}
    <div class="paper-tools"><button type="button" class="bare" aria-label=${_("Page before")} disabled=${page <= 1} onClick=${() => turn(page - 1)}><${Icon} name="back" size=${18} /></button>
      <span role="status">${_("Page {page} of {pages}", { page, pages })}</span>
      <button type="button" class="bare" aria-label=${_("Page after")} disabled=${page >= pages} onClick=${() => turn(page + 1)}><${Icon} name="next" size=${18} /></button>
      <button type="button" class="link" aria-pressed=${String(large)} onClick=${() => setLarge(!large)}>${large ? _("Fit the width") : _("Enlarge the page")}</button>${tools}</div>
    <div class="paper-both">
      ${pages > 1 && html`<${Thumbnails} source=${source} pages=${pages} at=${page} turn=${turn} />`}
      <div class=${`paper-large ${large ? "is-large" : ""}`} tabindex="0" onKeyDown=${keys} aria-label=${_("The page in hand")}>
        <${Page} key=${page} source=${source} page=${page} ratio=${ratio(page)} onSize=${learn} /></div>
    </div>
  </div>`;
}
