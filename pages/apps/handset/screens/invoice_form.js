// 开具发票: electronic or paper, ordinary or special, the title and the address; 确认, and 确认提交 in the box that opens.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { yuan } from "../../common/format.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Area, Button, Card, Choice, Corrections, Empty, Fact, Field, Loaded, Marked, Notice, Sheet, Tick, Wrong } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { Icon } from "../../common/icons.js";
import { Screen } from "../layout.js";
import { AddressPage, AddressSheet, placeOf } from "./addresses.js";
import { FormProblem } from "./code.js";
import { BLANK_TITLE, Marks, refuseTitle, TitleFields, titleKinds } from "./titles.js";

/** What a fresh choice of orders forgets: what was refused before belongs to other orders. */
export const NEW = { corrects: "", at: "" };

/** The draft of an application; it outlives a reload, a lapsed session and the way to a new address. */
export const DRAFT = { ...BLANK_TITLE, ...NEW, order_ids: [], medium: "electronic", invoice_kind: "ordinary", title_id: "", typed: false, save_title: true, kind: "", payer: "", address_id: "", remarks: "" };

/** The name of the draft of a kind of order. */
export const draftName = (orderKind) => `invoice-${orderKind}`;

/** The draft that corrects an application: what was given stands in it, and it opens `at` what was wrong. */
export const draftOf = (one, at = "") => ({
  ...DRAFT, order_ids: [...new Set(one.lines.map((line) => line.order_id))], medium: one.medium, invoice_kind: one.kind, kind: one.title_kind, typed: true, save_title: false,
  name: one.title_name, code: one.title_code, email: one.email, remarks: one.remarks, address_id: one.address_id, corrects: one.id, at,
});

// What reasons of a rejection say of the title.
const TITLE_FIELDS = ["title_name", "title_code", "title_bank_account"];

/** How many orders, in words. */
const ordersText = (count) => (count === 1 ? _("1 order") : _("{count} orders", { count }));

const TITLE = ["name", "code", "address", "phone", "bank", "bank_account", "email"];

/** The page of an application; the orders were ticked before and stand in the draft. */
export function InvoiceForm({ orderKind }) {
  const app = useApp();
  const form = useForm(draftName(orderKind), DRAFT);
  const [step, setStep] = useState("");
  const { values } = form;
  const titles = useAsk("invoicing.titles");
  const addresses = useAsk("delivering.addresses");
  // A title that is entered is looked at before the invoice is issued, unless it is the payer's own: said before it is sent.
  const own = values.typed ? titles.value?.find((one) => one.own && one.name === values.name.trim() && one.code === values.code.trim()) : null;
  const asked = { order_kind: orderKind, order_ids: values.order_ids, medium: values.medium, kind: values.invoice_kind, title_id: values.typed ? own?.id ?? "" : values.title_id, typed_kind: values.typed && !own ? values.kind : "" };
  const [preview, error] = useKept(useAsk("invoicing.preview", asked, { skip: !values.order_ids.length }));
  const rejected = useAsk("invoicing.invoice", { invoice_id: values.corrects }, { skip: !values.corrects });
  const back = () => app.router.done(`invoices/${orderKind}`);
  useEffect(() => {
    // What is corrected was for a title that is kept: it is that one again, unless it is the title that was wrong.
    if (!values.corrects || !values.typed || !rejected.value || rejected.value.reasons.some((one) => TITLE_FIELDS.includes(one.field))) return;
    const same = titles.value?.find((one) => one.kind === values.kind && one.name === values.name && one.code === values.code);
    if (same) form.fill({ title_id: same.id, typed: false, name: "", code: "" });
  }, [titles.value, rejected.value]);
  if (step === "address") return html`<${AddressPage} onBack=${() => setStep("")} onDone=${(one) => { form.set("address_id", one.id); addresses.reload(); setStep(""); }} />`;
  if (!values.order_ids.length) return html`<${Screen} title=${_("Apply for an invoice")}><${Empty} icon="order" title=${_("No order is ticked")} action=${html`<${Button} onClick=${back}>${_("Choose orders")}<//>`} /><//>`;
  if (!preview || !titles.value) return html`<${Screen} title=${_("Apply for an invoice")}>${error ? html`<${Notice} tone="bad">${error.title}<//><${Button} kind="wide" onClick=${back}>${_("Choose orders")}<//>` : html`<${Loaded} of=${titles}>${() => html`<${Loaded} of=${{ value: undefined }} />`}<//>`}<//>`;
  return html`<${Page} form=${form} preview=${preview} error=${error} reasons=${rejected.value?.reasons ?? []} orderKind=${orderKind} titles=${titles.value} addresses=${addresses.value ?? []} onAddress=${() => setStep("address")} />`;
}

/** The newest answer, kept while the next one is asked for: what is on the screen does not go and come again. */
function useKept(asked) {
  const [kept, setKept] = useState(undefined);
  useEffect(() => { if (asked.value !== undefined) setKept(asked.value); }, [asked.value]);
  return [asked.value ?? kept, asked.error];
}

/** The title that is taken: the chosen one, or without asking the default one, or else what is kept; null where one is typed. */
function titleOf(values, preview, titles) {
  if (values.typed) return null;
  return titles.find((one) => one.id === values.title_id) ?? preview.title ?? bestOf(titles, values.payer) ?? null;
}

const bestOf = (titles, kind) => {
  const some = titles.filter((one) => one.kind === kind);
  return some.find((one) => one.is_default) ?? some.find((one) => one.own) ?? some[0];
};

function Page({ form, preview, error, reasons, orderKind, titles, addresses, onAddress }) {
  const app = useApp();
  const { values } = form;
  const [sheet, setSheet] = useState("");
  const title = titleOf(values, preview, titles);
  const kind = title?.kind ?? (values.kind || values.payer || "company");
  const paper = values.medium === "paper";
  const address = paper ? addresses.find((one) => one.id === (values.address_id || preview.address_id)) : null;
  const choose = (one, wanted = kind) => form.fill({ kind: one?.kind ?? wanted, title_id: one?.id ?? "", typed: !one });
  const change = (name, value) => {
    form.set(name, value);
    // A special invoice is a company's.
    if (name === "invoice_kind" && value === "special" && kind === "personal") choose(bestOf(titles, "company"), "company");
  };
  const confirm = () => {
    const wrong = lacking({ values, title, kind, paper, address });
    if (wrong) form.wrong(...wrong);
    else setSheet("confirm");
  };
  const given = { order_kind: orderKind, order_ids: values.order_ids, medium: values.medium, kind: values.invoice_kind, email: paper ? "" : values.email.trim(), remarks: values.remarks.trim(), ...(paper ? { address_id: address?.id ?? "" } : {}) };
  const arguments_ = title ? { ...given, title_id: title.id } : { ...given, title: { kind, ...typedOf(values, kind), save_title: values.save_title } };
  return html`<${Screen} title=${_("Apply for an invoice")} onBack=${() => app.router.done(`invoices/${orderKind}`)} foot=${html`<p class="sum"><span>${ordersText(values.order_ids.length)}</span><b class="price">${yuan(preview.total_fen)}</b></p><${Button} kind="primary" disabled=${Boolean(error)} onClick=${confirm}>${_("Confirm")}<//>`}>
    <${FormProblem} form=${form} /><${Notice} tone="bad">${error?.title}<//>
    <${Corrections} reasons=${reasons} at=${values.at}><${Marked} fields="orders" />
    <${Choice} label=${_("Type of invoice")} value=${values.medium} options=${["electronic", ...(preview.paper_offered ? ["paper"] : [])].map((one) => [one, ofCode(`invoice.medium.${one}`)])} onChange=${(one) => change("medium", one)} error=${form.errors.medium} />
    ${!preview.paper_offered && html`<p class="hint">${_("Paper invoices are not offered for these orders.")}</p>`}
    <${Marked} fields="kind"><${Choice} label=${_("Ordinary or special")} value=${values.invoice_kind} options=${["ordinary", "special"].map((one) => [one, ofCode(`invoice.kind.${one}`)])} onChange=${(one) => change("invoice_kind", one)} error=${form.errors.invoice_kind} /><//>
    <${Choice} label=${_("Kind of title")} value=${kind} options=${titleKinds().filter(([one]) => one === "company" || values.invoice_kind !== "special")} onChange=${(one) => one !== kind && choose(bestOf(titles, one), one)} />
    <${Marked} fields=${TITLE_FIELDS.join(" ")}><${TitleChoice} form=${form} title=${title} kind=${kind} titles=${titles.filter((one) => one.kind === kind)} onOpen=${() => setSheet("titles")} /><//>
    ${paper ? html`<${AddressChoice} address=${address} error=${form.errors.address_id} onOpen=${() => (addresses.length ? setSheet("addresses") : onAddress())} />`
      : html`<${Field} form=${form} name="email" label=${_("Send it to this email too (optional)")} type="email" inputmode="email" maxlength="100" />`}
    <${Marked} fields="remarks"><${Area} form=${form} name="remarks" label=${_("Remarks (optional)")} rows=${2} maxlength="200" /><//><//>
    <${Amounts} preview=${preview} />
    ${sheet === "titles" && html`<${TitleSheet} titles=${titles.filter((one) => one.kind === kind)} chosen=${title} onClose=${() => setSheet("")} onChange=${(one) => { choose(one); setSheet(""); }} />`}
    ${sheet === "addresses" && html`<${AddressSheet} addresses=${addresses} chosen=${address} onClose=${() => setSheet("")} onNew=${() => { setSheet(""); onAddress(); }} onChange=${(one) => { form.set("address_id", one.id); setSheet(""); }} />`}
    ${sheet === "confirm" && html`<${Confirmation} form=${form} preview=${preview} given=${arguments_} title=${title ?? { kind, ...typedOf(values, kind) }} address=${address} onClose=${() => setSheet("")} />`}
  <//>`;
}

/** What was typed of a title; a person's has no bank. */
export const typedOf = (values, kind) => Object.fromEntries((kind === "personal" ? ["name", "code"] : TITLE).map((name) => [name, values[name].trim()]));

/** The first field that has to be filled in yet, with what to say there. */
function lacking({ values, title, kind, paper, address }) {
  if (!title && !values.name.trim()) return ["name", kind === "personal" ? _("Enter the name for the invoice.") : _("Enter the company's name.")];
  if (!title && kind === "company" && !values.code.trim()) return ["code", _("Enter the tax number.")];
  if (paper && !address) return ["address_id", _("Choose where the paper invoice goes.")];
  return null;
}

/** The title that is taken, to be changed; or the fields of one that is typed. */
export function TitleChoice({ form, title, kind, titles, onOpen }) {
  const { go } = useApp();
  const { values } = form;
  if (title) {
    return html`<div class="field"><span class="label" id="title-label">${_("Invoice title")}</span><button type="button" class="pickbox" aria-labelledby="title-label title-value" onClick=${onOpen}>
      <span class="row-text" id="title-value"><b>${title.name}</b>${title.code && html`<small class="mono">${title.code}</small>`}</span><${Marks} one=${title} /><${Icon} name="next" size=${16} /></button>
      ${form.errors.title_id && html`<${Wrong}>${form.errors.title_id}<//>`}</div>`;
  }
  // The fields know the kind by the form.
  const typed = { ...form, values: { ...values, kind } };
  return html`<div class="card"><${TitleFields} form=${typed} />
    <${Tick} checked=${values.save_title} label=${_("Keep it as a saved title")} onChange=${(yes) => form.set("save_title", yes)}>${_("Keep it as a saved title")}<//>
    ${titles.length > 0 && html`<${Button} kind="quiet wide" onClick=${onOpen}>${_("Choose a saved title")}<//>`}
    ${titles.length === 0 && html`<${Button} kind="quiet wide" onClick=${() => go("titles")}>${_("Saved titles")}<//>`}</div>`;
}

/** The saved titles to choose from, and typing another. */
export function TitleSheet({ titles, chosen, onClose, onChange }) {
  return html`<${Sheet} title=${_("Invoice title")} onClose=${onClose}><div role="radiogroup" aria-label=${_("Invoice title")}>${titles.map((one) => html`<button type="button" role="radio" key=${one.id} class="pick" aria-checked=${String(one.id === chosen?.id)} onClick=${() => onChange(one)}>
      <span class="row-text"><b>${one.name}</b>${one.code && html`<small class="mono">${one.code}</small>`}</span><${Marks} one=${one} /></button>`)}</div>
    <${Button} kind="wide" onClick=${() => onChange(null)}>${_("Enter another title")}<//><//>`;
}

function AddressChoice({ address, error, onOpen }) {
  return html`<div class=${`field ${error ? "wrong" : ""}`}><span class="label" id="address-label">${_("Delivery address")}</span><button type="button" class="pickbox" aria-labelledby="address-label address-value" onClick=${onOpen}>
    <span class=${`row-text ${address ? "" : "unset"}`} id="address-value">${address ? html`<b>${address.recipient} ${address.phone}</b><small>${placeOf(address)}</small>` : _("Add an address")}</span><${Icon} name="next" size=${16} /></button>
    ${error && html`<${Wrong}>${error}<//>`}</div>`;
}

/** Net, tax and what they come to; line by line where there are several. */
function Amounts({ preview }) {
  return html`<${Card} title=${_("What the invoice says")}>${preview.lines.map((line) => html`<p class="fact" key=${line.order_id}><span class="row-text">${line.name}<small class="hint mono">${line.order_number}</small></span><span>${yuan(line.amount_fen + line.tax_fen)}</span></p>`)}
    <dl><${Fact} name=${_("Net")}>${yuan(preview.amount_fen)}<//><${Fact} name=${_("Tax")}>${yuan(preview.tax_fen)}<//><${Fact} name=${_("Together")}><b>${yuan(preview.total_fen)}</b><//></dl><//>`;
}

/** 发票确认框: all of it once more, and 确认提交. */
function Confirmation({ form, preview, given, title, address, onClose }) {
  const app = useApp();
  const [busy, deed] = useDeed((refusal) => { onClose(); refuseTitle(form)(refusal); });
  const send = () => deed(async (act) => {
    const invoice = await act("invoicing.apply_for_invoice", given);
    form.done();
    app.toast(_("Applied. It stands in the invoice history."));
    app.router.replace(`invoices/${invoice.id}`);
  });
  const fact = (name, value) => value && html`<${Fact} name=${name}>${value}<//>`;
  return html`<${Sheet} title=${_("Check the invoice")} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${send}>${_("Confirm and submit")}<//><${Button} disabled=${busy} onClick=${onClose}>${_("Change something")}<//>`}>
    <p class="big-amount"><span class="price">${yuan(preview.total_fen)}</span></p>
    <dl>${fact(_("Type of invoice"), ofCode(`invoice.medium.${given.medium}`))}${fact(_("Ordinary or special"), ofCode(`invoice.kind.${given.kind}`))}${fact(_("Orders"), ordersText(given.order_ids.length))}
      ${fact(_("Kind of title"), ofCode(`invoice_title.kind.${title.kind}`))}${fact(_("Invoice title"), html`<b>${title.name}</b>`)}${fact(_("Tax number"), title.code && html`<span class="mono">${title.code}</span>`)}
      ${fact(_("Registered address"), title.address)}${fact(_("Telephone"), title.phone)}${fact(_("Bank"), title.bank)}${fact(_("Bank account"), title.bank_account && html`<span class="mono">${title.bank_account}</span>`)}
      ${fact(_("Delivery address"), address && `${address.recipient} ${address.phone} ${placeOf(address)}`)}${fact(_("Email"), given.email)}${fact(_("Remarks"), given.remarks)}
      ${fact(_("Net"), yuan(preview.amount_fen))}${fact(_("Tax"), yuan(preview.tax_fen))}</dl>
    ${preview.reviewed.map((one) => html`<${Notice} key=${one}>${ofCode(one)}<//>`)}<//>`;
}
