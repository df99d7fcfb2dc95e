// 印章管理: an enterprise's seals (电子公章) and its signatures by hand (手写模式), and what is under way.
import { html, useState } from "../../vendor/htm-preact.js";
import { day } from "../../common/format.js";
import { useApp, useAsk } from "../../common/hooks.js";
import { Button, Empty, Loaded, Notice, Row, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { HANDWRITTEN, kindLabel, SealPicture } from "./seal_kinds.js";

const TABS = { company: () => _("Electronic company seals"), handwriting: () => _("Handwriting mode") };

/** `id` is an enterprise, without it the first of one's own, or `mine` for a person's own; `more` is the tab. */
export const Seals = (given) => (given.id === "mine" ? html`<${MySeals} />` : html`<${OfEnterprises} ...${given} />`);

function OfEnterprises({ id, more }) {
  const { router } = useApp();
  const mine = useAsk("registration.my_enterprises");
  const [chosen, setChosen] = useState(id);
  const all = mine.value ?? [];
  const one = all.find((found) => found.enterprise.id === chosen) ?? all[0];
  const tab = more === "handwriting" ? more : "company";
  const choose = (enterpriseId, to) => { setChosen(enterpriseId); router.replace(`seals/${enterpriseId}/${to}`); };
  if (!one) {
    return html`<${Screen} title=${_("Seals")}><${Loaded} of=${mine}>${() => html`<${Empty} icon="seal" title=${_("No seals yet")}>${_("Claim an enterprise: with its approval its first seals are made.")}<//>`}<//><//>`;
  }
  const { enterprise } = one;
  const admin = one.role === "administrator";
  const add = admin && html`<${Button} kind="primary" onClick=${() => router.go(tab === "handwriting" ? `seal-new/${enterprise.id}/handwriting` : `seal-new/${enterprise.id}`)}>${_("New company seal")}<//>`;
  return html`<${Screen} title=${_("Seals")} foot=${add}>
    ${all.length > 1 && html`<div class="chips" role="group" aria-label=${_("Enterprise")}>${all.map((each) => html`<button type="button" class="chip" key=${each.enterprise.id} aria-pressed=${String(each === one)}
      onClick=${() => choose(each.enterprise.id, tab)}>${each.enterprise.name}</button>`)}</div>`}
    ${all.length === 1 && html`<p class="lead">${enterprise.name}</p>`}
    <div class="segments" role="tablist" aria-label=${_("Kinds of seals")}>${Object.entries(TABS).map(([code, label]) => html`<button type="button" role="tab" key=${code} aria-selected=${String(code === tab)}
      onClick=${() => choose(enterprise.id, code)}>${label()}</button>`)}</div>
    <${OfEnterprise} key=${enterprise.id} enterprise=${enterprise} admin=${admin} tab=${tab} />
    ${!admin && html`<${Notice}>${_("Only an administrator of the enterprise applies for seals, changes and deletes them.")}<//>`}
  <//>`;
}

const belongs = (kind, tab) => HANDWRITTEN.includes(kind) === (tab === "handwriting");

const ENDED = ["deleted", "replaced"];

function OfEnterprise({ enterprise, admin, tab }) {
  const kinds = useAsk("sealing.kinds", { enterprise_id: enterprise.id });
  const seals = useAsk("sealing.of_enterprise", { enterprise_id: enterprise.id });
  const applications = useAsk("sealing.applications_of", { enterprise_id: enterprise.id });
  const empty = tab === "handwriting"
    ? html`<${Empty} icon="seal" title=${_("No signatures by hand yet")}>${admin ? _("Write one on the pad: it can be used at once.") : _("An administrator of the enterprise writes one on the pad.")}<//>`
    : html`<${Empty} icon="seal" title=${_("No seals yet")}>${_("The company seal is reviewed and made once the enterprise is approved.")}<//>`;
  const here = (all) => all.filter((one) => belongs(one.kind, tab));
  return html`${!admin && html`<${Entrusted} enterpriseId=${enterprise.id} />`}
    <${Loaded} of=${seals}>${(all) => html`<${Listed} seals=${here(all)} applications=${here(applications.value ?? [])} kinds=${kinds.value} empty=${empty} />`}<//>`;
}

/** What is under way, the living seals, and the ended ones folded away. */
function Listed({ seals, applications, kinds, empty }) {
  const { go } = useApp();
  const open = underWay(applications);
  const living = seals.filter((one) => !ENDED.includes(one.status));
  const ended = seals.filter((one) => ENDED.includes(one.status));
  const card = (one) => html`<${SealCard} key=${one.id} seal=${one} kinds=${kinds} />`;
  return html`${open.length > 0 && html`<h2 class="section">${_("Under way")}</h2><div class="card list">${open.map((one) => html`<${Row} key=${one.id} icon="order" title=${one.name} note=${`${kindLabel(one.kind, kinds)} · ${day(one.created_at)}`}
      onClick=${() => go(`seal-application/${one.id}`)}><${Tag} tone=${toneOf(one.status)}>${ofCode(`seal_application.status.${one.status}`)}<//><//>`)}</div>`}
    ${living.map(card)}${!living.length && !open.length && empty}
    ${ended.length > 0 && html`<details class="optional"><summary>${_("Ended ({count})", { count: ended.length })}</summary>${ended.map(card)}</details>`}`;
}

/** Seals of the enterprise that were entrusted to oneself. */
function Entrusted({ enterpriseId }) {
  const { go } = useApp();
  const found = useAsk("sealing.delegated_to_me");
  const all = (found.value ?? []).filter((one) => one.enterprise_id === enterpriseId && one.status === "active");
  return all.length > 0 && html`<h2 class="section">${_("Entrusted to me")}</h2><div class="card list">${all.map((one) => html`<${Row} key=${one.id} icon="seal" title=${one.seal_name} onClick=${() => go(`seals/${one.seal_id}`)}
    note=${_("{acts} · until {day}", { acts: one.acts.map((act) => ofCode(`seal.act.${act}`)).join(_(", ")), day: day(one.valid_to) })} />`)}</div>`;
}

/** 个人印章: a person's own, with an individual certificate of theirs. */
function MySeals() {
  const { go } = useApp();
  const kinds = useAsk("sealing.kinds", { enterprise_id: "" });
  const seals = useAsk("sealing.my_seals");
  const applications = useAsk("sealing.my_applications");
  const one = kinds.value?.[0];
  const closed = one?.why_not;
  const fix = { not_real_named: ["real-name", _("Verify your real name first")], no_certificate: ["apply/individual", _("Apply for a certificate")] }[closed];
  const foot = fix ? html`<${Button} kind="primary" onClick=${() => go(fix[0])}>${fix[1]}<//>` : html`<${Button} kind="primary" disabled=${!one || closed} onClick=${() => go("seal-new/mine")}>${_("New personal seal")}<//>`;
  return html`<${Screen} title=${_("My personal seals")} foot=${foot}>
    <p class="lead">${one ? _("Yours alone and not an enterprise's: at most {count}, used with an individual certificate.", { count: one.at_most }) : ""}</p>
    ${closed && html`<${Notice} tone="wait">${ofCode(`seal.why_not.${closed}`)}<//>`}
    <${Loaded} of=${seals}>${(all) => html`<${Listed} seals=${all} applications=${applications.value ?? []} kinds=${kinds.value} empty=${html`<${Empty} icon="seal" title=${_("No personal seal yet")}>${_("Stamp the application form with your own seal, or have it drawn to rule with your name.")}<//>`} />`}<//>
  <//>`;
}

function SealCard({ seal, kinds }) {
  const { go } = useApp();
  return html`<button type="button" class=${`card tappable seal-card ${seal.status}`} onClick=${() => go(`seals/${seal.id}`)}><${SealPicture} seal=${seal} />
    <span class="row-text"><b>${seal.name}</b><small>${kindLabel(seal.kind, kinds)}</small><small class="mono">${seal.code}</small>
      <${Tag} tone=${toneOf(seal.status)}>${ofCode(`seal.status.${seal.status}`)}<//></span></button>`;
}

/** What has not ended in a seal: of rejected ones those that were not handed in again under the same name and kind. */
export const underWay = (all) => all.filter((one, at) => !["made", "withdrawn"].includes(one.status)
  && (one.status !== "rejected" || all.findIndex((other) => other.kind === one.kind && other.name === one.name) === at));
