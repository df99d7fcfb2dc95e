// 手动上传: a file by drag and drop or by choice, kept in this browser until the contract is saved.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { readFile } from "../common/format.js";
import { Icon } from "../common/icons.js";
import { _ } from "../common/texts.js";

const LARGEST = 20 * 1024 * 1024;
const STORE = "files";

/** What a file must be before it is sent at all; the engine looks into it. */
function refusalOf(file) {
  if (!/\.(pdf|docx)$/i.test(file.name)) return _("Choose a PDF or a Word document (DOCX).");
  if (file.size > LARGEST) return _("The file is larger than 20 MB. Make it smaller or split it.");
  return file.size ? "" : _("This file is empty.");
}

/** The browser's own store for files that a form holds: a refresh must not lose them. */
const opened = () => new Promise((resolve, reject) => {
  const asked = indexedDB.open("yx-mall-drafts", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

async function inStore(mode, work) {
  const store = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const done = store.transaction(STORE, mode);
      const asked = work(done.objectStore(STORE));
      done.oncomplete = () => resolve(asked.result);
      done.onerror = () => reject(done.error);
    });
  } finally {
    store.close();
  }
}

/** Files of forms by their names; `write(name, null)` forgets. */
export const kept = {
  read: (name) => inStore("readonly", (store) => store.get(name)),
  write: (name, value) => inStore("readwrite", (store) => (value ? store.put(value, name) : store.delete(name))),
};

/** The file of a draft: `[file, keep]`; `keep(null)` forgets it. `{name, size, content}` with base64. */
export function useKeptFile(key) {
  const [file, setFile] = useState(null);
  useEffect(() => {
    let alive = true;
    kept.read(key).then((found) => alive && found && setFile(found), () => {});
    return () => (alive = false);
  }, [key]);
  const keep = (chosen) => {
    setFile(chosen);
    // A browser that keeps nothing loses the draft's file at a refresh, not the form.
    kept.write(key, chosen).catch(() => {});
  };
  return [file, keep];
}

/** What a file comes to, in the largest unit that says it. */
export const sizeOf = (bytes) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);

/** The place to drop a file onto; `progress` is null, or how much of it is sent. */
export function DropFile({ file, keep, error, wrong, progress, label }) {
  const [over, setOver] = useState(false);
  const take = async (list) => {
    const [chosen] = list;
    if (!chosen) return;
    const refusal = refusalOf(chosen);
    wrong(refusal);
    if (!refusal) keep(await readFile(chosen));
  };
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return html`<div class=${`drop ${over ? "is-over" : ""} ${error ? "is-wrong" : ""}`} onDragOver=${(event) => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)} onDrop=${drop}>
      <label><${Icon} name=${file ? "tick" : "upload"} size=${24} /><span>${file ? html`<b>${file.name}</b> · ${sizeOf(file.size)}` : _("Drop a PDF or DOCX here, or choose one")}</span>
        <input type="file" accept=".pdf,.docx" aria-label=${label} onChange=${(event) => { take(event.target.files); event.target.value = ""; }} /></label>
      ${file && html`<button type="button" class="bare" aria-label=${_("Take the file out")} onClick=${() => { wrong(""); keep(null); }}><${Icon} name="trash" size=${18} /></button>`}
    </div>
    ${progress !== null && html`<div class="progress-line" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(progress * 100)} aria-label=${_("Upload")}><i style=${`width:${progress * 100}%`}></i><span>${progress < 1 ? _("Sent: {percent} %", { percent: Math.round(progress * 100) }) : _("Sent; the document is being checked…")}</span></div>`}
    ${error && html`<p class="error" role="alert">${error}</p>`}`;
}
