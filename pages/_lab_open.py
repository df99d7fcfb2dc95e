"""What can be done with a run that has ended: look at it, take it as a demo world, ask its reports."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from engine.kernel import catalog, clock, errors
from engine.reports import current
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console, _lab_words, _looking
from pages._console import _
from simulations import opening
from simulations.runs import Folder

_ADOPTED = "lab-adopted"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
# Where worlds that are made here stand, beside the demo world of `make run`.
PLACE = catalog.DATA / "var"


def buttons(folder: Folder) -> None:
    """The acts, side by side."""
    try:
        shards = opening.shards_of(folder.path)
    except errors.EngineError:
        shards = []
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if shards:
            _look(folder, shards)
            _adopt(folder)
        _reports(folder)
    _adopted()


def _look(folder: Folder, shards: list[tuple[int, int]]) -> None:
    chosen = shards[0]
    if len(shards) > 1:
        chosen = st.selectbox(
            _("Shard to look at"),
            shards,
            format_func=lambda one: _lab_words.shard_named(*one),
            key="look-shard",
            width=240,
        )
    replication, shard = chosen

    def enter() -> None:
        _console.attempt(lambda: _looking.enter(folder.name, shard, replication))
        if not _console.was_refused():
            st.session_state["told"] = _(
                "You look at this run now; every page shows it, read-only."
            )

    st.button(
        _("Look at it in the console"), key="look", icon=":material/visibility:", on_click=enter
    )


def _adopt(folder: Folder) -> None:
    with st.popover(_("Take it as a demo world"), icon=":material/content_copy:", key="adopt-form"):
        st.markdown(
            _(
                "A new demo world is made of this run: its people, orders and contracts, with new"
                " passwords for its staff. The run stays as it is."
            )
        )
        name = str(st.text_input(_("Name of the world"), value="adopted", key="adopt-name"))
        if not _NAME.fullmatch(name):
            st.caption(_("Small letters, digits and hyphens, beginning with a letter."))

        def adopt() -> None:
            st.session_state[_ADOPTED] = _console.attempt(
                lambda: opening.adopt(
                    folder.path, Path(PLACE / name), machine_ms=clock.SystemClock().now_ms()
                )
            )

        st.button(
            _("Make the world"), key="adopt", on_click=adopt, disabled=not _NAME.fullmatch(name)
        )


def _adopted() -> None:
    """The new world's accounts; each password is shown this once."""
    made = st.session_state.get(_ADOPTED)
    if made is None:
        return
    st.success(_("The world is made. Write the passwords down: they are shown this once."))
    st.code(f"yinxin serve --world {made.path}", language="bash")
    _console.table(
        [
            {
                _("Login"): one.profile.login,
                _("Name"): one.profile.name,
                _("Roles"): " · ".join(map(_lab_words.role, one.profile.roles)),
                _("Password"): one.password,
            }
            for one in made.staff
        ]
    )
    st.button(
        _("I have written them down"),
        key="written-down",
        on_click=lambda: st.session_state.pop(_ADOPTED, None),
    )


def _reports(folder: Folder) -> None:
    """The way to the reports, asked of this run instead of the world."""
    may = staffing.has(_console.me(), Right.REPORT, anywhere=True)
    if not may or folder.name not in current.runs():
        return
    with st.popover(_("Reports of this run"), icon=":material/bar_chart:", key="run-reports"):
        for page, title in (
            ("reports_funnel", _("Funnel")),
            ("reports_reviews", _("Reviews")),
            ("reports_orders", _("Orders")),
            ("reports_process", _("Process")),
            ("reports_money", _("Money")),
        ):
            st.page_link(f"{page}.py", label=title, query_params={"run": folder.name})
