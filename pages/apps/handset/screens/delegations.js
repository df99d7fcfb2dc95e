// 授权管理: what members hold for an enterprise by delegation, what is under way, and taking it back.
import { html, useState } from "../../vendor/htm-preact.js";
import { day, moment, worldNow } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Empty, Fact, Loaded, Notice, Row, Sheet, Tag } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";

const LIVING = ["issued", "active", "suspended"];

/** For the enterprise `id`; without it the first that one administers. */
export function Delegations({ id }) {
  const mine = useAsk("registration.my_enterprises");
  const own = (mine.value ?? []).filter((one) => one.role === "administrator");
  const one = own.find((found) => found.enterprise.id === id) ?? (id ? undefined : own[0]);
  if (one) return html`<${Held} key=${one.enterprise.id} enterprise=${one.enterprise} />`;
  return html`<${Screen} title=${_("Delegation")}><${Loaded} of=${mine}>${() => html`<${Empty} icon="enterprise" title=${_("For administrators")}>${_("Only an administrator of the enterprise delegates its certificate.")}<//>`}<//><//>`;
}

function Held({ enterprise }) {
  const { go } = useApp();
  const found = useAsk("issuing.delegated", { enterprise_id: enterprise.id });
  const members = useAsk("registration.members", { enterprise_id: enterprise.id });
  const orders = useAsk("ordering.listed", { business: "delegation" });
  const mine = useAsk("issuing.mine");
  const [taking, setTaking] = useState(null);
  const [choosing, setChoosing] = useState(false);
  const nameOf = (one) => members.value?.find((each) => each.account_id === one.account_id)?.name ?? _("A former member");
  const running = (orders.value?.orders ?? []).filter((one) => !one.delegated_to_me && !["completed", "cancelled", "rejected"].includes(one.state));
  const sources = (mine.value ?? []).filter((one) => one.enterprise_id === enterprise.id && one.status === "active" && one.product === "enterprise" && one.usage === "signing" && !one.delegated_by);
  const begin = () => (sources.length === 1 ? go(`apply/delegation/${sources[0].id}`) : setChoosing(true));
  return html`<${Screen} title=${_("Delegation")} foot=${mine.value && html`<${Button} kind="primary" disabled=${!sources.length} onClick=${begin}>${_("Delegate to a member")}<//>`}>
    <p class="lead">${enterprise.name}</p>
    ${mine.value && !sources.length && html`<${Notice} tone="wait" action=${html`<button type="button" class="link" onClick=${() => go("certificates")}>${_("My certificates")}</button>`}>${_("It takes an enterprise certificate of yours that is in use.")}<//>`}
    ${running.length > 0 && html`<h2 class="section">${_("Under way")}</h2><div class="card list">${running.map((one) => html`<${Row} key=${one.id} icon="order" title=${one.title} note=${one.number} onClick=${() => go(`orders/${one.id}`)}><${Tag} tone=${toneOf(one.state)}>${ofCode(`order.status.${one.state}`)}<//><//>`)}</div>`}
    <${Loaded} of=${found}>${(all) => {
      const signing = all.filter((one) => one.usage === "signing" && one.status !== "abandoned");
      if (!signing.length) return html`<${Empty} icon="person" title=${_("Nothing is delegated")}>${_("A member gets a certificate of their own with a PIN of their own, for what you allow. You can take it back at any time.")}<//>`;
      return signing.map((one) => html`<${One} key=${one.id} one=${one} name=${nameOf(one)} onTake=${() => setTaking(one)} />`);
    }}<//>
    ${taking && html`<${Taking} one=${taking} name=${nameOf(taking)} onClose=${() => { setTaking(null); found.reload(); }} />`}
    ${choosing && html`<${Choosing} sources=${sources} onClose=${() => setChoosing(false)} />`}
  <//>`;
}

function One({ one, name, onTake }) {
  const order = useAsk("ordering.detail", { order_id: one.order_id });
  const platforms = useAsk("mall.platforms");
  const status = one.status !== "revoked" && one.not_after <= worldNow() ? "expired" : one.status;
  return html`<${Card} title=${name}><dl>
      <${Fact} name=${_("Where it stands")}><${Tag} tone=${toneOf(status)}>${ofCode(`certificate.status.${status}`)}<//><//>
      <${Fact} name=${_("Trading platform")}>${both(platforms.value?.[one.platform_id]?.label)}<//>
      ${order.value?.scope.length > 0 && html`<${Fact} name=${_("May be used for")}>${order.value.scope.map(both).join(_(", "))}<//>`}
      <${Fact} name=${_("Valid")}>${_("{from} to {until}", { from: day(one.not_before), until: day(one.not_after) })}<//>
      <${Fact} name=${_("Serial number")}><span class="mono">${one.serial_hex}</span><//>
      ${one.revoked_at && html`<${Fact} name=${one.status === "suspended" ? _("On hold since") : _("Revoked")}>${moment(one.revoked_at)}<//>`}</dl>
    ${LIVING.includes(one.status) && html`<${Button} kind="danger wide" onClick=${onTake}>${_("Take the delegation back")}<//>`}<//>`;
}

function Taking({ one, name, onClose }) {
  const { toast } = useApp();
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const take = () => deed(async (act) => {
    await act("issuing.withdraw_delegation", { certificate_id: one.id });
    toast(_("The delegation has been taken back."));
    onClose();
  });
  return html`<${Sheet} title=${_("Take the delegation back?")} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${take}>${_("Take it back for good")}<//>`}>
    <${Notice} tone="bad">${problem}<//>
    <${Notice} tone="bad">${_("The certificate of {name} ends at once. It cannot be restored; you can delegate another one.", { name })}<//><//>`;
}

function Choosing({ sources, onClose }) {
  const { go } = useApp();
  const platforms = useAsk("mall.platforms");
  return html`<${Sheet} title=${_("Which certificate")} onClose=${onClose}><div class="card list">${sources.map((one) => html`<${Row} key=${one.id} icon="certificate" title=${both(platforms.value?.[one.platform_id]?.label)} note=${one.serial_hex} onClick=${() => go(`apply/delegation/${one.id}`)} />`)}</div><//>`;
}
