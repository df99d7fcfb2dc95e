// 消息: by category, unread ones marked, each leading to its thing.
import { html, useState } from "../../vendor/htm-preact.js";
import { shortMoment } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Empty, Loaded } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { follow } from "./links.js";

/** Messages and to-dos. */
export function Messages({ id }) {
  const app = useApp();
  const [category, setCategory] = useState(id);
  const summary = useAsk("messaging.summary");
  const found = useAsk("messaging.mine", { category });
  const [busy, deed] = useDeed();
  const readAll = () => deed(async (act) => {
    await act("messaging.read_all", { category });
    found.reload();
    summary.reload();
  });
  const categories = [["", { unread: app.unread }], ...Object.entries(summary.value ?? {})];
  const right = html`<button type="button" class="link" disabled=${busy || !app.unread} onClick=${readAll}>${_("Read all")}</button>`;
  return html`<${Screen} title=${_("Messages")} tab="messages" right=${right}>
    <div class="chips" role="group" aria-label=${_("Categories")}>${categories.map(([code, count]) => html`<button type="button" key=${code} class="chip" aria-pressed=${String(code === category)}
      onClick=${() => setCategory(code)}>${code ? ofCode(`message.category.${code}`) : _("All")}${count.unread > 0 && html` <i>${count.unread}</i>`}</button>`)}</div>
    <${Loaded} of=${found}>${(all) => all.length ? html`<div class="card list">${all.map((one) => html`<button type="button" class=${`row message ${one.read_at ? "" : "unread"}`} key=${one.id} onClick=${() => follow(app, one)}>
        <span class="dot">${!one.read_at && html`<span class="hidden">${_("Unread")}</span>`}</span>
        <span class="row-text"><b>${ofCode(one.kind, one.params)}</b><small>${one.open_todo ? html`<em>${_("To do")}</em> · ` : ""}${ofCode(`message.category.${one.category}`)} · ${shortMoment(one.created_at)}</small></span></button>`)}</div>`
      : html`<${Empty} icon="bell" title=${_("No messages here")}>${_("What happens to your orders, certificates, enterprises and invoices is told here.")}<//>`}<//>
  <//>`;
}
