// Long work on a file: how far it is, how fast, how long yet, and how to stop it.
import { html, useCallback, useRef, useState } from "../../vendor/htm-preact.js";
import { Button } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { sizeText } from "./pieces.js";

/** `{state, run, stop}`: `run(label, bytes, work)` tells how far it is; `work(tell, signal)` does it. */
export function useProgress() {
  const [state, setState] = useState(null);
  const stopping = useRef(null);
  const run = useCallback(async (label, bytes, work) => {
    const [control, since] = [new AbortController(), performance.now()];
    stopping.current = control;
    let drawn = 0;
    const tell = (share) => {
      const now = performance.now();
      if (now - drawn < 100 && share < 1) return;
      drawn = now;
      setState({ label, share, rate: (share * bytes) / Math.max(0.001, (now - since) / 1000), bytes });
    };
    setState({ label, share: 0, rate: 0, bytes });
    try {
      return await work(tell, control.signal);
    } finally {
      setState(null);
    }
  }, []);
  return { state, run, stop: () => stopping.current?.abort() };
}

/** What is drawn of it. */
export function Progress({ of }) {
  const { state, stop } = of;
  if (!state) return null;
  const left = state.rate ? Math.ceil((state.bytes * (1 - state.share)) / state.rate) : 0;
  return html`<div class="file-progress" role="status">
    <p><b>${state.label}</b> ${Math.floor(100 * state.share)}%</p>
    <progress max="1" value=${state.share} aria-label=${state.label}></progress>
    <p class="quiet">${state.rate > 0 && _("{rate} a second, {left} s left", { rate: sizeText(Math.round(state.rate)), left })}
      <${Button} kind="quiet" onClick=${stop}>${_("Stop")}<//></p></div>`;
}
