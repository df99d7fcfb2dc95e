// Line icons, drawn on a grid of 24, one stroke width, no fill.
import { html } from "../vendor/htm-preact.js";

const PATHS = {
  home: "M4 11 12 4l8 7v8.5a.5.5 0 0 1-.5.5H15v-6H9v6H4.5a.5.5 0 0 1-.5-.5z",
  bell: "M6 16V10.5a6 6 0 0 1 12 0V16l1.5 2h-15zM10 20.5h4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6",
  back: "M15 4.5 7.5 12l7.5 7.5",
  next: "M9 4.5 16.5 12 9 19.5",
  close: "M5.5 5.5l13 13M18.5 5.5l-13 13",
  scan: "M4 8.5V5a1 1 0 0 1 1-1h3.5M15.5 4H19a1 1 0 0 1 1 1v3.5M20 15.5V19a1 1 0 0 1-1 1h-3.5M8.5 20H5a1 1 0 0 1-1-1v-3.5M4 12h16",
  certificate: "M5 4h14v11H5zM8 8h8M8 11h4M15 13.5a2.5 2.5 0 1 0 .01 0M13.5 17.5V21l1.5-1 1.5 1v-3.5",
  order: "M6 3.5h12v17l-2-1.5-2 1.5-2-1.5-2 1.5-2-1.5-2 1.5zM9 8h6M9 12h6",
  enterprise: "M5 20.5V4h9v16.5M14 9h5v11.5M3.5 20.5h17M8 8h3M8 12h3M8 16h3M16.5 13v0M16.5 16.5v0",
  seal: "M12 3.5a3.5 3.5 0 0 1 2.3 6.1c-.6.6-.8 1.6-.5 2.9H18a1.5 1.5 0 0 1 1.5 1.5v3h-15v-3A1.5 1.5 0 0 1 6 12.5h4.2c.3-1.3.1-2.3-.5-2.9A3.5 3.5 0 0 1 12 3.5zM5 20.5h14",
  idcard: "M3.5 5.5h17v13h-17zM8.5 11.5a1.7 1.7 0 1 0 0-.01M6 15.5c.4-1.3 1.3-2 2.5-2s2.1.7 2.5 2M14 10h4M14 13.5h3",
  zone: "M4 9.5 5.5 4h13L20 9.5M4 9.5a2.6 2.6 0 0 0 5.3 0 2.6 2.6 0 0 0 5.4 0 2.6 2.6 0 0 0 5.3 0M5.5 12.5v8h13v-8M10 20.5v-5h4v5",
  payment: "M3.5 6h17v12.5h-17zM3.5 10h17M7 15h4",
  invoice: "M5 3.5h14v17l-2.3-1.5-2.4 1.5L12 19l-2.3 1.5L7.3 19 5 20.5zM9 7.5l3 3.5 3-3.5M12 11v5M9.5 13h5",
  help: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 16.5v0",
  shield: "M12 3.5 19 6v6c0 4-2.8 7-7 8.5C7.8 19 5 16 5 12V6zM9 12l2.2 2.2L15.3 10",
  phone: "M7.5 3h9a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM10.5 18.5h3",
  globe: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM3.5 12h17M12 3.5c2.3 2.3 3.4 5.2 3.4 8.5S14.3 18.2 12 20.5M12 3.5C9.7 5.8 8.6 8.7 8.6 12s1.1 6.2 3.4 8.5",
  camera: "M4 7.5h4L9.5 5h5L16 7.5h4v12H4zM12 17a3.7 3.7 0 1 0 0-7.4 3.7 3.7 0 0 0 0 7.4z",
  check: "M5 12.5 10 17.5 19.5 7",
  tick: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM8 12.3l2.8 2.7 5.2-5.5",
  warn: "M12 4 21 19.5H3zM12 10v4.5M12 17v0",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7v5.3l3.3 2",
  box: "M4 8l8-4.5L20 8v8.5L12 21l-8-4.5zM4 8l8 4.5L20 8M12 12.5V21",
  trash: "M5 7h14M9.5 7V4.5h5V7M7 7l.8 13h8.4L17 7M10.3 10.5v6M13.7 10.5v6",
  plus: "M12 5v14M5 12h14",
  upload: "M12 15.5V4.5M7.5 8.5 12 4l4.5 4.5M4.5 15.5v4h15v-4",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5l5 5",
  erase: "M8.5 5.5H20v13H8.5L3 12zM11.5 9.5l5 5M16.5 9.5l-5 5",
  apps: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z",
  signal: "M5 19v-3M10 19v-7M15 19V8M20 19V4",
  door: "M10 4H5v16h5M14.5 8l4 4-4 4M18.5 12H9.5",
  face: "M4 8.5V5a1 1 0 0 1 1-1h3.5M15.5 4H19a1 1 0 0 1 1 1v3.5M20 15.5V19a1 1 0 0 1-1 1h-3.5M8.5 20H5a1 1 0 0 1-1-1v-3.5M9 10v1M15 10v1M9 15c1 .9 2 1.3 3 1.3s2-.4 3-1.3",
  sms: "M4 5h16v11.5h-9L7 20v-3.5H4zM8 9h8M8 12.5h5",
};

/** An icon by name; it says nothing to a screen reader, the text beside it does. */
export function Icon({ name, size = 24 }) {
  return html`<svg class="icon" width=${size} height=${size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d=${PATHS[name] ?? PATHS.apps} fill="none" stroke="currentColor" stroke-width="1.6"
      stroke-linecap="round" stroke-linejoin="round" />
  </svg>`;
}
