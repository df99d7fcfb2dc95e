// What a contract can be proved with elsewhere: signing report, evidence pack, the public page its code leads to.
import { html, useState } from "../vendor/htm-preact.js";
import { useAsk, useDeed } from "../common/hooks.js";
import { Button, Notice } from "../common/kit.js";
import { _, language } from "../common/texts.js";
import { useMall } from "./links.js";

/** A file that the server makes now; a refusal is told like that of an act. */
async function fetched(address) {
  const answer = await fetch(address, { credentials: "same-origin", headers: { "accept-language": language().replace("_", "-") } });
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw Object.assign(new Error(told.title), { code: told.code ?? "unexpected", title: told.title || _("Something unexpected happened. Try again in a moment.") });
  }
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "file";
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The card; nothing can be proved before somebody has signed. */
export function Proofs({ id, signed }) {
  const { door } = useMall();
  const [making, setMaking] = useState("");
  const [wrong, setWrong] = useState("");
  const page = useAsk("signing.public_page", { contract_id: id });
  const [busy, deed] = useDeed((refusal) => setWrong(refusal.title));
  const take = (which) => deed(async () => {
    setMaking(which);
    setWrong("");
    await fetched(`${door.base}/contracts/${encodeURIComponent(id)}/${which}`);
  });
  const files = [
    ["report", _("Signing report")],
    ["report?with=contract", _("Signing report with the contract in it")],
    ["evidence", _("Evidence pack")],
  ];
  return html`<section class="card" aria-label=${_("Reports and evidence")}><h2>${_("Reports and evidence")}</h2>
    ${signed
      ? html`<p class="quiet">${_("They are made anew each time. The evidence pack is for administrators; it leads from the seal back to certificate, reviews and payment, and brings its own verifier.")}</p>
        <p class="row-of-buttons">${files.map(([which, label]) => html`<${Button} key=${which} busy=${busy && making === which} disabled=${busy} onClick=${() => take(which)}>${label}<//> `)}</p>`
      : html`<p class="quiet">${_("Once somebody has signed, the signing report and the evidence pack are here.")}</p>`}
    <${Notice} tone="bad">${wrong}<//>
    ${page.value?.address && html`<p><a href=${page.value.address} target="_blank" rel="noopener">${_("The contract's public verification page")}</a></p>`}
  </section>`;
}
