// Files that a PC makes or opens: what the phone shows of them before it confirms, and which of its keys opens one.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { useApp, useAsk } from "../../common/hooks.js";
import { Card, Fact, Notice, Tick } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { keyFor } from "../keys/files.js";

/** Purposes of codes that are about files. */
export const ABOUT_FILES = ["make_file", "decrypt"];

/** A size as people read it. */
export function sizeText(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let [value, unit] = [Number(bytes), 0];
  for (; value >= 1024 && unit < 3; unit += 1) value /= 1024;
  return `${unit ? value.toFixed(1) : value} ${units[unit]}`;
}

/** What is signed, or opened, and for whom. */
export function FileFacts({ ticket }) {
  const { title, size, digest, recipients, sender } = ticket.payload;
  return html`<${Card}><dl>
    <${Fact} name=${_("File name")}><b>${title}</b><//>
    <${Fact} name=${_("File size")}>${sizeText(size)}<//>
    <${Fact} name=${_("Fingerprint of the file")}><span class="mono">${digest.slice(0, 32)}…</span><//>
    ${recipients && html`<${Fact} name=${_("Encrypted for")}>${recipients}<//>`}
    ${ticket.purpose === "decrypt" && html`<${Fact} name=${_("Made by")}>${sender || _("Not known here: it was not made on this platform")}<//>`}
  </dl>
  <p class="hint">${ticket.purpose === "decrypt"
    ? _("Its content will be readable on the PC that showed the code, and nowhere else. The platform does not see it.")
    : _("You sign the file's fingerprint. The PC then encrypts it; the file itself does not leave the PC.")}</p><//>`;
}

/** The signing certificate that this phone's key for a file opens with; "" where there is none, null while it is asked. */
export function useOpener(ticket) {
  const { keys } = useApp();
  const [found, setFound] = useState(null);
  useEffect(() => {
    if (ticket.purpose !== "decrypt") return;
    keyFor(keys, ticket).then((key) => setFound(key?.held.opensWith ?? ""), () => setFound(""));
  }, [ticket.id]);
  return found;
}

/** This phone cannot open the file. */
export const NoKeyHere = () => html`<${Notice} tone="wait">${_("No key that opens this file is on this phone. Use the phone of the person it is for, or have the key recovered.")}<//>`;

/** Before a certificate is given up: the files that open with its key alone, by name, and what to do (ENC-4). */
export function OnlyWith({ id, known, onKnown }) {
  const found = useAsk("enveloping.only_with", { certificate_id: id }).value ?? [];
  if (!found.length) return null;
  const shown = found.slice(0, 5);
  return html`<${Notice} tone="wait"><b>${_("{count} files open with this certificate's key alone", { count: found.length })}</b>
    <ul class="plain">${shown.map((one) => html`<li key=${one.subject}>${one.params.name}</li>`)}</ul>
    ${found.length > shown.length && html`<p>${_("and {count} more", { count: found.length - shown.length })}</p>`}
    <p>${_("Open them and keep what is inside, or have them encrypted for another certificate of your enterprise, before you give this one up.")}</p>
    ${onKnown && html`<${Tick} checked=${known} label=${_("I know what can no longer be opened")} onChange=${onKnown}>${_("I know what can no longer be opened")}<//>`}<//>`;
}
