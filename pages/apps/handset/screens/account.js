// 我的: the person, their enterprises, what they manage, safety, and the language.
import { html } from "../../vendor/htm-preact.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { Button, Card, Choice, Fact, Loaded, Row, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { forgetPerson } from "./staying.js";

/** The tab 我的. */
export function Account() {
  const app = useApp();
  const me = useAsk("registration.me");
  const [busy, deed] = useDeed();
  const leave = () => deed(async (act) => {
    await act("handset.sign_out");
    await app.refresh();
    app.router.reset("login");
    forgetPerson(app);
  });
  const to = (path) => () => app.go(path);
  return html`<${Screen} title=${_("Mine")} tab="account">
    <${Loaded} of=${me}>${(found) => html`<${Head} me=${found} onClick=${to("profile")} />`}<//>
    <div class="card list">
      <${Row} icon="idcard" title=${_("Real-name verification")} value=${me.value ? (me.value.real_named ? _("Verified") : _("Not verified")) : ""} onClick=${to("real-name")} />
      <${Row} icon="enterprise" title=${_("My enterprises")} value=${me.value ? String(me.value.enterprises.length) : ""} onClick=${to("enterprise")} />
      <${Row} icon="certificate" title=${_("Certificates")} onClick=${to("certificates")} />
      <${Row} icon="seal" title=${_("Seals")} onClick=${to("seals")} />
      <${Row} icon="seal" title=${_("My personal seals")} onClick=${to("seals/mine")} />
    </div>
    <div class="card list">
      <${Row} icon="order" title=${_("My orders")} onClick=${to("orders")} />
      <${Row} icon="payment" title=${_("Payments")} onClick=${to("payments")} />
      <${Row} icon="invoice" title=${_("Invoice management")} onClick=${to("invoices")} />
      <${Row} icon="box" title=${_("Delivery addresses")} onClick=${to("addresses")} />
      <${Row} icon="sms" title=${_("Information and platform services")} onClick=${to("services/catalogue")} />
      <${Row} icon="zone" title=${_("Trading zones")} onClick=${to("zones")} />
    </div>
    <div class="card list">
      <${Row} icon="shield" title=${_("Account and safety")} onClick=${to("security")} />
      <${Row} icon="help" title=${_("Help and contact")} onClick=${to("help")} />
    </div>
    <${Choice} label=${_("Language")} value=${app.language} options=${[["zh_CN", "中文"], ["en", "English"]]} onChange=${app.speak} />
    <${Button} kind="wide" busy=${busy} onClick=${leave}>${_("Sign out")}<//>
  <//>`;
}

function Head({ me, onClick }) {
  return html`<button type="button" class="profile-head" onClick=${onClick}><span class="avatar"><${Icon} name="person" size=${32} /></span>
    <span class="row-text"><b>${me.name || _("Name not verified yet")}</b><small>${me.phone}</small></span>
    ${me.status !== "active" && html`<${Tag} tone=${toneOf(me.status)}>${ofCode(`account.status.${me.status}`)}<//>`}<${Icon} name="next" size=${16} /></button>`;
}

/** What the account says of its person; an account is for one person and never moves. */
export function Profile() {
  const { go } = useApp();
  const me = useAsk("registration.me");
  return html`<${Screen} title=${_("My account")}>
    <${Loaded} of=${me}>${(found) => html`<${Card}><dl><${Fact} name=${_("Name")}>${found.name || _("Not verified yet")}<//><${Fact} name=${_("Phone number")}>${found.phone}<//>
      <${Fact} name=${_("Where it stands")}><${Tag} tone=${toneOf(found.status)}>${ofCode(`account.status.${found.status}`)}<//><//></dl><//>
      <${Card} title=${_("Acting for")}>${found.enterprises.length ? found.enterprises.map((one) => html`<p key=${one.id}>${one.name}</p>`) : html`<p class="hint">${_("No enterprise yet.")}</p>`}<//>`}<//>
    <p class="hint">${_("The account is for you alone. It cannot be given, lent or passed on; who you act for is decided by each enterprise.")}</p>
    <div class="card list"><${Row} icon="phone" title=${_("Change the number")} onClick=${() => go("number")} /><${Row} icon="box" title=${_("My data")} onClick=${() => go("mydata")} /></div>
  <//>`;
}
