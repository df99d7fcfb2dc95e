// 变更印章: another name, size or impression; reviewed, and the present seal stays in use meanwhile.
import { html, useState } from "../../vendor/htm-preact.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Card, Choice, Fact, Field, FileField, Loaded, Notice } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { FormProblem } from "./code.js";
import { kindLabel, sizeLabel } from "./seal_kinds.js";
import { CutOut, Look, SaveForm, stampedSample } from "./seal_form.js";

/** A change of the seal `id`. */
export function SealChange({ id }) {
  const seal = useAsk("sealing.seal", { seal_id: id });
  const kinds = useAsk("sealing.kinds", { enterprise_id: seal.value?.enterprise_id ?? "" }, { skip: !seal.value });
  if (!seal.value || !kinds.value) return html`<${Screen} title=${_("Change of a seal")}><${Loaded} of=${seal.value ? kinds : seal}>${() => null}<//><//>`;
  return html`<${Changing} seal=${seal.value} kinds=${kinds.value} />`;
}

function Changing({ seal, kinds }) {
  const app = useApp();
  const rule = kinds.find((one) => one.kind === seal.kind);
  const now = seal.size || rule?.sizes_mm[0] || "";
  const form = useForm(`seal-change:${seal.id}`, { name: seal.name, size: now, picture: seal.picture });
  const [scan, setScan] = useState(null);
  const [busy, deed] = useDeed(form.refuse);
  const { name, size, picture } = form.values;
  const hand = seal.kind === "signature";
  const what = { sealId: seal.id, enterpriseId: seal.enterprise_id ?? "", kind: seal.kind, name: name.trim() };
  const changed = name.trim() !== seal.name || size !== now || scan;
  const send = () => deed(async (act) => {
    const made = await act("sealing.change_seal", { seal_id: seal.id, name: name.trim(), size: size === now ? "" : size, ...(scan ? { form: scan.content, picture: hand ? "drawn" : picture } : {}) });
    form.done();
    app.toast(_("Submitted. The present seal stays in use until the new one is made."));
    app.router.reset(`seal-application/${made.id}`);
  });
  return html`<${Screen} title=${_("Change of a seal")} foot=${html`<${Button} kind="primary" busy=${busy} disabled=${!changed} onClick=${send}>${_("Submit")}<//>`}>
    <${FormProblem} form=${form} />
    <${Card} title=${seal.name}><dl><${Fact} name=${_("Kind of seal")}>${kindLabel(seal.kind, kinds)}<//><${Fact} name=${_("Seal code")}><span class="mono">${seal.code}</span><//></dl><//>
    ${rule?.named && html`<${Field} form=${form} name="name" label=${_("Name of the seal")} maxlength="60" />`}
    ${rule?.sizes_mm.length > 1 && !hand && html`<${Choice} label=${_("Size")} value=${size} options=${rule.sizes_mm.map((one) => [one, sizeLabel(one)])} onChange=${(one) => form.set("size", one)} />`}
    <${Card} title=${hand ? _("Another signature") : _("Another impression")}><p class="hint">${_("Only where the picture is to change.")}</p>${!hand && html`<${SaveForm} what=${what} />`}
      <${FileField} label=${hand ? _("Specimen of the signature") : _("Stamped application form")} value=${scan} error=${form.errors.form} accept=${hand ? "image/png,image/jpeg" : undefined} onChange=${setScan} sample=${app.state.demo && !hand ? () => stampedSample(app, what) : null} />
      ${scan && !hand && html`<${CutOut} key=${scan.content.length} enterpriseId=${seal.enterprise_id ?? ""} scan=${scan} /><${Look} value=${picture} onChange=${(one) => form.set("picture", one)} />`}<//>
    <${Notice}>${_("A member of staff reviews the change, another makes the seal. Until then the present one stays in use; it ends when the new one is there.")}<//>
  <//>`;
}
