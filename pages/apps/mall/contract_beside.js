// What goes with the contract's file: further documents of kinds that the platform's data names.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { Icon } from "../common/icons.js";
import { _, both } from "../common/texts.js";
import { readFile } from "../common/format.js";
import { Row } from "./contract_attachments.js";
import { kept, sizeOf } from "./contract_file.js";

const LARGEST = 10 * 1024 * 1024;

/** The files of a draft, kept in this browser; `given` are those that a version before had. */
export function useKeptFiles(key, given = []) {
  const [files, setFiles] = useState(given);
  useEffect(() => {
    let alive = true;
    kept.read(key).then((found) => alive && found && setFiles(found), () => {});
    return () => (alive = false);
  }, [key]);
  const keep = (wanted) => {
    setFiles(wanted);
    kept.write(key, wanted.length ? wanted : null).catch(() => {});
  };
  return [files, keep];
}

/** The rows of what is there, and the one to add another. */
export function Beside({ rules, files, keep }) {
  const [kind, setKind] = useState(rules.attachments[0]?.code ?? "");
  const [wrong, setWrong] = useState("");
  const labels = Object.fromEntries(rules.attachments.map((one) => [one.code, one.label]));
  const add = async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    if (!/\.(pdf|png|jpe?g)$/i.test(file.name)) return setWrong(_("Choose a PDF, PNG or JPEG."));
    if (!file.size || file.size > LARGEST) return setWrong(_("The file is empty or larger than 10 MB."));
    setWrong("");
    return keep([...files, { ...(await readFile(file)), kind, remarks: "" }]);
  };
  const change = (n, changes) => keep(files.map((one, m) => (m === n ? { ...one, ...changes } : one)));
  if (!rules.attachments.length) return null;
  return html`${files.map((one, n) => html`<${Row} key=${n} kind=${both(labels[one.kind]) || one.kind} file=${`${one.name} · ${sizeOf(one.size)}`} remarks=${one.remarks} changeRemarks=${(remarks) => change(n, { remarks })}
      manage=${html`<button type="button" class="bare" aria-label=${_("Take {name} out", { name: one.name })} onClick=${() => keep(files.filter((_one, m) => m !== n))}><${Icon} name="trash" size=${18} /></button>`} />`)}
    ${files.length < rules.most_attachments && html`<tr><td data-label=${_("Document name")}><select aria-label=${_("Kind of attachment")} value=${kind} onChange=${(event) => setKind(event.target.value)}>${rules.attachments.map((one) => html`<option key=${one.code} value=${one.code}>${both(one.label)}</option>`)}</select></td>
      <td colspan="4"><label class="button add-file"><${Icon} name="plus" size=${18} />${_("Add an attachment")}<input type="file" accept=".pdf,.png,.jpg,.jpeg" aria-label=${_("Add an attachment")} onChange=${add} /></label>
        ${wrong && html`<span class="error" role="alert">${wrong}</span>`}</td></tr>`}`;
}
