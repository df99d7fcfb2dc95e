// 帮助: the hotline and whether anybody answers now, the guide, and how to get the app.
import { html, useState } from "../../vendor/htm-preact.js";
import { moment } from "../../common/format.js";
import { useAsk } from "../../common/hooks.js";
import { Card, Fact, Loaded, Row, Sheet, Tag } from "../../common/kit.js";
import { _, both } from "../../common/texts.js";
import { Screen } from "../layout.js";

/** Help and contact; anybody may see it. */
export function Help() {
  const help = useAsk("messaging.help");
  const [chapter, setChapter] = useState(null);
  return html`<${Screen} title=${_("Help and contact")}>
    <${Loaded} of=${help}>${(found) => html`
      <${Card} title=${_("Hotline")}><div class="hotline"><a class="number" href=${`tel:${found.hotline.replace(/-/g, "")}`}>${found.hotline}</a>
        <${Tag} tone=${found.open_now ? "good" : "still"}>${found.open_now ? _("Open now") : _("Closed now")}<//></div>
        <p class="hint">${_("Monday to Friday {start}–{end}, statutory holidays excepted.", found.hours)}</p>
        <p class="hint">${found.open_now ? _("Open until {time}", { time: moment(found.next_change_at) }) : _("Opens {time}", { time: moment(found.next_change_at) })}</p><//>
      <h2 class="section">${_("Guide")}</h2>
      <div class="card list">${found.guide.map((one) => html`<${Row} key=${one.slug} title=${both(one.title)} note=${_("{count} steps", { count: one.steps.length })} onClick=${() => setChapter(one)} />`)}</div>
      <h2 class="section">${_("Get the app")}</h2>
      <div class="card"><dl>${found.downloads.map((one) => html`<${Fact} key=${one.system} name=${both(one.label)}>${_("In {store} search “{search}”, then {button}.", { store: both(one.store), search: one.search, button: one.button })}<//>`)}</dl>
        <p><a class="button" href=${found.site_url}>${found.site_button}</a></p></div>`}<//>
    ${chapter && html`<${Sheet} title=${both(chapter.title)} onClose=${() => setChapter(null)}><ol class="steps">${chapter.steps.map((step, at) => html`<li key=${at}>${both(step)}</li>`)}</ol><//>`}
  <//>`;
}
