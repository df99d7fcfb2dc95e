"""A part of a page that redraws when the world's log grows, in about 20 ms, from any process.

A tiny component listens to `/w/<world>/events` and triggers its fragment. Should the stream be cut,
the fragment redraws by itself every few seconds.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages import _console

_FALLBACK_S = 5.0
# At once when it was quiet, at most four times a second under load. One stream per mounted element.
_JS = """
const quiet = 250;
export default function({ parentElement, setTriggerValue, data }) {
  if (parentElement.following) { return parentElement.following; }
  let told = 0, seen = null, timer = null;
  const source = new EventSource(data.address);
  const tell = () => { timer = null; told = Date.now(); setTriggerValue('seq', seen); };
  source.onmessage = (event) => {
    const seq = Number(event.data);
    const first = seen === null;
    if (seq === seen) { return; }
    seen = seq;
    // The page was drawn a moment ago; the first number is where it stands.
    if (first) { return; }
    if (timer === null) { timer = setTimeout(tell, Math.max(0, quiet - (Date.now() - told))); }
  };
  parentElement.following = () => {
    clearTimeout(timer);
    source.close();
    parentElement.following = null;
  };
  return parentElement.following;
}
"""
_listener = st.components.v2.component("yinxin_live", js=_JS)


def follow(draw: Callable[[], None], *, key: str) -> None:
    """Draw a part of the page now and whenever anything happens in the world."""

    @st.fragment(run_every=_FALLBACK_S)
    def part() -> None:
        world = _console.world()
        if world.engine.parts.db.frozen:
            # Nothing happens any more in a run that is looked at.
            draw()
            return
        _listener(
            key=f"live-{key}",
            data={"address": f"/w/{world.id}/events"},
            on_seq_change=lambda: None,
        )
        draw()

    part()
