// 常用发票抬头: the list, 添加常用发票抬头, 删除抬头 with ticks, and the page where one is edited and made the default.
import { html, useState } from "../../vendor/htm-preact.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Card, Choice, Empty, Fact, Field, Loaded, Notice, Row, Sheet, Switch, Tag, Tick } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { FormProblem } from "./code.js";

export const BLANK_TITLE = { kind: "company", name: "", code: "", address: "", phone: "", bank: "", bank_account: "", email: "", is_default: false };
const ALL = [["company", () => ofCode("invoice_title.kind.company")], ["personal", () => ofCode("invoice_title.kind.personal")]];

/** The kinds of title as options: 单位 and 个人. */
export const titleKinds = () => ALL.map(([kind, label]) => [kind, label()]);

/** The list; with `id` the page of one title, or of a new one. */
export function Titles({ id }) {
  const found = useAsk("invoicing.titles");
  if (id === "new") return html`<${TitlePage} key="new" />`;
  if (!id) return html`<${List} found=${found} />`;
  const one = found.value?.find((title) => title.id === id);
  return one ? html`<${TitlePage} key=${id} one=${one} />`
    : html`<${Screen} title=${_("Edit the title")}><${Loaded} of=${found}>${() => html`<${Empty} icon="invoice" title=${_("This title is not there any more")} />`}<//><//>`;
}

function List({ found }) {
  const { go } = useApp();
  const [ticked, setTicked] = useState(null);
  const [asking, setAsking] = useState(false);
  const all = found.value ?? [];
  const deleting = ticked !== null;
  const chosen = all.filter((one) => ticked?.includes(one.id));
  const toggle = (id, yes) => setTicked(yes ? [...ticked, id] : ticked.filter((other) => other !== id));
  const gone = () => { setAsking(false); setTicked(null); found.reload(); };
  const foot = deleting
    ? html`<p class="hint center">${_("{count} ticked", { count: chosen.length })}</p><${Button} kind="primary" disabled=${!chosen.length} onClick=${() => setAsking(true)}>${_("Delete titles")}<//>`
    : html`<${Button} kind="primary" onClick=${() => go("titles/new")}>${_("Add a title")}<//>${all.some((one) => !one.own) && html`<${Button} kind="wide" onClick=${() => setTicked([])}>${_("Delete titles")}<//>`}`;
  const right = deleting && html`<button type="button" class="link" onClick=${() => setTicked(null)}>${_("Cancel")}</button>`;
  return html`<${Screen} title=${_("Saved titles")} foot=${foot} right=${right} onBack=${deleting ? () => setTicked(null) : undefined}>
    <${Loaded} of=${found}>${() => (all.length ? html`<div class="card list">${all.map((one) => (deleting
      ? html`<${Ticked} key=${one.id} one=${one} checked=${ticked.includes(one.id)} onChange=${(yes) => toggle(one.id, yes)} />`
      : html`<${Row} key=${one.id} icon=${one.kind === "personal" ? "person" : "enterprise"} title=${one.name} note=${noteOf(one)} onClick=${() => go(`titles/${one.id}`)}><${Marks} one=${one} /><//>`))}</div>`
      : html`<${Empty} icon="invoice" title=${_("No titles yet")}>${_("Save a title once and it is there for every invoice. Your enterprise's own title appears by itself.")}<//>`)}<//>
    ${asking && html`<${Deleting} chosen=${chosen} onClose=${() => setAsking(false)} onDone=${gone} />`}
  <//>`;
}

// Where the engine names a number by what it is, the form has it in the field of the code.
const FIELDS = { uscc: "code", resident_id: "code" };

/** A refusal of a title, beside its field. */
export const refuseTitle = (form) => (refusal) => form.refuse({ ...refusal, title: refusal.title, field: FIELDS[refusal.field] ?? refusal.field });

const noteOf = (one) => [ofCode(`invoice_title.kind.${one.kind}`), one.code].filter(Boolean).join(" · ");

/** What marks a title: the default one, and one's own enterprise's. */
export const Marks = ({ one }) => html`${one.is_default && html`<${Tag} tone="good">${_("Default")}<//>`}${one.own && html`<${Tag}>${_("Own")}<//>`}`;

function Ticked({ one, checked, onChange }) {
  return html`<div class="row"><${Tick} checked=${checked} off=${one.own} label=${one.name} onChange=${onChange}><span class="row-text"><b>${one.name}</b><small>${noteOf(one)}</small>
    ${one.own && html`<small>${_("Made by the system for your enterprise: it cannot be deleted.")}</small>`}</span><//></div>`;
}

function Deleting({ chosen, onClose, onDone }) {
  const { toast } = useApp();
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const go = () => deed(async (act) => {
    setProblem("");
    await act("invoicing.delete_titles", { title_ids: chosen.map((one) => one.id) });
    toast(_("Deleted."));
    onDone();
  });
  return html`<${Sheet} title=${_("Delete titles")} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${go}>${_("Confirm")}<//><${Button} disabled=${busy} onClick=${onClose}>${_("Cancel")}<//>`}>
    <${Notice} tone="bad">${problem}<//><p class="lead">${_("Delete the titles selected?")}</p>
    <ul class="bullets">${chosen.map((one) => html`<li key=${one.id}>${one.name}</li>`)}</ul>
    <p class="hint">${_("Invoices that were issued to them stay as they are.")}</p><//>`;
}

/** The fields of a title. What is not needed for an ordinary invoice is folded away until it holds something. */
export function TitleFields({ form }) {
  const { kind } = form.values;
  const more = ["address", "phone", "bank", "bank_account"];
  const [open, setOpen] = useState(more.some((name) => form.values[name]));
  if (kind === "personal") return html`<${Field} form=${form} name="name" label=${_("Name on the invoice")} maxlength="100" /><${Field} form=${form} name="code" label=${_("Resident ID number (optional)")} maxlength="18" class="mono" />`;
  return html`<${Field} form=${form} name="name" label=${_("Company's name")} maxlength="100" hint=${_("In full, as on its licence")} />
    <${Field} form=${form} name="code" label=${_("Tax number")} maxlength="18" class="mono" hint=${_("The unified social credit code: 18 characters.")} />
    ${open || more.some((name) => form.errors[name]) ? html`<${Field} form=${form} name="address" label=${_("Registered address (optional)")} maxlength="200" /><${Field} form=${form} name="phone" label=${_("Telephone (optional)")} type="tel" maxlength="20" />
      <${Field} form=${form} name="bank" label=${_("Bank (optional)")} maxlength="100" /><${Field} form=${form} name="bank_account" label=${_("Bank account (optional)")} inputmode="numeric" maxlength="32" />`
    : html`<${Button} kind="quiet wide" onClick=${() => setOpen(true)}>${_("Address, telephone and bank")}<//>`}`;
}

/** The page of one title: a new one, or one that is edited. */
function TitlePage({ one }) {
  const app = useApp();
  const { own = false } = one ?? {};
  const blank = one ? Object.fromEntries(Object.keys(BLANK_TITLE).map((name) => [name, one[name] ?? BLANK_TITLE[name]])) : BLANK_TITLE;
  const form = useForm(`title-${one?.id ?? "new"}`, blank);
  const [busy, deed] = useDeed(refuseTitle(form));
  const { values } = form;
  const save = () => deed(async (act) => {
    const given = values.kind === "personal" ? { ...BLANK_TITLE, kind: "personal", name: values.name, code: values.code, email: values.email, is_default: values.is_default } : values;
    if (one) {
      const { kind, ...changed } = given;
      await act("invoicing.change_title", { title_id: one.id, ...changed });
    } else await act("invoicing.add_title", given);
    form.done();
    app.toast(one ? _("Saved.") : _("Added."));
    app.router.done("titles");
  });
  // Who leaves an edit gives it up; what was typed of a new title is kept.
  const leave = () => { if (one) form.done(); app.router.back(); };
  return html`<${Screen} title=${one ? _("Edit the title") : _("Add a title")} onBack=${leave} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${save}>${_("OK")}<//>`}>
    <${FormProblem} form=${form} />
    ${one ? html`<${Card}><dl><${Fact} name=${_("Kind of title")}>${ofCode(`invoice_title.kind.${one.kind}`)}<//>${own && html`<${Fact} name=${_("Company's name")}>${one.name}<//><${Fact} name=${_("Tax number")}><span class="mono">${one.code}</span><//>`}</dl>
        ${own && html`<p class="hint">${_("Made by the system from your enterprise's particulars, and kept in step with them.")}</p>`}<//>`
      : html`<${Choice} label=${_("Kind of title")} value=${values.kind} options=${titleKinds()} onChange=${(kind) => form.set("kind", kind)} error=${form.errors.kind} />`}
    ${own ? html`<${OwnFields} form=${form} />` : html`<${TitleFields} form=${form} />`}
    <${Field} form=${form} name="email" label=${_("Email (optional)")} type="email" inputmode="email" maxlength="100" hint=${_("Electronic invoices are sent there too.")} />
    <${Switch} label=${_("Make this the default title")} hint=${_("It is taken for invoices without asking.")} checked=${values.is_default} onChange=${(yes) => form.set("is_default", yes)} />
  <//>`;
}

function OwnFields({ form }) {
  return html`<${Field} form=${form} name="address" label=${_("Registered address (optional)")} maxlength="200" /><${Field} form=${form} name="phone" label=${_("Telephone (optional)")} type="tel" maxlength="20" />
    <${Field} form=${form} name="bank" label=${_("Bank (optional)")} maxlength="100" /><${Field} form=${form} name="bank_account" label=${_("Bank account (optional)")} inputmode="numeric" maxlength="32" />`;
}
