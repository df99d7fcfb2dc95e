// 首页: what waits, what is new, the big 扫一扫, my certificates, and every service of the app.
import { html, useState } from "../../vendor/htm-preact.js";
import { day, worldNow } from "../../common/format.js";
import { useApp, useAsk } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { Button, Card, Loaded, Notice, Row, Sheet, Tag } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { SentHere } from "./contracts.js";
import { follow, pathIn } from "./links.js";

const ICONS = {
  account: "person", real_name: "idcard", todos: "clock", announcements: "bell", certificates: "certificate", orders: "order", scan: "scan", scan_login: "door", scan_signing: "seal",
  seals: "seal", new_seal: "plus", scan_file: "box", scan_decryption: "shield", enterprises: "enterprise", members: "person", onboarding: "zone", delegation: "certificate",
  payments: "payment", invoices: "invoice", invoice_titles: "invoice", addresses: "box", services: "sms", service_orders: "order", security: "shield", messages: "bell", zones: "zone", help: "help", downloads: "phone",
};

/** The home screen. */
export function Home() {
  const { go } = useApp();
  return html`<${Screen} title=${_("Biaozhengtong")} tab="home">
    <button type="button" class="scan-button" onClick=${() => go("scan")}><${Icon} name="scan" size=${38} /><span><b>${_("Scan")}</b><small>${_("Bind, sign in, sign and join")}</small></span></button>
    <${SentHere} /><${ToDos} /><${News} /><${MyCertificates} />
    <h2 class="section">${_("Services")}</h2><${ServiceGrid} />
  <//>`;
}

/** Every service on a screen of its own. */
export const Services = () => html`<${Screen} title=${_("Services")}><${ServiceGrid} grouped /><//>`;

function ToDos() {
  const app = useApp();
  const found = useAsk("messaging.mine", {});
  const waiting = (found.value ?? []).filter((one) => one.open_todo).slice(0, 3);
  if (!waiting.length) return null;
  return html`<h2 class="section">${_("To do")}</h2><div class="card list">${waiting.map((one) => html`<${Row} key=${one.id} icon="clock" title=${ofCode(one.kind, one.params)}
    note=${day(one.created_at)} onClick=${() => follow(app, one)} />`)}</div>`;
}

function News() {
  const { go } = useApp();
  const newest = useAsk("messaging.announcements").value?.[0];
  if (!newest) return null;
  return html`<button type="button" class="news" onClick=${() => go("announcements")}><${Icon} name="bell" size=${18} /><span>${both(newest.title)}</span><${Icon} name="next" size=${14} /></button>`;
}

function MyCertificates() {
  const { go } = useApp();
  const found = useAsk("issuing.mine");
  const platforms = useAsk("mall.platforms");
  const all = (found.value ?? []).filter((one) => one.status !== "abandoned");
  const living = all.filter((one) => one.status !== "revoked");
  const shown = (living.length ? living : all).slice(0, 2);
  return html`<h2 class="section"><span>${_("My certificates")}</span><button type="button" class="link" onClick=${() => go("certificates")}>${_("All")}</button></h2>
    ${shown.length ? shown.map((one) => html`<${CertificateCard} key=${one.id} one=${one} platform=${both(platforms.value?.[one.platform_id]?.label)} onClick=${() => go(`certificates/${one.id}`)} />`)
      : html`<${Card}><p class="lead">${_("No certificate yet. It is what you bind, sign in and sign with.")}</p><${Button} kind="wide" onClick=${() => go("apply")}>${_("Apply for a certificate")}<//><//>`}`;
}

/** A certificate as a card. */
export function CertificateCard({ one, platform, onClick }) {
  const status = one.status === "active" && one.not_after <= worldNow() ? "expired" : one.status;
  return html`<button type="button" class="certificate-card" onClick=${onClick}><span class="row-text"><b>${platform || _("Certificate")}</b>
      <small>${_("{kind} · until {day}", { kind: ofCode(`certificate.kind.${one.kind}`), day: day(one.not_after) })}</small></span><${Tag} tone=${toneOf(status)}>${ofCode(`certificate.status.${status}`)}<//></button>`;
}

function ServiceGrid({ grouped }) {
  const { go } = useApp();
  const services = useAsk("home.services");
  const [closed, setClosed] = useState(null);
  const open = (one) => (one.enabled ? go(pathIn(one.link)) : setClosed(one));
  const grid = (found) => html`<div class="services">${found.map((one) => html`<button type="button" key=${one.code} class=${`service ${one.enabled ? "" : "closed"}`} aria-description=${one.enabled ? undefined : _(one.why)}
      onClick=${() => open(one)}><${Icon} name=${ICONS[one.code] ?? "apps"} size=${28} /><span>${_(one.label)}</span></button>`)}</div>`;
  return html`<${Loaded} of=${services}>${(found) => (grouped ? inGroups(found).map(([group, some]) => html`<h2 class="section" key=${group}>${_(group)}</h2>${grid(some)}`) : grid(found))}<//>
    ${closed && html`<${Sheet} title=${_(closed.label)} onClose=${() => setClosed(null)}
      foot=${closed.fix && html`<${Button} kind="primary" onClick=${() => go(pathIn(closed.fix))}>${_("Go there")}<//>`}><${Notice} tone="wait">${_(closed.why)}<//><//>`}`;
}

/** By the guide's functions, in its order. */
function inGroups(found) {
  const groups = new Map();
  for (const one of found) groups.set(one.group_label, [...(groups.get(one.group_label) ?? []), one]);
  return [...groups];
}
