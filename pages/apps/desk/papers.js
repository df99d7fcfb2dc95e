// The papers of a case: one at a time, as large as there is room, turned and enlarged without asking the server.
const STEPS = [1, 1.5, 2, 3, 4];
const views = new WeakMap();

const made = (tag, name, properties = {}) => {
  const element = Object.assign(document.createElement(tag), properties);
  if (name) element.className = name;
  return element;
};

function place(view) {
  const row = view.stage.querySelector(".desk-pair");
  if (row) {
    row.style.width = `${view.zoom * 100}%`;
    row.style.setProperty("--turn", `${view.turn}deg`);
    view.stage.classList.toggle("desk-grab", view.zoom > 1);
    return;
  }
  if (view.stage.dataset.kind === "pages") {
    view.stage.querySelectorAll("img").forEach((page) => (page.style.width = `${100 * view.zoom}%`));
    return;
  }
  const picture = view.stage.querySelector("img");
  if (!picture) return;
  const sideways = view.turn % 180 !== 0;
  const { clientWidth: wide, clientHeight: high } = view.stage;
  const [across, down] = sideways ? [picture.naturalHeight, picture.naturalWidth] : [picture.naturalWidth, picture.naturalHeight];
  if (!across || !down) return;
  const scale = Math.min(wide / across, high / down) * view.zoom;
  picture.style.width = `${picture.naturalWidth * scale}px`;
  picture.style.height = `${picture.naturalHeight * scale}px`;
  const [shiftX, shiftY] = sideways
    ? [((picture.naturalHeight - picture.naturalWidth) * scale) / 2, ((picture.naturalWidth - picture.naturalHeight) * scale) / 2]
    : [0, 0];
  picture.style.transform = `translate(${shiftX}px, ${shiftY}px) rotate(${view.turn}deg)`;
  view.stage.classList.toggle("desk-grab", view.zoom > 1);
}

function drag(view) {
  let from = null;
  view.stage.addEventListener("pointerdown", (event) => {
    if (view.zoom === 1 || event.pointerType !== "mouse") return;
    from = { x: event.clientX + view.stage.scrollLeft, y: event.clientY + view.stage.scrollTop };
    view.stage.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  view.stage.addEventListener("pointermove", (event) => {
    if (from) view.stage.scrollTo(from.x - event.clientX, from.y - event.clientY);
  });
  for (const name of ["pointerup", "pointercancel"]) view.stage.addEventListener(name, () => (from = null));
}

/** Pictures side by side, to be compared: all of one size, enlarged together. */
function pair(view, pictures) {
  const row = made("div", "desk-pair");
  for (const { label, address } of pictures) {
    const figure = made("figure", "");
    const image = made("img", "", { alt: label, draggable: false });
    image.addEventListener("error", () => image.replaceWith(made("p", "desk-none", { textContent: view.words.gone })));
    image.src = address;
    figure.append(made("figcaption", "", { textContent: label }), image);
    row.append(figure);
  }
  return row;
}

function show(view) {
  const paper = view.papers[view.at];
  view.zoom = 1;
  view.turn = 0;
  view.tabs.querySelectorAll("button").forEach((tab, place) => tab.setAttribute("aria-selected", String(place === view.at)));
  const picture = paper.kind === "image";
  view.tools.hidden = !picture && !["pair", "pages"].includes(paper.kind);
  view.open.href = paper.address;
  // What is drawn for the desk alone has no page of its own.
  view.open.hidden = paper.address.startsWith("data:");
  view.stage.dataset.kind = paper.kind;
  view.stage.replaceChildren();
  if (picture) {
    const image = made("img", "", { alt: paper.label, draggable: false });
    image.addEventListener("load", () => place(view));
    image.addEventListener("error", () => view.stage.replaceChildren(made("p", "desk-none", { textContent: view.words.gone })));
    image.src = paper.address;
    view.stage.append(image);
  } else if (paper.kind === "pair") {
    view.stage.append(pair(view, paper.pictures));
  } else if (paper.kind === "pages") {
    view.stage.append(...paper.pictures.map((address, at) => made("img", "desk-page", { alt: `${paper.label} ${at + 1}`, loading: "lazy", draggable: false, src: address })));
  } else if (paper.kind === "pdf") {
    // One page across, without the viewer's own frame: the paper has all the room.
    view.stage.append(made("iframe", "", { title: paper.label, src: `${paper.address}#toolbar=0&navpanes=0&view=FitH` }));
  } else {
    view.stage.append(made("a", "desk-file", { href: `${paper.address}?download`, textContent: paper.label }));
  }
}

function turnTo(view, what) {
  if (!view.papers.length) return;
  const here = STEPS.indexOf(view.zoom);
  if (what === "next" || what === "previous") {
    const by = what === "next" ? 1 : -1;
    view.at = (view.at + by + view.papers.length) % view.papers.length;
    show(view);
  } else if (what === "in" || what === "out") {
    view.zoom = STEPS[Math.min(STEPS.length - 1, Math.max(0, here + (what === "in" ? 1 : -1)))];
    place(view);
  } else if (what === "turn") {
    view.turn = (view.turn + 90) % 360;
    place(view);
  } else if (what === "fit") {
    Object.assign(view, { zoom: 1, turn: 0 });
    place(view);
  } else if (what === "open") {
    window.open(view.papers[view.at].address, "_blank", "noopener");
  }
}

function begin(element) {
  const view = { at: 0, zoom: 1, turn: 0, papers: [], told: "" };
  view.tabs = made("div", "desk-tabs");
  view.tabs.setAttribute("role", "tablist");
  view.tools = made("span", "desk-tools");
  view.open = made("a", "desk-open", { target: "_blank", rel: "noopener" });
  const bar = made("div", "desk-papers-bar");
  bar.append(view.tabs, view.tools, view.open);
  view.stage = made("div", "desk-stage");
  view.frame = made("section", "desk-papers");
  view.frame.append(bar, view.stage);
  element.append(view.frame);
  drag(view);
  view.onPaper = (event) => turnTo(view, event.detail);
  view.onSize = new ResizeObserver(() => place(view));
  view.onSize.observe(view.stage);
  document.addEventListener("desk-paper", view.onPaper);
  views.set(element, view);
  return view;
}

function tool(view, words, name, sign) {
  const button = made("button", "", { type: "button", textContent: sign, title: words[name] });
  button.setAttribute("aria-label", words[name]);
  button.addEventListener("click", () => turnTo(view, name));
  return button;
}

/** Show `{case, papers, lit, words}`; the paper in hand stays in hand while the case is the same. */
export function spread(element, { case: id, papers, lit, words }) {
  const view = views.get(element) ?? begin(element);
  const told = JSON.stringify([id, papers, lit, words]);
  if (view.told === told) return;
  const same = view.told && JSON.stringify([view.case, view.papers]) === JSON.stringify([id, papers]);
  view.told = told;
  view.case = id;
  view.words = words;
  view.frame.setAttribute("aria-label", words.papers);
  view.papers = papers;
  view.open.textContent = words.open;
  view.tools.replaceChildren(tool(view, words, "out", "−"), tool(view, words, "in", "+"), tool(view, words, "turn", "⟳"), tool(view, words, "fit", "⤢"));
  view.tabs.replaceChildren(
    ...papers.map((paper, index) => {
      const tab = made("button", "", { type: "button", textContent: paper.label, title: paper.label });
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-selected", String(index === view.at));
      if (lit.includes(paper.code)) tab.classList.add("desk-lit");
      tab.addEventListener("click", () => {
        view.at = index;
        show(view);
      });
      return tab;
    }),
  );
  view.frame.classList.toggle("desk-bare", papers.length === 0);
  if (!papers.length) {
    view.tools.hidden = true;
    view.stage.replaceChildren(made("p", "desk-none", { textContent: words.none }));
    view.open.hidden = true;
    return;
  }
  view.open.hidden = papers[view.at]?.address.startsWith("data:") ?? false;
  const pointed = papers.findIndex((paper) => lit.includes(paper.code));
  if (!same) {
    view.at = 0;
    show(view);
  } else if (pointed >= 0 && view.litBefore !== String(lit)) {
    view.at = pointed;
    show(view);
  }
  view.litBefore = String(lit);
}

/** Take it down. */
export function leave(element) {
  const view = views.get(element);
  if (!view) return;
  document.removeEventListener("desk-paper", view.onPaper);
  view.onSize.disconnect();
  view.frame.remove();
  views.delete(element);
}
