// The public verification pages: a contract by its code, and any PDF by handing it in. Nobody signs in.
import { Button, Notice } from "../common/kit.js";
import { learnTime } from "../common/format.js";
import { Icon } from "../common/icons.js";
import { _, language, onLanguage, speak } from "../common/texts.js";
import { html, render, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { Contract } from "./contract.js";
import { Result } from "./result.js";

// The mall's own: a reader chooses a language once.
const LANGUAGE = "yx-mall-language";
const LARGEST = 64 * 1024 * 1024;

const spoken = () => ({ "accept-language": language().replace("_", "-") });

async function answered(answer) {
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  throw new Error(told.title || _("Something unexpected happened. Try again in a moment."));
}

const judged = (base, file) =>
  fetch(`${base}/file`, { method: "POST", headers: { ...spoken(), "content-type": "application/pdf" }, body: file }).then(answered);

const published = (token) =>
  fetch("/api/v1/signing/published", {
    method: "POST", headers: { ...spoken(), "content-type": "application/json" }, body: JSON.stringify({ token }),
  }).then(answered);

/** Where a file is dropped or chosen. */
function Drop({ onFile, busy, contract }) {
  const [over, setOver] = useState(false);
  const input = useRef(null);
  const take = (files) => files[0] && onFile(files[0]);
  return html`<div class=${`drop ${over ? "over" : ""}`}
      onDragOver=${(event) => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)}
      onDrop=${(event) => { event.preventDefault(); setOver(false); take(event.dataTransfer.files); }}>
    <${Icon} name="upload" size=${36} />
    <p>${contract ? _("Is the file in your hands this contract? Drop the PDF here.") : _("Drop a PDF here: contract, letter, invoice, from anywhere.")}</p>
    <${Button} kind="primary" busy=${busy} onClick=${() => input.current.click()}>${_("Choose a PDF")}<//>
    <input ref=${input} type="file" class="unseen" accept="application/pdf,.pdf" aria-label=${_("Choose a PDF")}
      onChange=${(event) => { take(event.target.files); event.target.value = ""; }} />
    <small>${_("It is judged and forgotten: nothing of it is kept. At most 64 MB.")}</small>
  </div>`;
}

function App({ base, token }) {
  const [, setSpoken] = useState("");
  const [contract, setContract] = useState(null);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState(null);
  const place = useRef(null);
  useEffect(() => onLanguage(setSpoken), []);
  useEffect(() => {
    if (token) published(token).then(setContract, (problem) => setContract({ missing: problem.message }));
  }, [token]);
  useEffect(() => found && place.current?.focus(), [found]);
  const hand = async (file) => {
    setWrong("");
    setFound(null);
    if (file.size > LARGEST) return setWrong(_("The file is larger than 64 MB."));
    setBusy(true);
    try {
      const told = await judged(base, file);
      learnTime(told.at_ms);
      setFound({ ...told, name: file.name });
    } catch (problem) {
      setWrong(problem.message);
    } finally {
      setBusy(false);
    }
  };
  const other = language() === "en" ? ["zh_CN", "中文"] : ["en", "English"];
  return html`<div class="yx verify" lang=${language() === "en" ? "en" : "zh-CN"}>
    <header><a href=${base} class="brand"><${Icon} name="shield" size=${26} /><b>${_("Document verification")}</b></a>
      <button type="button" class="link" onClick=${() => { localStorage.setItem(LANGUAGE, other[0]); speak(other[0]); }}>${other[1]}</button></header>
    <main>
      ${token && html`<${Contract} of=${contract} />`}
      ${!token && html`<h1>${_("Verify a document")}</h1><p class="lead">${_("Who signed it, when, with which seal, and whether it was changed since.")}</p>`}
      <${Drop} onFile=${hand} busy=${busy} contract=${Boolean(contract?.number)} />
      <div aria-live="polite">${busy && html`<p class="working"><span class="spinner"></span> ${_("The document is being verified…")}</p>`}</div>
      <${Notice} tone="bad">${wrong}<//>
      ${found && html`<div ref=${place} tabindex="-1" class="found"><${Result} told=${found} contract=${contract} /></div>`}
    </main>
    <footer>${_("Judged offline against this platform's roots, with the newest revocation lists. A verdict is never better than what can be proved.")}</footer>
  </div>`;
}

async function begin() {
  const element = document.getElementById("app");
  await speak(localStorage.getItem(LANGUAGE) || element.dataset.language || navigator.language);
  render(html`<${App} base=${element.dataset.base} token=${element.dataset.token} />`, element);
}

begin();
