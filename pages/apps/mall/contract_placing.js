// Where a seal goes: at the contract's own place, by page numbers, by keyword, by dragging it over the page,
// and across the page edges. What is chosen is shown on the pages before anything is asked for.
import { html, useEffect, useMemo, useRef, useState } from "../vendor/htm-preact.js";
import { useAsk } from "../common/hooks.js";
import { Choice, Loaded, Notice, Tick } from "../common/kit.js";
import { _ } from "../common/texts.js";
import { Page, Thumbnails } from "./contract_pages.js";
import { useMall } from "./links.js";

const CORNER_MM = 20;
const SEAM_TOP_MM = 110;
const PAUSE_MS = 400;

/** What can be chosen: `kept`, the contract has a place for this party; `free`, nobody has signed yet. */
const ways = (kept, free) => [
  ["contract", kept || !free ? _("Where the contract has it") : _("At the foot of the last page")],
  ...(free ? [["drag", _("Drag it onto the page")], ["page", _("By page numbers")], ["keyword", _("By keyword")]] : []),
];

const whole = (text) => (/^-?\d{1,4}$/.test(String(text).trim()) ? Number(text) : null);

/** The form as the engine's placements; an empty list is the contract's own place. */
export function placementsOf(form) {
  const seam = form.seam ? [{ kind: "seam", pages: "all", y_mm: whole(form.seamTop) ?? SEAM_TOP_MM }] : [];
  if (form.way === "page") return [{ kind: "page", pages: form.pages.trim().replaceAll("，", ","), x_mm: whole(form.x) ?? 0, y_mm: whole(form.y) ?? 0 }, ...seam];
  if (form.way === "keyword") return [{ kind: "keyword", pages: "all", keyword: form.keyword.trim(), nth: form.every ? 0 : whole(form.nth) ?? 1 }, ...seam];
  if (form.way === "drag") return [...form.dropped.map(({ page, x, y }) => ({ kind: "page", pages: String(page), x_mm: x, y_mm: y })), ...seam];
  return seam;
}

/** What is still to be said before it can be asked for, or "". */
export function lacking(form) {
  if (form.way === "page" && !/^(all|last|[\d,，\s-]+)$/.test(form.pages.trim())) return _("Write the pages such as 1-3,5, or all, or last.");
  if (form.way === "keyword" && !form.keyword.trim()) return _("Write the words that the seal goes onto.");
  if (form.way === "drag" && !form.dropped.length) return _("Put the seal onto a page: drag it there, or press the button.");
  if (form.way === "contract" && form.seam) return _("A seal across the edges goes beside a whole one: choose where that goes.");
  return "";
}

export const blankPlacing = ({ kept, free }) => ({
  way: kept || !free ? "contract" : "drag", pages: "last", x: "120", y: "200", keyword: "", nth: "1", every: false, dropped: [], seam: false, seamTop: String(SEAM_TOP_MM),
});

const later = (value) => {
  const [kept, setKept] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setKept(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return kept;
};

/** Where the marks of a form would lie, as the engine finds them, or why there is no such place. */
function useMarks(contractId, seal, form) {
  const wanted = later(JSON.stringify(placementsOf(form)));
  const skip = !seal || Boolean(lacking(form));
  const found = useAsk("signing.marks", { contract_id: contractId, seal_id: seal?.id ?? "", placements: JSON.parse(wanted) }, { skip });
  return skip ? { marks: [], error: null } : { marks: found.value ?? [], error: found.error };
}

const clamp = (value, most) => Math.max(0, Math.min(Math.round(value), Math.floor(most)));

/** A seal that can be moved over its page, by pointer or by the arrow keys (a millimetre, with Shift ten). */
function Movable({ one, n, seal, size, picture, move, remove }) {
  const from = useRef(null);
  const [width, height] = size;
  const to = (x, y) => move(n, { x: clamp(x, width - seal.width_mm), y: clamp(y, height - seal.height_mm) });
  const perMm = (element) => element.parentElement.getBoundingClientRect().width / width;
  const down = (event) => {
    event.preventDefault();
    event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, y: event.clientY, at: one, scale: perMm(event.currentTarget) };
  };
  const moved = (event) => {
    if (!from.current) return;
    const { x, y, at, scale } = from.current;
    to(at.x + (event.clientX - x) / scale, at.y + (event.clientY - y) / scale);
  };
  const keys = (event) => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") return remove(n);
    if (!by) return undefined;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? 10 : 1;
    return to(one.x + by[0] * step, one.y + by[1] * step);
  };
  return html`<button type="button" class="paper-seal is-movable" style=${boxOf(one.x, one.y, seal.width_mm, seal.height_mm, size)}
    aria-label=${_("The seal on page {page}, {x} mm from the left, {y} mm from the top", { page: one.page, x: one.x, y: one.y })}
    onPointerDown=${down} onPointerMove=${moved} onPointerUp=${() => (from.current = null)} onPointerCancel=${() => (from.current = null)} onKeyDown=${keys}>
    <img src=${picture} alt="" draggable=${false} /></button>`;
}

const percent = (part, of) => `${(100 * part) / of}%`;
const boxOf = (x, y, width, height, [across, down]) =>
  `left:${percent(x, across)};top:${percent(y, down)};width:${percent(width, across)};height:${percent(height, down)}`;

/** A mark as the engine found it (tenths of a millimetre): the whole seal, or a slice at the edge of the page. */
function Mark({ mark, size, picture }) {
  const inside = `width:${mark.slices * 100}%;left:${-mark.slice_number * 100}%`;
  const box = boxOf(mark.left / 10, mark.top / 10, mark.width / 10, mark.height / 10, size);
  return html`<span class=${`paper-seal ${mark.slices > 1 ? "is-slice" : ""}`} style=${box}><img src=${picture} alt="" style=${inside} /></span>`;
}

function Preview({ source, sizes, at, turn, form, fill, seal, picture, marks }) {
  const page = Math.min(at, sizes.length);
  const size = sizes[page - 1];
  const dragging = form.way === "drag";
  const move = (n, place) => fill({ dropped: form.dropped.map((one, m) => (m === n ? { ...one, ...place } : one)) });
  const remove = (n) => fill({ dropped: form.dropped.filter((_one, m) => m !== n) });
  const paper = useRef(null);
  const put = (x, y) => fill({ dropped: [...form.dropped, { page, x: clamp(x, size[0] - seal.width_mm), y: clamp(y, size[1] - seal.height_mm) }] });
  const drop = (event) => {
    event.preventDefault();
    const box = paper.current.querySelector(".paper-page").getBoundingClientRect();
    const scale = box.width / size[0];
    put((event.clientX - box.left) / scale - seal.width_mm / 2, (event.clientY - box.top) / scale - seal.height_mm / 2);
  };
  const shown = marks.filter((mark) => mark.page === page && (!dragging || mark.slices > 1));
  return html`<div class="paper-both" ref=${paper}>
    ${sizes.length > 1 && html`<${Thumbnails} source=${source} pages=${sizes.length} at=${page} turn=${turn}
      mark=${(n) => marks.some((mark) => mark.page === n) && html`<i class="paper-dot" aria-label=${_("With a seal")}></i>`} />`}
    <div class="paper-large" onDragOver=${dragging && seal && ((event) => event.preventDefault())} onDrop=${dragging && seal && drop}>
      <${Page} source=${source} page=${page} ratio=${size[1] / size[0]}>
        ${shown.map((mark) => html`<${Mark} key=${JSON.stringify(mark)} mark=${mark} size=${size} picture=${picture} />`)}
        ${dragging && seal && form.dropped.map((one, n) => one.page === page && html`<${Movable} key=${n} one=${one} n=${n} seal=${seal} size=${size} picture=${picture} move=${move} remove=${remove} />`)}
      <//>
      ${dragging && seal && html`<div class="row"><span class="paper-source" draggable=${true} title=${_("Drag it onto the page")}><img src=${picture} alt="" draggable=${false} /></span>
        <button type="button" class="button" onClick=${() => put(size[0] - seal.width_mm - CORNER_MM, size[1] - seal.height_mm - CORNER_MM)}>${_("Put it onto this page")}</button>
        ${form.dropped.length > 0 && html`<button type="button" class="link" onClick=${() => fill({ dropped: [] })}>${_("Take all off again")}</button>`}</div>`}
    </div></div>`;
}

/** A short input with its label on one line. */
const Short = ({ label, value, onInput, ...more }) => html`<label class="short"><span>${label}</span><input value=${value} onInput=${(event) => onInput(event.target.value)} ...${more} /></label>`;

function Asked({ form, fill }) {
  if (form.way === "page") {
    return html`<div class="row"><${Short} label=${_("Pages")} value=${form.pages} maxlength="60" onInput=${(pages) => fill({ pages })} />
      <${Short} label=${_("From the left (mm)")} value=${form.x} inputmode="numeric" maxlength="4" onInput=${(x) => fill({ x })} />
      <${Short} label=${_("From the top (mm)")} value=${form.y} inputmode="numeric" maxlength="4" onInput=${(y) => fill({ y })} /></div>
      <p class="hint">${_("Such as 1-3,5,8; all is every page, last the last one.")}</p>`;
  }
  if (form.way === "keyword") {
    return html`<div class="row"><${Short} label=${_("Words in the document")} value=${form.keyword} maxlength="60" onInput=${(keyword) => fill({ keyword })} />
      ${!form.every && html`<${Short} label=${_("Which occurrence")} value=${form.nth} inputmode="numeric" maxlength="3" onInput=${(nth) => fill({ nth })} />`}</div>
      <${Tick} checked=${form.every} label=${_("Onto every occurrence")} onChange=${(every) => fill({ every })}>${_("Onto every occurrence")}<//>`;
  }
  if (form.way === "drag") return html`<p class="hint">${_("Drag the seal onto the page, then move it; arrow keys move it by a millimetre, Delete takes it off.")}</p>`;
  return html`<p class="hint">${_("The seal goes onto the name of your party, at the place that the contract keeps for it.")}</p>`;
}

/** The whole choice. */
export function Placing({ contractId, source, form, fill, kept, free, seal }) {
  const { door } = useMall();
  const sizes = useAsk("signing.page_sizes", { contract_id: contractId });
  const [at, setAt] = useState(0);
  const { marks, error } = useMarks(contractId, seal, form);
  const picture = useMemo(() => (seal ? door.media(seal.picture) : ""), [door, seal?.picture]);
  const first = marks[0]?.page;
  useEffect(() => {
    if (first && form.way !== "drag") setAt(first);
  }, [first, form.way]);
  const problem = error?.title ?? "";
  return html`<${Choice} label=${_("Where the seal goes")} value=${form.way} options=${ways(kept, free)} onChange=${(way) => fill({ way })} />
    <${Asked} form=${form} fill=${fill} />
    ${!free && html`<p class="hint">${_("Where every party's seal goes was fixed with the first signature.")}</p>`}
    <${Loaded} of=${sizes}>${(all) => { const found = all.map((one) => [one.width / 10, one.height / 10]); return html`
      ${free && found.length > 1 && html`<${Tick} checked=${form.seam} label=${_("Across the page edges as well")} onChange=${(seam) => fill({ seam })}>${_("Across the page edges as well")}<//>`}
      ${found.length > 1 && form.seam && html`<${Short} label=${_("How far down the edge (mm)")} value=${form.seamTop} inputmode="numeric" maxlength="4" onInput=${(seamTop) => fill({ seamTop })} />`}
      <${Notice} tone="bad">${problem}<//>
      <${Preview} source=${source} sizes=${found} at=${at || found.length} turn=${setAt} form=${form} fill=${fill} seal=${seal} picture=${picture} marks=${marks} />`; }}<//>`;
}
