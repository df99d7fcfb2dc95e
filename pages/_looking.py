"""Looking at a finished run in the console's own pages: which one, how one enters it and leaves it.

The address says which run is looked at, so that a reload and a sent link show the same; from page to
page the session takes it along. Whose sign-in it is, one's own account and the lab stay this world's.
"""

from __future__ import annotations

import re

import streamlit as st

from engine import boot
from engine.http import looked_at
from engine.kernel import actors, errors
from engine.reports import current
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console
from pages._console import _
from simulations import opening, replaying

# In the address and in the session.
NAME = "looking"
_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,79}"
# A run, or a step of one that was played again; then replication and shard where they are not the first.
_WISH = re.compile(rf"({_NAME}(?:/{replaying.PLACE}/{_NAME})?)(?::(\d{{1,4}}):(\d{{1,4}}))?")
_AT_HOME = "at-home"
# The sections that speak of this world whatever is looked at, and those that a run has no use for.
HOME = frozenset({"Simulation", "You"})
HIDDEN = frozenset({"Demo"})


def address_of(run: str, shard: int = 0, replication: int = 0) -> str:
    """What stands in the address while a shard of a run is looked at."""
    return run if (replication, shard) == (0, 0) else f"{run}:{replication}:{shard}"


def enter(run: str, shard: int = 0, replication: int = 0) -> None:
    """Look at a run from the next draw on; for a button's callback.

    Raises: what `opening.opened` raises.
    """
    opening.opened(current.RUNS / run, shard, replication)
    st.session_state[NAME] = address_of(run, shard, replication)


def leave() -> None:
    """Look at this world again."""
    st.session_state[NAME] = ""
    st.query_params.pop(NAME, None)


def take_up() -> None:
    """Bring session and address together: a new session begins with what its address says."""
    if NAME not in st.session_state:
        st.session_state[NAME] = st.query_params.get(NAME, "")
    wish = st.session_state[NAME]
    if not wish:
        st.query_params.pop(NAME, None)
        return
    try:
        found = _opened(wish)
    except errors.EngineError as refusal:
        st.session_state["refusal"] = _console.say(refusal)
        found = None
    if found is None or not may(_console.myself()):
        leave()
        return
    st.query_params[NAME] = wish


def may(staff: actors.Staff) -> bool:
    """Whether somebody may look at runs."""
    return staffing.has(staff, Right.SIMULATE, anywhere=True)


def _opened(wish: str) -> opening.Opened | None:
    parts = _WISH.fullmatch(wish)
    if parts is None:
        return None
    run, replication, shard = parts.groups()
    return opening.opened(current.RUNS / run, int(shard or 0), int(replication or 0))


def run() -> opening.Opened | None:
    """What is looked at on this page; None for this world itself."""
    wish = st.session_state.get(NAME, "")
    if not wish or st.session_state.get(_AT_HOME):
        return None
    return _opened(wish)


def with_rights(staff: actors.Staff) -> actors.Staff:
    """Who looks at a run sees all of it, whatever their role sees here: its people are made up.

    Nothing can be done there, and on pages of this world everybody has the rights that they have.
    """
    # By the same question as `world`: these rights never meet another world than the run's.
    return staff if run() is None or not may(staff) else looked_at.as_looker(staff)


def is_on() -> bool:
    """Whether a run is looked at, on whichever page."""
    return bool(st.session_state.get(NAME, ""))


def settle(*, at_home: bool) -> None:
    """Say whether the page that is drawn now speaks of this world alone."""
    st.session_state[_AT_HOME] = at_home


def world() -> boot.World:
    """The world of the page that is drawn: the run's that is looked at, or this process's."""
    found = run()
    return boot.current() if found is None else found.world


def _told(wish: str, found: opening.Opened) -> str:
    run, _slash, step = wish.partition(":")[0].partition("/")
    when = _console.when(found.ends_at)
    if step:
        return _(
            "You look at the run {run} played again up to a step, {when}. Nothing can be changed here.",
            run=run,
            when=when,
        )
    return _(
        "You look at the run {run} as it stood at its end, {when}. Nothing can be changed here.",
        run=run,
        when=when,
    )


def banner() -> None:
    """Which run one looks at, and the one click that leaves it."""
    wish = st.session_state.get(NAME, "")
    found = _opened(wish) if wish else None
    if found is None:
        return
    # Below the header, on pages too that take its place for themselves.
    st.html(
        "<style>.stMainBlockContainer:has(.st-key-looking-at){padding-top:4.25rem!important}</style>"
    )
    with st.container(border=True, key="looking-at", horizontal=True, vertical_alignment="center"):
        told = _told(wish, found)
        if found.shards > 1 or found.replication:
            told += " " + _(
                "Shard {shard} of {shards}, replication {replication}.",
                shard=found.shard + 1,
                shards=found.shards,
                replication=found.replication + 1,
            )
        st.markdown(f":material/visibility: {told}", width="stretch")
        st.button(_("Leave the run"), key="leave-run", icon=":material/close:", on_click=leave)
