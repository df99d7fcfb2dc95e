// The binding page: the QR code and what becomes of it, or the binding there is and how to give it up.
import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { moment } from "../common/format.js";
import { useAsk, useDeed } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Button, Fact, Loaded, Notice, Sheet, Tag } from "../common/kit.js";
import { _, ofCode } from "../common/texts.js";
import { bindLabel, Go, userCentre, useMall } from "./links.js";
import { QrOfKind } from "./sign_in.js";

function Bound({ binding, unbound }) {
  const [asking, setAsking] = useState(false);
  const [refusal, refused] = useState(null);
  const [busy, deed] = useDeed(refused);
  const unbind = () =>
    deed(async (act) => {
      await act("binding.unbind");
      setAsking(false);
      unbound();
    });
  return html`<section class="card">
    <div class="card-head"><h2>${_("Bound certificate")}</h2><${Tag} tone="good">${_("Bound")}<//></div>
    <dl class="facts">
      <${Fact} name=${_("Bound since")}>${moment(binding.created_at)}<//>
      <${Fact} name=${_("Certificate")}><span class="mono">${binding.certificate_id}</span><//>
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
        <li><b>${_("Certificate PIN")}</b><span>${_("Choose the certificate and enter its PIN on the phone; phone and PC then both say that it is bound.")}</span></li>
      </ol>
      <p class="quiet">${_("No certificate yet? Order it in the app: certificates, enterprise certificate.")}</p>
    </section>
  </div>`;
}

/** The page. */
export function Binding() {
  const { account, go } = useMall();
  const binding = useAsk("binding.mine");
  const [done, setDone] = useState("");
  const close = () => setDone("");
  // The list may hear of the binding before the code's own watch does: either way it pops up, once.
  const before = useRef(undefined);
  useEffect(() => {
    if (before.current === null && binding.value) setDone("bound");
    before.current = binding.value;
  }, [binding.value]);
  return html`<p class="crumbs"><${Go} to="/user">${userCentre(account)}<//> / ${bindLabel(account)}</p>
    <h1>${bindLabel(account)}</h1>
    ${done === "unbound" && html`<${Notice} tone="good">${_("The certificate is unbound.")}<//>`}
    <${Loaded} of=${binding.value === null ? { value: "none" } : binding}>${(value) =>
      value === "none"
        ? html`<${ToBind} bound=${() => {
            setDone("bound");
            binding.reload();
          }} />`
        : html`<${Bound} binding=${value} unbound=${() => {
            setDone("unbound");
            binding.reload();
          }} />`}<//>
    ${done === "bound" && html`<${Sheet} title=${ofCode("binding.bound")} onClose=${close}
      foot=${html`<${Button} onClick=${close}>${_("Close")}<//>
        <${Button} kind="primary" onClick=${() => go("/workbench")}>${_("To the workbench")}<//>`}>
      <p class="success"><${Icon} name="tick" size=${40} /><b>${ofCode("binding.bound")}</b></p>
      <p>${_("From now on sign in by scan, and sign contracts with the phone.")}</p>
    <//>`}`;
}
