"""The clock of a demo world: what is due, forward to it or by a span, and what happened on the way."""

from __future__ import annotations

import dataclasses
import time

import streamlit as st

from engine.boot import World, deadlines, travel
from engine.kernel import actors, calendar, clock, events
from engine.kernel.reader import Reader
from engine.staffing.model import Right
from pages import _clock_pieces, _console
from pages._console import _

_JUMP = "clock jump"
# So long a draw walks on before the next one shows how far it is and hears whether to stop.
_SLICE_S = 0.8


@dataclasses.dataclass
class _Jump:
    """A walk of this session: in which world, from where, to where, and where it has come."""

    world_id: str
    began: int
    seq: int
    until: int
    reached: int
    ended: bool = False


def _head(q: Reader) -> int:
    return events.head(q.connection).seq


def _begin(world: World, mover: actors.Staff, until: int) -> None:
    if until <= world.engine.now():
        return
    st.session_state[_JUMP] = _Jump(
        world_id=world.id,
        began=world.engine.now(),
        seq=world.engine.ask(_head, mover),
        until=until,
        reached=world.engine.now(),
    )


def _stop() -> None:
    st.session_state[_JUMP].ended = True


def _buttons(world: World, mover: actors.Staff, now: int) -> None:
    upcoming = world.engine.ask(deadlines.next_due, mover)
    nine_hours = calendar.china().add_business_ms(now, 9 * clock.HOUR)
    spans = {
        "+3 minutes": now + 3 * clock.MINUTE,
        "+1 working day": nine_hours,
        "+90 days": now + 90 * clock.DAY,
        "+1 year": now + 365 * clock.DAY,
    }
    with st.container(horizontal=True):
        for name, until in spans.items():
            st.button(_(name), key=f"jump {name}", on_click=_begin, args=(world, mover, until))
        st.button(
            _("To the next thing due"),
            key="jump next",
            type="primary",
            disabled=upcoming is None,
            on_click=_begin,
            args=(world, mover, upcoming.due.at if upcoming else now),
        )
    if upcoming:
        st.caption(
            _(
                "Next: {what}, {when}",
                what=_console.label(upcoming.code),
                when=_clock_pieces.exactly(upcoming.due.at),
            )
        )


def _walk(world: World, mover: actors.Staff, jump: _Jump) -> None:
    """Walk on for a moment, showing how far it is; the next draw goes on, unless it was stopped."""
    told = st.progress(0.0)
    st.button(_("Stop here"), key="jump stop", on_click=_stop)
    begun = time.monotonic()

    def act() -> None:
        for reached in travel.walk(world, until_ms=jump.until, actor=mover):
            jump.reached = reached
            share = (reached - jump.began) / (jump.until - jump.began)
            told.progress(min(1.0, share), text=_console.when(reached))
            if time.monotonic() - begun > _SLICE_S:
                return
        jump.ended = True

    _console.attempt(act)
    if _console.was_refused():
        jump.ended = True
    st.rerun()


_console.require(Right.DEMO)
_console.title(
    _("Clock"),
    _("Forward only. What is due on the way happens once, in order, each thing at its instant."),
)
if _console.world().kind != "demo":
    st.error(_("This exists only in a demo world."))
    st.stop()
_clock_pieces.choose_world(_console.world().id, _("Whose clock"))
world, mover = _clock_pieces.place()
now = world.engine.now()
jump: _Jump | None = st.session_state.get(_JUMP)
mine = jump is not None and jump.world_id == world.id
st.metric(_("It is now"), _console.when(now))
if jump is not None and mine and not jump.ended:
    _walk(world, mover, jump)
_buttons(world, mover, now)
if jump is not None and mine:
    _clock_pieces.happened(world, mover, began=jump.began, seq=jump.seq)
_clock_pieces.timeline(world, mover)
_clock_pieces.due(world, mover)
