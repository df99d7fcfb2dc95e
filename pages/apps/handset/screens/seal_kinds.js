// What screens of seals share: inks, the draft of a new seal, how a kind and a picture are shown.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { useApp, useForm } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { _, both, ofCode } from "../../common/texts.js";

/** The inks as they look, by code. */
export const INKS = { black: "#000000", blue: "#0038a8", red: "#d7000f", purple: "#660080" };

/** Written on the pad, not stamped. */
export const HANDWRITTEN = ["custom", "signature"];

/** The draft of a new seal of an enterprise: from the choice of its kind to the pad or the form. */
export const useSealForm = (enterpriseId) => useForm(`seal-new:${enterpriseId}`, { kind: "", name: "", size: "", picture: "impression", pen: "medium", colour: "black", strokes: [] });

/** What a kind is called: by the settings, or by its code. */
export const kindLabel = (kind, kinds) => both(kinds?.find((one) => one.kind === kind)?.label) || ofCode(`seal.kind.${kind}`);

/** A size such as `42` or `45x30`, in millimetres. */
export function sizeLabel(size) {
  const [wide, high] = String(size).split("x");
  return high ? `${wide} × ${high} mm` : `${wide} mm`;
}

/** How large a made seal is. */
export const measured = (seal) => (seal.width_mm === seal.height_mm ? sizeLabel(seal.width_mm) : sizeLabel(`${seal.width_mm}x${seal.height_mm}`));

const previews = new Map();

/** A seal as the server shows it: with words across, so that no copy of the screen serves as the seal. */
function usePreview(seal) {
  const { door, seq } = useApp();
  const key = seal.made_at ? `${door.base}:${seal.id}:${seal.made_at}` : "";
  const [shown, setShown] = useState(previews.get(key) ?? null);
  // One that did not come is asked for once more, and again whenever something happened.
  const again = shown === "" ? seq : 0;
  useEffect(() => {
    let alive = true;
    if (!key || previews.has(key)) setShown(previews.get(key) ?? null);
    else door.ask("sealing.preview", { seal_id: seal.id }).then((png) => {
      previews.set(key, `data:image/png;base64,${png}`);
      if (alive) setShown(previews.get(key));
    }, () => alive && setShown(""));
    return () => (alive = false);
  }, [key, again]);
  return shown;
}

/** The large picture of a seal. */
export function Preview({ seal }) {
  const shown = usePreview(seal);
  const sign = seal.made_at ? shown === "" && "warn" : "clock";
  return html`<figure class="seal-preview">${shown ? html`<img alt=${_("Picture of the seal {name}", { name: seal.name })} src=${shown} />`
    : html`<span class="seal-picture large blank" role="status">${sign ? html`<${Icon} name=${sign} size=${44} />` : html`<span class="spinner"></span>`}</span>`}
    <figcaption>${seal.made_at ? _("Preview with a watermark; it is no seal.") : _("Not made yet")}</figcaption></figure>`;
}

/** A seal's picture in a list, or the sign of a seal that is not made yet. */
export function SealPicture({ seal }) {
  const shown = usePreview(seal);
  if (!shown) return html`<span class="seal-picture blank" aria-hidden="true"><${Icon} name="clock" size=${28} /></span>`;
  return html`<img class="seal-picture" alt=${_("Picture of the seal {name}", { name: seal.name })} src=${shown} />`;
}
