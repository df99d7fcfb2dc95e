// 修改证书密码: the old one, the new one twice; a locked one is unlocked by proving one's real name again.
import { html, useState } from "../../vendor/htm-preact.js";
import { worldNow } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Loaded, Notice } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { Digits } from "../keypad.js";
import { Done, Screen } from "../layout.js";
import { proveFor } from "./returning.js";
import { PIN_LOCKED } from "./unlocking.js";

// How long a proof of the real name unlocks; the engine has the last word.
const FRESH_MS = 10 * 60_000;
const NOT_FRESH = "issuing.name_not_fresh";

/** The PIN of one certificate. */
export function Pin({ id }) {
  const { router } = useApp();
  const rules = useAsk("issuing.pin_rules", { certificate_id: id });
  const leave = () => router.replace(`certificates/${id}`);
  const [locked, setLocked] = useState(false);
  const unlocked = () => { setLocked(false); rules.reload(); };
  if (locked || rules.value?.locked) return html`<${Unlock} id=${id} leave=${leave} unlocked=${unlocked} />`;
  if (!rules.value) return html`<${Screen} title=${_("Change the certificate PIN")} onBack=${leave}><${Loaded} of=${rules}>${() => null}<//><//>`;
  return html`<${Change} id=${id} rules=${rules.value} leave=${leave} onLocked=${() => setLocked(true)} />`;
}

const STEPS = ["old", "new", "again"];

function Change({ id, rules, leave, onLocked }) {
  const { keys } = useApp();
  const [typed, setTyped] = useState({ old: "", new: "", again: "" });
  const [step, setStep] = useState("old");
  const [problem, setProblem] = useState("");
  const [changed, setChanged] = useState(false);
  const back = (to, text) => {
    const from = STEPS.indexOf(to);
    setTyped((before) => Object.fromEntries(STEPS.map((name, at) => [name, at < from ? before[name] : ""])));
    setStep(to);
    setProblem(text);
  };
  const [busy, deed] = useDeed((refusal) => (refusal.code === PIN_LOCKED ? onLocked() : back("old", refusal.title)));
  const enter = (digits) => {
    setProblem("");
    setTyped({ ...typed, [step]: digits });
    if (digits.length < rules.digits) return;
    if (step === "old") setStep("new");
    else if (step === "new") choose(digits);
    else if (digits !== typed.new) back("new", _("The two entries differ. Choose the PIN again."));
    else deed(async () => {
      await keys.rewrap(id, typed.old, digits);
      setTyped({ old: "", new: "", again: "" });
      setChanged(true);
    });
  };
  const choose = (digits) => {
    if (digits === typed.old) return back("new", _("This is the PIN it has now. Choose another."));
    try {
      keys.check(digits, rules);
      return setStep("again");
    } catch (refusal) {
      return back("new", refusal.title);
    }
  };
  if (changed) {
    return html`<${Screen} title=${_("Change the certificate PIN")} back=${false} foot=${html`<${Button} kind="primary" onClick=${leave}>${_("Done")}<//>`}>
      <${Done} title=${_("The certificate PIN has been changed")}><p>${_("From now on only the new PIN opens this certificate.")}</p><//><//>`;
  }
  const labels = { old: _("The PIN it has now"), new: _("The new certificate PIN"), again: _("The new certificate PIN once more") };
  return html`<${Screen} title=${_("Change the certificate PIN")} onBack=${leave}>
    <p class="lead center">${labels[step]}</p>
    <${Digits} key=${step} label=${labels[step]} secret length=${rules.digits} value=${typed[step]} onChange=${enter} error=${problem} busy=${busy} />
    ${busy ? html`<p class="center hint">${_("One moment…")}</p>` : html`<${Notice}>${_("After {tries} wrong entries in a row the PIN is locked. A forgotten PIN cannot be looked up: the certificate is replaced.", { tries: rules.tries })}<//>`}
  <//>`;
}

function Unlock({ id, leave, unlocked }) {
  const app = useApp();
  const { go, toast } = app;
  const [stale, setStale] = useState(false);
  const proof = useAsk("registration.my_newest_proof");
  const fresh = !stale && proof.value?.status === "matched" && worldNow() - proof.value.created_at < FRESH_MS;
  const [busy, deed] = useDeed((refusal) => (refusal.code === NOT_FRESH ? setStale(true) : toast(refusal.title, "bad")));
  const unlock = () => deed(async (act) => {
    await act("issuing.unlock_pin", { certificate_id: id });
    toast(_("The certificate PIN is unlocked."));
    unlocked();
  });
  return html`<${Screen} title=${_("The certificate PIN is locked")} onBack=${leave}
    foot=${html`<${Button} kind=${fresh ? "primary" : "plain"} busy=${busy} onClick=${unlock}>${_("Unlock")}<//><${Button} kind=${fresh ? "plain" : "primary"} onClick=${() => proveFor(app, `pin/${id}`)}>${_("Prove my real name")}<//>`}>
    <${Notice} tone=${stale ? "bad" : "wait"}>${_("Prove your real name again, then come back here within ten minutes and unlock it. The PIN stays what it was.")}<//>
    <div class="center"><button type="button" class="link" onClick=${() => go(`apply/replacement/${id}`)}>${_("I have forgotten the PIN")}</button></div>
  <//>`;
}
