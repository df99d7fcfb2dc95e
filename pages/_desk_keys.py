"""The desk's keyboard: which key does what, and the listener that presses the button a page has drawn.

A key only ever presses a button that is on the screen, so what the keyboard may do is what the engine
offered this reader for this case; nothing is bound that is not drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from engine.http import app_files
from pages._console import _

_JS = f'const desk = import(location.origin + "{app_files.address("desk/keys.js")}");'
_JS += """
export default function({ data }) {
  let stop = null;
  desk.then((keys) => { stop = keys.listen(data); });
  return () => { desk.then(() => stop?.()); };
}
"""
_listener = st.components.v2.component("yinxin_desk_keys", js=_JS)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the keyboard sends it; `label` is what the help sheet says of it."""

    sign: str
    label: str


# R and C are the page's own everywhere else and stay free.
KEYS: dict[str, Key] = {
    "next": Key("n", label="Next case, claimed for you"),
    "claim": Key("g", label="Claim the case shown, or take it up again"),
    "approve": Key("a", label="Approve"),
    "reject": Key("x", label="Reject: choose reasons by digit, then Enter"),
    "hold": Key("h", label="Hold: choose why by digit"),
    "release": Key("p", label="Put back"),
    "take_over": Key("u", label="Take over from a colleague"),
    "reassign": Key("v", label="Hand to a colleague"),
    "note": Key("m", label="Write in the note; Esc leaves it"),
    "remark": Key("i", label="Write a remark for colleagues"),
    "confirm": Key("enter", label="Confirm what is open"),
    "close": Key("escape", label="Close what is open"),
    "down": Key("j", label="Next row of the queue"),
    "up": Key("k", label="Previous row of the queue"),
    "find": Key("/", label="Search the queue"),
    "queue": Key("q", label="Show or hide the queue"),
    "paper_next": Key("]", label="Next paper"),
    "paper_previous": Key("[", label="Previous paper"),
    "paper_in": Key("+", label="Enlarge the paper"),
    "paper_out": Key("-", label="Make the paper smaller"),
    "paper_turn": Key("o", label="Turn the paper"),
    "paper_fit": Key("0", label="The whole paper"),
    "paper_open": Key("f", label="Open the paper in a window of its own"),
    "help": Key("?", label="This sheet"),
}
_SHOWN = {"enter": "↵", "escape": "esc"}
# Keys of choices in an open panel, in order; after the digits, letters that no button has there.
CHOICES = "123456789bdefjklqsty"
# What decides: not taken for a case that has only just come up.
_ACTS = frozenset({"approve", "confirm", "release"})
_LOCAL: dict[str, tuple[str, str]] = {
    "queue": ("wide", ""),
    "down": ("row", "1"),
    "up": ("row", "-1"),
    "paper_next": ("paper", "next"),
    "paper_previous": ("paper", "previous"),
    "paper_in": ("paper", "in"),
    "paper_out": ("paper", "out"),
    "paper_turn": ("paper", "turn"),
    "paper_fit": ("paper", "fit"),
    "paper_open": ("paper", "open"),
}
_REPEATING = frozenset({"down", "up", "paper_next", "paper_previous", "paper_in", "paper_out"})


def sign(name: str) -> str:
    """A key as it stands on a button."""
    key = KEYS[name].sign
    return _SHOWN.get(key, key.upper())


class Keys:
    """The keys of one drawing of the page: collected while it is drawn, handed over at its end."""

    def __init__(self) -> None:
        self.bindings: dict[str, dict[str, Any]] = {}
        self.begin: dict[str, str] | None = None
        for name, (kind, value) in _LOCAL.items():
            self._bind(name, {"local": kind, "value": value, "repeats": name in _REPEATING})

    def _bind(self, name: str, binding: dict[str, Any]) -> None:
        self.bindings[KEYS[name].sign] = binding

    def button(
        self, place: Any, name: str, text: str, *, key: str, act: Callable[..., None], **more: Any
    ) -> None:
        """A button with its key on it."""
        place.button(f"{text} `{sign(name)}`", key=key, on_click=act, **more)
        if not more.get("disabled"):
            panel = name in ("confirm", "close")
            self._bind(name, {"press": key, "act": name in _ACTS, "panel": panel})

    def choice(self, place: int, key: str, *, act: bool = False) -> str:
        """The key of a choice in an open panel, bound to its box; empty beyond the last key."""
        if place >= len(CHOICES):
            return ""
        self.bindings[CHOICES[place]] = {"press": key, "act": act}
        return CHOICES[place].upper()

    def field(self, name: str, key: str) -> None:
        """A key that goes to a field."""
        self._bind(name, {"local": "focus", "value": key})

    def begin_in(self, field: str, panel: str) -> None:
        """A panel that has just opened begins with this field."""
        self.begin = {"field": field, "panel": panel}

    def listen(self, case_id: str) -> None:
        """From now on these keys mean what was drawn."""
        draw = st.session_state["desk-draw"] = st.session_state.get("desk-draw", 0) + 1
        data = {"case": case_id, "draw": draw, "bindings": self.bindings, "begin": self.begin}
        _listener(key="desk-keys", data=data)


@st.dialog("⌨", width="large")
def help_sheet() -> None:
    """Every key, and that nothing happens while somebody types."""
    st.subheader(_("Keys of the review desk"))
    left, right = st.columns(2)
    half = (len(KEYS) + 1) // 2
    for place, names in ((left, list(KEYS)[:half]), (right, list(KEYS)[half:])):
        rows = "".join(
            f'<tr><td style="padding:2px 12px 2px 0"><span class="desk-key">{sign(name)}</span></td>'
            f"<td>{_(KEYS[name].label)}</td></tr>"
            for name in names
        )
        place.html(f'<table style="font-size:14px">{rows}</table>')
    st.caption(_("While you type in a field no key does anything; Esc leaves the field."))


__all__ = ["CHOICES", "KEYS", "Keys", "help_sheet", "sign"]
