"""Runs beside each other: what differs in their scenarios, and what came of it, with intervals (SIM-4)."""

from __future__ import annotations

import streamlit as st

from engine.kernel import errors
from engine.staffing.model import Right
from pages import _console, _lab_comparing, _lab_figures, _lab_runs, _lab_words
from pages._console import _
from simulations import comparing
from simulations.comparing import Comparison
from simulations.runs import Folder

_MOST = 6
# What a scenario is called differs where anything does, and stands above already.
_NAMES = ("name", "title.zh", "title.en")


def _chosen(known: dict[str, Folder]) -> list[Folder]:
    """The runs that are compared, the first of them the one that the others are held against."""
    given = [one for one in st.query_params.get("runs", "").split(",") if one in known]
    if "compared" not in st.session_state:
        st.session_state["compared"] = given[:_MOST]
    st.session_state["compared"] = [one for one in st.session_state["compared"] if one in known]
    titles = {name: f"{_lab_runs.title_of(one)} · {name}" for name, one in known.items()}
    names = st.multiselect(
        _("Runs to compare, the first with all others"),
        list(known),
        format_func=titles.__getitem__,
        key="compared",
        max_selections=_MOST,
        placeholder=_("Choose two or more"),
    )
    if names:
        st.query_params["runs"] = ",".join(names)
    else:
        st.query_params.pop("runs", None)
    return [known[name] for name in names]


def _who(found: Comparison, titles: dict[str, str]) -> None:
    """The runs under the letters by which the rest of the page calls them."""
    _console.table(
        [
            {
                _("Run"): _lab_comparing.letter(place),
                _("Folder"): one.name,
                _("Label"): one.label or None,
                _("Scenario"): titles.get(one.name, one.scenario),
                _("Number of people"): one.people,
                _("Seed"): one.seed,
                _("Replications"): len(one.figures),
                _("Held against A"): "—"
                if not place
                else _("pair by pair, the same people")
                if found.paired[place]
                else _("as strangers: other people"),
            }
            for place, one in enumerate(found.runs)
        ]
    )


def _scenario(found: Comparison) -> None:
    kinds = _lab_words.kinds()
    st.subheader(_("What differs in what they were told"))
    if not found.scenario:
        st.caption(_("Nothing: scenario, people, seed and replications are the same."))
        return
    _console.table(
        [
            {
                _("Setting"): _lab_words.path(one.key, kinds),
                **{
                    _lab_comparing.letter(place): "—" if value is None else str(value)
                    for place, value in enumerate(one.values)
                },
                _("At key"): one.key,
            }
            for one in found.scenario
            if one.key not in _NAMES
        ]
    )


def _page() -> None:
    _console.require(Right.SIMULATE)
    _console.title(
        _("Compare runs"),
        _("What was told differently, and what came of it beyond chance."),
    )
    known = {one.name: one for one in _lab_runs.every() if one.exists() and one.indicators()}
    if len(known) < 2:
        _console.empty(
            _(
                "It takes two runs that have ended. Run a scenario, change something in a copy of it,"
                " run that with the same people and seed, and compare them here."
            )
        )
        return
    folders = _chosen(known)
    if len(folders) < 2:
        st.info(_("Choose at least two runs."))
        return
    try:
        found = comparing.compare(folders)
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        return
    _who(found, {one.name: _lab_runs.scenario_of(one) for one in folders})
    _scenario(found)
    st.subheader(_("What came of it"))
    _lab_comparing.draw(found)
    _lab_figures.definitions(one.name for one in found.rows)


_page()
