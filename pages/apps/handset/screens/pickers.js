// Choosing an enterprise of one's own and a trading platform.
import { html } from "../../vendor/htm-preact.js";
import { useApp, useAsk } from "../../common/hooks.js";
import { Button, Empty, Field, Loaded } from "../../common/kit.js";
import { _, both } from "../../common/texts.js";

/** One's own enterprises as a choice; a single one is chosen by itself. */
export function EnterprisePicker({ value, onChange }) {
  const { go } = useApp();
  const me = useAsk("registration.me");
  return html`<${Loaded} of=${me}>${({ enterprises }) => enterprises.length ? html`<div role="radiogroup" aria-label=${_("Enterprise")}>${enterprises.map((one) => html`<button type="button" role="radio" key=${one.id} class="pick"
      aria-checked=${String(one.id === value)} onClick=${() => onChange(one.id)}><span class="row-text"><b>${one.name}</b><small class="mono">${one.uscc}</small></span></button>`)}</div>`
    : html`<${Empty} icon="enterprise" title=${_("No enterprise yet")} action=${html`<${Button} onClick=${() => go("enterprise")}>${_("My enterprises")}<//>`}>${_("Claim the one you work for first.")}<//>`}<//>`;
}

/** Search the trading platform. */
export function PlatformPicker({ form, name = "text", value, onChange }) {
  const found = useAsk("mall.find_platforms", { text: form.values[name].trim() });
  return html`<${Field} form=${form} name=${name} label=${_("Search the trading platform")} type="search" />
    <${Loaded} of=${found}>${(all) => Object.keys(all).length ? html`<div role="radiogroup" aria-label=${_("Trading platform")}>${Object.entries(all).map(([id, one]) => html`<button type="button" role="radio" key=${id} class="pick"
        aria-checked=${String(id === value)} onClick=${() => onChange(id, one)}><span class="row-text"><b>${both(one.label)}</b><small>${both(one.region)}</small></span></button>`)}</div>`
      : html`<${Empty} icon="search" title=${_("No such platform")}>${_("Try a part of its name.")}<//>`}<//>`;
}
