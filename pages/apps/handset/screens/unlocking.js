// Wherever a certificate PIN turns out to be locked: what that means, and the way to unlock it.
import { html } from "../../vendor/htm-preact.js";
import { useApp } from "../../common/hooks.js";
import { Notice } from "../../common/kit.js";
import { _ } from "../../common/texts.js";

/** What the engine calls it. */
export const PIN_LOCKED = "issuing.pin_locked";

/** `id` is the certificate whose PIN is locked. */
export function Unlocking({ id }) {
  const { go } = useApp();
  return html`<${Notice} tone="bad" action=${html`<button type="button" class="link" onClick=${() => go(`pin/${id}`)}>${_("Unlock the certificate PIN")}</button>`}>
    ${_("The certificate PIN is locked after too many wrong entries. Nothing was lost: prove your real name, then unlock it.")}<//>`;
}
