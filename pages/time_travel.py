"""The demo world's clock: forward by three minutes, a working day, ninety days, a year."""

from __future__ import annotations

import streamlit as st

from engine import worker
from engine.boot import travel
from engine.kernel import calendar, clock
from engine.staffing.model import Right
from pages import _console
from pages._console import _

_console.require(Right.DEMO)
_console.title(_("Clock"), _("Codes and QR codes lapse, reviews go overdue, certificates expire."))
world = _console.world()
now = world.engine.now()
st.metric(_("It is now"), _console.when(now))
JUMPS = {
    "+3 minutes": 3 * clock.MINUTE,
    "+1 working day": calendar.china().add_business_ms(now, 9 * clock.HOUR) - now,
    "+90 days": 90 * clock.DAY,
    "+1 year": 365 * clock.DAY,
}


def _jump(by_ms: int, key: str) -> None:
    if _console.perform(travel.advance, {"by_ms": by_ms}, key=key) is not None:
        worker.tick(world, owner="clock")


for column, (name, by_ms) in zip(st.columns(len(JUMPS)), JUMPS.items(), strict=True):
    column.button(
        _(name), key=f"jump {name}", on_click=_jump, args=(by_ms, f"{name}/{now}"), width="stretch"
    )
st.caption(
    _("Only forward, and only in a demo world: nothing that has lapsed comes to life again.")
)
