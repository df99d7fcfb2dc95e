// 密码登录 in the place of the scan: the account's password sends the contract to the bound phone, where it is
// looked at and the certificate's PIN is entered all the same.
import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { useDeed, useForm } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Button, Field, Notice } from "../common/kit.js";
import { _ } from "../common/texts.js";
import { follow, useSecondsLeft } from "./qr_panel.js";
import { useMall } from "./links.js";

const OVER = ["expired", "cancelled", "refused"];

const said = (status) => ({
  created: _("Sent to the phone that holds the certificate. Open the to-do in the Biaozhengtong app."),
  scanned: _("Sent to the phone that holds the certificate. Open the to-do in the Biaozhengtong app."),
  confirmed: _("Confirmed on the phone."),
  consumed: _("Confirmed on the phone."),
  refused: _("Refused on the phone. Nothing was done."),
  cancelled: _("It was taken back."),
  expired: _("Nobody confirmed it in time. Send it once more."),
})[status];

/** The ticket that was sent: its seconds, and what becomes of it. */
function Sent({ sent, confirmed, anew }) {
  const { door } = useMall();
  const [status, setStatus] = useState("scanned");
  const [number, setNumber] = useState("");
  const arrived = useRef(confirmed);
  arrived.current = confirmed;
  const over = OVER.includes(status);
  const left = useSecondsLeft(sent, over || status === "confirmed", () => setStatus("expired"));
  useEffect(() => {
    let open = true;
    const stop = follow(door, sent.id, (news) => {
      setStatus(news.status);
      setNumber(news.number);
      if (OVER.includes(news.status) || ["confirmed", "consumed"].includes(news.status)) {
        open = false;
        stop();
      }
      if (news.status === "confirmed") arrived.current(sent.id);
    });
    return () => {
      stop();
      // Whoever leaves takes back what nobody has answered yet.
      if (open) door.act("scanning.cancel", { ticket_id: sent.id }).catch(() => {});
    };
  }, [door, sent.id]);
  return html`<div class="qr" data-status=${status}><${Icon} name="phone" size=${64} />
    <p class="qr-left" aria-hidden="true">${over ? "—" : left}</p><p class="qr-said" role="status">${said(status)}</p>
    ${number && !over && html`<div class="qr-number" role="status"><span>${_("Enter these two digits on the phone:")}</span><b>${number}</b></div>`}
    ${over && html`<${Button} kind="primary" onClick=${anew}>${_("Send it once more")}<//>`}</div>`;
}

/** The form, then what was sent. `given` names the signature or the batch. */
export function ByPassword({ given, confirmed }) {
  const form = useForm("sign-by-password", { password: "" }, { never: ["password"] });
  const [sent, setSent] = useState(null);
  const [busy, deed] = useDeed(form.refuse);
  const { account } = useMall();
  if (sent) return html`<${Sent} sent=${sent} confirmed=${confirmed} anew=${() => setSent(null)} />`;
  const submit = (event) => {
    event.preventDefault();
    deed(async (act) => {
      const ticket = await act("signing.send_to_phone", { ...given, password: form.values.password });
      form.done();
      setSent({ id: ticket.id, ends: performance.now() + ticket.expires_at - ticket.created_at });
    });
  };
  return html`<form class="is-middle" onSubmit=${submit}>
    <p class="quiet">${_("Without a scan: the password of this account sends the contract to the phone that holds the certificate. It is looked at there, and the certificate's PIN is entered there all the same.")}</p>
    <${Notice} tone="bad">${form.errors[""]}<//>
    <input class="unseen" type="text" autocomplete="username" value=${account.login} readonly tabindex="-1" aria-hidden="true" />
    <${Field} form=${form} name="password" type="password" label=${_("Password")} autocomplete="current-password" required />
    <${Button} kind="primary" type="submit" busy=${busy} disabled=${!form.values.password}>${_("Send it to the phone")}<//>
  </form>`;
}
