// 存证回执: what the person did to a thing of theirs, in the platform's log, checked by this phone; saved and shared.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { moment, saveAs } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Empty, Fact, Loaded, Notice, Row } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { base64, utf8 } from "../keys/numbers.js";
import { Screen } from "../layout.js";
import { wrongWith } from "../receipt.js";

const WHY = {
  form: () => _("This is no receipt of the log."),
  key: () => _("Its head is signed by another key than the one this phone knows."),
  unable: () => _("This browser is too old to check the signature. Update it."),
  signature: () => _("The signature of its head does not hold."),
  told: () => _("What it tells of the event is not what the log has."),
  path: () => _("Its proof does not lead to the signed head."),
};
const JSON_TYPE = "application/json";

/** The row that leads there, on the screen of the thing. */
export function ReceiptsRow({ id }) {
  const { go } = useApp();
  return html`<div class="card list"><${Row} icon="shield" title=${_("Receipts of the log")} note=${_("That what you did here is in the log, checked by this phone.")} onClick=${() => go(`receipts/${id}`)} /></div>`;
}

const textOf = (receipt) => `${JSON.stringify(receipt, null, 1)}\n`;
const nameOf = (receipt) => `receipt-${receipt.operation}.json`;

function Verdict({ receipt, wrong }) {
  if (wrong === null) return html`<${Notice}>${_("Being checked on this phone…")}<//>`;
  if (wrong) return html`<${Notice} tone="bad"><b>${_("The receipt does not hold.")}</b> ${WHY[wrong]()}<//>`;
  const nodes = Math.max(...receipt.events.map((one) => one.proof.length));
  return html`<${Notice} tone="good"><b>${_("In the log: this phone has checked it.")}</b><br />${_("{nodes} nodes lead to the head over {size} events, signed {time} by the machine's own clock.", { nodes, size: receipt.head.size, time: moment(receipt.head.timestamp) })}<//>`;
}

/** `id` is the thing's: of what was recorded at once, what happened to it stands at the head. */
function One({ id, receipt }) {
  const { state } = useApp();
  const [wrong, setWrong] = useState(null);
  const [busy, deed] = useDeed();
  useEffect(() => {
    let alive = true;
    setWrong(null);
    wrongWith(receipt, state.log_key).then((found) => alive && setWrong(found));
    return () => { alive = false; };
  }, [receipt, state.log_key]);
  const first = receipt.events.find((one) => one.subject === id) ?? receipt.events[0];
  const others = receipt.events.filter((one) => one !== first);
  const file = () => new File([textOf(receipt)], nameOf(receipt), { type: JSON_TYPE });
  // Who closes the system's sheet shares with nobody: no refusal.
  const share = () => deed(() => navigator.share({ files: [file()] }).catch(() => null));
  const shares = navigator.canShare?.({ files: [file()] });
  return html`<${Card} title=${ofCode(first.kind)}>
    <${Verdict} receipt=${receipt} wrong=${wrong} />
    <dl><${Fact} name=${_("When")}>${moment(first.occurred_at)}<//>
      ${others.length > 0 && html`<${Fact} name=${_("With it")}>${others.map((one) => ofCode(one.kind)).join(_(", "))}<//>`}
      <${Fact} name=${_("Number in the log")}>${receipt.events.map((one) => one.index + 1).join(", ")}<//>
      <${Fact} name=${_("Fingerprint in the log")}><span class="mono">${first.leaf.slice(0, 16)}…</span><//></dl>
    <${Button} kind="wide" onClick=${() => saveAs(nameOf(receipt), base64(utf8(textOf(receipt))), JSON_TYPE)}>${_("Save as a file")}<//>
    ${shares && html`<${Button} kind="quiet wide" busy=${busy} onClick=${share}>${_("Share")}<//>`}<//>`;
}

/** The receipts of what the signed-in person did to the thing with this id, newest first. */
export function Receipts({ id }) {
  const found = useAsk("evidence.my_receipts", { subject: id });
  return html`<${Screen} title=${_("Receipts of the log")}>
    <p class="lead">${_("Each says that what you did is in the platform's log, under a head that the platform has signed. Keep it: with it anybody can show later that the log was changed.")}</p>
    <${Loaded} of=${found}>${(all) => (all.length ? all.map((one) => html`<${One} key=${one.operation} id=${id} receipt=${one} />`) : html`<${Empty} icon="shield" title=${_("Nothing of yours here")}>${_("You have done nothing to it on this phone yet.")}<//>`)}<//>
  <//>`;
}
