// What the description says, in the order and the words in which the page shows it.
import { _, language } from "../common/texts.js";
import { html } from "../vendor/htm-preact.js";

/** Who calls, as one chooses above the list. */
export const WAYS = [
  { code: "", label: () => _("Everybody") },
  { code: "person", label: () => _("Phone app") },
  { code: "mall", label: () => _("Trading platform") },
  { code: "staff", label: () => _("Desk and machines") },
  { code: "anybody", label: () => _("Without a session") },
];

const STAGES = {
  asking: () => _("Own questions in SQL"), binding: () => _("Binding and scan login"), bulk: () => _("Bulk acts"),
  calls: () => _("Calls"), delivering: () => _("Addresses and post"), desk: () => _("Case sheets"),
  enveloping: () => _("Encrypted files"), evidence: () => _("Event log and receipts"), home: () => _("Home screens"),
  impact: () => _("What an act would stop"), incidents: () => _("Incidents"), integrating: () => _("Machines and webhooks"),
  invoicing: () => _("Invoices"), issuing: () => _("Certificates"), mall: () => _("Trading platforms"),
  messaging: () => _("Messages"), operating: () => _("Stuck jobs"), ordering: () => _("Orders and money"),
  policies: () => _("Settings"), reconciling: () => _("Tax days"), records: () => _("Records"),
  registration: () => _("People and enterprises"), rehearsing: () => _("Rehearsed trouble"), reviewing: () => _("Review desk"),
  scanning: () => _("QR codes"), sealing: () => _("Seals"), signing: () => _("Contracts"), staffing: () => _("Staff and roles"),
  states: () => _("States on demand"), subscribing: () => _("Services"),
};

export const stageTitle = (stage) => STAGES[stage]?.() ?? stage;

/** Whose session an operation needs. */
export const kindOf = (one) => (one.post["x-who"] === "machine" ? "anybody" : one.post["x-who"]);

/** Every operation with its words to search in. */
export function listed(told) {
  return Object.entries(told.paths).map(([path, item]) => {
    const post = item.post;
    const summary = language() === "en" ? post.summary : post["x-summary-zh"];
    const name = post.operationId;
    const fields = Object.keys(bodyOf(told, post).properties ?? {});
    const words = [name, path, post.summary, post["x-summary-zh"], ...fields, ...post["x-refusals"]].join(" ").toLowerCase();
    return { name, path, post, get: item.get, summary, words, stage: post.tags[0] };
  });
}

/** What a reference stands for. */
export function resolved(told, schema) {
  const name = schema?.$ref?.split("/").pop();
  return name ? { ...told.components.schemas[name], title: told.components.schemas[name].title ?? name } : schema ?? {};
}

/** The schema of an operation's body. */
export const bodyOf = (told, post) => resolved(told, post.requestBody.content["application/json"].schema);

/** A text of the code: its paragraphs, with names in it as names. */
export const paragraphs = (text) => text.split("\n\n").map((one) => html`<p class="about" lang="en">
  ${one.replaceAll("\n", " ").split("`").map((part, at) => (at % 2 ? html`<code>${part}</code>` : part))}</p>`);

/** What a reader has to know before the first call. */
export function Introduction() {
  return html`<article class="intro"><h1>${_("Everything that the screens do, over HTTP")}</h1>
    <p class="lead">${_("Choose an operation from the list: its fields, its answer, what it refuses, and how to call it.")}</p>
    <dl class="rules">
      <div><dt>${_("Calls")}</dt><dd>${_("Every operation takes a JSON object by POST. A question whose arguments are ids and choices can be asked by GET too. Bytes are base64, times are UTC milliseconds, money is in fen.")}</dd></div>
      <div><dt>${_("Who calls")}</dt><dd>${_("People and accounts of trading platforms send the token of their session as a bearer. Machines send theirs, which begins with ymt_. Staff call from the console's own pages by its cookie.")}</dd></div>
      <div><dt>${_("Once")}</dt><dd>${_("An act takes an Idempotency-Key, kept for 72 hours for its caller and its operation. The same key with the same body gets the same answer byte for byte; with another body it is refused. A second request while the first one runs waits for it.")}</dd></div>
      <div><dt>${_("Refusals")}</dt><dd>${_("A refusal is problem+json with a code that stays. Branch on the code, never on the title. Retry-After says when to try again.")}</dd></div>
      <div><dt>${_("Pages")}</dt><dd>${_("A list that grows takes limit and after, and answers items and next. What next says is the after of the next page; null is the end.")}</dd></div>
      <div><dt>${_("What was seen")}</dt><dd>${_("An answer has an ETag. A GET with If-None-Match gets 304 where nothing changed. An act with If-Match is refused where its record has a newer event than that answer told.")}</dd></div>
    </dl>
  </article>`;
}
