// 手写板: choose stroke and colour, write, save; the signature is usable at once.
import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { Button, Choice, Notice } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { covers, drawStroke, placeOf, point, prepared, redraw, whole } from "../ink.js";
import { Screen } from "../layout.js";
import { INKS, kindLabel, useSealForm } from "./seal_kinds.js";

// How wide the pens are, in parts of the pad's width, and a signature where nobody chose its size (mm).
const PENS = { fine: 0.012, medium: 0.02, broad: 0.03 };
const USUAL_MM = 50;
const SHARPEST = 3;

/** The pad for the enterprise `id`; kind and name were chosen before. */
export function SealPad({ id }) {
  const app = useApp();
  const form = useSealForm(id);
  const kinds = useAsk("sealing.kinds", { enterprise_id: id });
  const inks = kinds.value?.find((one) => one.kind === "custom")?.colours ?? ["black"];
  const [large, setLarge] = useState(false);
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const { name, size, pen, colour, strokes } = form.values;
  const width = Number.parseInt(size, 10) || USUAL_MM;
  const write = (more) => { setProblem(""); form.set("strokes", more); };
  useEffect(() => {
    if (!name) app.router.replace(`seal-new/${id}/handwriting`);
  }, []);
  const save = () => {
    if (!covers(strokes)) {
      setProblem(_("Write your signature on the pad first, large enough to be read."));
      return;
    }
    deed(async (act) => {
      await act("sealing.draw_signature", { enterprise_id: id, name: name.trim(), strokes: whole(strokes), width_mm: width, pen_um: Math.round(PENS[pen] * width * 1_000), colour });
      form.done();
      app.toast(_("Saved. It stands among the seals."));
      app.router.reset(`seals/${id}/handwriting`);
    });
  };
  const tools = { strokes, onChange: write, pen: PENS[pen], colour: INKS[colour] };
  if (large) return html`<${LargePad} ...${tools} onClose=${() => setLarge(false)} />`;
  return html`<${Screen} title=${_("Handwriting pad")} foot=${html`<${Button} kind="primary" busy=${busy} disabled=${!strokes.length} onClick=${save}>${_("Save")}<//>`}>
    <p class="lead">${kindLabel("custom", kinds.value)} · ${name}</p>
    <${Notice} tone="bad">${problem}<//>
    <div class="pad-frame"><${Pad} ...${tools} /></div>
    <div class="pad-tools"><${Acts} ...${tools} /><${Button} kind="quiet small" onClick=${() => setLarge(true)}>${_("Write across the screen")}<//></div>
    <${Choice} label=${_("Stroke")} value=${pen} options=${Object.keys(PENS).map((one) => [one, html`<${Nib} part=${PENS[one]} />${ofCode(`pen.${one}`)}`])} onChange=${(one) => form.set("pen", one)} />
    <${Choice} label=${_("Colour")} value=${colour} options=${inks.map((one) => [one, html`<i class="ink-dot" style=${{ background: INKS[one] }}></i>${ofCode(`ink.${one}`)}`])} onChange=${(one) => form.set("colour", one)} />
    <${OnPaper} ...${tools} />
    <${Notice}>${_("It takes a finger, a pen or a mouse: a signature cannot be typed. Whoever can use none of them has another administrator of the enterprise apply with a stamped form.")}<//>
  <//>`;
}

const Nib = ({ part }) => html`<i class="nib" style=${{ height: `${part * 240}px` }}></i>`;

function Acts({ strokes, onChange }) {
  return html`<${Button} kind="quiet small" disabled=${!strokes.length} onClick=${() => onChange(strokes.slice(0, -1))}>${_("Undo")}<//>
    <${Button} kind="quiet small" disabled=${!strokes.length} onClick=${() => onChange([])}>${_("Clear")}<//>`;
}

/** What is written, over the words of a document: nothing but the ink is kept. */
function OnPaper({ strokes, pen, colour }) {
  const canvas = useRef(null);
  useEffect(() => redraw(canvas.current, strokes, { pen, colour }), [strokes, pen, colour]);
  return html`<figure class="on-paper"><figcaption>${_("How it lies over a document")}</figcaption>
    <div><p aria-hidden="true">${_("Both parties agree to the terms above.")}<br />${_("Party B (signature):")}</p><canvas ref=${canvas} width="600" height="300" aria-hidden="true"></canvas></div></figure>`;
}

/** The pad over the whole phone: where it is taller than wide one turns the phone and writes along it. */
function LargePad({ onClose, ...tools }) {
  const room = useRef(null);
  const [shape, setShape] = useState(null);
  useEffect(() => {
    const measure = () => {
      const { clientWidth: wide, clientHeight: high } = room.current;
      const turned = high > wide;
      const long = Math.floor(turned ? Math.min(high, wide * 2) : Math.min(wide, high * 2));
      setShape(turned ? { turned, width: long / 2, height: long } : { turned, width: long, height: long / 2 });
    };
    measure();
    const watched = new ResizeObserver(measure);
    watched.observe(room.current);
    return () => watched.disconnect();
  }, []);
  return html`<main class=${`pad-large ${shape?.turned ? "turned" : ""}`}><h1 class="hidden">${_("Handwriting pad")}</h1>
    <div class="pad-acts"><${Acts} ...${tools} /><${Button} kind="small" onClick=${onClose}><${Icon} name="check" size=${18} />${_("Done")}<//></div>
    <div class="pad-room" ref=${room}>${shape && html`<div class="pad-frame" style=${{ width: `${shape.width}px`, height: `${shape.height}px` }}><${Pad} ...${tools} turned=${shape.turned} /></div>`}</div></main>`;
}

/** What one writes on. Lines grow under the pointer; the strokes are told when it is lifted. */
function Pad({ strokes, onChange, pen, colour, turned = false }) {
  const canvas = useRef(null);
  const now = useRef({ stroke: null, pointer: null, began: 0, drawn: 0 });
  useEffect(() => {
    const fit = () => {
      const sharp = Math.min(SHARPEST, globalThis.devicePixelRatio || 1);
      const { clientWidth: wide, clientHeight: high } = canvas.current;
      Object.assign(canvas.current, { width: Math.round(wide * sharp), height: Math.round(high * sharp) });
      redraw(canvas.current, strokes, { pen, colour, turned });
    };
    fit();
    const watched = new ResizeObserver(fit);
    watched.observe(canvas.current);
    return () => watched.disconnect();
  }, [strokes, pen, colour, turned]);

  const take = (event) => {
    const { current } = now;
    const box = canvas.current.getBoundingClientRect();
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [event]) {
      const next = point(one, placeOf(one, box, turned), current.stroke, current.began);
      if (next) current.stroke.push(next);
    }
    drawStroke(prepared(canvas.current, colour, turned), current.stroke, pen, current.drawn);
    current.drawn = current.stroke.length;
  };
  const down = (event) => {
    const { current } = now;
    // A palm beside the finger, or the other mouse button, writes nothing.
    if (current.pointer !== null || event.button > 0) return;
    event.preventDefault();
    canvas.current.setPointerCapture(event.pointerId);
    // Times count from the first stroke, also after the screen was left and opened again.
    const since = strokes.at(-1)?.at(-1)[2] ?? -400;
    Object.assign(current, { pointer: event.pointerId, stroke: [], drawn: 0, began: event.timeStamp - since - 400 });
    take(event);
  };
  const move = (event) => {
    if (event.pointerId === now.current.pointer) take(event);
  };
  const up = (event) => {
    const { current } = now;
    if (event.pointerId !== current.pointer) return;
    current.pointer = null;
    if (event.type === "pointercancel") onChange([...strokes]);
    else if (current.stroke.length) onChange([...strokes, current.stroke]);
  };
  const told = strokes.length ? _("Signature of {count} strokes", { count: strokes.length }) : _("Empty pad: write here");
  return html`<canvas class="pad" ref=${canvas} role="img" aria-label=${told} data-strokes=${strokes.length} onPointerDown=${down} onPointerMove=${move} onPointerUp=${up}
      onPointerCancel=${up} onContextMenu=${(event) => event.preventDefault()}></canvas>${!strokes.length && html`<span class="pad-hint" aria-hidden="true">${_("Write here")}</span>`}`;
}
