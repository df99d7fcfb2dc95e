// Ink on a pad. A stroke is a list of [x, y, ms, pressure]; x and y are parts of the pad's width, so that
// the same writing is the same on a small pad, a large one, and where the seal is drawn from it.

// The pad is half as high as it is wide.
const HEIGHT = 0.5;
// Nearer than this to the last point (part of the width) says nothing about the line.
const NEAREST = 0.0012;
// A finger and a mouse press always alike: how fast they move stands for the pressure then.
const SLOW = 0.0002;
const FAST = 0.004;
const SETTLE = 0.35;

const between = (low, value, high) => Math.min(high, Math.max(low, value));
const rounded = (value, places) => Number(value.toFixed(places));

/** Whether a pointer feels pressure: those that don't always tell the same. */
const feels = (event) => event.pointerType === "pen" && event.pressure > 0 && event.pressure !== 0.5;

function speedAsPressure(last, x, y, ms) {
  const speed = Math.hypot(x - last[0], y - last[1]) / Math.max(1, ms - last[2]);
  const light = between(0, (speed - SLOW) / (FAST - SLOW), 1);
  return last[3] + (0.8 - 0.6 * light - last[3]) * SETTLE;
}

/** The next point of a stroke, or null when the pointer has hardly moved. `began` is the writing's first instant. */
export function point(event, place, stroke, began) {
  const x = rounded(between(0, place.x, 1), 4);
  const y = rounded(between(0, place.y, HEIGHT), 4);
  const ms = Math.max(0, Math.round(event.timeStamp - began));
  const last = stroke?.at(-1);
  if (last && Math.hypot(x - last[0], y - last[1]) < NEAREST) return null;
  const pressure = feels(event) ? event.pressure : last ? speedAsPressure(last, x, y, ms) : 0.6;
  return [x, y, last ? Math.max(ms, last[2]) : ms, rounded(between(0.05, pressure, 1), 3)];
}

/** How wide the ink of a pen (in parts of the pad's width) is at a point: as where the seal is drawn. */
const wide = (point, pen) => pen * (0.45 + 0.9 * point[3]);

const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

/** Draw a stroke from its point `from` on; the context is in parts of the pad's width. */
export function drawStroke(context, stroke, pen, from = 0) {
  if (stroke.length === 1) {
    context.beginPath();
    context.arc(stroke[0][0], stroke[0][1], wide(stroke[0], pen) / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  for (let at = Math.max(1, from); at < stroke.length; at += 1) {
    const [before, here] = [stroke[at - 1], stroke[at]];
    const start = at > 1 ? middle(stroke[at - 2], before) : before;
    const last = at === stroke.length - 1;
    context.beginPath();
    context.lineWidth = (wide(before, pen) + wide(here, pen)) / 2;
    context.moveTo(start[0], start[1]);
    const end = middle(before, here);
    context.quadraticCurveTo(before[0], before[1], end[0], end[1]);
    // The end of a line is drawn up to the pointer; the next point draws over it.
    if (last) context.lineTo(here[0], here[1]);
    context.stroke();
  }
}

/** A context in which the pad is 1 wide; turned by a quarter where one writes along the phone's long side. */
export function prepared(canvas, colour, turned) {
  const context = canvas.getContext("2d");
  if (turned) context.setTransform(0, canvas.height, -canvas.height, 0, canvas.width, 0);
  else context.setTransform(canvas.width, 0, 0, canvas.width, 0, 0);
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = colour;
  context.fillStyle = colour;
  return context;
}

/** Everything anew. */
export function redraw(canvas, strokes, { pen, colour, turned = false }) {
  const context = prepared(canvas, colour, turned);
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.restore();
  for (const stroke of strokes) drawStroke(context, stroke, pen);
}

/** Where on the pad a pointer is. */
export function placeOf(event, box, turned) {
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  return turned ? { x: y / box.height, y: (box.width - x) / box.height } : { x: x / box.width, y: y / box.width };
}

/** Whether what is written is more than a dot: the smallest part of the width it must cover. */
export function covers(strokes, least = 0.06) {
  const points = strokes.flat();
  if (points.length < 2) return false;
  const span = (at) => Math.max(...points.map((one) => one[at])) - Math.min(...points.map((one) => one[at]));
  return Math.max(span(0), span(1)) >= least;
}

/** Strokes as they are sent: places in ten-thousandths of the pad's width, pressure in thousandths. */
export const whole = (strokes) => strokes.map((stroke) => stroke.map(([x, y, ms, pressure]) => [Math.round(x * 10_000), Math.round(y * 10_000), ms, Math.round(pressure * 1_000)]));
