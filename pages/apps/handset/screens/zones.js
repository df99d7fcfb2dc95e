// 交易专区: find, join, leave, and which one is preferred.
import { html } from "../../vendor/htm-preact.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Card, Empty, Field, Loaded, Tag } from "../../common/kit.js";
import { _, both } from "../../common/texts.js";
import { Screen } from "../layout.js";

/** Trading zones and their platforms. */
export function Zones() {
  const app = useApp();
  const form = useForm("zones", { text: "" });
  const found = useAsk("mall.zones", { text: form.values.text.trim() });
  const [busy, deed] = useDeed();
  const run = (name, zone_id, told) => deed(async (act) => {
    await act(name, { zone_id });
    found.reload();
    app.toast(told);
  });
  return html`<${Screen} title=${_("Trading zones")}>
    <${Field} form=${form} name="text" label=${_("Search the zones")} type="search" />
    <${Loaded} of=${found}>${(all) => all.length ? all.map((zone) => html`<${Card} key=${zone.id} title=${both(zone.label)}>
        <p class="lead">${both(zone.text)}</p>${zone.joined && html`<p>${zone.default ? html`<${Tag} tone="good">${_("Default zone")}<//>` : html`<${Tag}>${_("Joined")}<//>`}</p>`}
        ${zone.platforms.map((one) => html`<div class="fact" key=${one.id}><dt>${_("Platform")}</dt><dd>${both(one.label)} ${!one.open && html`<${Tag}>${_("Closed")}<//>`}</dd></div>`)}
        <div class="buttons">${!zone.joined && html`<${Button} kind="small" busy=${busy} disabled=${!zone.open} onClick=${() => run("mall.join_zone", zone.id, _("Joined."))}>${_("Join the zone")}<//>`}
          ${zone.joined && !zone.default && html`<${Button} kind="small" busy=${busy} onClick=${() => run("mall.set_default_zone", zone.id, _("It is the default now."))}>${_("Make it the default")}<//>`}
          ${zone.joined && html`<${Button} kind="small" busy=${busy} onClick=${() => run("mall.leave_zone", zone.id, _("Left."))}>${_("Leave the zone")}<//>`}
          ${zone.joined && html`<${Button} kind="small" onClick=${() => app.go("onboard")}>${_("Onboard at a platform")}<//>`}</div><//>`)
      : html`<${Empty} icon="zone" title=${_("No such zone")}>${_("Try a part of its name.")}<//>`}<//>
  <//>`;
}
