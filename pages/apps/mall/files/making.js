// 扫码生成文件: choose a file and for whom it is, confirm on the phone, and save what this browser made of it.
import { html, useState } from "../../vendor/htm-preact.js";
import { useAsk, useDeed } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { Button, Fact, Loaded, Notice } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { ofBase64 } from "../../handset/keys/numbers.js";
import { useMall } from "../links.js";
import { QrOfKind } from "../sign_in.js";
import { bytesOf, digestOf, save, sizeText } from "./pieces.js";
import { Progress, useProgress } from "./progress.js";
import { between, sealed } from "./sealing.js";

const STOPPED = "AbortError";

function Recipients({ chosen, setChosen }) {
  const { door } = useMall();
  const known = useAsk("enveloping.recipients");
  const [found, setFound] = useState([]);
  const [wanted, setWanted] = useState("");
  const [said, setSaid] = useState("");
  const [busy, deed] = useDeed((refusal) => setSaid(refusal.title));
  const search = (event) => {
    event.preventDefault();
    deed(async () => {
      const [one] = await door.ask("enveloping.recipients", { wanted });
      setSaid(one ? "" : _("No enterprise of this platform has exactly this name or credit code."));
      if (!one) return;
      setFound((before) => [...before.filter((other) => other.enterprise_id !== one.enterprise_id), one]);
      if (one.certificates.length && !chosen.includes(one.enterprise_id)) setChosen([...chosen, one.enterprise_id]);
      setWanted("");
    });
  };
  const toggle = (id) => setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return html`<fieldset class="choice"><legend>${_("Encrypted for")}</legend>
    <${Loaded} of=${known}>${(all) => html`<ul class="file-people">${[...all, ...found.filter((one) => !all.some((other) => other.enterprise_id === one.enterprise_id))].map((one) => html`<li key=${one.enterprise_id}>
      <button type="button" role="checkbox" class="tickbox" aria-checked=${String(chosen.includes(one.enterprise_id))} aria-label=${one.enterprise}
        disabled=${!one.certificates.length} onClick=${() => toggle(one.enterprise_id)}>${chosen.includes(one.enterprise_id) && html`<${Icon} name="tick" size=${16} />`}</button>
      <span><b>${one.enterprise}</b>${one.own && html` (${_("your own enterprise")})`}<br /><small class="quiet">${one.certificates.length ? one.uscc : _("has no usable encryption certificate")}</small></span></li>`)}</ul>`}<//>
    <form class="field" onSubmit=${search}><div class="field-line">
      <input aria-label=${_("Another enterprise: its full name or credit code")} placeholder=${_("Another enterprise: its full name or credit code")} value=${wanted} onInput=${(event) => setWanted(event.target.value)} />
      <${Button} type="submit" busy=${busy} disabled=${!wanted.trim()}>${_("Add")}<//></div></form>
    ${said && html`<p class="error">${said}</p>`}
    ${!chosen.some((id) => (known.value ?? []).some((one) => one.own && one.enterprise_id === id)) && chosen.length > 0
      && html`<p class="hint">${_("Your own enterprise is not chosen: it could not open this file again.")}</p>`}</fieldset>`;
}

function Choose({ ready }) {
  const limits = useAsk("enveloping.limits");
  const [file, setFile] = useState(null);
  const [chosen, setChosen] = useState([]);
  const [refusal, refused] = useState(null);
  const [busy, deed] = useDeed(refused);
  const progress = useProgress();
  const choose = (event) => {
    const [one] = event.target.files;
    event.target.value = "";
    refused(null);
    if (!one) return;
    const large = limits.value && one.size > limits.value.largest_bytes;
    if (large) refused({ title: _("This file is too large: at most {largest}.", { largest: sizeText(limits.value.largest_bytes) }) });
    setFile(large ? null : one);
  };
  const ask = () => deed(async (act) => {
    refused(null);
    try {
      const digest = await progress.run(_("Fingerprint"), file.size, (tell, signal) => digestOf(file, tell, signal));
      const asked = await act("enveloping.ask_file", { name: file.name, size: file.size, digest_hex: digest, recipients: chosen });
      ready({ file, asked });
    } catch (problem) {
      if (problem.name !== STOPPED) throw problem;
    }
  });
  return html`<section class="card is-narrow">
    <h2>${_("What and for whom")}</h2>
    <${Notice} tone="bad">${refusal?.title}<//>
    <label class="button filebutton"><span>${file ? _("Choose another file") : _("Choose the file")}</span><input type="file" class="unseen" onChange=${choose} /></label>
    ${file && html`<p data-chosen><b>${file.name}</b> · ${sizeText(file.size)}</p>`}
    <${Recipients} chosen=${chosen} setChosen=${setChosen} />
    <${Progress} of=${progress} />
    <${Button} kind="primary" busy=${busy} disabled=${!file || !chosen.length} onClick=${ask}>${_("Next")}<//>
  </section>`;
}

function Summary({ file, asked }) {
  return html`<dl class="facts"><${Fact} name=${_("File name")}>${asked.name}<//><${Fact} name=${_("File size")}>${sizeText(file.size)}<//>
    <${Fact} name=${_("Fingerprint of the file")}><span class="mono">${asked.digest_hex}</span><//></dl>`;
}

function Made({ made, again }) {
  const name = `${made.asked.name}.p7m`;
  return html`<section class="card is-narrow">
    <p class="success"><${Icon} name="tick" size=${40} /><b>${_("The file is signed and encrypted")}</b></p>
    <${Summary} ...${made} />
    <p class="row"><${Button} kind="primary file-save" onClick=${() => save(made.blob, name)}>${_("Save {name}", { name })}<//>
      <${Button} onClick=${again}>${_("Make another one")}<//></p>
    <p class="quiet">${_("It is kept nowhere but here: save it before you leave this page. Those it is for open it at this page, or with any program that reads CMS.")}</p>
  </section>`;
}

/** The tab. */
export function Making() {
  const [asked, setAsked] = useState(null);
  const [made, setMade] = useState(null);
  const [refusal, refused] = useState(null);
  const [, deed] = useDeed(refused);
  const progress = useProgress();
  const again = () => { setAsked(null); setMade(null); refused(null); };
  const encrypt = (ticketId) => deed(async (act) => {
    const taken = await act("enveloping.take_signature", { ticket_id: ticketId });
    const inside = between(ofBase64(taken.head), asked.file, ofBase64(taken.tail));
    try {
      await bytesOf(asked.file, 0, 1);
      const { blob, digest } = await progress.run(_("Encrypting"), inside.size, (tell, signal) => sealed(inside, taken.recipients.map(ofBase64), tell, signal));
      await act("enveloping.record_made", { file_id: taken.file_id, sealed_size: blob.size, sealed_digest_hex: digest });
      setMade({ ...asked, blob });
    } catch (problem) {
      await act("enveloping.drop_file", { file_id: taken.file_id });
      if (problem.name === STOPPED) return again();
      if (problem.code) throw problem;
      refused({ title: _("The file could not be read: it was moved, changed or deleted after you chose it. Choose it again.") });
    }
    return undefined;
  });
  if (made) return html`<${Made} made=${made} again=${again} />`;
  if (!asked) return html`<${Choose} ready=${setAsked} />`;
  return html`<div class="columns">
    <section class="card"><${Notice} tone="bad">${refusal?.title}<//><${Progress} of=${progress} />
      ${!progress.state && !refusal && html`<${QrOfKind} act="enveloping.open_file_ticket" given=${{ file_id: asked.asked.id }} confirmed=${encrypt} />`}
      ${refusal && html`<${Button} onClick=${again}>${_("Begin again")}<//>`}</section>
    <section class="card"><h2>${_("Confirm on the phone")}</h2><${Summary} ...${asked} />
      <p class="quiet">${_("The phone shows the same name and fingerprint. You sign with the certificate PIN; then this browser encrypts.")}</p>
      <${Button} onClick=${again}>${_("Choose something else")}<//></section></div>`;
}
