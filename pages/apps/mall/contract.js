// One contract: 查看 to read it, 操作 (修改合同签署) to fill it in, seal it, submit it and whatever else is possible.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { moment } from "../common/format.js";
import { useAsk, useDeed } from "../common/hooks.js";
import { Button, Fact, Loaded, Notice, Sheet, Tag } from "../common/kit.js";
import { _, both, ofCode } from "../common/texts.js";
import { toneOf } from "../common/tones.js";
import { Acts } from "./contract_acts.js";
import { Attachments, Row, SealButton } from "./contract_attachments.js";
import { ContractForm } from "./contract_form.js";
import { History } from "./contract_history.js";
import { Level } from "./contract_level.js";
import { Document } from "./contract_pages.js";
import { Proofs } from "./contract_proofs.js";
import { OrderFacts, Parties, roleName, Section } from "./contract_parts.js";
import { Signing } from "./contract_signing.js";
import { TermsShown, termsOf } from "./contract_terms.js";
import { useAttached, useContract } from "./contract_asked.js";
import { Go, useMall } from "./links.js";

/** Why a party cannot seal now, or "". */
function whyNoSeal({ found, mine, unsaved }) {
  if (unsaved) return _("Save what you changed first.");
  if (!mine) return _("Your enterprise is no party of this contract.");
  if (mine.status === "signed") return _("Your party's seal is on it.");
  if (found.state === "expired") return _("The time to sign is over.");
  if (found.contract.status !== "draft") return _("It cannot be sealed in this state.");
  if (!mine.turn) return _("Others sign before your party.");
  return "";
}

/** Why it cannot be submitted now, or "". */
function whyNoSubmit({ found, parties, mine }) {
  if (mine?.role !== "purchaser") return _("The purchaser submits it once every party's seal is on it.");
  if (found.contract.status !== "draft") return _("It has been submitted.");
  if (mine.status !== "signed") return _("Your party's seal is not on the file yet.");
  const missing = parties.filter((one) => one.status !== "signed");
  return missing.length ? _("Still to seal: {names}", { names: missing.map((one) => one.enterprise).join("、") }) : "";
}

function SubmitSheet({ contract, close }) {
  const { toast } = useMall();
  const [refusal, refused] = useState(null);
  const [busy, deed] = useDeed(refused);
  const submit = () => deed(async (act) => {
    await act("signing.submit", { contract_id: contract.id });
    toast(_("The contract is submitted; staff review it."));
    close();
  });
  return html`<${Sheet} title=${_("Submit the contract?")} onClose=${close} foot=${html`<${Button} onClick=${close}>${_("Leave it as it is")}<//><${Button} kind="primary" busy=${busy} onClick=${submit}>${_("Submit")}<//>`}>
    <${Notice} tone="bad">${refusal?.title}<//>
    <ul class="plain"><li>${_("Staff of the platform review it; until they have decided, nothing can be changed.")}</li>
      <li>${_("Whatever they return comes back with their reasons, as a draft to be changed and signed anew.")}</li></ul><//>`;
}

const VERB_OF_STATE = { returned: () => _("Save as a new version"), declined: () => _("Save as a new version"), withdrawn: () => _("Save as a new version") };

/** The form in the place of what is read, while nothing has been signed or it came back. */
function Editing({ found, parties, order, saved }) {
  const { contract } = found;
  const draft = useAsk("signing.draft", { purchase_order_id: order.id, contract_id: contract.id });
  const filled = useAsk("signing.form_of", { contract_id: contract.id });
  const before = useAttached(contract.id);
  const send = (act, given) => act("signing.revise_contract", { contract_id: contract.id, ...given });
  const others = parties.filter((one) => !["purchaser", "supplier"].includes(one.role)).map((one) => ({ id: one.mall_account_id, enterprise: one.enterprise, login: one.login }));
  if (draft.value === undefined || !filled.value || !before) return html`<${Loaded} of=${{ value: undefined, error: draft.error ?? filled.error, reload: draft.reload }}>${() => null}<//>`;
  const fields = Object.fromEntries(filled.value.map((one) => [one.code, one.value]));
  const begin = { ...termsOf(contract), others, fields, template_id: contract.template_id ?? "", beside: before };
  return html`<${ContractForm} name=${`contract-${contract.id}-v${contract.version}`} begin=${begin} draft=${draft.value} order=${order} contractId=${contract.id} send=${send} saved=${saved} numberFixed=${true}
    verb=${VERB_OF_STATE[contract.status]?.() ?? _("Save the changes")}><${Parties} parties=${parties} inTurn=${contract.signing_order === "in_turn"} /><//>`;
}

/** What was filled into the template beyond the particulars. */
function Filled({ id }) {
  const filled = useAsk("signing.form_of", { contract_id: id });
  const said = (filled.value ?? []).filter((one) => one.value);
  return said.length > 0 && html`<dl class="facts is-two">${said.map((one) => html`<${Fact} key=${one.code} name=${both(one.label)}>${one.value}<//>`)}</dl>`;
}

/** 04 to be read: the contract's file, sealed from here, and what goes with it. */
function Files({ id, name, manage }) {
  const rows = useAsk("signing.attachments", { contract_id: id });
  return html`<${Loaded} of=${rows}>${(all) => html`<${Attachments}>${all.map((one) => html`<${Row} key=${one.id} kind=${one.id ? both(one.label) : _("Contract file")} file=${one.id ? one.name : name} remarks=${one.remarks} blob=${one.blob_id}
    manage=${one.id ? _("Named in the contract with its digest") : manage} />`)}<//>`}<//>`;
}

/** What is told on top: why it came back, a deadline, a proposal to void it. */
function Told({ found, voiding }) {
  const { contract, reasons } = found;
  const open = voiding?.find((one) => one.status === "proposed");
  return html`${contract.status === "returned" && html`<${Notice} tone="bad"><b>${_("The contract was returned.")}</b><ul class="plain">${Object.values(reasons).map((one) => html`<li key=${one.en}>${both(one)}</li>`)}</ul>${_("Change what the reasons name and save: everybody then signs the new version.")}<//>`}
    ${found.state === "expired" && html`<${Notice} tone="bad">${_("The time to sign ended on {time}. The purchaser can extend it.", { time: moment(contract.sign_by) })}<//>`}
    ${found.state === "draft" && contract.sign_by && html`<${Notice} tone="wait">${_("To be signed by everybody until {time}.", { time: moment(contract.sign_by) })}<//>`}
    ${open && html`<${Notice} tone="wait"><b>${_("{role} proposes to void this contract.", { role: roleName(open.role) })}</b> ${open.reason} ${_("Waits for: {roles}", { roles: open.waits_for.map(roleName).join("、") })}<//>`}`;
}

function Body({ id, editing, asked }) {
  const { at, go } = useMall();
  const { found, voiding, source } = asked;
  const { contract, possible, parties, document } = found;
  const order = useAsk("mall.purchase_order", { purchase_order_id: contract.purchase_order_id });
  const [revising, setRevising] = useState(false);
  const [submitting, setSubmitting] = useState(false);
  const mine = parties.find((one) => one.mine);
  const sealing = editing && at.query.act === "seal";
  const seal = (open) => go(at.path, open ? { act: "seal" } : {}, { replace: true });
  const mayRevise = editing && possible.includes("revise");
  const form = mayRevise && (revising || contract.status !== "draft");
  const noSeal = form ? _("Save what you changed first.") : whyNoSeal({ found, mine });
  const noSubmit = whyNoSubmit({ found, parties, mine });
  const roles = parties.filter((one) => one.turn && !one.mine).map((one) => one.role);
  const saved = () => setRevising(false);
  const name = `${contract.number}-v${contract.version}.pdf`;
  return html`<${Told} found=${found} voiding=${voiding} />
    <${Section} number="01" title=${_("The purchase order")}>${order.error
      ? html`<dl class="facts is-two"><${Fact} name=${_("Order number")}><span class="mono">${found.order_number}</span><//></dl>`
      : html`<${Loaded} of=${order}>${(one) => html`<${OrderFacts} order=${one} />`}<//>`}<//>
    ${form && order.value ? html`<${Editing} key=${contract.version} found=${found} parties=${parties} order=${order.value} saved=${saved} />`
      : html`<${Section} number="02" title=${_("Parties of the contract")} right=${html`<${Tag}>${contract.signing_order === "in_turn" ? _("One after the other") : _("In any order")}<//>`}><${Parties} parties=${parties} inTurn=${contract.signing_order === "in_turn"} /><//>
        <${Section} number="03" title=${_("Contract particulars")} right=${mayRevise && html`<${Button} onClick=${() => setRevising(true)}>${_("Change the particulars")}<//>`}><${TermsShown} contract=${contract} /><${Filled} id=${id} /><//>
        <${Section} number="04" title=${_("Attachments")}><${Files} id=${id} name=${name} manage=${editing ? html`<${SealButton} why=${noSeal} open=${() => seal(true)} />` : "—"} /><//>`}
    <${Section} number="05" title=${_("History of handling")}><${History} id=${id} known=${found.reasons} /><//>
    <${Proofs} id=${id} signed=${document.signed_by.length > 0} />
    <section class="card" aria-label=${_("The contract's document")}><h2>${_("The contract's document")}</h2><${Level} id=${id} /><${Document} source=${source} pages=${document.pages} /></section>
    ${editing && html`<div class="act-bar" role="region" aria-label=${_("What can be done")}>
      <${Acts} contract=${contract} possible=${possible} roles=${roles} />
      ${possible.includes("sign") && html`<${SealButton} why=${noSeal} open=${() => seal(true)} primary=${noSubmit} />`}
      <span class="with-why"><${Button} kind=${noSubmit ? "plain" : "primary"} disabled=${Boolean(noSubmit)} onClick=${() => setSubmitting(true)}>${_("Submit")}<//>${noSubmit && html`<small class="why">${noSubmit}</small>`}</span></div>`}
    ${sealing && html`<${Signing} contract=${contract} source=${source} kept=${found.kept} free=${found.free} close=${() => seal(false)} />`}
    ${submitting && html`<${SubmitSheet} contract=${contract} close=${() => setSubmitting(false)} />`}`;
}

/** The page of a contract: `/contracts/<id>` to read, `/contracts/<id>/edit` to act. */
export function Contract() {
  const { at, door } = useMall();
  const [id, verb] = at.path.slice("/contracts/".length).split("/");
  const editing = verb === "edit";
  const asked = useContract(id);
  // That this party has opened it stands in its history; asking again says nothing new.
  useEffect(() => void door.act("signing.read", { contract_id: id }).catch(() => {}), [door, id]);
  const title = editing ? _("Change the contract signing") : _("View the contract");
  const found = asked.value?.found;
  return html`<p class="crumbs"><${Go} to="/contracts">${_("Contract signing")}<//> / ${title}</p>
    <div class="head"><h1>${title}</h1>${found && html`<${Tag} tone=${toneOf(found.state)}>${ofCode(`contract.status.${found.state}`)}<//>`}
      ${found && !editing && found.possible.length > 0 && html`<${Go} to=${`/contracts/${id}/edit`} class="button primary">${_("Operate")}<//>`}</div>
    ${found && html`<p class="lead">${found.contract.name}</p>`}
    <${Loaded} of=${asked}>${(value) => html`<${Body} key=${`${id}-${editing}`} id=${id} editing=${editing} asked=${value} />`}<//>`;
}
