// Which certificate and which seal: what cannot be used stands there greyed, with the reason.
import { html } from "../vendor/htm-preact.js";
import { day } from "../common/format.js";
import { Icon } from "../common/icons.js";
import { Empty } from "../common/kit.js";
import { _, both, ofCode } from "../common/texts.js";
import { Go, useMall } from "./links.js";

function Certificate({ one, chosen, choose }) {
  const why = one.why && both(one.why);
  return html`<button type="button" role="radio" class="option" aria-checked=${String(chosen)} aria-disabled=${why ? "true" : undefined}
    data-certificate=${one.id} onClick=${() => !why && choose(one.id)}>
    <b>${both(one.agency)} · ${ofCode(`certificate.kind.${one.kind}`)}</b>
    <small>${_("On the phone of {name}", { name: one.holder })}${one.delegated ? ` · ${_("delegated")}` : ""} · ${_("until {day}", { day: day(one.not_after) })} · <span class="mono">…${one.serial_end}</span></small>
    ${why && html`<small class="why"><${Icon} name="warn" size=${15} />${why}</small>`}
  </button>`;
}

function Seal({ one, certificateId, chosen, choose }) {
  const { door } = useMall();
  const why = both(one.barred[certificateId]);
  return html`<button type="button" role="radio" class="option seal-option" aria-checked=${String(chosen)} aria-disabled=${why ? "true" : undefined}
    data-seal=${one.id} onClick=${() => !why && choose(one.id)}>
    <img src=${door.media(one.picture)} alt="" /><b>${one.name}</b>
    <small>${ofCode(`seal.kind.${one.kind}`)} · ${one.width_mm} × ${one.height_mm} mm</small>
    ${why && html`<small class="why"><${Icon} name="warn" size=${15} />${why}</small>`}
  </button>`;
}

/** Both choices. `chosen` is `{certificate_id, seal_id}`. */
export function Means({ found, chosen, choose }) {
  if (!found.certificates.length) {
    return html`<${Empty} icon="certificate" title=${_("This enterprise has no certificate to sign with yet.")}
      action=${html`<${Go} to="/workbench" class="button">${_("See what is missing")}<//>`}>${_("It is ordered and downloaded in the app.")}<//>`;
  }
  return html`<fieldset class="choice"><legend>${_("Certificate")}</legend>
      <div class="choices is-list" role="radiogroup" aria-label=${_("Certificate")}>${found.certificates.map((one) => html`<${Certificate} key=${one.id} one=${one} chosen=${one.id === chosen.certificate_id}
        choose=${(id) => choose({ certificate_id: id })} />`)}</div></fieldset>
    <fieldset class="choice"><legend>${_("Which seal")}</legend>
      ${found.seals.length
        ? html`<div class="choices is-seals" role="radiogroup" aria-label=${_("Which seal")}>${found.seals.map((one) => html`<${Seal} key=${one.id} one=${one} certificateId=${chosen.certificate_id} chosen=${one.id === chosen.seal_id}
            choose=${(id) => choose({ seal_id: id })} />`)}</div>`
        : html`<p class="quiet">${_("No seal has been made yet. Seals are applied for in the app, under seals.")}</p>`}</fieldset>`;
}

/** The certificate and seal to begin with: the first that can be used, together. */
export function firstOf(found) {
  const certificate = found.certificates.find((one) => !one.why);
  const seal = certificate && found.seals.find((one) => !one.barred[certificate.id]);
  return { certificate_id: certificate?.id ?? "", seal_id: seal?.id ?? "" };
}
