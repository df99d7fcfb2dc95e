// Six digits on the phone's own number keypad: codes by SMS and 证书密码.
import { html, useEffect, useRef } from "../vendor/htm-preact.js";
import { useApp } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { _ } from "../common/texts.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "back"];

/** An entry of `length` digits; a real keyboard works too. `secret` shows dots and takes no SMS. */
export function Digits({ label, value, onChange, length = 6, secret = false, error, busy }) {
  const app = useApp();
  const input = useRef(null);
  const take = (text) => onChange(text.replace(/\D/g, "").slice(0, length));
  useEffect(() => {
    input.current?.focus({ preventScroll: true });
    if (secret) return undefined;
    app.codes.add(take);
    return () => app.codes.delete(take);
  }, []);
  useEffect(() => {
    if (error) input.current?.focus({ preventScroll: true });
  }, [error]);
  const press = (key) => {
    if (busy) return;
    if (key === "back") onChange(value.slice(0, -1));
    else if (value.length < length) onChange(value + key);
  };
  return html`<div class=${`digits ${error ? "wrong" : ""}`}>
    <div class="digit-boxes">
      <input ref=${input} class="digit-input" inputmode="none" type=${secret ? "password" : "text"} aria-label=${label} value=${value}
        autocomplete=${secret ? "off" : "one-time-code"} maxlength=${length} aria-invalid=${error ? "true" : undefined}
        disabled=${busy} onInput=${(event) => { take(event.target.value); event.target.value = event.target.value.replace(/\D/g, ""); }} />
      ${Array.from({ length }, (x, at) => html`<span key=${at} aria-hidden="true" class=${at === value.length ? "next" : ""}>${value[at] ? (secret ? "•" : value[at]) : ""}</span>`)}
    </div>
    ${error && html`<p class="error" role="alert">${error}</p>`}
    <div class="keypad" role="group" aria-label=${_("Number keypad")}>
      ${KEYS.map((key, at) => key === "" ? html`<span key=${at}></span>` : html`<button type="button" key=${at} aria-label=${key === "back" ? _("Delete the last digit") : key}
        onClick=${() => press(key)}>${key === "back" ? html`<${Icon} name="erase" />` : key}</button>`)}
    </div>
  </div>`;
}
