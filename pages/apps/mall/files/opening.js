// 扫码解密: choose an encrypted file, confirm on the phone, and save what is in it; who signed it stands beside.
import { html, useState } from "../../vendor/htm-preact.js";
import { moment } from "../../common/format.js";
import { useDeed } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { Button, Fact, Notice } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { base64, ofBase64 } from "../../handset/keys/numbers.js";
import { QrOfKind } from "../sign_in.js";
import { madeKey, unsealed as handedOver } from "./handing.js";
import { bytesOf, digestOf, save, sizeText } from "./pieces.js";
import { Progress, useProgress } from "./progress.js";
import { headingOf, signedIn, unsealed } from "./unsealing.js";

const ENDINGS = /\.(p7m|p7|cms|der|enc)$/i;
// What was changed on the way: it does not decrypt, or what is inside is no longer a whole signed file.
const DAMAGED = ["mall.file_not_opened", "pki.signed_file_refused"];
const nameOf = (file) => file.name.replace(ENDINGS, "") || file.name;

/** base64 of what may be large, in pieces that a call can take. */
function base64Of(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x6000) text += base64(bytes.subarray(at, at + 0x6000));
  return text;
}

function Choose({ ready }) {
  const [refusal, refused] = useState(null);
  const [busy, deed] = useDeed(refused);
  const progress = useProgress();
  const choose = (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    refused(null);
    deed(async (act) => {
      const heading = await headingOf(file);
      try {
        const digest = await progress.run(_("Fingerprint"), file.size, (tell, signal) => digestOf(file, tell, signal));
        const asked = await act("enveloping.ask_opening", { name: file.name, sealed_size: file.size, sealed_digest_hex: digest, heading: base64Of(heading.heading) });
        ready({ file, heading, asked, key: await madeKey() });
      } catch (problem) {
        if (problem.name !== "AbortError") throw problem;
      }
    });
  };
  return html`<section class="card is-narrow">
    <h2>${_("Which file")}</h2>
    <p class="quiet">${_("A file that was encrypted for your enterprise (.p7m). It is not uploaded: this browser reads for whom it is, and decrypts it once the phone has confirmed.")}</p>
    <${Notice} tone="bad">${refusal?.title}<//>
    <${Progress} of=${progress} />
    <label class=${`button primary filebutton ${busy ? "is-busy" : ""}`}><span>${_("Choose the encrypted file")}</span><input type="file" class="unseen" disabled=${busy} onChange=${choose} /></label>
  </section>`;
}

const VERDICTS = () => ({
  trusted: ["good", _("Signed and unchanged")],
  revoked: ["wait", _("The signer's certificate has been revoked; when it was signed cannot be proved")],
  untrusted: ["wait", _("Signed by a certificate that this platform did not issue")],
  unsigned: ["wait", _("Nobody signed it: who made it, and whether it is whole, cannot be said")],
  changed: ["bad", _("What is inside is not what was signed. It is not given out.")],
});

function Read({ read, again }) {
  const { signer, blob, name } = read;
  const [tone, said] = VERDICTS()[signer.verdict];
  return html`<section class="card is-narrow" data-verdict=${signer.verdict}>
    ${signer.verdict !== "changed" && html`<p class="success"><${Icon} name="tick" size=${40} /><b>${_("The file is decrypted")}</b></p>`}
    <${Notice} tone=${tone}>${said}<//>
    <dl class="facts"><${Fact} name=${_("File name")}>${name}<//>
      ${blob && html`<${Fact} name=${_("File size")}>${sizeText(blob.size)}<//>`}
      ${signer.enterprise && html`<${Fact} name=${_("Signed by")}>${signer.enterprise}<//>`}
      ${signer.signed_at && html`<${Fact} name=${_("Signed at")}>${moment(signer.signed_at)}<//>`}
      ${signer.revoked_at && html`<${Fact} name=${_("Revoked")}>${moment(signer.revoked_at)}<//>`}</dl>
    <p class="row">${blob && html`<${Button} kind="primary file-save" onClick=${() => save(blob, name)}>${_("Save {name}", { name })}<//>`}
      <${Button} onClick=${again}>${_("Open another one")}<//></p>
    ${blob && html`<p class="quiet">${_("It is nowhere but in this browser until you save it.")}</p>`}
  </section>`;
}

/** What is inside, and who signed it; what was changed is not given out. */
async function told(act, openingId, inside, file) {
  const signed = await signedIn(inside);
  if (!signed) {
    const signer = await act("enveloping.record_read", { opening_id: openingId });
    return { signer, blob: inside, name: nameOf(file) };
  }
  const signer = await act("enveloping.record_read", {
    opening_id: openingId, size: signed.content.size, digest_hex: await digestOf(signed.content), head: base64Of(signed.head), tail: base64Of(signed.tail),
  });
  return { signer, blob: signer.verdict === "changed" ? null : signed.content, name: nameOf(file) };
}

/** The tab. */
export function Opening() {
  const [asked, setAsked] = useState(null);
  const [read, setRead] = useState(null);
  const [refusal, refused] = useState(null);
  const [, deed] = useDeed(refused);
  const progress = useProgress();
  const again = () => { setAsked(null); setRead(null); refused(null); };
  const decrypt = (ticketId) => deed(async (act) => {
    const taken = await act("enveloping.take_key", { ticket_id: ticketId });
    const contentKey = await handedOver(ofBase64(taken.sealed), asked.key.own, ticketId);
    try {
      await bytesOf(asked.file, 0, 1);
      const inside = await progress.run(_("Decrypting"), asked.file.size, (tell, signal) => unsealed(asked.file, asked.heading, contentKey, tell, signal));
      setRead(await told(act, taken.opening_id, inside, asked.file));
    } catch (problem) {
      if (problem.name === "AbortError") return again();
      if (DAMAGED.includes(problem.code)) await act("enveloping.record_damaged", { opening_id: taken.opening_id });
      if (problem.code) throw problem;
      refused({ title: _("The file could not be read: it was moved, changed or deleted after you chose it. Choose it again.") });
    }
    return undefined;
  });
  if (read) return html`<${Read} read=${read} again=${again} />`;
  if (!asked) return html`<${Choose} ready=${setAsked} />`;
  return html`<div class="columns">
    <section class="card"><${Notice} tone="bad">${refusal?.title}<//><${Progress} of=${progress} />
      ${!progress.state && !refusal && html`<${QrOfKind} act="enveloping.open_decryption_ticket" given=${{ opening_id: asked.asked.id, browser_key: base64(asked.key.point) }} confirmed=${decrypt} />`}
      ${refusal && html`<${Button} onClick=${again}>${_("Begin again")}<//>`}</section>
    <section class="card"><h2>${_("Confirm on the phone")}</h2>
      <dl class="facts"><${Fact} name=${_("File name")}>${asked.file.name}<//><${Fact} name=${_("File size")}>${sizeText(asked.file.size)}<//>
        <${Fact} name=${_("Fingerprint of the encrypted file")}><span class="mono">${asked.asked.sealed_digest_hex}</span><//></dl>
      <p class="quiet">${_("The phone shows the same name and fingerprint, and who made the file where that is known here.")}</p>
      <${Button} onClick=${again}>${_("Choose something else")}<//></section></div>`;
}
