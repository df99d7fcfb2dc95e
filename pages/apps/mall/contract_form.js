// The form of a contract: further parties, 03 合同信息, 04 附件信息. It is kept while it is typed, here and on the
// server, and nothing of it is lost by an error, a refresh or a lapsed session.
import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { useAsk, useDeed, useForm } from "../common/hooks.js";
import { Button, Loaded, Notice } from "../common/kit.js";
import { _ } from "../common/texts.js";
import { Attachments, Row } from "./contract_attachments.js";
import { Beside, useKeptFiles } from "./contract_beside.js";
import { DropFile, useKeptFile } from "./contract_file.js";
import { Others } from "./contract_others.js";
import { Section } from "./contract_parts.js";
import { Preview } from "./contract_preview.js";
import { ChooseTemplate, filledIn, TemplateFields, templateOf } from "./contract_template.js";
import { asTerms, BLANK, signByOf, TermsForm, wrongWith } from "./contract_terms.js";
import { useMall } from "./links.js";

// The engine's names of arguments → the fields of this form.
const FIELDS = { sign_by: "last_day", parties: "others", turns: "others" };
const SAVE_AFTER_MS = 1_500;
const MORE = { others: [], fields: {}, template_id: "", attachments: "" };

/** A form as the server keeps it: texts under names. */
const asDraft = ({ others, fields, attachments: _none, upload: _neither, ...texts }) => ({ ...texts, others: JSON.stringify(others), fields: JSON.stringify(fields) });
const ofDraft = (draft) => {
  if (!draft) return {};
  const { others = "[]", fields = "{}", ...texts } = draft.form;
  return { ...texts, others: JSON.parse(others), fields: JSON.parse(fields) };
};

/** Keeps the form on the server too, a moment after the last change; says when it is kept. */
function useServerDraft(orderId, contractId, values, changed) {
  const { door } = useMall();
  const [kept, setKept] = useState(false);
  const told = JSON.stringify(asDraft(values));
  const first = useRef(told);
  const given = { purchase_order_id: orderId, contract_id: contractId };
  useEffect(() => {
    if (!changed.current || told === first.current) return undefined;
    setKept(false);
    const save = () => door.act("signing.save_draft", { ...given, form: JSON.parse(told) }).then(() => setKept(true), () => {});
    const timer = setTimeout(save, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [told]);
  const discard = () => door.act("signing.discard_draft", given).catch(() => {});
  return [kept, discard];
}

/** 04 while it is being filled in: the contract's file or template, and what goes with it. */
function Files({ form, file, keep, progress, templates, template, rules, beside, keepBeside }) {
  const upload = form.values.way === "upload";
  const manage = upload
    ? html`<${DropFile} file=${file} keep=${keep} error=${form.errors.upload} wrong=${(text) => form.wrong("upload", text)} progress=${progress} label=${_("The contract's file")} />`
    : html`<${ChooseTemplate} templates=${templates} chosen=${template} choose=${(template_id) => form.fill({ template_id })} />`;
  return html`<${Attachments}><${Row} kind=${_("Contract file")} file=${upload ? file?.name ?? "—" : _("Made from the template when it is saved")}
      manage=${manage} remarks=${form.values.remarks} changeRemarks=${(remarks) => form.fill({ remarks })} />
    <${Beside} rules=${rules} files=${beside} keep=${keepBeside} /><//>
    ${form.errors.attachments && html`<p class="error" role="alert">${form.errors.attachments}</p>`}
    ${!upload && template && html`<${TemplateFields} template=${template} form=${form} />`}`;
}

/** What the form comes to, as the engine takes it. */
function givenOf(values, { file, template, beside }) {
  const upload = values.way === "upload";
  return {
    terms: asTerms(values), upload: upload ? file.content : "", parties: values.others.map((one) => one.id),
    template_id: upload ? "" : template.id, fields: upload ? {} : filledIn(template, values.fields),
    attachments: beside.map(({ kind, name, content, remarks }) => ({ kind, name, content, remarks })),
  };
}

function Filled({ name, begin, draft, order, contractId, send, saved, verb, numberFixed, templates, rules, children }) {
  const { door } = useMall();
  const form = useForm(name, { ...BLANK, ...MORE, ...begin, ...ofDraft(draft) });
  const changed = useRef(false);
  const watched = { ...form, fill: (changes) => { changed.current = true; form.fill(changes); }, set: (field, value) => { changed.current = true; form.set(field, value); } };
  const [file, keep] = useKeptFile(`${name}:file`);
  const [beside, keepBeside] = useKeptFiles(`${name}:beside`, begin.beside);
  const [progress, setProgress] = useState(null);
  const [preview, setPreview] = useState(null);
  const [kept, discard] = useServerDraft(order.id, contractId, form.values, changed);
  const top = useRef(null);
  const refuse = (refusal) => {
    setProgress(null);
    setPreview(null);
    const field = FIELDS[refusal.field] ?? refusal.field;
    if (field === "fields" && refusal.inside) return form.wrong("fields", { [refusal.inside]: refusal.title });
    if (!(field in form.values)) top.current?.scrollIntoView({ block: "start", behavior: "smooth" });
    return form.refuse({ title: refusal.title, message: refusal.message, field });
  };
  const [busy, deed] = useDeed(refuse);
  const { values } = form;
  const template = templateOf(templates, values.template_id);
  const wrong = () => wrongWith(values) ?? (values.way === "upload" && !file ? ["upload", _("Choose the contract's file, or make it from the template.")] : values.way !== "upload" && !template ? ["", _("There is no template. Upload the contract by hand.")] : null);
  const watching = () => (values.way === "upload" ? { progress: setProgress } : {});
  const looking = () => {
    const problem = wrong();
    if (problem) return form.wrong(...problem);
    return deed(async () => {
      if (values.way === "upload") setProgress(0);
      const made = await door.ask("signing.preview_pictures", { purchase_order_id: order.id, ...givenOf(values, { file, template, beside }) }, watching());
      setProgress(null);
      setPreview(made);
    });
  };
  const save = (confirmed = "") => deed(async (act) => {
    const more = { signing_order: values.signing_order, sign_by: signByOf(values), confirmed };
    const made = await send((what, given) => act(what, given, watching()), { ...givenOf(values, { file, template, beside }), ...more });
    setProgress(null);
    form.done();
    keep(null);
    keepBeside([]);
    saved(made);
  });
  const submit = (event) => {
    event.preventDefault();
    const problem = wrong();
    if (problem) return form.wrong(...problem);
    // What was uploaded is looked at once more as it will be kept, before it is.
    return values.way === "upload" ? looking() : save();
  };
  const anew = () => { changed.current = false; form.done(); keep(null); keepBeside([]); discard(); };
  return html`<form onSubmit=${submit} noValidate ref=${top}>
    <${Notice} tone="bad">${form.errors[""]}<//>
    <${Section} number="02" title=${_("Parties of the contract")}>${children}<${Others} orderId=${order.id} form=${watched} /><//>
    <${Section} number="03" title=${_("Contract particulars")}><${TermsForm} form=${watched} fixedNumber=${numberFixed} currencies=${rules.currencies} /><//>
    <${Section} number="04" title=${_("Attachments")}>
      <${Files} form=${watched} file=${file} keep=${keep} progress=${progress} templates=${templates} template=${template} rules=${rules} beside=${beside} keepBeside=${keepBeside} /><//>
    <p class="row"><${Button} kind="primary" type="submit" busy=${busy}>${verb}<//><${Button} disabled=${busy} onClick=${looking}>${_("Preview")}<//><${Button} kind="quiet" onClick=${anew}>${_("Begin anew")}<//>
      <span class="quiet" role="status">${kept ? _("Kept as a draft.") : _("What you type is kept until it is saved.")}</span></p>
    ${preview && html`<${Preview} made=${preview} busy=${busy} close=${() => setPreview(null)} save=${() => save(preview.confirm)} />`}
  </form>`;
}

/**
 * The form. `begin` and `draft` are what it starts from, `send(act, given)` saves it and gives the contract,
 * `saved(contract)` goes on.
 */
export function ContractForm({ begin = {}, contractId = "", ...more }) {
  const templates = useAsk("signing.templates");
  const rules = useAsk("signing.form_rules");
  return html`<${Loaded} of=${templates}>${(all) => html`<${Loaded} of=${rules}>${(known) => html`<${Filled} begin=${begin} contractId=${contractId} templates=${all} rules=${known} ...${more} />`}<//>`}<//>`;
}
