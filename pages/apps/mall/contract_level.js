// How far a contract's signatures can be validated, and what is still being added (SGN-4). Never more than is so.
import { html } from "../vendor/htm-preact.js";
import { day } from "../common/format.js";
import { useAsk } from "../common/hooks.js";
import { Notice, Tag } from "../common/kit.js";
import { _ } from "../common/texts.js";

const REACHED = {
  "B-B": () => _("Signed, without a time-stamp"),
  "B-T": () => _("Signed, with a time-stamp"),
  "B-LT": () => _("Can be validated without a network"),
  "B-LTA": () => _("Kept for the long term"),
};
const MISSING = {
  "B-B": () => [_("A time-stamp is still to be set"), _("The signatures are kept. The time-stamp service did not answer; the platform asks it again by itself, and nothing has to be done.")],
  "B-T": () => [_("Validation data are still to be added"), _("The signatures have their time-stamp. The revocation lists could not be had; the platform asks for them again by itself.")],
  "B-LT": () => [_("The archive's time-stamp is still to be set"), _("Everybody has signed; the time-stamp for the long term follows by itself.")],
};

/** The level as a tag, and what is missing. */
export function Level({ id }) {
  const asked = useAsk("signing.validation", { contract_id: id });
  const found = asked.value;
  if (!found?.reached) return null;
  const missing = found.pending ? MISSING[found.reached]?.() : null;
  return html`<p data-level=${found.reached}><${Tag} tone=${missing ? "wait" : "good"}>${missing ? missing[0] : REACHED[found.reached]?.()}<//>
    <small class="hint"> PAdES ${found.reached}${found.archived_until ? ` · ${_("its time-stamp is renewed before {day}", { day: day(found.archived_until) })}` : ""}</small></p>
    ${missing && html`<${Notice} tone="wait">${missing[1]}<//>`}`;
}
