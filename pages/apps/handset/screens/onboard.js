// 入驻: an enterprise's account at a trading platform, as purchaser or supplier.
import { html, useEffect } from "../../vendor/htm-preact.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Choice, Field } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { FormProblem } from "./code.js";
import { EnterprisePicker, PlatformPicker } from "./pickers.js";

/** `id` is the enterprise and `more` the platform, where they are known. */
export function Onboard({ id, more }) {
  const app = useApp();
  const me = useAsk("registration.me");
  const form = useForm("onboard", { enterprise_id: id, platform_id: more, role: "supplier", login: "", password: "", text: "" }, { never: ["password"] });
  const [busy, deed] = useDeed(form.refuse);
  const { text, ...given } = form.values;
  useEffect(() => {
    const only = me.value?.enterprises;
    if (!given.enterprise_id && only?.length === 1) form.set("enterprise_id", only[0].id);
  }, [me.value]);
  const send = () => deed(async (act) => {
    await act("mall.onboard", given);
    form.done();
    app.toast(_("Onboarded. The account can sign in on the PC with its password."));
    app.router.replace("apply");
  });
  return html`<${Screen} title=${_("Onboard at a platform")} foot=${html`<${Button} kind="primary" busy=${busy} disabled=${!given.enterprise_id || !given.platform_id} onClick=${send}>${_("Onboard")}<//>`}>
    <p class="lead">${_("An account at the trading platform comes before any certificate.")}</p><${FormProblem} form=${form} />
    <${EnterprisePicker} value=${given.enterprise_id} onChange=${(one) => form.set("enterprise_id", one)} />
    <${PlatformPicker} form=${form} value=${given.platform_id} onChange=${(one) => form.set("platform_id", one)} />
    <${Choice} label=${_("Side of the trade")} value=${given.role} options=${[["supplier", _("Supplier")], ["purchaser", _("Purchaser")]]} onChange=${(role) => form.set("role", role)} error=${form.errors.role} />
    <${Field} form=${form} name="login" label=${_("Login at the platform")} maxlength="40" autocomplete="off" hint=${_("Letters and digits; it is what you enter on the PC.")} />
    <${Field} form=${form} name="password" label=${_("Password at the platform")} type="password" autocomplete="new-password" hint=${_("At least 8 characters. Long is better than complicated.")} />
  <//>`;
}
