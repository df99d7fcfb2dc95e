// Opening a file that was encrypted for this person: chosen here, decrypted on this phone, saved from here.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { saveAs } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Loaded, Notice, Sheet } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { openEnvelope, opensWith } from "../keys/encryption.js";
import { base64 } from "../keys/numbers.js";
import { Digits } from "../keypad.js";
import { PIN_LOCKED, Unlocking } from "./unlocking.js";

const LARGEST = 20 * 1024 * 1024;
const ENDINGS = /\.(p7m|p7|cms|der|pem|enc)$/i;

const nameOf = (file) => file.name.replace(ENDINGS, "") || "opened";

/** The way in, where this phone holds its part of the key. */
export function OpenFile({ one }) {
  const { keys } = useApp();
  const [signing, setSigning] = useState("");
  const [open, setOpen] = useState(false);
  useEffect(() => { opensWith(keys, one.id).then(setSigning, () => setSigning("")); }, [one.id, one.status]);
  if (!signing || !one.der) return null;
  return html`<${Button} kind="wide" onClick=${() => setOpen(true)}>${_("Open an encrypted file")}<//>
    ${open && html`<${Opening} one=${one} signing=${signing} onClose=${() => setOpen(false)} />`}`;
}

function Opening({ one, signing, onClose }) {
  const { keys } = useApp();
  const rules = useAsk("issuing.pin_rules", { certificate_id: signing });
  const [file, setFile] = useState(null);
  const [pin, setPin] = useState("");
  const [problem, setProblem] = useState({ pin: "", file: "" });
  const [locked, setLocked] = useState(false);
  const [content, setContent] = useState(null);
  const [busy, deed] = useDeed((refusal) => {
    setPin("");
    if (refusal.field === "file") setFile(null);
    setLocked(refusal.code === PIN_LOCKED);
    setProblem(refusal.field === "file" ? { pin: "", file: refusal.title } : { pin: refusal.title, file: "" });
  });
  const choose = (event) => {
    const [chosen] = event.target.files;
    event.target.value = "";
    if (!chosen) return;
    const large = chosen.size > LARGEST;
    setFile(large ? null : chosen);
    setProblem({ pin: "", file: large ? _("This file is too big to be opened on a phone: 20 MB at most.") : "" });
  };
  const enter = (digits) => {
    setProblem({ pin: "", file: "" });
    setPin(digits);
    if (digits.length !== rules.value?.digits) return;
    deed(async () => setContent(await openEnvelope(keys, one, digits, new Uint8Array(await file.arrayBuffer()))));
  };
  const title = _("Open an encrypted file");
  if (content) {
    return html`<${Sheet} title=${title} onClose=${onClose} foot=${html`<${Button} kind="primary" onClick=${() => saveAs(nameOf(file), base64(content))}>${_("Save")}<//>`}>
      <${Notice} tone="good">${_("{name} is open: {size} bytes. It is nowhere but on this phone until you save it.", { name: nameOf(file), size: content.length })}<//><//>`;
  }
  return html`<${Sheet} title=${title} onClose=${onClose}>
    ${locked ? html`<${Unlocking} id=${signing} />` : !file ? html`
      <p class="lead">${_("A file that somebody encrypted for this certificate (CMS, as .p7m). It is opened on this phone; the platform does not see what is inside.")}</p>
      <${Notice} tone="bad">${problem.file}<//>
      <label class="button wide filebutton"><span>${_("Choose the file")}</span><input type="file" onChange=${choose} /></label>` : html`
      <p class="lead center">${file.name}</p>
      <${Loaded} of=${rules}>${(found) => html`<${Digits} label=${_("Certificate PIN")} secret length=${found.digits} value=${pin} onChange=${enter} error=${problem.pin} busy=${busy} />`}<//>
      ${busy && html`<p class="center hint">${_("One moment…")}</p>`}`}<//>`;
}
