// Account security: the password of this mall account, and the way out.
import { html } from "../vendor/htm-preact.js";
import { useDeed, useForm } from "../common/hooks.js";
import { Button, Field, Notice } from "../common/kit.js";
import { _ } from "../common/texts.js";
import { useMall } from "./links.js";

/** The page. */
export function Account() {
  const { account, toast } = useMall();
  const never = ["old_password", "new_password", "again"];
  const form = useForm("password", { old_password: "", new_password: "", again: "" }, { never });
  const [busy, deed] = useDeed(form.refuse);
  const submit = (event) => {
    event.preventDefault();
    const { old_password: before, new_password: after, again } = form.values;
    if (after !== again) {
      form.wrong("again", _("The two new passwords differ. Type the same one twice."));
      return;
    }
    deed(async (act) => {
      await act("mall.change_password", { old_password: before, new_password: after });
      form.done();
      toast(_("The password is changed. Other browsers are signed out."));
    });
  };
  return html`<h1>${_("Account security")}</h1>
    <section class="card is-narrow">
      <h2>${_("Change the password")}</h2>
      <form onSubmit=${submit}>
        <input class="unseen" type="text" autocomplete="username" value=${account.login} readonly tabindex="-1" aria-hidden="true" />
        <${Notice} tone="bad">${form.errors[""]}<//>
        <${Field} form=${form} name="old_password" type="password" label=${_("Present password")}
          autocomplete="current-password" required />
        <${Field} form=${form} name="new_password" type="password" label=${_("New password")}
          autocomplete="new-password" required hint=${_("At least 8 characters; a sentence is best. Common passwords are refused.")} />
        <${Field} form=${form} name="again" type="password" label=${_("New password, again")}
          autocomplete="new-password" required />
        <${Button} kind="primary" type="submit" busy=${busy}>${_("Change the password")}<//>
      </form>
    </section>`;
}
