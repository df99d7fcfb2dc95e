// 印章管理: an enterprise's seals (电子公章), their state, and pausing one.
import { html, useState } from "../../vendor/htm-preact.js";
import { day } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Empty, Fact, Loaded, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";

/** `id` is an enterprise or a seal; without it the first of one's own enterprises. */
export function Seals({ id }) {
  const me = useAsk("registration.me");
  return html`<${Screen} title=${_("Seals")}>
    <${Loaded} of=${me}>${({ enterprises }) => {
      const shown = enterprises.filter((one) => one.id === id);
      const all = shown.length ? shown : enterprises;
      return all.length ? all.map((one) => html`<${OfEnterprise} key=${one.id} enterprise=${one} />`)
        : html`<${Empty} icon="seal" title=${_("No seals yet")}>${_("Claim an enterprise: with its approval its first seals are made.")}<//>`;
    }}<//>
  <//>`;
}

function OfEnterprise({ enterprise }) {
  const { door, toast } = useApp();
  const seals = useAsk("sealing.of_enterprise", { enterprise_id: enterprise.id });
  const [busy, deed] = useDeed();
  const [at, setAt] = useState("");
  const run = (name, seal) => deed(async (act) => {
    setAt(seal.id);
    await act(name, { seal_id: seal.id });
    seals.reload();
    toast(name === "sealing.suspend" ? _("Paused. Nothing can be sealed with it.") : _("In use again."));
  });
  return html`<h2 class="section">${enterprise.name} · ${_("Electronic company seals")}</h2>
    <${Loaded} of=${seals}>${(all) => all.length ? all.map((one) => html`<${Card} key=${one.id}><div class="row">${one.png_blob_id && html`<img class="seal-picture" alt=${_("Picture of the seal {name}", { name: one.name })} src=${door.media(one.png_blob_id)} />`}
        <span class="row-text"><b>${one.name}</b><small class="mono">${one.code}</small></span><${Tag} tone=${toneOf(one.status)}>${ofCode(`seal.status.${one.status}`)}<//></div>
        <dl><${Fact} name=${_("Valid")}>${_("{from} to {until}", { from: day(one.valid_from), until: day(one.valid_to) })}<//>${one.status === "making" && html`<${Fact} name=${_("Note")}>${_("It is signed once the enterprise has its first certificate.")}<//>`}</dl>
        ${one.status === "active" && html`<${Button} kind="small" busy=${busy && at === one.id} onClick=${() => run("sealing.suspend", one)}>${_("Pause")}<//>`}${one.status === "suspended" && html`<${Button} kind="small" busy=${busy && at === one.id} onClick=${() => run("sealing.resume", one)}>${_("Use again")}<//>`}<//>`)
      : html`<${Empty} icon="seal" title=${_("No seals yet")}>${_("The company seal is reviewed and made once the enterprise is approved.")}<//>`}<//>`;
}
