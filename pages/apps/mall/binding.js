// The binding page: the QR code and what becomes of it, or the binding there is and how to give it up.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { moment } from "../common/format.js";
import { useAsk, useDeed } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Button, Fact, Loaded, Notice, Sheet, Tag } from "../common/kit.js";
import { _, both, ofCode } from "../common/texts.js";
import { bindLabel, Go, userCentre, useMall } from "./links.js";
import { QrOfKind } from "./sign_in.js";

function Bound({ binding, unbound }) {
  const [asking, setAsking] = useState(false);
  const [refusal, refused] = useState(null);
  const [busy, deed] = useDeed(refused);
  const profile = useAsk("mall.profile");
  const unbind = () =>
    deed(async (act) => {
      await act("binding.unbind");
      setAsking(false);
      unbound();
    });
  return html`<section class="card">
    <div class="card-head"><h2>${_("Bound certificate")}</h2><${Tag} tone="good">${_("Bound")}<//></div>
    <dl class="facts">
      <${Fact} name=${_("Bound since")}>${moment(binding.bound_at)}<//>
      <${Fact} name=${_("Enterprise")}>${profile.value?.enterprise}<//>
    </dl>
    <${Button} kind="danger" onClick=${() => setAsking(true)}>${_("Unbind")}<//>
    ${asking && html`<${Sheet} title=${_("Unbind this certificate?")} onClose=${() => setAsking(false)}
      foot=${html`<${Button} onClick=${() => setAsking(false)}>${_("Keep it bound")}<//>
        <${Button} kind="danger" busy=${busy} onClick=${unbind}>${_("Unbind")}<//>`}>
      <${Notice} tone="bad">${refusal?.title}<//>
      <ul class="plain">
        <li>${_("Sign-in by scan ends for this account; the password stays.")}</li>
        <li>${_("Contracts here cannot be signed until a certificate is bound again.")}</li>
        <li>${_("The certificate itself and what was signed with it stay as they are.")}</li>
      </ul>
    <//>`}
  </section>`;
}

function ToBind({ bound }) {
  return html`<div class="columns">
    <section class="card">
      <${QrOfKind} act="binding.open_binding_ticket" confirmed=${bound} />
    </section>
    <section class="card">
      <h2>${_("How to bind")}</h2>
      <ol class="points">
        <li><b>${_("Open the Biaozhengtong app")}</b><span>${_("Sign in as the person who holds the certificate of this enterprise.")}</span></li>
        <li><b>${_("Scan")}</b><span>${_("Scan the code on this page. It belongs to this browser alone.")}</span></li>
        <li><b>${_("Entity registration")}</b><span>${_("The first time, the phone asks for the particulars that the platform does not know yet.")}</span></li>
        <li><b>${_("Certificate PIN")}</b><span>${_("Choose the certificate and enter its PIN on the phone; phone and PC then both say that it is bound.")}</span></li>
      </ol>
      <p class="quiet">${_("No certificate yet? Order it in the app: certificates, enterprise certificate.")}</p>
    </section>
  </div>`;
}

/** Staff look at the registration: the same words as on the phone, until the answer comes by itself. */
function InReview({ course, withdrawn }) {
  const [refusal, refused] = useState(null);
  const [busy, deed] = useDeed(refused);
  const withdraw = () => deed(async (act) => {
    await act("binding.unbind");
    withdrawn();
  });
  return html`<section class="card" data-course="in_review">
    <div class="card-head"><h2>${_("Entity registration")}</h2><${Tag} tone="wait">${_("In review")}<//></div>
    <p>${_("The enterprise's particulars are being looked at. This page and the phone say so as soon as it is bound; you need not wait here.")}</p>
    <dl class="facts"><${Fact} name=${_("Handed in")}>${moment(course.since)}<//></dl>
    <${Notice} tone="bad">${refusal?.title}<//>
    <${Button} busy=${busy} onClick=${withdraw}>${_("Take it back")}<//>
  </section>`;
}

function Rejected({ course }) {
  return html`<${Notice} tone="bad"><b>${_("The registration was not accepted.")}</b>
    <ul class="plain">${course.reasons.map((one) => html`<li>${both(one)}</li>`)}</ul>
    ${_("Scan the code once more; the phone shows what you handed in, to be corrected.")}<//>`;
}

/** The page. */
export function Binding() {
  const { account, go } = useMall();
  const course = useAsk("binding.course");
  const binding = useAsk("binding.mine");
  const [done, setDone] = useState("");
  const close = () => setDone("");
  const status = course.value?.status;
  // What waited pops up once when it is bound: at once, or at the next visit from this browser.
  const kept = `yx-binding:${account.id}`;
  useEffect(() => {
    if (!status) return;
    const before = localStorage.getItem(kept);
    if (before && before !== "bound" && status === "bound") setDone("bound");
    localStorage.setItem(kept, status);
  }, [status, kept]);
  const heard = () => {
    course.reload();
    binding.reload();
  };
  return html`<p class="crumbs"><${Go} to="/user">${userCentre(account)}<//> / ${bindLabel(account)}</p>
    <h1>${bindLabel(account)}</h1>
    ${done === "unbound" && html`<${Notice} tone="good">${_("The certificate is unbound.")}<//>`}
    <${Loaded} of=${course}>${(value) =>
      value.status === "bound"
        ? html`<${Loaded} of=${binding}>${(one) => one && html`<${Bound} binding=${one} unbound=${() => {
            setDone("unbound");
            heard();
          }} />`}<//>`
        : value.status === "in_review"
          ? html`<${InReview} course=${value} withdrawn=${heard} />`
          : html`${value.status === "rejected" && html`<${Rejected} course=${value} />`}<${ToBind} bound=${heard} />`}<//>
    ${done === "bound" && html`<${Sheet} title=${ofCode("binding.bound")} onClose=${close}
      foot=${html`<${Button} onClick=${close}>${_("Close")}<//>
        <${Button} kind="primary" onClick=${() => go("/workbench")}>${_("To the workbench")}<//>`}>
      <p class="success"><${Icon} name="tick" size=${40} /><b>${ofCode("binding.bound")}</b></p>
      <p>${_("From now on sign in by scan, and sign contracts with the phone.")}</p>
    <//>`}`;
}
