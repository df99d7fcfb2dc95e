// 实名认证: choose a way (开始认证), say who one is, the face, and for a bank card the code from the bank.
import { html, useState } from "../../vendor/htm-preact.js";
import { moment } from "../../common/format.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Card, Fact, Loaded, Row, Tag } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Done, Screen } from "../layout.js";
import { holds } from "../samples.js";
import { FormProblem, FullCode } from "./code.js";
import { FaceStep } from "./face.js";
import { IdentityFields, ORDER, useWays } from "./identity.js";
import { forgetReturn, returnOf } from "./returning.js";

const ABOUT = {
  zhongjin: () => _("Name, resident ID number and a picture of the face"),
  alipay: () => _("Name, resident ID number and a picture of the face"),
  bankcard: () => _("Bank card, name, resident ID number and the phone number at the bank"),
};
const ICONS = { zhongjin: "shield", alipay: "face", bankcard: "payment" };

/** `id` is the way that was chosen; without it the state and the ways. */
export function RealName({ id }) {
  const proof = useAsk("registration.my_newest_proof");
  const me = useAsk("registration.me");
  if (id && id !== "ways") return html`<${Prove} way=${id} proof=${proof} />`;
  return html`<${State} proof=${proof} me=${me} choosing=${id === "ways"} />`;
}

function State({ proof, me, choosing }) {
  const { go } = useApp();
  const { ways } = useWays();
  const open = proof.value?.status === "awaiting_code" ? proof.value : null;
  if (choosing) {
    return html`<${Screen} title=${_("Choose how to prove your name")}>
      <${Loaded} of=${ways}>${(known) => html`<div class="card list">${ORDER.filter((way) => way in known).map((way) => html`<${Row} key=${way} icon=${ICONS[way]}
        title=${both(known[way].label)} note=${ABOUT[way]()} onClick=${() => go(`real-name/${way}`)} />`)}</div>`}<//>
      <p class="hint">${_("Only whether the particulars agree is checked. If one way fails, try again or take another.")}</p>
    <//>`;
  }
  return html`<${Screen} title=${_("Real-name verification")} foot=${me.value && html`<${Button} kind="primary" onClick=${() => go(open ? `real-name/${open.way}` : "real-name/ways")}>
      ${open ? _("Enter the bank's code") : me.value.real_named ? _("Verify once more") : _("Start verification")}<//>`}>
    <${Loaded} of=${me}>${(found) => found.real_named
      ? html`<${Done} title=${_("Your real name is verified")}><p>${found.name}</p><//>`
      : html`<${Done} tone="wait" title=${_("Your real name is not verified yet")}><p>${_("Enterprises, certificates and seals come after it. Have your ID card at hand; the service is for people of 18 years or more.")}</p><//>`}<//>
    ${proof.value && html`<${Card} title=${_("The newest try")}><dl><${Fact} name=${_("Way")}>${ways.value ? both(ways.value[proof.value.way]?.label) : ""}<//>
      <${Fact} name=${_("When")}>${moment(proof.value.created_at)}<//><${Fact} name=${_("Where it stands")}><${Tag} tone=${toneOf(proof.value.status)}>${ofCode(`proof.status.${proof.value.status}`)}<//><//></dl><//>`}
  <//>`;
}

const BLANK = { name: "", resident_id: "", bank_card: "", phone: "" };

function Prove({ way, proof }) {
  const app = useApp();
  const { ways, fieldsOf } = useWays();
  const form = useForm("real-name", { ...BLANK, face: "", way }, { never: ["face", "way"] });
  const values = { ...form.values, way };
  const [step, setStep] = useState("who");
  const [begun, setBegun] = useState(null);
  const [busy, deed] = useDeed((refusal) => {
    if (refusal.field !== "face") setStep("who");
    form.refuse(refusal);
  });
  const fields = fieldsOf(way);
  const title = ways.value ? both(ways.value[way]?.label) : "";
  const send = (face) => deed(async (act) => {
    const { name, resident_id, bank_card, phone } = form.values;
    const given = { way, name, resident_id };
    if (fields.includes("bank_card")) given.bank_card = bank_card.replace(/\s/g, "");
    if (fields.includes("phone")) given.phone = phone.replace(/\s/g, "");
    if (face) given.face = face;
    setBegun((await act("registration.prove_name", given)).id);
    proof.reload();
  });
  const newest = proof.value;
  const resumed = !begun && newest?.status === "awaiting_code" && newest.way === way;
  if (begun || resumed) {
    return html`<${Outcome} title=${title} proof=${newest && (resumed || newest.id === begun) ? newest : null} onAgain=${() => { setBegun(null); setStep("who"); }} onDone=${() => { const back = returnOf(app); forgetReturn(app); form.done(); app.router.reset(back || "home"); }} />`;
  }
  if (step === "face") return html`<${FaceStep} title=${title} busy=${busy} problem=${form.errors.face || form.errors[""]} onBack=${() => setStep("who")} onTaken=${send} />`;
  const next = () => (fields.includes("face") ? check() : send(""));
  const check = () => {
    for (const [name, text] of [["name", _("Enter your name.")], ["resident_id", _("Enter your resident ID number.")]]) {
      if (!form.values[name].trim()) return form.wrong(name, text);
    }
    if (!holds(form.values.resident_id)) return form.wrong("resident_id", _("This resident ID number is not valid. Compare it with the card, the last character too."));
    return setStep("face");
  };
  return html`<${Screen} title=${title} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${next}>${_("Start verification")}<//>`}>
    <${FormProblem} form=${form} />
    <${IdentityFields} form=${{ ...form, values }} />
    <p class="hint">${_("Your particulars go to the provider for this check alone and are kept encrypted.")}</p>
  <//>`;
}

function Outcome({ title, proof, onAgain, onDone }) {
  const app = useApp();
  const { go } = app;
  const back = returnOf(app);
  const status = proof?.status ?? "requested";
  if (status === "awaiting_code") return html`<${BankCode} title=${title} proof=${proof} />`;
  if (status === "matched") {
    return html`<${Screen} title=${title} back=${false} foot=${html`<${Button} kind="primary" onClick=${onDone}>${back ? _("Back to what you were doing") : _("Done")}<//>`}><${Done} title=${ofCode("real_name.matched")}>
      <p>${back ? _("You have ten minutes for the step that asked for it.") : _("You can now claim your enterprise and apply for certificates.")}</p><//><//>`;
  }
  if (status === "mismatched") {
    const wrong = (proof.mismatched ?? []).map((field) => ofCode(field)).join(_(", "));
    return html`<${Screen} title=${title} foot=${html`<${Button} kind="primary" onClick=${onAgain}>${_("Try again")}<//><${Button} onClick=${() => go("real-name/ways")}>${_("Another way")}<//>`}>
      <${Done} tone="bad" title=${_("Not verified")}><p>${proof.reason ? ofCode(proof.reason) : ofCode("real_name.mismatched")}</p>
        ${wrong && html`<p>${_("Does not agree: {fields}", { fields: wrong })}</p>`}<p>${_("What you entered is kept.")}</p><//><//>`;
  }
  return html`<${Screen} title=${title}><${Done} tone="wait" title=${_("Being checked")}><p>${_("This takes a few seconds. You may leave; a message will tell you.")}</p><//><//>`;
}

function BankCode({ title, proof }) {
  const app = useApp();
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => { setCode(""); setProblem(refusal.title); });
  const complete = (digits) => deed(async (act) => act("registration.complete_proof", { proof_id: proof.id, code: digits }));
  const resend = () => deed(async (act) => {
    await act("registration.resend_proof_code", { proof_id: proof.id });
    setProblem("");
    app.toast(_("A new code is on its way."));
  });
  return html`<${Screen} title=${title}>
    <p class="lead">${_("The bank agrees. A code has gone to the phone number at the bank; it completes the verification.")}</p>
    <${FullCode} value=${code} onChange=${(digits) => { setProblem(""); setCode(digits); }} onFull=${complete} error=${problem} busy=${busy} />
    <div class="center"><${Button} kind="quiet" disabled=${busy} onClick=${resend}>${_("Send the code again")}<//></div>
  <//>`;
}
