// 签章: certificate and seal, where the seal goes, then 扫码签章 or 密码登录, and what comes of it without a reload.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { useAsk, useDeed } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Button, Loaded, Notice, Sheet } from "../common/kit.js";
import { _, ofCode } from "../common/texts.js";
import { Means, firstOf } from "./contract_means.js";
import { blankPlacing, lacking, placementsOf, Placing } from "./contract_placing.js";
import { ByPassword } from "./contract_password.js";
import { useMall } from "./links.js";
import { QrOfKind } from "./sign_in.js";

const WORKING = ["requested", "signed"];
const ASK_MS = 1500;

/** The choice to make before anything is asked for. */
function Choosing({ contract, source, kept, free, found, form, fill, chosen, choose }) {
  const seal = found.seals.find((one) => one.id === chosen.seal_id);
  return html`<div class="signing">
    <div class="signing-side"><${Means} found=${found} chosen=${chosen} choose=${choose} /></div>
    <div class="signing-main"><${Placing} contractId=${contract.id} source=${source} form=${form} fill=${fill} kept=${kept} free=${free} seal=${seal} /></div>
  </div>`;
}

const waiting = (text) => html`<div class="loading" role="status"><span class="spinner"></span>${text}</div>`;

/** How far a signature is: from the preparation over the phone to the finished document. */
export function Proving({ given, kind, status, why, confirmed, again }) {
  const { at, go } = useMall();
  const way = at.query.way === "password" ? "password" : "scan";
  const choose = (wanted) => go(at.path, { ...at.query, way: wanted === "scan" ? "" : wanted }, { replace: true });
  if (status === "failed") {
    return html`<${Notice} tone="bad"><b>${_("The signature was given up.")}</b> ${why && ofCode(why)}<//>
      <p><${Button} onClick=${again}>${_("Choose anew")}<//></p>`;
  }
  if (status === "completed") {
    return html`<p class="success" role="status"><${Icon} name="tick" size=${40} /><b>${_("The seal is on the contract.")}</b></p>
      <p class="is-centred">${_("The document below shows it already. Nothing has to be reloaded.")}</p>`;
  }
  if (status === "requested") return waiting(_("The document is being prepared for your seal…"));
  if (status === "signed") return waiting(_("Confirmed on the phone. Time-stamp and revocation data are being added…"));
  return html`<div class="tabs" role="tablist">
      <button type="button" role="tab" aria-selected=${String(way === "scan")} onClick=${() => choose("scan")}>${_("Sign by scan")}</button>
      <button type="button" role="tab" aria-selected=${String(way === "password")} onClick=${() => choose("password")}>${_("By password")}</button></div>
    <div role="tabpanel">${way === "scan"
      ? html`<h3 class="is-centred">${_("Scan with the Biaozhengtong app, look at the contract there, and enter the certificate's PIN")}</h3>
          <${QrOfKind} act="signing.open_signing_ticket" given=${given} fits=${kind} confirmed=${confirmed} />`
      : html`<${ByPassword} given=${given} confirmed=${confirmed} />`}</div>`;
}

/** What becomes of the signature that was asked for. */
function useSignature(signatureId) {
  const asked = useAsk("signing.signature", { signature_id: signatureId }, { skip: !signatureId });
  const { value: found, reload } = asked;
  // The worker moves it on; where no news comes through, it is asked for now and then.
  const working = !found || WORKING.includes(found.status);
  useEffect(() => {
    if (!signatureId || !working) return undefined;
    const timer = setInterval(reload, ASK_MS);
    return () => clearInterval(timer);
  }, [signatureId, working, reload]);
  return [found, reload];
}

/** The dialog. `kept`: the contract has a place for this party's seal; `free`: another one can be chosen. */
export function Signing({ contract, source, kept, free, close }) {
  const means = useAsk("signing.means", { contract_id: contract.id });
  const [picked, setPicked] = useState(null);
  const [form, setForm] = useState(() => blankPlacing({ kept, free }));
  const [asked, setAsked] = useState("");
  const [refusal, refused] = useState(null);
  const [busy, deed] = useDeed(refused);
  const [signature, again] = useSignature(asked);
  const found = means.value;
  const chosen = picked ?? (found ? firstOf(found) : { certificate_id: "", seal_id: "" });
  const certificate = found?.certificates.find((one) => one.id === chosen.certificate_id);
  const fill = (changes) => {
    refused(null);
    setForm((before) => ({ ...before, ...changes }));
  };
  const choose = (changes) => {
    refused(null);
    const next = { ...chosen, ...changes };
    const seal = found.seals.find((one) => one.id === next.seal_id);
    if (!seal || seal.barred[next.certificate_id]) next.seal_id = found.seals.find((one) => !one.barred[next.certificate_id])?.id ?? "";
    setPicked(next);
  };
  const missing = !chosen.certificate_id || !chosen.seal_id ? _("Choose a certificate and a seal that can be used.") : lacking(form);
  const ask = () => deed(async (act) => {
    refused(null);
    const places = placementsOf(form);
    const made = await act("signing.request_signature", { contract_id: contract.id, ...chosen, ...(places.length ? { placements: places } : {}) });
    setAsked(made.id);
  });
  const anew = () => setAsked("");
  const done = signature?.status === "completed";
  const foot = asked
    ? html`${!done && html`<${Button} onClick=${anew}>${_("Back to the choice")}<//>`}<${Button} kind=${done ? "primary" : "plain"} onClick=${close}>${_("Close")}<//>`
    : html`<span class="why">${found?.certificates.length ? missing : ""}</span><${Button} onClick=${close}>${_("Close")}<//>
      <${Button} kind="primary" busy=${busy} disabled=${!found || Boolean(missing)} onClick=${ask}>${_("On to sealing")}<//>`;
  return html`<${Sheet} title=${_("Sign and seal")} onClose=${close} wide=${true} foot=${foot}>
    <${Notice} tone="bad">${refusal?.title}<//>
    ${asked
      ? html`<${Proving} given=${{ signature_id: asked }} kind=${certificate?.kind ?? "platform"} status=${signature?.status ?? "requested"} why=${signature?.why} confirmed=${again} again=${anew} />`
      : html`<${Loaded} of=${means}>${(value) => html`<${Choosing} contract=${contract} source=${source} kept=${kept} free=${free} found=${value} form=${form} fill=${fill} chosen=${chosen} choose=${choose} />`}<//>`}
  <//>`;
}
