"""The process map on a page: an arrow can be chosen by click, or by Tab and Enter."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.reports.mining import Move
from pages import _process_drawing, _process_words
from pages._console import _

_CSS = """
.map { overflow-x: auto; color: var(--st-text-color); font-family: var(--st-font); }
.map svg { display: block; margin: 0 auto; max-width: none; }
.map .box { fill: var(--st-background-color); }
.map .told { paint-order: stroke; stroke: var(--st-background-color); stroke-width: 4px; }
.map .move { cursor: pointer; }
.map .move:hover path:nth-of-type(2), .map .move:focus-visible path:nth-of-type(2) { stroke-opacity: 1; }
.map .move:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
"""
_JS = """
export default function({ parentElement, data, setTriggerValue }) {
  const place = parentElement.querySelector(".map");
  if (place.shown !== data.svg) {
    place.innerHTML = data.svg;
    place.shown = data.svg;
  }
  const choose = (event) => {
    const move = event.target.closest(".move");
    const pressed = event.type === "click" || event.key === "Enter" || event.key === " ";
    if (!move || !pressed) { return; }
    event.preventDefault();
    setTriggerValue("move", `${move.dataset.from}>${move.dataset.to}`);
  };
  place.onclick = choose;
  place.onkeydown = choose;
}
"""
_map = st.components.v2.component(
    "yinxin_process_map", html='<div class="map"></div>', css=_CSS, js=_JS
)


def told(move: Move, time: str) -> str:
    """What stands at an arrow: how often, and after how long (`move_p50_h` or `move_p90_h`)."""
    hours = getattr(move, time)
    return f"{move.moves:,}" if hours is None else f"{move.moves:,} · {_process_words.hours(hours)}"


def draw(
    moves: Sequence[Move], *, time: str, chosen: tuple[str, str] | None
) -> tuple[str, str] | None:
    """Show the map; the two activities of the arrow that was chosen just now, if any."""
    svg = _process_drawing.draw(
        moves,
        name_of=_process_words.activity,
        told=lambda move: told(move, time),
        chosen=chosen,
        words=(_("Begun"), _("Ended here so far")),
    )
    found = _map(key="process-map", data={"svg": svg}, on_move_change=lambda: None)
    picked = getattr(found, "move", None)
    if not picked:
        return None
    one, _mark, two = str(picked).partition(">")
    return one, two
