// 04 附件信息: the contract's file and what goes with it, in the guide's columns.
import { html } from "../vendor/htm-preact.js";
import { Button } from "../common/kit.js";
import { _ } from "../common/texts.js";
import { useMall } from "./links.js";

const LONGEST = 500;

/** The remarks of a row with their count, such as 3/500. */
export function Remarks({ value, change }) {
  if (!change) return html`<span>${value || "—"}</span>`;
  return html`<span class="remarks"><textarea rows="2" maxlength=${LONGEST} value=${value} aria-label=${_("Remarks")} onInput=${(event) => change(event.target.value)}></textarea>
    <small>${[...value].length}/${LONGEST}</small></span>`;
}

/** A file that is there to be downloaded anew, or that there is none yet. */
export function Again({ blob, name }) {
  const { door } = useMall();
  if (!blob) return html`<span class="quiet">${_("No template yet")}</span>`;
  return html`<a class="link" href=${`${door.media(blob)}?download`} download=${name}>${_("Download anew")}</a>`;
}

/** A row: the document's kind, its file, what can be done with it, remarks, download. */
export function Row({ kind, file, manage, remarks, changeRemarks, blob }) {
  return html`<tr>
    <td data-label=${_("Document name")}>${kind}</td>
    <td data-label=${_("File list")}>${file}</td>
    <td data-label=${_("Managing it")}><span class="row-acts">${manage}</span></td>
    <td data-label=${_("Remarks")}><${Remarks} value=${remarks} change=${changeRemarks} /></td>
    <td data-label=${_("Download anew")}><${Again} blob=${blob} name=${typeof file === "string" ? file : ""} /></td></tr>`;
}

/** The table around the rows. */
export const Attachments = ({ children }) => html`<div class="table-frame"><table class="table is-attachments">
  <thead><tr><th>${_("Document name")}</th><th>${_("File list")}</th><th>${_("Managing it")}</th><th>${_("Remarks")}</th><th>${_("Download anew")}</th></tr></thead>
  <tbody>${children}</tbody></table></div>`;

/** The button that opens 签章, disabled with its reason. */
export const SealButton = ({ why, open, primary }) => html`<span class="with-why"><${Button} kind=${primary ? "primary" : "plain"} disabled=${Boolean(why)} onClick=${open}>${_("Sign and seal")}<//>
  ${why && html`<small class="why">${why}</small>`}</span>`;
