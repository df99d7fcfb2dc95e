// An invitation to an enterprise that was scanned.
import { html, useState } from "../../vendor/htm-preact.js";
import { moment } from "../../common/format.js";
import { useApp, useDeed } from "../../common/hooks.js";
import { Button, Card, Fact, Notice } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { Done, Screen } from "../layout.js";

/** Takes the invitation; `leave` forgets what was scanned. */
export function JoinByQr({ ticket, forget }) {
  const app = useApp();
  const { invitation } = ticket;
  const [joined, setJoined] = useState(false);
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const join = () => deed(async (act) => {
    await act("registration.accept_invitation_by_qr", { qr_text: ticket.qr_text });
    setJoined(true);
  });
  if (joined) return html`<${Screen} title=${_("Join an enterprise")} back=${false} foot=${html`<${Button} kind="primary" onClick=${() => { forget(); app.router.reset("enterprise"); }}>${_("Done")}<//>`}><${Done} title=${_("You are a member now")}><p>${invitation.enterprise}</p><//><//>`;
  return html`<${Screen} title=${_("Join an enterprise")} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${join}>${_("Join")}<//>`}>
    <${Notice} tone="bad">${problem}<//><${Card} title=${invitation.enterprise}><dl><${Fact} name=${_("Role")}>${ofCode(`member.role.${invitation.role}`)}<//><${Fact} name=${_("Holds until")}>${moment(invitation.expires_at)}<//></dl><//>
  <//>`;
}
