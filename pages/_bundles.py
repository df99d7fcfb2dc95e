"""One click on an error saves what is needed to see it again: a bundle, with a picture (SIM-9)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from engine.kernel import ids
from engine.reports import current
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console, _looking
from pages._console import _
from simulations import bundles
from simulations.bundles import Failure, Run

_log = logging.getLogger(__name__)
_FAILED, _SAVED = "failed act", "bundle"
_MOST_BOXES = 2_000
# Where text stands on the screen, and what lies around it. What is not one of our own words is dropped at
# once when it arrives (`bundles.screens`); nothing is downloaded and nothing is drawn in the browser.
_JS = """
export default function({ data, setTriggerValue }) {
  if (!data.wanted) return;
  const boxes = [], root = document.querySelector(".stApp") || document.body;
  const add = (r, text) => {
    if (r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight && boxes.length < data.most)
      boxes.push([r.left, r.top, r.width, r.height, text]);
  };
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim();
    if (!text || ["STYLE", "SCRIPT"].includes(node.parentElement?.tagName)) continue;
    range.selectNodeContents(node);
    add(range.getBoundingClientRect(), text.slice(0, 200));
  }
  for (const one of root.querySelectorAll("button, input, textarea, canvas, img, [role=alert]"))
    add(one.getBoundingClientRect(), "");
  setTriggerValue("seen", { width: innerWidth, height: innerHeight, boxes });
}
"""
_photograph = st.components.v2.component("photograph", js=_JS)


def remember(
    problem: BaseException, action: str, arguments: Mapping[str, Any], *, incident: str = ""
) -> None:
    """Keep what went wrong until the page is left, so that a click can save it."""
    st.session_state.pop(_SAVED, None)
    st.session_state[_FAILED] = Failure(
        problem=problem, action=action, arguments=arguments, incident=incident, screen=_screen()
    )


def page_broke(bug: Exception) -> None:
    """A page that could not be drawn: an id for the person, the trace for us, and the offer to save it."""
    incident = ids.token(ids.system_entropy, 9)
    _log.error("incident %s", incident, exc_info=bug)
    remember(bug, "", {}, incident=incident)
    text = _("Something unexpected happened. Quote this id: {id}", id=incident)
    st.error(text)
    offer(text, of="page")


def _screen() -> str:
    """Which page it is, without what its address asks for."""
    return str(st.context.url or "").split("?")[0].rstrip("/").rpartition("/")[2]


def offer(text: str, of: str = "act") -> None:
    """Beside an error that is shown now: save it; once it is saved, take it along.

    `of` tells a page that broke from an act that was refused before: both may be shown at once.
    """
    failed: Failure | None = st.session_state.get(_FAILED)
    if not text or failed is None:
        return
    saved: Path | None = st.session_state.get(_SAVED)
    if saved is None or not saved.exists():
        st.button(
            _("Save what happened"),
            key=f"save-bundle-{of}",
            icon=":material/archive:",
            on_click=_save,
            args=(failed, text),
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            _("Take it along"),
            data=saved.read_bytes(),
            file_name=saved.name,
            mime="application/zip",
            key=f"take-bundle-{of}",
            on_click="ignore",
        )
        st.caption(
            _(
                "Saved as {name}. Nobody’s values are in it. See it again with: {command}",
                name=saved.name,
                command=f"yinxin replay {saved.name}",
            )
        )
    _photograph(
        key="photograph",
        data={"wanted": not bundles.read(saved).picture, "most": _MOST_BOXES},
        on_seen_change=lambda: _pictured(saved, text),
    )


def _save(failed: Failure, text: str) -> None:
    world, staff = _console.world(), _console.me()
    rights = tuple(one.value for one in Right if staffing.has(staff, one, anywhere=True))
    looked_at = _looking.run()
    run = None
    if looked_at is not None:
        place = current.RUNS / looked_at.run
        run = Run(folder=place, shard=looked_at.shard, replication=looked_at.replication)
    st.session_state[_SAVED] = bundles.save(failed, world, run=run, rights=rights)
    # The error stays on the screen, for the picture and for who reads it.
    st.session_state["refusal"] = text


def _pictured(saved: Path, text: str) -> None:
    seen = st.session_state["photograph"].seen
    if seen:
        boxes = [bundles.box(one) for one in seen["boxes"]]
        picture = bundles.drawn(
            float(seen["width"]), float(seen["height"]), boxes, _console.language()
        )
        bundles.picture_added(saved, picture)
    st.session_state["refusal"] = text
