// 文件加解密: files made by scan, files opened by scan, and the list of both. What is in a file stays in this browser.
import { html } from "../../vendor/htm-preact.js";
import { moment } from "../../common/format.js";
import { useAsk } from "../../common/hooks.js";
import { Empty, Fact, Loaded, Notice, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { useMall } from "../links.js";
import { Making } from "./making.js";
import { Opening } from "./opening.js";
import { sizeText } from "./pieces.js";

const TABS = () => [["make", _("Make a file by scan")], ["open", _("Decrypt by scan")], ["list", _("Files made")]];

function Openings({ rows }) {
  if (!rows.length) return html`<p class="quiet">${_("Nobody has opened it on this platform yet.")}</p>`;
  return html`<ul class="plain">${rows.map((one) => html`<li>
    ${one.enterprise}${one.person && html` · ${one.person} (${one.login})`} · ${one.opened_at && moment(one.opened_at)}
    ${one.status === "damaged" && html` <${Tag} tone="bad">${_("Damaged")}<//>`}</li>`)}</ul>`;
}

const TONES = { asked: "wait", signed: "wait", made: "good" };

function Item({ row }) {
  const { file } = row;
  return html`<details class="file-row" data-file=${file.id}>
    <summary><b class="file-name">${file.name}</b><span class="quiet">${sizeText(file.size)}</span>
      <span>${row.own ? _("Made by your enterprise") : _("From {enterprise}", { enterprise: row.sender })}</span>
      <span class="quiet">${moment(file.made_at ?? file.created_at)}</span>
      <${Tag} tone=${TONES[file.status]}>${ofCode(`file.status.${file.status}`)}<//></summary>
    <dl class="facts">
      <${Fact} name=${_("Encrypted for")}>${row.recipients.join("、")}<//>
      ${row.signer && html`<${Fact} name=${_("Signed by")}>${row.signer}${file.signed_at && html` · ${moment(file.signed_at)}`}<//>`}
      <${Fact} name=${_("Fingerprint of the file")}><span class="mono">${file.digest_hex}</span><//>
      ${file.sealed_digest_hex && html`<${Fact} name=${_("Fingerprint of the encrypted file")}><span class="mono">${file.sealed_digest_hex}</span><//>`}
      <${Fact} name=${_("Opened by")}><${Openings} rows=${row.openings} /><//>
    </dl></details>`;
}

function List() {
  const rows = useAsk("enveloping.rows");
  return html`<section class="card"><${Loaded} of=${rows}>${(all) => (all.length
    ? html`<div class="file-list">${all.map((row) => html`<${Item} key=${row.file.id} row=${row} />`)}</div>`
    : html`<${Empty} icon="shield" title=${_("No file yet")}>${_("Files that your enterprise makes here, and those that others make for it, are listed here with who opened them.")}<//>`)}<//></section>`;
}

/** The page. */
export function Files() {
  const { at, go } = useMall();
  const tab = TABS().some(([one]) => one === at.query.tab) ? at.query.tab : "make";
  const Shown = { make: Making, open: Opening, list: List }[tab];
  return html`<h1>${_("File encryption and decryption")}</h1>
    <${Notice}>${_("Files are encrypted and decrypted in this browser. Neither their content nor their key reaches the platform; it keeps name, size and fingerprint, and who opened what when.")}<//>
    <div class="tabs" role="tablist">${TABS().map(([one, label]) => html`<button type="button" role="tab" aria-selected=${String(one === tab)}
      onClick=${() => go("/files", { tab: one }, { replace: true })}>${label}</button>`)}</div>
    <div role="tabpanel"><${Shown} /></div>`;
}
