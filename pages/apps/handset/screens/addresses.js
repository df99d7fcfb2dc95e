// 收件地址: the list, 新增收件地址, the edit page with labels and 设为默认收件地址, deleting.
import { html, useState } from "../../vendor/htm-preact.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Area, Button, Card, Choice, Empty, Field, Loaded, Notice, Sheet, Switch, Tag } from "../../common/kit.js";
import { _, both } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { FormProblem } from "./code.js";
import { RegionField } from "./regions.js";

const BLANK = { recipient: "", phone: "", region: "", names: [], detail: "", label: "", own: false, is_default: false };

/** The list; with `id` the page of one address, or of a new one. */
export function Addresses({ id }) {
  const { router } = useApp();
  const found = useAsk("delivering.addresses");
  const done = () => router.done("addresses");
  if (id === "new") return html`<${AddressPage} key="new" onBack=${() => router.back()} onDone=${done} />`;
  if (!id) return html`<${List} found=${found} />`;
  const one = found.value?.find((address) => address.id === id);
  return one ? html`<${AddressPage} key=${id} one=${one} onBack=${() => router.back()} onDone=${done} />`
    : html`<${Screen} title=${_("Edit the address")}><${Loaded} of=${found}>${() => html`<${Empty} icon="box" title=${_("This address is not there any more")} />`}<//><//>`;
}

function List({ found }) {
  const { go } = useApp();
  const form = useAsk("delivering.address_form");
  const full = form.value?.left === 0;
  return html`<${Screen} title=${_("Delivery addresses")} foot=${html`<${Button} kind="primary" disabled=${full} onClick=${() => go("addresses/new")}>${_("Add an address")}<//>`}>
    ${full && html`<${Notice}>${_("There are {count} addresses, as many as can be kept. Delete one first.", { count: form.value.at_most })}<//>`}
    <${Loaded} of=${found}>${(all) => (all.length ? all.map((one) => html`<${Card} key=${one.id} onClick=${() => go(`addresses/${one.id}`)}><${AddressLines} one=${one} labels=${form.value?.labels} /><//>`)
      : html`<${Empty} icon="box" title=${_("No addresses yet")}>${_("Paper invoices are posted to the address that you choose here. The default one is taken without asking.")}<//>`)}<//>
  <//>`;
}

/** 家 and 公司 are the product's words and read in either language; one's own word is as it was written. */
export function labelText(label, labels = []) {
  const known = labels?.find((one) => one.zh === label);
  return known ? both(known) : label;
}

/** One address as it is read: who, where, and what marks it. */
export function AddressLines({ one, labels }) {
  return html`<span class="section"><b>${one.recipient}</b><span class="marks">${one.label && html`<${Tag}>${labelText(one.label, labels)}<//>`}${one.is_default && html`<${Tag} tone="good">${_("Default")}<//>`}</span></span>
    <span class="mono">${one.phone}</span><small class="hint">${placeOf(one)}</small>`;
}

/** The place in one line; a name said twice is said once. */
export const placeOf = (one) => [...new Set([one.province, one.city, one.district])].join("") + one.detail;

/** The addresses to choose from, in a sheet; `onNew` leads to another one. */
export function AddressSheet({ addresses, chosen, onClose, onNew, onChange }) {
  const known = useAsk("delivering.address_form");
  return html`<${Sheet} title=${_("Delivery address")} onClose=${onClose}><div role="radiogroup" aria-label=${_("Delivery address")}>${addresses.map((one) => html`<button type="button" role="radio" key=${one.id} class="pick" aria-checked=${String(one.id === chosen?.id)} onClick=${() => onChange(one)}>
      <span class="row-text"><${AddressLines} one=${one} labels=${known.value?.labels} /></span></button>`)}</div>
    ${known.value?.left !== 0 && html`<${Button} kind="wide" onClick=${onNew}>${_("Add an address")}<//>`}<//>`;
}

/** The page of an address. `onDone(address)` once it is kept. */
export function AddressPage({ one, onBack, onDone }) {
  const app = useApp();
  const known = useAsk("delivering.address_form");
  const blank = one ? { ...BLANK, ...Object.fromEntries(["recipient", "phone", "region", "detail", "label", "is_default"].map((name) => [name, one[name]])), names: [one.province, one.city, one.district] } : BLANK;
  const form = useForm(`address-${one?.id ?? "new"}`, blank);
  const [deleting, setDeleting] = useState(false);
  const [busy, deed] = useDeed(form.refuse);
  const { values } = form;
  const save = () => deed(async (act) => {
    const { names, own, ...given } = values;
    const kept = one ? await act("delivering.change_address", { address_id: one.id, ...given }) : await act("delivering.add_address", given);
    form.done();
    app.toast(one ? _("Saved.") : _("Added."));
    onDone(kept);
  });
  // Who leaves an edit gives it up; what was typed of a new address is kept.
  const leave = () => { if (one) form.done(); onBack(); };
  return html`<${Screen} title=${one ? _("Edit the address") : _("Add an address")} onBack=${leave} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${save}>${_("Save")}<//>`}>
    <${FormProblem} form=${form} />
    <${Field} form=${form} name="recipient" label=${_("Recipient")} maxlength=${known.value?.recipient_longest ?? 40} />
    <${Field} form=${form} name="phone" label=${_("Mobile number")} type="tel" inputmode="numeric" maxlength="13" autocomplete="tel-national" />
    <${RegionField} value=${values.region} names=${values.names} error=${form.errors.region} onChange=${(region, names) => form.fill({ region, names })} />
    <${Area} form=${form} name="detail" label=${_("Detailed address")} rows=${3} maxlength=${known.value?.detail_longest ?? 100} placeholder=${_("Street, number, building, room")} />
    <${Label} form=${form} known=${known.value} />
    <${Switch} label=${_("Make this the default address")} hint=${_("It is taken for paper invoices without asking.")} checked=${values.is_default} onChange=${(yes) => form.set("is_default", yes)} />
    ${one && html`<${Button} kind="danger wide" onClick=${() => setDeleting(true)}>${_("Delete the address")}<//>`}
    ${deleting && html`<${Deleting} one=${one} onClose=${() => setDeleting(false)} onDone=${() => { form.done(); onDone(null); }} />`}
  <//>`;
}

const OWN = "own";

/** 家, 公司, or a word of one's own. */
function Label({ form, known }) {
  const labels = known?.labels ?? [];
  const { label, own } = form.values;
  const listed = labels.some((one) => one.zh === label);
  const chosen = own || (label && !listed) ? OWN : label;
  const choose = (one) => form.fill(one === OWN ? { own: true, label: listed ? "" : label } : { own: false, label: one === label ? "" : one });
  return html`<${Choice} label=${_("Label (optional)")} value=${chosen} options=${[...labels.map((one) => [one.zh, both(one)]), [OWN, _("A word of my own")]]} onChange=${choose} error=${chosen === OWN ? "" : form.errors.label} />
    ${chosen === OWN && html`<${Field} form=${form} name="label" label=${_("Your own label")} maxlength=${known?.label_longest ?? 8} hint=${_("At most {count} characters", { count: known?.label_longest ?? 8 })} />`}`;
}

function Deleting({ one, onClose, onDone }) {
  const { toast } = useApp();
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const go = () => deed(async (act) => {
    await act("delivering.delete_address", { address_id: one.id });
    toast(_("Deleted."));
    onDone();
  });
  return html`<${Sheet} title=${_("Delete this address?")} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${go}>${_("Confirm")}<//><${Button} disabled=${busy} onClick=${onClose}>${_("Cancel")}<//>`}>
    <${Notice} tone="bad">${problem}<//><p class="lead">${one.recipient} · ${placeOf(one)}</p><p class="hint">${_("What is on its way there still arrives.")}</p><//>`;
}
