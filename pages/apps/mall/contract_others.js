// Further parties beside purchaser and supplier, found by their enterprise or login at this platform.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { useAsk } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { _ } from "../common/texts.js";

const PAUSE_MS = 300;

/** The field with what was chosen. */
export function Others({ orderId, form }) {
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useAsk("signing.possible_parties", { purchase_order_id: orderId, text: asked }, { skip: !asked });
  const chosen = form.values.others;
  const add = (one) => {
    form.fill({ others: [...chosen, { id: one.mall_account_id, enterprise: one.enterprise, login: one.login }] });
    setText("");
  };
  const possible = (found.value ?? []).filter((one) => !chosen.some((other) => other.id === one.mall_account_id));
  return html`<div class=${`field ${form.errors.others ? "wrong" : ""}`}><label for="contract-others">${_("Further parties")}</label>
    ${chosen.length > 0 && html`<ul class="chosen">${chosen.map((one) => html`<li key=${one.id}><span>${one.enterprise} <small class="mono">${one.login}</small></span>
      <button type="button" class="bare" aria-label=${_("Take {name} out", { name: one.enterprise })} onClick=${() => form.fill({ others: chosen.filter((other) => other !== one) })}><${Icon} name="trash" size=${16} /></button></li>`)}</ul>`}
    <div class="field-line"><input id="contract-others" value=${text} maxlength="60" placeholder=${_("Enterprise or login at this platform")} onInput=${(event) => setText(event.target.value)} /></div>
    ${asked && html`<ul class="found">${possible.map((one) => html`<li key=${one.mall_account_id}><button type="button" class="link" onClick=${() => add(one)}>${one.enterprise} · ${one.login}</button></li>`)}
      ${found.value && !possible.length && html`<li class="quiet">${_("Nobody here is called so.")}</li>`}</ul>`}
    ${form.errors.others && html`<p class="error" role="alert">${form.errors.others}</p>`}
  </div>`;
}
