// The system's own line at the top of a framed phone: time, signal, battery.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { _ } from "../common/texts.js";

const now = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

/** `sim` is the masked number in the phone, or nothing: then there is no signal. */
export function StatusBar({ sim }) {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const beat = setInterval(() => setTime(now()), 10_000);
    return () => clearInterval(beat);
  }, []);
  return html`<div class="statusbar"><span>${time}</span>
    <span class="system">${sim ? html`<span class="bars" role="img" aria-label=${_("Signal")}><i></i><i></i><i></i><i></i></span>` : html`<small>${_("No SIM")}</small>`}
      <span class="battery" role="img" aria-label=${_("Battery")}><i></i></span></span></div>`;
}
