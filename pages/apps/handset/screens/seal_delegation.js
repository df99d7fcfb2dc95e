// 印章授权: which members may use a seal, for what and until when; giving it and taking it back.
import { html, useState } from "../../vendor/htm-preact.js";
import { day, moment, worldNow } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Choice, Empty, Fact, Loaded, Notice, Sheet, Tag, Tick } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";

const ACTS = ["contract", "bid", "file"];
const DAY_MS = 86_400_000;
const TERMS = [30, 90, 180, 365];

/** The delegations of the seal `id`. */
export function SealDelegation({ id }) {
  const seal = useAsk("sealing.seal", { seal_id: id });
  const found = useAsk("sealing.delegations", { seal_id: id });
  const enterpriseId = seal.value?.enterprise_id ?? "";
  const members = useAsk("registration.members", { enterprise_id: enterpriseId }, { skip: !enterpriseId });
  const [giving, setGiving] = useState(false);
  const [taking, setTaking] = useState(null);
  const close = () => { setGiving(false); setTaking(null); found.reload(); };
  return html`<${Screen} title=${_("Delegation of a seal")} foot=${html`<${Button} kind="primary" disabled=${!members.value || seal.value?.status !== "active"} onClick=${() => setGiving(true)}>${_("Delegate to a member")}<//>`}>
    <p class="lead">${seal.value?.name}</p>
    <${Loaded} of=${found}>${(all) => (all.length ? all.map((one) => html`<${One} key=${one.id} one=${one} onTake=${() => setTaking(one)} />`)
    : html`<${Empty} icon="person" title=${_("Nothing is delegated")}>${_("A member whose role does not allow sealing may use this seal with their own certificate, for what you allow and as long as you allow it.")}<//>`)}<//>
    ${giving && html`<${Giving} seal=${seal.value} members=${members.value} held=${found.value ?? []} onClose=${close} />`}
    ${taking && html`<${Taking} one=${taking} onClose=${close} />`}
  <//>`;
}

function One({ one, onTake }) {
  return html`<${Card} title=${one.member}><dl><${Fact} name=${_("Where it stands")}><${Tag} tone=${toneOf(one.status)}>${ofCode(`seal_delegation.status.${one.status}`)}<//><//>
      <${Fact} name=${_("May be used for")}>${one.acts.map((act) => ofCode(`seal.act.${act}`)).join(_(", "))}<//><${Fact} name=${_("Until")}>${day(one.valid_to)}<//>
      <${Fact} name=${_("Given by")}>${one.granted_by}<br /><small class="hint">${moment(one.created_at)}</small><//>${one.ended_at && html`<${Fact} name=${_("Ended")}>${moment(one.ended_at)}${one.why && html`<br />${ofCode(`seal.delegation.why.${one.why}`)}`}<//>`}</dl>
    ${one.status === "active" && html`<${Button} kind="danger wide" onClick=${onTake}>${_("Take the delegation back")}<//>`}<//>`;
}

function Giving({ seal, members, held, onClose }) {
  const { toast } = useApp();
  const [member, setMember] = useState("");
  const [acts, setActs] = useState(["contract"]);
  const [days, setDays] = useState(90);
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const already = new Set(held.filter((one) => one.status === "active").map((one) => one.account_id));
  const others = members.filter((one) => !["administrator", "seal_user"].includes(one.role) && !already.has(one.account_id));
  const until = Math.min(worldNow() + days * DAY_MS, seal.valid_to);
  const give = () => deed(async (act) => {
    setProblem("");
    await act("sealing.delegate_seal", { seal_id: seal.id, account_id: member, acts, valid_to: Math.floor(until / 1000) * 1000 });
    toast(_("Delegated. The member has been told."));
    onClose();
  });
  const tick = (act, on) => setActs(ACTS.filter((one) => (one === act ? on : acts.includes(one))));
  if (!others.length) return html`<${Sheet} title=${_("Delegate to a member")} onClose=${onClose}><${Empty} icon="person" title=${_("Nobody to delegate to")}>${_("Administrators and seal users may use every seal by their role. Invite a handler or a viewer first.")}<//><//>`;
  return html`<${Sheet} title=${_("Delegate to a member")} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} disabled=${!member || !acts.length} onClick=${give}>${_("Entrust")}<//>`}>
    <${Notice} tone="bad">${problem}<//>
    <div role="radiogroup" aria-label=${_("Member")}>${others.map((one) => html`<button type="button" role="radio" key=${one.account_id} class="pick" aria-checked=${String(one.account_id === member)} onClick=${() => setMember(one.account_id)}>
      <span class="row-text"><b>${one.name}</b><small>${ofCode(`member.role.${one.role}`)}${one.phone && ` · ${one.phone}`}</small></span></button>`)}</div>
    <fieldset class="choice"><legend>${_("May be used for")}</legend>${ACTS.map((act) => html`<${Tick} key=${act} label=${ofCode(`seal.act.${act}`)} checked=${acts.includes(act)} onChange=${(on) => tick(act, on)}>${ofCode(`seal.act.${act}`)}<//>`)}</fieldset>
    <${Choice} label=${_("For how long")} value=${days} options=${TERMS.map((one) => [one, _("{count} days", { count: one })])} onChange=${setDays} />
    <p class="hint">${_("Until {day}. It ends earlier when the member leaves, their certificate or the seal ends, or you take it back.", { day: day(until) })}</p><//>`;
}

function Taking({ one, onClose }) {
  const { toast } = useApp();
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const take = () => deed(async (act) => {
    await act("sealing.withdraw_seal_delegation", { delegation_id: one.id });
    toast(_("The delegation has been taken back."));
    onClose();
  });
  return html`<${Sheet} title=${_("Take the delegation back?")} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${take}>${_("Take the delegation back")}<//>`}>
    <${Notice} tone="bad">${problem}<//><${Notice}>${_("{name} can no longer use the seal from this moment. What they have sealed stays valid.", { name: one.member })}<//><//>`;
}
