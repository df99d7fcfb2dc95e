// Without the password or the number, or with a frozen account: a code, and who one is.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { useApp, useDeed, useForm } from "../../common/hooks.js";
import { Button, Field, Notice } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { Done, Screen } from "../layout.js";
import { FormProblem, FullCode, PhoneAndCode, useCode } from "./code.js";
import { FaceStep } from "./face.js";
import { IdentityFields, WayChoice } from "./identity.js";

const NEVER = { never: ["code", "new_password"] };

/** A new password: the code, and for who has proved their name, name and number too. */
export function Forgotten() {
  const app = useApp();
  const form = useForm("forgotten", { phone: "", code: "", new_password: "", name: "", resident_id: "" }, NEVER);
  const code = useCode(form, "forgotten_password");
  const [busy, deed] = useDeed(form.refuse);
  const save = () => deed(async (act) => {
    const { phone, code: digits, new_password, name, resident_id } = form.values;
    await act("registration.reset_password", { request_id: code.asked.request_id, phone, code: digits, new_password, name, resident_id });
    form.done();
    app.toast(_("The password is set. Sign in with it."));
    app.router.reset("login/password");
  });
  return html`<${Screen} title=${_("Forgotten password")} foot=${code.asked && html`<${Button} kind="primary" busy=${busy} onClick=${save}>${_("Set the new password")}<//>`}>
    <${FormProblem} form=${form} />
    <${PhoneAndCode} form=${form} code=${code} />
    ${code.asked && html`<${Field} form=${form} name="new_password" label=${_("New password")} type="password" autocomplete="new-password" hint=${_("At least 8 characters. Long is better than complicated.")} />
      <p class="hint">${_("If your real name is proved, enter it and the number of your ID too.")}</p>
      <${Field} form=${form} name="name" label=${_("Name")} maxlength="100" /><${Field} form=${form} name="resident_id" label=${_("Resident ID number")} maxlength="18" />`}
  <//>`;
}

/** A frozen account: a fresh proof of the real name opens it again. */
export const Unfreeze = () => html`<${ByProof} key="unfreeze" name="unfreeze" purpose="unfreeze" title=${_("Unfreeze the account")}
  lead=${_("A frozen account opens again with a code and a fresh proof of your real name.")} good=${_("The account is open again. Sign in now.")} />`;

/** The number is lost: a code to the new one, and a fresh proof of the real name. */
export const Recover = () => html`<${ByProof} key="recover" name="recover" purpose="recover_number" title=${_("The number is lost")} number
  lead=${_("Enter a number that you have now. A fresh proof of your real name moves your account to it.")} good=${_("Your account has the new number. Sign in with it.")} />`;

function ByProof({ name, purpose, title, lead, good, number }) {
  const app = useApp();
  const form = useForm(name, { phone: "", code: "", way: "zhongjin", name: "", resident_id: "", bank_card: "", reserved_phone: "", face: "" }, { never: ["code", "face"] });
  const code = useCode(form, purpose);
  const [step, setStep] = useState("who");
  const [begun, setBegun] = useState(null);
  const [busy, deed] = useDeed((refusal) => { setStep("who"); form.refuse(refusal); });
  const send = (face) => deed(async (act) => {
    const { phone, ...who } = form.values;
    const given = { ...who, face, request_id: code.asked.request_id, [number ? "new_phone" : "phone"]: phone };
    const begin = await act(number ? "registration.recover_number" : "registration.unfreeze", given);
    setBegun({ proof_id: begin.proof_id, request_id: code.asked.request_id });
    form.done();
  });
  if (begun) return html`<${Outcome} title=${title} begun=${begun} good=${good} onAgain=${() => { setBegun(null); setStep("who"); code.setAsked(null); }} />`;
  if (step === "face") return html`<${FaceStep} title=${title} busy=${busy} onBack=${() => setStep("who")} onTaken=${send} />`;
  return html`<${Screen} title=${title} foot=${code.asked && html`<${Button} kind="primary" busy=${busy} disabled=${form.values.code.length < 6} onClick=${() => setStep("face")}>${_("Next: picture of the face")}<//>`}>
    <p class="lead">${lead}</p><${FormProblem} form=${form} />
    <${PhoneAndCode} form=${form} code=${code} label=${number ? _("New phone number") : _("Phone number of the account")} />
    ${code.asked && html`<${WayChoice} form=${form} /><${IdentityFields} form=${form} phoneField="reserved_phone" />`}
  <//>`;
}

function Outcome({ title, begun, good, onAgain }) {
  const { door, seq, router } = useApp();
  const [found, setFound] = useState(null);
  useEffect(() => {
    let alive = true;
    const look = () => door.ask("registration.proof_outcome", begun).then((now) => alive && setFound(now), () => null);
    look();
    const beat = setInterval(look, 1500);
    return () => { alive = false; clearInterval(beat); };
  }, [seq]);
  const status = found?.status ?? "requested";
  if (status === "awaiting_code") return html`<${BankCode} title=${title} begun=${begun} />`;
  if (status === "matched") return html`<${Screen} title=${title} foot=${html`<${Button} kind="primary" onClick=${() => router.reset("login")}>${_("Sign in")}<//>`}><${Done} title=${good} /><//>`;
  if (status === "mismatched") {
    return html`<${Screen} title=${title} foot=${html`<${Button} kind="primary" onClick=${onAgain}>${_("Try again")}<//>`}>
      <${Done} tone="bad" title=${_("It could not be confirmed that it is you.")}><${Notice} tone="bad">${ofCode(found.reason)}<//><//><//>`;
  }
  return html`<${Screen} title=${title}><${Done} tone="wait" title=${_("Being checked")}>${_("This takes a few seconds.")}<//><//>`;
}

/** A bank card's proof ends with the code from the phone that the bank has. */
function BankCode({ title, begun }) {
  const app = useApp();
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => { setCode(""); setProblem(refusal.title); });
  const complete = (digits) => deed((act) => act("registration.complete_begun_proof", { ...begun, code: digits }));
  const resend = () => deed(async (act) => {
    await act("registration.resend_begun_proof_code", begun);
    app.toast(_("A new code is on its way."));
  });
  return html`<${Screen} title=${title}><p class="lead">${_("The bank agrees. A code has gone to the phone number at the bank; it completes the verification.")}</p>
    <${FullCode} value=${code} onChange=${(digits) => { setProblem(""); setCode(digits); }} onFull=${complete} error=${problem} busy=${busy} />
    <div class="center"><${Button} kind="quiet" disabled=${busy} onClick=${resend}>${_("Send the code again")}<//></div><//>`;
}
