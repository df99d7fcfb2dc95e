"""That jobs are stuck, told where operations look first, with the way to their list."""

from __future__ import annotations

import streamlit as st

from engine.operating import queries
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console
from pages._console import _


def count() -> int | None:
    """How many jobs are stuck; None for whoever can do nothing about it."""
    if not staffing.has(_console.me(), Right.MANAGE_SETTINGS):
        return None
    return _console.ask(queries.stuck_count)


def link(stuck: int | None) -> None:
    """The way to the stuck jobs, while there are any."""
    if stuck:
        st.page_link("jobs.py", label=_("Stuck jobs: {n}", n=stuck), icon=":material/error:")
