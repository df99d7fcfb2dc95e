// The parcel with a paper invoice: courier, number, every step, and what to do when it does not arrive.
import { html, useState } from "../../vendor/htm-preact.js";
import { day, moment } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Fact, Notice, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { AddressSheet } from "./addresses.js";
import { Asking } from "./invoice_acts.js";

/** What was posted of an invoice, the newest first. `subject` is the invoice. */
export function Parcel({ subject }) {
  const found = useAsk("delivering.shipments", { subject });
  const all = found.value ?? [];
  return all.map((one) => html`<${One} key=${one.id} one=${one} several=${all.length > 1} reload=${found.reload} />`);
}

function One({ one, several, reload }) {
  const [open, setOpen] = useState("");
  const close = () => { setOpen(""); reload(); };
  const fact = (name, value) => value && html`<${Fact} name=${name}>${value}<//>`;
  return html`<${Card} title=${several ? _("Delivery, parcel {count}", { count: one.attempt }) : _("Delivery")}>
    <dl>${fact(_("Where it stands"), html`<${Tag} tone=${toneOf(one.status)}>${ofCode(`shipment.status.${one.status}`)}<//>`)}${fact(_("Courier"), one.courier && one.courier)}
      ${fact(_("Tracking number"), one.tracking_no && html`<span class="mono">${one.tracking_no}</span>`)}${fact(_("Delivery address"), `${one.recipient} ${one.phone} ${one.place}`)}</dl>
    ${one.problem && html`<${Notice} tone="bad">${ofCode(`shipment.why.${one.problem}`)}<//>`}
    ${one.steps.length > 0 && html`<ol class="plain progress">${one.steps.map((step, at) => html`<li key=${at}><span><b>${ofCode(`shipment.step.${step.code}`)}</b>${step.place && html`<small>${step.place}</small>`}</span><span>${moment(step.occurred_at)}</span></li>`)}</ol>`}
    ${one.can.includes("report_lost") ? html`<${Button} kind="wide" onClick=${() => setOpen("lost")}>${_("It has not come")}<//>`
      : one.report_from && ["handed_over", "in_transit"].includes(one.status) && html`<p class="hint">${_("If it has not come by {day}, you can report it here.", { day: day(one.report_from) })}</p>`}
    ${one.can.includes("redirect") && html`<${Button} kind="wide" onClick=${() => setOpen("redirect")}>${_("Send it to another address")}<//>`}
    ${open === "lost" && html`<${Asking} title=${_("Report that it has not come?")} text=${_("Finance looks for it, and sends it again with a new number if it is lost.")} label=${_("It has not come")} name="delivering.report_lost" given=${{ subject: one.subject }} told=${_("Reported. Finance looks after it.")} onClose=${close} />`}
    ${open === "redirect" && html`<${Redirect} subject=${one.subject} onClose=${close} />`}<//>`;
}

function Redirect({ subject, onClose }) {
  const { go, toast } = useApp();
  const addresses = useAsk("delivering.addresses");
  const [, deed] = useDeed();
  const to = (one) => deed(async (act) => {
    await act("delivering.redirect", { subject, address_id: one.id });
    toast(_("It goes to that address."));
    onClose();
  });
  return html`<${AddressSheet} addresses=${addresses.value ?? []} onClose=${onClose} onNew=${() => go("addresses/new")} onChange=${to} />`;
}
