// The pages of a document on the phone: one below the other, each asked for as it comes near, larger at a tap.
import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { Icon } from "../../common/icons.js";
import { Button, Sheet } from "../../common/kit.js";
import { _ } from "../../common/texts.js";

function Page({ source, page, onLarge }) {
  const frame = useRef(null);
  const [near, setNear] = useState(false);
  const [failed, setFailed] = useState(false);
  const [ratio, setRatio] = useState(1.414);
  useEffect(() => {
    const watch = new IntersectionObserver(([seen]) => seen.isIntersecting && setNear(true), { rootMargin: "400px" });
    watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);
  return html`<div class="paper-page" ref=${frame} data-page=${page} style=${`aspect-ratio: 1 / ${ratio}`}>
    ${failed && html`<button type="button" class="paper-lost" onClick=${() => setFailed(false)}><${Icon} name="warn" />${_("This page could not be loaded.")} ${_("Try again")}</button>`}
    ${near && !failed && html`<button type="button" class="paper-open" aria-label=${_("Page {page}, larger", { page })} onClick=${() => onLarge(page)}>
      <img src=${source(page)} alt=${_("Page {page}", { page })} onLoad=${({ target }) => setRatio(target.naturalHeight / target.naturalWidth)} onError=${() => setFailed(true)} /></button>`}
  </div>`;
}

/** All pages in a sheet; a tapped one fills the width twice over and can be moved about. */
export function Paper({ title, source, pages, onClose }) {
  const [large, setLarge] = useState(0);
  return html`<${Sheet} title=${title} onClose=${onClose} tall=${true} foot=${large > 0 && html`<${Button} kind="wide" onClick=${() => setLarge(0)}>${_("All pages")}<//>`}>
    ${large
      ? html`<div class="paper-large" tabindex="0" aria-label=${_("Page {page}", { page: large })}><img src=${source(large)} alt=${_("Page {page}", { page: large })} /></div>`
      : html`<p class="hint center">${_("Pages: {count}. Tap one to see it larger.", { count: pages })}</p>
        ${Array.from({ length: pages }, (_none, n) => html`<${Page} key=${n} source=${source} page=${n + 1} onLarge=${setLarge} />`)}`}
  <//>`;
}
