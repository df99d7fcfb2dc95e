"""Scenarios: what there is, one as a picture, and a copy to change (SIM-1)."""

from __future__ import annotations

import streamlit as st

from engine.kernel import errors
from engine.staffing.model import Right
from pages import _console, _lab_editing, _lab_picture
from pages._console import _
from simulations import shelf
from simulations.shelf import Kept

_COLUMNS = 3


def _open(name: str, *, edit: bool = False) -> None:
    st.query_params.from_dict({"scenario": name, **({"edit": "1"} if edit else {})})


def _card(kept: Kept) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{_lab_editing.name_of(kept)}**")
        st.caption(f"`{kept.name}` · {_lab_editing.badge(kept)}")
        if kept.scenario is None:
            st.error(_("This file can no longer be run. Open it to see why."))
        else:
            st.html(_lab_picture.spark(kept.scenario))
            st.caption(_lab_picture.facts(kept.scenario))
        st.button(_("Open"), key=f"open-{kept.name}", on_click=_open, args=(kept.name,))


def _all(known: list[Kept]) -> None:
    for group, title in ((False, _("Ships with the product")), (True, _("One’s own"))):
        cards = [one for one in known if one.own == group]
        st.subheader(title)
        if not cards:
            _console.empty(
                _(
                    "No scenario of your own yet. Open one that ships and choose “Copy to change it”."
                )
            )
        for first in range(0, len(cards), _COLUMNS):
            columns = st.columns(_COLUMNS)
            for column, kept in zip(columns, cards[first : first + _COLUMNS], strict=False):
                with column:
                    _card(kept)


def _one(kept: Kept, owner: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if kept.scenario is not None and st.button(
            _("Run it"), type="primary", key="run-it", icon=":material/play_arrow:"
        ):
            st.switch_page("simulation_runs.py", query_params={"scenario": kept.name})
        st.button(
            _("Change this scenario") if kept.own else _("Copy to change it"),
            key="edit",
            on_click=_open,
            args=(kept.name,),
            kwargs={"edit": True},
        )
        if kept.own:
            _lab_editing.deleting(kept)
        st.button(_("All scenarios"), key="all", type="tertiary", on_click=st.query_params.clear)
    if shelf.draft(owner, kept.name) is not None:
        st.info(
            _("You have a draft of this that is not kept yet. Choose the button to go on with it.")
        )
    if kept.scenario is None:
        st.error(
            "\n\n".join([_("This file can no longer be run:"), *_lab_editing.problems_of(kept)])
        )
    else:
        st.caption(
            f"{_lab_picture.facts(kept.scenario)} · {_('Digest')} `{kept.scenario.digest[:16]}`"
        )
        _lab_picture.draw(kept.scenario)
    with st.expander(_("The file"), expanded=kept.scenario is None):
        st.code(kept.text(), language="toml", line_numbers=True)


def _page() -> None:
    staff = _console.require(Right.SIMULATE)
    name = st.query_params.get("scenario", "")
    try:
        kept = shelf.named(name) if name else None
    except errors.EngineError as refusal:
        st.session_state["refusal"] = _console.say(refusal)
        kept = None
    if kept is None:
        _console.title(
            _("Scenarios"),
            _("Who comes when, how they behave, who reviews, what goes wrong: what a run is told."),
        )
        _all(shelf.listed())
    elif st.query_params.get("edit"):
        _console.title(_("Change: {name}", name=_lab_editing.name_of(kept)), kept.name)
        _lab_editing.draw(kept, staff.staff_id)
    else:
        _console.title(_lab_editing.name_of(kept), f"{kept.name} · {_lab_editing.badge(kept)}")
        _one(kept, staff.staff_id)


_page()
