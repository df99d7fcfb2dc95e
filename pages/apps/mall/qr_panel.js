// A QR code with its three minutes: waiting, scanned, confirmed, refused, expired, and one button to refresh.
import { html, useCallback, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { _ } from "../common/texts.js";
import { Button } from "../common/kit.js";
import { useMall } from "./links.js";

const OVER = new Set(["expired", "cancelled", "refused"]);
const ASK_AGAIN_MS = 1500;

/** Hears what becomes of a ticket; where no stream can be had it asks now and then. Returns how to stop. */
export function follow(door, ticketId, told) {
  const source = new EventSource(`${door.base}/tickets/${encodeURIComponent(ticketId)}/events`, { withCredentials: true });
  let timer = 0;
  source.onmessage = (message) => told(JSON.parse(message.data));
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED || timer) return;
    const ask = () => door.ask("binding.watch", { ticket_id: ticketId }).then(told, () => {});
    timer = setInterval(ask, ASK_AGAIN_MS);
  };
  return () => {
    source.close();
    clearInterval(timer);
  };
}

const NOTHING = { number: "", second_scans: 0, why: "" };

/** Opens a ticket by `act` and follows it; `confirmed(ticketId)` is called once. */
function useTicket(act, given, confirmed) {
  const { door } = useMall();
  const [shown, setShown] = useState(null);
  const [status, setStatus] = useState("opening");
  const [told, setTold] = useState(NOTHING);
  const [refusal, setRefusal] = useState(null);
  const [turn, setTurn] = useState(0);
  const open = useRef(null);
  const arrived = useRef(confirmed);
  arrived.current = confirmed;
  const question = JSON.stringify([act, given]);

  useEffect(() => {
    let wanted = true;
    let stop = () => {};
    const giveUp = (ticket) => door.act("scanning.cancel", { ticket_id: ticket.id }).catch(() => {});
    const hear = (news) => {
      if (!wanted) return;
      setTold(news);
      setStatus(news.status);
      if (OVER.has(news.status) || news.status === "confirmed" || news.status === "consumed") {
        open.current = null;
        stop();
      }
      if (news.status === "confirmed") arrived.current(news.ticket_id);
    };
    setStatus("opening");
    setTold(NOTHING);
    setRefusal(null);
    door.act(act, given).then(
      (opened) => {
        if (!wanted) return giveUp(opened.ticket);
        const { created_at: from, expires_at: until } = opened.ticket;
        const since = performance.now();
        const pictures = [{ qr_png: opened.qr_png, qr_text: opened.qr_text, after_ms: 0 }, ...(opened.later ?? [])];
        open.current = { ...opened, pictures, since, ends: since + until - from };
        setShown(open.current);
        setStatus("created");
        stop = follow(door, opened.ticket.id, hear);
        return undefined;
      },
      (problem) => wanted && (setRefusal(problem), setStatus("failed")),
    );
    return () => {
      wanted = false;
      stop();
      if (open.current) giveUp(open.current.ticket);
      open.current = null;
    };
  }, [door, question, turn]);

  const refresh = useCallback(() => setTurn((before) => before + 1), []);
  const lapse = useCallback(() => setStatus((now) => (now === "created" || now === "scanned" ? "expired" : now)), []);
  return { shown, status, told, refusal, refresh, lapse };
}

/** The picture of the moment: it changes every 30 s, and any of them works while the code lives. */
function pictureOf(shown) {
  const passed = performance.now() - shown.since;
  return shown.pictures.findLast((one) => one.after_ms <= passed) ?? shown.pictures[0];
}

/** The seconds that are left of what was opened; `lapse` is called once there are none. */
export function useSecondsLeft(shown, over, lapse) {
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

/** The two digits that the phone asks for, and a second phone's try. */
function Asides({ status, told }) {
  return html`${told.number && status === "scanned" && html`<div class="qr-number" role="status">
      <span>${_("Enter these two digits on the phone:")}</span><b>${told.number}</b></div>`}
    ${told.second_scans > 0 && html`<p class="qr-aside">${_("Another phone has tried to scan this code and was refused.")}</p>`}`;
}

/** The panel. `alt` names the code for those who do not see it; `ended(why)` says why it cannot be done. */
export function QrPanel({ act, given = {}, confirmed, alt, ended = null }) {
  const { shown, status, told, refusal, refresh, lapse } = useTicket(act, given, confirmed);
  const over = OVER.has(status);
  const left = useSecondsLeft(shown, over, lapse);
  const picture = shown && status !== "opening" && status !== "failed";
  return html`<div class=${`qr is-${status}`} data-status=${status}>
    <div class="qr-picture">
      ${picture && html`<img data-yx-qr=${over ? "old" : ""} alt=${alt}
        src=${`data:image/png;base64,${pictureOf(shown).qr_png}`} />`}
      ${(over || status === "failed") && html`<${Button} kind="primary qr-refresh" onClick=${refresh}>
        ${_("Refresh the QR code")}
      <//>`}
      ${status === "scanned" && html`<span class="qr-mark" aria-hidden="true">✓</span>`}
    </div>
    <p class="qr-left" aria-hidden="true">${over || !picture ? "—" : left}</p>
    <p class="qr-said" role="status">${refusal ? refusal.title : said(status)}</p>
    <${Asides} status=${status} told=${told} />
    ${over && told.why && ended?.(told.why)}
    ${!over && picture && html`<p class="qr-rule">${_("The QR code is valid for 3 minutes only; refresh it after that")}</p>`}
  </div>`;
}
