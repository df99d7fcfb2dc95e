// 发起合同 and the editable part of 修改合同签署: parties, 03 合同信息, 04 附件信息, kept until they are saved.
import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { useAsk, useDeed, useForm } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Button, Empty, Loaded, Notice } from "../common/kit.js";
import { moment, yuan } from "../common/format.js";
import { _ } from "../common/texts.js";
import { Attachments, Row } from "./contract_attachments.js";
import { DropFile, useKeptFile } from "./contract_file.js";
import { OrderFacts, Section } from "./contract_parts.js";
import { asTerms, BLANK, signByOf, TermsForm, wrongWith } from "./contract_terms.js";
import { Closed } from "./contracts.js";
import { Go, useMall } from "./links.js";

// The engine's names of arguments → the fields of this form.
const FIELDS = { sign_by: "last_day", parties: "others", turns: "others" };
const PAUSE_MS = 300;

/** Further parties beside purchaser and supplier, found by their enterprise or login. */
function Others({ orderId, form }) {
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
  return html`<div class="field"><label for="contract-others">${_("Further parties")}</label>
    ${chosen.length > 0 && html`<ul class="chosen">${chosen.map((one) => html`<li key=${one.id}><span>${one.enterprise} <small class="mono">${one.login}</small></span>
      <button type="button" class="bare" aria-label=${_("Take {name} out", { name: one.enterprise })} onClick=${() => form.fill({ others: chosen.filter((other) => other !== one) })}><${Icon} name="trash" size=${16} /></button></li>`)}</ul>`}
    <div class="field-line"><input id="contract-others" value=${text} maxlength="60" placeholder=${_("Enterprise or login at this platform")} onInput=${(event) => setText(event.target.value)} /></div>
    ${asked && html`<ul class="found">${possible.map((one) => html`<li key=${one.mall_account_id}><button type="button" class="link" onClick=${() => add(one)}>${one.enterprise} · ${one.login}</button></li>`)}
      ${found.value && !possible.length && html`<li class="quiet">${_("Nobody here is called so.")}</li>`}</ul>`}
    ${form.errors.others && html`<p class="error" role="alert">${form.errors.others}</p>`}
  </div>`;
}

/** 04 while it is being filled in: the file to upload, or the template. */
function Files({ form, file, keep, progress, templates }) {
  const upload = form.values.way === "upload";
  const manage = upload
    ? html`<${DropFile} file=${file} keep=${keep} error=${form.errors.upload} wrong=${(text) => form.wrong("upload", text)} progress=${progress} label=${_("The contract's file")} />`
    : templates;
  return html`<${Attachments}><${Row} kind=${_("Contract file")} file=${upload ? file?.name ?? "—" : _("Made from the template when it is saved")}
    manage=${manage} remarks=${form.values.remarks} changeRemarks=${(remarks) => form.fill({ remarks })} /><//>`;
}

/**
 * The form. `begin` is what it starts from, `send(act, terms, upload, more)` saves it and gives the contract,
 * `saved(contract)` goes on.
 */
export function ContractForm({ name, begin, order, send, saved, changes, verb, numberFixed, children }) {
  const form = useForm(name, { ...BLANK, others: [], ...begin });
  const [file, keep] = useKeptFile(`${name}:file`);
  const [progress, setProgress] = useState(null);
  const top = useRef(null);
  const refuse = (refusal) => {
    setProgress(null);
    form.refuse({ ...refusal, title: refusal.title, message: refusal.message, field: FIELDS[refusal.field] ?? refusal.field });
    if (!refusal.field) top.current?.scrollIntoView({ block: "start", behavior: "smooth" });
  };
  const [busy, deed] = useDeed(refuse);
  const { values } = form;
  const submit = (event) => {
    event.preventDefault();
    const wrong = wrongWith(values);
    if (wrong) return form.wrong(...wrong);
    const uploads = values.way === "upload";
    if (uploads && !file && !changes?.keepsFile) return form.wrong("upload", _("Choose the contract's file, or make it from the template."));
    return deed(async (act) => {
      const more = { parties: values.others.map((one) => one.id), signing_order: values.signing_order, sign_by: signByOf(values) };
      if (uploads && file) setProgress(0);
      const made = await send((what, given) => act(what, given, uploads && file ? { progress: setProgress } : {}), asTerms(values), uploads ? file?.content ?? "" : "", more);
      setProgress(null);
      form.done();
      keep(null);
      saved(made);
    });
  };
  return html`<form onSubmit=${submit} noValidate ref=${top}>
    <${Notice} tone="bad">${form.errors[""]}<//>
    <${Section} number="02" title=${_("Parties of the contract")}>${children}<${Others} orderId=${order.id} form=${form} /><//>
    <${Section} number="03" title=${_("Contract particulars")}><${TermsForm} form=${form} fixedNumber=${numberFixed} /><//>
    <${Section} number="04" title=${_("Attachments")}>
      <${Files} form=${form} file=${file} keep=${keep} progress=${progress} templates=${html`<span class="quiet">${_("Purchase contract")}</span>`} />
    <//>
    <p class="row"><${Button} kind="primary" type="submit" busy=${busy}>${verb}<//><${Button} kind="quiet" onClick=${() => { form.done(); keep(null); }}>${_("Begin anew")}<//>
      <span class="quiet">${_("What you type is kept in this browser until it is saved.")}</span></p>
  </form>`;
}

/** Which purchase order a new contract starts from. */
function ChooseOrder() {
  const { at, go } = useMall();
  const text = at.query.text ?? "";
  const page = Math.max(1, Number.parseInt(at.query.page ?? "1", 10) || 1);
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => go(at.path, { text: typed.trim() }, { replace: true }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useAsk("mall.orders_page", { text, page });
  const turn = (wanted) => go(at.path, { text, page: wanted }, { replace: true });
  return html`<section class="card"><h2>${_("From which purchase order?")}</h2>
    <form class="search" role="search" onSubmit=${(event) => event.preventDefault()}><${Icon} name="search" size=${18} />
      <input type="search" value=${typed} maxlength="60" aria-label=${_("Search purchase orders")} placeholder=${_("Number, title, enterprise or awardee")} onInput=${(event) => setTyped(event.target.value)} /></form>
    <${Loaded} of=${found}>${(value) => value.count === 0
      ? html`<${Empty} icon="order" title=${text ? _("Nothing fits the search.") : _("No purchase order yet.")} action=${!text && html`<${Go} to="/orders/new" class="button primary">${_("Place a purchase order")}<//>`}><//>`
      : html`<ul class="pick-list">${value.rows.map((row) => html`<li key=${row.id}><${Go} to="/contracts/new" query=${{ order: row.id }}><b class="mono">${row.number}</b><span>${row.title || "—"}</span><span>${row.supplier}</span><span class="is-number">${yuan(row.total_fen)}</span><small>${moment(row.created_at)}</small><//></li>`)}</ul>
        ${value.pages > 1 && html`<nav class="pages" aria-label=${_("Pages")}><${Button} disabled=${page <= 1} onClick=${() => turn(page - 1)}>${_("Previous")}<//><span>${_("Page {page} of {pages}", { page: value.page, pages: value.pages })}</span><${Button} disabled=${page >= value.pages} onClick=${() => turn(page + 1)}>${_("Next page")}<//></nav>`}`}<//>
  </section>`;
}

/** The form of a new contract for an order. */
function NewFor({ orderId }) {
  const { go, toast } = useMall();
  const order = useAsk("mall.purchase_order", { purchase_order_id: orderId });
  const send = (act, terms, upload, more) => act("signing.create_contract", { purchase_order_id: orderId, terms, upload, ...more });
  const saved = (made) => {
    toast(_("The contract is saved. Seal it next."));
    go(`/contracts/${made.id}/edit`, {}, { replace: true });
  };
  return html`<${Loaded} of=${order}>${(found) => html`
    <${Section} number="01" title=${_("The purchase order")} right=${html`<${Go} to="/contracts/new" class="link">${_("Choose another")}<//>`}><${OrderFacts} order=${found} /><//>
    <${ContractForm} name=${`contract-for-${orderId}`} begin=${{ name: found.title ? _("Contract on {title}", { title: found.title }).slice(0, 100) : "" }} order=${found} send=${send} saved=${saved} verb=${_("Save the contract")}>
      <ol class="parties"><li><span><b>${found.purchaser}</b><small>${_("Purchaser")}</small></span></li><li><span><b>${found.supplier}</b><small>${_("Supplier")}</small></span></li></ol><//>`}<//>`;
}

/** The page 发起合同. */
export function NewContract() {
  const { account, at } = useMall();
  const workbench = useAsk("home.workbench");
  const open = workbench.value?.entries.find((one) => one.code === "contracts")?.enabled;
  return html`<p class="crumbs"><${Go} to="/contracts">${_("Contract signing")}<//> / ${_("Make a contract")}</p>
    <h1>${_("Make a contract")}</h1>
    ${account.role !== "purchaser" ? html`<${Notice} tone="wait">${_("Only a purchaser can make a contract.")}<//>`
      : html`<${Closed} workbench=${workbench} />${open && (at.query.order ? html`<${NewFor} key=${at.query.order} orderId=${at.query.order} />` : html`<${ChooseOrder} />`)}`}`;
}
