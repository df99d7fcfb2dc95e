// The list of cases: a row is a button; the page is asked only when another case is wanted.
const made = (tag, name, text) => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
};

function rowOf(row, current, open) {
  const element = made("button", "desk-row");
  element.type = "button";
  element.dataset.case = row.id;
  element.dataset.tone = row.tone;
  element.setAttribute("aria-current", String(row.id === current));
  const head = made("span", "desk-row-head");
  head.append(made("span", "desk-row-kind", row.kind), made("span", "desk-row-due", row.due));
  const foot = made("span", "desk-row-foot");
  for (const flag of row.flags) foot.append(made("span", "desk-flag", flag));
  if (row.who) foot.append(made("span", "desk-row-who", row.who));
  element.append(head, made("span", "desk-row-title", row.title), foot);
  element.title = row.hint;
  element.addEventListener("click", () => open(row.id));
  return element;
}

/** Show `{rows, current, label}`; `open(id)` is told which row was chosen. */
export function list(element, { rows, current, label }, open) {
  const told = JSON.stringify([rows, current, label]);
  if (element.deskTold === told) return;
  const before = element.querySelector(".desk-list");
  const moved = element.deskCurrent !== current;
  const place = made("nav", "desk-list");
  place.setAttribute("aria-label", label);
  place.append(...rows.map((row) => rowOf(row, current, open)));
  if (before) before.replaceWith(place);
  else element.append(place);
  element.deskTold = told;
  element.deskCurrent = current;
  if (moved) place.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
}
