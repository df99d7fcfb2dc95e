// 催办, 拒签, 撤回, 延期, 作废: each asks once, says what changes, and lets itself be given up.
import { html, useState } from "../vendor/htm-preact.js";
import { moment, worldNow } from "../common/format.js";
import { useDeed, useForm } from "../common/hooks.js";
import { Area, Button, Field, Notice, Sheet } from "../common/kit.js";
import { _ } from "../common/texts.js";
import { useMall } from "./links.js";

const DAY_MS = 86_400_000;
const dayOf = (ms) => new Date(ms).toLocaleDateString("sv-SE");

/** The end of a civil day as UTC milliseconds: a deadline is kept to its last moment. */
export const endOf = (day) => {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + 1).getTime();
};

/** What each act is called, what it changes, and what it asks for. */
const acts = (contract) => ({
  remind: {
    title: _("Remind whose turn it is"), verb: _("Send the reminder"), done: _("The reminder is sent."),
    changes: [_("Whoever can sign now gets a message and a to-do in the app."), _("Nothing about the contract changes.")],
  },
  decline: {
    title: _("Decline to sign"), verb: _("Decline to sign"), danger: true, text: ["opinion", _("Why you do not sign")], done: _("The contract is declined."),
    changes: [_("Nobody can sign this version any more; the other parties are told and read your reason."), _("Signatures that are on it stay in its history."), _("The purchaser can make a new version, which everybody signs anew.")],
  },
  withdraw: {
    title: _("Withdraw the contract"), verb: _("Withdraw it"), danger: true, text: ["reason", _("Why it is withdrawn")], done: _("The contract is withdrawn."),
    changes: [_("Nobody can sign it any more; open QR codes end and the other parties are told."), _("Signatures that are on it stay in its history."), _("You can make a new version of it later.")],
  },
  extend: {
    title: _("Extend the time to sign"), verb: _("Extend it"), day: true, done: _("The time to sign is extended."),
    changes: [contract.sign_by ? _("Until now it can be signed until {time}.", { time: moment(contract.sign_by) }) : _("Until now there is no deadline."), _("Every party is told the new day; nothing else changes.")],
  },
  propose_voiding: {
    title: _("Void the contract by agreement"), verb: _("Propose to void it"), danger: true, text: ["reason", _("Why it is to be voided")], done: _("The proposal is sent to the other parties."),
    changes: [_("It is voided once every other party has agreed; until then it holds."), _("The document keeps its signatures; its state and its verification page say that it is voided."), _("It cannot be undone after that.")],
  },
  agree_voiding: {
    title: _("Agree to void the contract"), verb: _("Agree"), danger: true, done: _("You have agreed."),
    changes: [_("Once every party has agreed the contract is voided, which cannot be undone."), _("The document keeps its signatures; its state and its verification page say that it is voided.")],
  },
  refuse_voiding: {
    title: _("Refuse to void the contract"), verb: _("Refuse"), text: ["reason", _("Why you refuse")], done: _("You have refused; the contract holds."),
    changes: [_("The contract holds as before, and the others are told.")],
  },
  take_back_voiding: {
    title: _("Take the proposal back"), verb: _("Take it back"), done: _("The proposal is taken back."),
    changes: [_("The contract holds as before, and the others are told.")],
  },
});

/** The labels of the buttons, in the order in which they stand. */
export const actLabels = () => ({
  remind: _("Remind"), extend: _("Extend"), withdraw: _("Withdraw"), decline: _("Decline to sign"), propose_voiding: _("Void"),
  agree_voiding: _("Agree to void it"), refuse_voiding: _("Refuse to void it"), take_back_voiding: _("Take the proposal back"),
});

/** The sheet of one act. */
export function ActSheet({ verb, contract, roles, close, told }) {
  const { toast } = useMall();
  const act = acts(contract)[verb];
  const form = useForm(`contract-${contract.id}-${verb}`, { opinion: "", reason: "", sign_by: dayOf((contract.sign_by || worldNow()) + 7 * DAY_MS) });
  const [busy, deed] = useDeed(form.refuse);
  const [name, label] = act.text ?? [];
  const given = () => ({
    contract_id: contract.id, ...(name ? { [name]: form.values[name].trim() } : {}), ...(act.day ? { sign_by: endOf(form.values.sign_by) } : {}),
  });
  const run = () => deed(async (does) => {
    if (name && !form.values[name].trim()) return form.wrong(name, _("Write it in a few words: the other parties read it."));
    if (verb === "remind") for (const role of roles) await does("signing.remind", { contract_id: contract.id, role });
    else await does(`signing.${verb}`, given());
    form.done();
    toast(act.done);
    return told();
  });
  return html`<${Sheet} title=${act.title} onClose=${close}
    foot=${html`<${Button} onClick=${close}>${_("Leave it as it is")}<//><${Button} kind=${act.danger ? "danger" : "primary"} busy=${busy} onClick=${run}>${act.verb}<//>`}>
    <${Notice} tone="bad">${form.errors[""]}<//>
    <ul class="plain">${act.changes.map((one) => html`<li key=${one}>${one}</li>`)}</ul>
    ${name && html`<${Area} form=${form} name=${name} label=${label} maxlength="500" />`}
    ${act.day && html`<${Field} form=${form} name="sign_by" type="date" label=${_("New last day to sign")} min=${dayOf(worldNow())} />`}
  <//>`;
}

/** The buttons of what is possible now, and the sheet of the one that was pressed. */
export function Acts({ contract, possible, roles, told }) {
  const [open, setOpen] = useState("");
  const labels = actLabels();
  const shown = Object.keys(labels).filter((verb) => possible.includes(verb));
  return html`${shown.map((verb) => html`<${Button} key=${verb} kind=${["withdraw", "decline", "propose_voiding", "agree_voiding"].includes(verb) ? "danger" : "plain"} onClick=${() => setOpen(verb)}>${labels[verb]}<//>`)}
    ${open && html`<${ActSheet} key=${open} verb=${open} contract=${contract} roles=${roles} close=${() => setOpen("")} told=${() => { setOpen(""); told?.(); }} />`}`;
}
