// 催办: until when a review should be done, and the button that hurries it along once an office hour.
import { html } from "../../vendor/htm-preact.js";
import { moment } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Fact } from "../../common/kit.js";
import { _ } from "../../common/texts.js";

/** The review of something that was handed in; nothing where nobody decides it now. */
export function Urge({ subject }) {
  const app = useApp();
  const review = useAsk("reviewing.my_review", { subject_id: subject });
  const [busy, deed] = useDeed();
  const found = review.value;
  const urge = () => deed(async (act) => {
    await act("reviewing.urge_own", { subject_id: subject });
    review.reload();
    app.toast(_("The reviewers have been told that you are waiting."));
  });
  return found && html`<${Card} title=${_("Review")}><dl><${Fact} name=${_("Submitted")}>${moment(found.opened_at)}<//>
      ${found.expected_at && html`<${Fact} name=${_("Expected by")}>${moment(found.expected_at)}<//>`}${found.urged_at && html`<${Fact} name=${_("Hurried along")}>${moment(found.urged_at)}<//>`}</dl>
    <${Button} kind="quiet wide" busy=${busy} disabled=${!found.may_urge} onClick=${urge}>${found.may_urge ? _("Hurry it along") : _("Hurried along; you can again in an office hour")}<//><//>`;
}
