// 用印记录: when a seal was used, by whom, for which document, and with what result.
import { html } from "../../vendor/htm-preact.js";
import { moment } from "../../common/format.js";
import { useAsk } from "../../common/hooks.js";
import { Card, Empty, Fact, Loaded, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";

/** The log of the seal `id`. */
export function SealUses({ id }) {
  const found = useAsk("sealing.uses", { seal_id: id });
  return html`<${Screen} title=${_("Log of uses")}><${Loaded} of=${found}>${(all) => (all.length ? all.map((one) => html`<${Use} key=${one.id} use=${one} />`)
    : html`<${Empty} icon="order" title=${_("Not used yet")}>${_("Every use is written down here: when, by whom, for which document.")}<//>`)}<//><//>`;
}

function Use({ use }) {
  return html`<${Card} title=${ofCode(`seal.act.${use.act}`)}><dl><${Fact} name=${_("When")}>${moment(use.created_at)}<//>
    <${Fact} name=${_("Who")}>${use.member}${use.delegated && html` <${Tag}>${_("by delegation")}<//>`}<//><${Fact} name=${_("Result")}>${ofCode(`seal.use.result.${use.result}`)}<//>
    <${Fact} name=${_("Number")}><span class="mono">${use.subject}</span><//>${use.digest_hex && html`<${Fact} name=${_("SHA-256 of the document")}><span class="mono">${use.digest_hex}</span><//>`}</dl><//>`;
}
