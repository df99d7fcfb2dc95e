// An invoice that the tax service refused: its title, email and remarks corrected, and sent again.
import { html, useState } from "../../vendor/htm-preact.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Area, Button, Choice, Field, Notice } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { FormProblem } from "./code.js";
import { TitleChoice, TitleSheet, typedOf } from "./invoice_form.js";
import { BLANK_TITLE, refuseTitle, titleKinds } from "./titles.js";

/** The page. `one` is the refused invoice. */
export function SendAgain({ one, onBack, onDone }) {
  const { toast } = useApp();
  const before = { kind: one.title_kind, name: one.title_name, code: one.title_code };
  const form = useForm(`again-${one.id}`, { ...BLANK_TITLE, ...before, invoice_kind: one.kind, title_id: "", save_title: false, email: one.email, remarks: one.remarks });
  const saved = useAsk("invoicing.titles").value ?? [];
  const [choosing, setChoosing] = useState(false);
  const [busy, deed] = useDeed(refuseTitle(form));
  const { values } = form;
  const title = saved.find((other) => other.id === values.title_id) ?? null;
  const kind = title?.kind ?? values.kind;
  const same = !title && kind === before.kind && values.name.trim() === before.name && values.code.trim() === before.code;
  const send = () => deed(async (act) => {
    const given = { invoice_id: one.id, email: values.email.trim(), remarks: values.remarks.trim() };
    const of = title ? { title_id: title.id } : same ? {} : { title: { kind, ...typedOf(values, kind), save_title: values.save_title } };
    await act("invoicing.send_again", { ...given, ...of });
    form.done();
    toast(_("Sent again."));
    onDone();
  });
  const choose = (other) => { setChoosing(false); form.fill(other ? { title_id: other.id, kind: other.kind } : { title_id: "" }); };
  return html`<${Screen} title=${_("Correct and submit again")} onBack=${onBack} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${send}>${_("Submit")}<//>`}>
    <${FormProblem} form=${form} />${one.problem && html`<${Notice} tone="bad">${ofCode(one.problem)}<//>`}
    <${Choice} label=${_("Kind of title")} value=${kind} options=${titleKinds().filter(([of]) => of === "company" || one.kind !== "special")} onChange=${(of) => form.fill({ kind: of, title_id: "" })} />
    <${TitleChoice} form=${form} title=${title} kind=${kind} titles=${saved.filter((other) => other.kind === kind)} onOpen=${() => setChoosing(true)} />
    <${Field} form=${form} name="email" label=${_("Send it to this email too (optional)")} type="email" inputmode="email" maxlength="100" />
    <${Area} form=${form} name="remarks" label=${_("Remarks (optional)")} rows=${2} maxlength="200" />
    ${choosing && html`<${TitleSheet} titles=${saved.filter((other) => other.kind === kind)} chosen=${title} onClose=${() => setChoosing(false)} onChange=${choose} />`}
  <//>`;
}
