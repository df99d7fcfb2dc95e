// 新增电子公章: which kind, what it is called; then the form to stamp, or the pad.
import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { useApp, useAsk } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { Button, Choice, Field, Loaded, Notice, useInView } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { EnterprisePicker } from "./pickers.js";
import { INKS, sizeLabel, useSealForm } from "./seal_kinds.js";

/** For the enterprise `id`; with `more` = `handwriting` the custom signature is chosen already. */
export function SealNew({ id, more }) {
  const { router } = useApp();
  const mine = useAsk("registration.my_enterprises");
  if (id === "mine") return html`<${Choosing} enterprise=${{ id: "", name: _("My personal seals") }} admin=${true} />`;
  const own = (mine.value ?? []).filter((one) => one.role === "administrator");
  const one = id ? mine.value?.find((found) => found.enterprise.id === id) : own.length === 1 ? own[0] : undefined;
  if (one) return html`<${Choosing} key=${one.enterprise.id} enterprise=${one.enterprise} admin=${one.role === "administrator"} hand=${more === "handwriting"} />`;
  return html`<${Screen} title=${_("New electronic company seal")}>${id ? html`<${Loaded} of=${mine}>${() => html`<${Notice} tone="bad">${_("You do not belong to this enterprise.")}<//>`}<//>`
    : html`<p class="lead">${_("For which enterprise?")}</p><${EnterprisePicker} onChange=${(chosen) => router.replace(`seal-new/${chosen}`)} />`}<//>`;
}

function Choosing({ enterprise, admin, hand }) {
  const { go } = useApp();
  const form = useSealForm(enterprise.id);
  const kinds = useAsk("sealing.kinds", { enterprise_id: enterprise.id }, { skip: !admin });
  const [problem, setProblem] = useState("");
  const { kind, name, size, colour } = form.values;
  const chosen = kinds.value?.find((one) => one.kind === kind);
  const missing = useInView(problem);
  const choose = (one) => { setProblem(""); form.fill({ kind: one.kind, size: one.sizes_mm[0], colour: one.colours[0], name: name && name !== chosen?.usual_name ? name : one.usual_name }); };
  // Who comes from 手写模式 has said already which kind; a person's own seals are of one kind.
  const first = hand ? kinds.value?.find((one) => one.route === "pad") : enterprise.id ? undefined : kinds.value?.[0];
  useEffect(() => {
    if (first && !first.why_not && kind !== first.kind) choose(first);
  }, [first]);
  const next = () => {
    if (!chosen || chosen.why_not) return setProblem(_("Choose the kind of seal."));
    if (!name.trim()) return form.wrong("name", _("Give the seal a name by which your members know it."));
    form.set("name", name.trim());
    return go(chosen.route === "pad" ? `seal-pad/${enterprise.id}` : `seal-form/${enterprise.id || "mine"}`);
  };
  if (!admin) {
    return html`<${Screen} title=${_("New electronic company seal")}><p class="lead">${enterprise.name}</p>
      <${Notice} tone="wait">${_("Only an administrator of the enterprise applies for seals, changes and deletes them.")}<//><//>`;
  }
  return html`<${Screen} title=${_("New electronic company seal")} foot=${html`<${Button} kind="primary" onClick=${next}>${_("Next")}<//>`}>
    <p class="lead">${enterprise.name}</p>
    <${Loaded} of=${kinds}>${(all) => html`<${Kinds} all=${all} value=${kind} onChange=${choose} />`}<//>
    ${problem && html`<p class="error" role="alert" ref=${missing}>${problem}</p>`}
    ${chosen?.sizes_mm.length > 1 && html`<${Choice} label=${_("Size")} value=${size || chosen.sizes_mm[0]} options=${chosen.sizes_mm.map((one) => [one, sizeLabel(one)])} onChange=${(one) => form.set("size", one)} />`}
    ${chosen?.route === "form" && chosen.colours.length > 1 && html`<${Choice} label=${_("Colour")} value=${colour} options=${chosen.colours.map((one) => [one, html`<i class="ink-dot" style=${{ background: INKS[one] }}></i>${ofCode(`ink.${one}`)}`])} onChange=${(one) => form.set("colour", one)} />`}
    <${Field} form=${form} name="name" label=${_("Name of the seal")} maxlength="60" hint=${_("Your members find it by this name. No two seals of an enterprise have the same one.")} />
  <//>`;
}

const ROUTES = { form: () => _("Stamped form, reviewed and made by our staff"), pad: () => _("Written on the pad, usable at once"), first: () => _("Made with the enterprise's approval") };

/** Every kind; those not on offer stand last, are grey and say why. */
function Kinds({ all, value, onChange }) {
  const box = useRef(null);
  // A kind that was chosen before the screen opened may stand far down.
  useEffect(() => box.current?.querySelector("[aria-checked=true]")?.scrollIntoView({ block: "nearest" }), []);
  return html`<fieldset class="choice"><legend>${_("Kind of seal")}</legend><div role="radiogroup" aria-label=${_("Kind of seal")} ref=${box}>${[...all].sort((a, b) => Boolean(a.why_not) - Boolean(b.why_not)).map((one) => html`<button type="button" role="radio" key=${one.kind} class=${`pick ${one.why_not ? "closed" : ""}`}
      aria-checked=${String(one.kind === value)} aria-disabled=${one.why_not ? "true" : undefined} onClick=${() => one.why_not || onChange(one)}>
      <span class="row-text"><b>${both(one.label)}</b><small>${one.why_not ? ofCode(`seal.why_not.${one.why_not}`) : ROUTES[one.route]?.()}</small></span>${one.kind === value && html`<${Icon} name="check" size=${20} />`}</button>`)}</div></fieldset>`;
}
