// 所在地区: province, city and district one after the other, in a sheet from below.
import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { useAsk } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { Loaded, Sheet, Wrong } from "../../common/kit.js";
import { _ } from "../../common/texts.js";

const LEVELS = [() => _("Province"), () => _("City"), () => _("District")];

/** The codes above a district's: its province, its city, itself. */
const wayTo = (code) => (code.length === 6 ? [`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`, code] : []);

/** The field. `value` is the code of a district, `names` what it is called where that is known. */
export function RegionField({ value, names, error, onChange }) {
  const [open, setOpen] = useState(false);
  const shown = [...new Set(names ?? [])].join(" ");
  return html`<div class=${`field ${error ? "wrong" : ""}`}><span class="label" id="region-label">${_("Region")}</span>
    <button type="button" class="pickbox" aria-labelledby="region-label region-value" onClick=${() => setOpen(true)}>
      <span id="region-value" class=${`row-text ${value ? "" : "unset"}`}>${value ? shown || value : _("Choose province, city and district")}</span><${Icon} name="next" size=${16} /></button>
    ${error && html`<${Wrong}>${error}<//>`}
    ${open && html`<${Picker} value=${value} names=${names ?? []} onClose=${() => setOpen(false)} onDone=${(...chosen) => { setOpen(false); onChange(...chosen); }} />`}</div>`;
}

/** The sheet. What is chosen stands above; a tap there goes back to that level. */
function Picker({ value, names, onClose, onDone }) {
  const codes = wayTo(value);
  const [path, setPath] = useState(names.length === 3 ? codes.map((code, at) => ({ code, name: names[at] })) : []);
  const [level, setLevel] = useState(path.length === 3 ? 2 : 0);
  const parent = level ? path[level - 1].code : "";
  const found = useAsk("delivering.regions", { parent });
  const list = useRef(null);
  const choose = (one) => {
    const way = [...path.slice(0, level), { code: one.code, name: one.name }];
    if (level === 2) return onDone(one.code, way.map((each) => each.name));
    setPath(way);
    return setLevel(level + 1);
  };
  useEffect(() => {
    // Where there is but one (a city that is its own province), it needs no tap.
    if (level === 1 && found.value?.length === 1 && path.length === 1) choose(found.value[0]);
    const chosen = list.current?.querySelector("[aria-checked=true]");
    if (chosen) chosen.scrollIntoView({ block: "center" });
    else list.current?.parentElement?.scrollTo?.({ top: 0 });
  }, [found.value, level]);
  return html`<${Sheet} title=${_("Region")} onClose=${onClose} tall>
    <div class="levels" role="group" aria-label=${_("Chosen so far")}>${LEVELS.map((label, at) => at <= path.length && html`<button type="button" key=${at} class="chip" aria-pressed=${String(at === level)} onClick=${() => setLevel(at)}>${path[at]?.name ?? label()}</button>`)}</div>
    <${Loaded} of=${found}>${(all) => html`<div role="radiogroup" aria-label=${LEVELS[level]()} class="region-list" ref=${list}>${all.map((one) => html`<button type="button" role="radio" key=${one.code} class="row" aria-checked=${String(path[level]?.code === one.code)} onClick=${() => choose(one)}>
      <span class="row-text">${one.name}</span>${path[level]?.code === one.code && html`<${Icon} name="check" size=${18} />`}</button>`)}</div>`}<//>
  <//>`;
}
