// 批量签章: up to fifty contracts under one certificate and seal, one code, one entry of the PIN.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { useAsk, useDeed } from "../common/hooks.js";
import { Button, Loaded, Notice, Sheet } from "../common/kit.js";
import { _ } from "../common/texts.js";
import { firstOf, Means } from "./contract_means.js";
import { Proving } from "./contract_signing.js";

const ASK_MS = 1500;
// A batch is as far as its slowest contract; one that failed ends it.
const ORDER = ["requested", "prepared", "signed", "completed"];

/** How far a batch is, of all its signatures. */
export function standing(signatures) {
  if (!signatures?.length) return "requested";
  if (signatures.every((one) => one.status === "failed")) return "failed";
  const living = signatures.filter((one) => one.status !== "failed").map((one) => ORDER.indexOf(one.status));
  return ORDER[Math.min(...living)];
}

function useBatch(batchId) {
  const asked = useAsk("signing.signing_batch", { batch_id: batchId }, { skip: !batchId });
  const { reload } = asked;
  const status = standing(asked.value?.signatures);
  useEffect(() => {
    if (!batchId || ["prepared", "completed", "failed"].includes(status)) return undefined;
    const timer = setInterval(reload, ASK_MS);
    return () => clearInterval(timer);
  }, [batchId, status, reload]);
  return [asked.value, status, reload];
}

/** The dialog. `close(done)` says whether the seals are on. */
export function Batch({ ids, close }) {
  const means = useAsk("signing.means");
  const [picked, setPicked] = useState(null);
  const [batchId, setBatchId] = useState("");
  const [refusal, refused] = useState(null);
  const [busy, deed] = useDeed(refused);
  const [, status, again] = useBatch(batchId);
  const chosen = picked ?? (means.value ? firstOf(means.value) : { certificate_id: "", seal_id: "" });
  const certificate = means.value?.certificates.find((one) => one.id === chosen.certificate_id);
  const ask = () => deed(async (act) => {
    refused(null);
    const made = await act("signing.request_batch", { contract_ids: ids, ...chosen });
    setBatchId(made.id);
  });
  const done = status === "completed";
  const foot = batchId
    ? html`<${Button} kind=${done ? "primary" : "plain"} onClick=${() => close(done)}>${_("Close")}<//>`
    : html`<${Button} onClick=${() => close(false)}>${_("Close")}<//><${Button} kind="primary" busy=${busy} disabled=${!chosen.seal_id} onClick=${ask}>${_("On to sealing")}<//>`;
  return html`<${Sheet} title=${_("Seal {count} contracts together", { count: ids.length })} onClose=${() => close(done)} wide=${true} foot=${foot}>
    <${Notice} tone="bad">${refusal?.title}<//>
    ${batchId
      ? html`<${Proving} given=${{ batch_id: batchId }} kind=${certificate?.kind ?? "platform"} status=${status} why="" confirmed=${again} again=${() => setBatchId("")} />`
      : html`<p>${_("One code and one entry of the PIN seal them all, or none: the phone lists each with its amount. The seal goes where each contract keeps a place for your party.")}</p>
        <${Loaded} of=${means}>${(found) => html`<${Means} found=${found} chosen=${chosen} choose=${(changes) => setPicked({ ...chosen, ...changes })} />`}<//>`}
  <//>`;
}
