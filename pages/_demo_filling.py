"""What a step has somebody enter by hand: the screen is projected, so numbers of persons are masked."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping

import streamlit as st

from engine.kernel import identifiers
from pages import _console
from pages._console import _
from simulations.stories import Step

# Shown in full on a click: it has to be typed from here.
_MASKS: Mapping[str, Callable[[str], str]] = {
    "{phone}": identifiers.masked_phone,
    "{resident_id}": identifiers.masked_id,
    "{representative_id}": identifiers.masked_id,
}
_STYLE = """<style>
.yx-fill details{display:inline}
.yx-fill summary{display:inline;cursor:pointer;text-decoration:underline dotted}
.yx-fill details[open] summary{display:none}
</style>"""


def draw(step: Step, values: Mapping[str, str]) -> None:
    """What is entered, each with its name; nothing where nothing is."""
    if not step.fill:
        return
    language = _console.language()
    filled = " · ".join(
        f"{html.escape(one.label.in_language(language))} {_entered(one.value, values)}"
        for one in step.fill
    )
    said = html.escape(_("To enter by hand"))
    st.html(f'{_STYLE}<small class="yx-fill">{said}: {filled}</small>')


def _entered(template: str, values: Mapping[str, str]) -> str:
    full = template.format_map(values)
    shown = f"<code>{html.escape(full)}</code>"
    mask = _MASKS.get(template)
    if mask is None:
        return shown
    title = html.escape(_("Click to show it in full"))
    masked = html.escape(mask(full))
    return f'<details><summary title="{title}"><code>{masked}</code></summary>{shown}</details>'
