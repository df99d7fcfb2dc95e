// A QR code with its three minutes: waiting, scanned, confirmed, refused, expired, and one button to refresh.
import { html, useCallback, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { _ } from "../common/texts.js";
import { Button } from "../common/kit.js";
import { useMall } from "./links.js";

const WATCH_MS = 600;
const OVER = new Set(["expired", "cancelled", "refused"]);

/** Opens a ticket by `act` and follows it; `confirmed(ticketId)` is called once. */
function useTicket(act, given, confirmed) {
  const { door, seq } = useMall();
  const [shown, setShown] = useState(null);
  const [status, setStatus] = useState("opening");
  const [refusal, setRefusal] = useState(null);
  const [turn, setTurn] = useState(0);
  const [pulse, setPulse] = useState(0);
  const open = useRef(null);
  const question = JSON.stringify([act, given]);

  useEffect(() => {
    let wanted = true;
    const giveUp = (ticket) => door.act("scanning.cancel", { ticket_id: ticket.id }).catch(() => {});
    setStatus("opening");
    setRefusal(null);
    door.act(act, given).then(
      (opened) => {
        if (!wanted) return giveUp(opened.ticket);
        const { created_at: from, expires_at: until } = opened.ticket;
        open.current = { ...opened, ends: performance.now() + until - from };
        setShown(open.current);
        return setStatus("created");
      },
      (problem) => wanted && (setRefusal(problem), setStatus("failed")),
    );
    return () => {
      wanted = false;
      if (open.current) giveUp(open.current.ticket);
      open.current = null;
    };
  }, [door, question, turn]);

  useEffect(() => {
    const timer = setInterval(() => setPulse((before) => before + 1), WATCH_MS);
    return () => clearInterval(timer);
  }, []);

  useEffect(() => {
    const watched = open.current;
    if (!watched || OVER.has(status) || status === "confirmed") return;
    door.ask("binding.watch", { ticket_id: watched.ticket.id }).then((told) => {
      if (open.current !== watched) return;
      setStatus(told.status);
      if (told.status !== "confirmed") return;
      open.current = null;
      confirmed(watched.ticket.id);
    }, () => {});
  }, [seq, pulse, shown]);

  const refresh = useCallback(() => setTurn((before) => before + 1), []);
  const lapse = useCallback(() => setStatus((now) => (now === "created" || now === "scanned" ? "expired" : now)), []);
  return { shown, status, refusal, refresh, lapse };
}

function useSecondsLeft(shown, over, lapse) {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (!shown || over) return undefined;
    const count = () => {
      const now = Math.max(0, Math.ceil((shown.ends - performance.now()) / 1000));
      setLeft(now);
      if (now === 0) lapse();
    };
    count();
    const timer = setInterval(count, 250);
    return () => clearInterval(timer);
  }, [shown, over]);
  return left;
}

const said = (status) =>
  ({
    opening: _("The QR code is being made…"),
    created: _("Open the Biaozhengtong app on your phone and scan this code."),
    scanned: _("Scanned. Enter the certificate's PIN on the phone."),
    confirmed: _("Confirmed on the phone."),
    consumed: _("Confirmed on the phone."),
    refused: _("Refused on the phone. Nothing was done."),
    cancelled: _("This QR code was taken back."),
    expired: _("The QR code is valid for 3 minutes only; refresh it after that"),
    failed: _("No QR code could be made."),
  })[status];

/** The panel. `alt` names the code for those who do not see it. */
export function QrPanel({ act, given = {}, confirmed, alt }) {
  const { shown, status, refusal, refresh, lapse } = useTicket(act, given, confirmed);
  const over = OVER.has(status);
  const left = useSecondsLeft(shown, over, lapse);
  const picture = shown && status !== "opening" && status !== "failed";
  return html`<div class=${`qr is-${status}`} data-status=${status}>
    <div class="qr-picture">
      ${picture && html`<img data-yx-qr=${over ? "old" : ""} alt=${alt}
        src=${`data:image/png;base64,${shown.qr_png}`} />`}
      ${(over || status === "failed") && html`<${Button} kind="primary qr-refresh" onClick=${refresh}>
        ${_("Refresh the QR code")}
      <//>`}
      ${status === "scanned" && html`<span class="qr-mark" aria-hidden="true">✓</span>`}
    </div>
    <p class="qr-left" aria-hidden="true">${over || !picture ? "—" : left}</p>
    <p class="qr-said" role="status">${refusal ? refusal.title : said(status)}</p>
    ${!over && picture && html`<p class="qr-rule">${_("The QR code is valid for 3 minutes only; refresh it after that")}</p>`}
  </div>`;
}
