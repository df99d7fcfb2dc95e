// 公告: everything that is announced today, newest first.
import { html } from "../../vendor/htm-preact.js";
import { useAsk } from "../../common/hooks.js";
import { Card, Empty, Loaded } from "../../common/kit.js";
import { _, both } from "../../common/texts.js";
import { Screen } from "../layout.js";

/** The list, each with its first day. */
export function Announcements() {
  const found = useAsk("messaging.announcements");
  return html`<${Screen} title=${_("Announcements")}>
    <${Loaded} of=${found}>${(all) => all.length ? all.map((one) => html`<${Card} key=${one.name} title=${both(one.title)}>
        <p class="prose">${both(one.text)}</p><p class="lead"><time>${one.starts_on}</time></p><//>`)
      : html`<${Empty} icon="bell" title=${_("Nothing is announced")}>${_("News of the app appears here.")}<//>`}<//>
  <//>`;
}
