// Money, times and names as people read them.
import { _, language } from "./texts.js";

let ahead = 0;

/** Learn the world's time: a demo's clock may have moved. */
export const learnTime = (now) => (ahead = now ? now - Date.now() : 0);

/** The world's time now. */
export const worldNow = () => Date.now() + ahead;

const locale = () => (language() === "en" ? "en-GB" : "zh-CN");

/** Fen as yuan: two decimals, thousands separated. */
export function yuan(fen) {
  const text = (Math.abs(fen) / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `${fen < 0 ? "−" : ""}¥${text}`;
}

/** A date in the reader's zone. */
export const day = (ms) =>
  new Date(ms).toLocaleDateString(locale(), { year: "numeric", month: "2-digit", day: "2-digit" });

/** A date and time in the reader's zone. */
export const moment = (ms) =>
  new Date(ms).toLocaleString(locale(), {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false,
  });

/** Today's times as hours and minutes, others as dates. */
export function shortMoment(ms) {
  const then = new Date(ms);
  if (then.toDateString() !== new Date(worldNow()).toDateString()) return day(ms);
  return then.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** A mobile number in groups: 138 1234 5678. */
export const grouped = (number) => String(number).replace(/^(.{3})(.{4})(.{4})$/, "$1 $2 $3");

const counted = (count, one, several) => (count === 1 ? one : several.replace("{count}", count));

/** How long something takes, in the largest whole unit that says it: minutes, hours, days. */
export function span(ms) {
  const hours = ms / 3_600_000;
  if (hours < 1) return counted(Math.max(1, Math.round(ms / 60_000)), _("1 minute"), _("{count} minutes"));
  if (hours < 48) return counted(Math.round(hours), _("1 hour"), _("{count} hours"));
  return counted(Math.round(hours / 24), _("1 day"), _("{count} days"));
}

/** How many years, in words. */
export const years = (count) => counted(count, _("1 year"), _("{count} years"));

/** A file's content as base64, and its name. */
export function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ name: file.name, size: file.size, content: reader.result.split(",")[1] });
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

/** Offer bytes (base64) as a file. */
export function saveAs(name, base64, type = "application/octet-stream") {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
