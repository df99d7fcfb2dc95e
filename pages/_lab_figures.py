"""The indicators of a run: each with its interval over the replications, its unit and its definition."""

from __future__ import annotations

import math

import streamlit as st

from engine.kernel import errors
from pages import _console, _lab_words
from pages._console import _
from simulations.runs import Folder
from simulations.statistics import intervals


def by_replication(folder: Folder) -> dict[str, list[float]]:
    """Each indicator's values, one a replication, for those that every replication has."""
    told = folder.indicators() or {}
    rows = [one for _number, one in sorted(told.items(), key=lambda item: int(item[0]))]
    names = [name for name in (rows[0] if rows else {}) if all(name in one for one in rows)]
    return {name: [float(one[name]) for one in rows] for name in names}


def draw(folder: Folder) -> None:
    """The indicators as a table."""
    found = by_replication(folder)
    if not found:
        _console.empty(_("This run has left no indicators. They are made at the end of a run."))
        return
    count = len(next(iter(found.values())))
    st.caption(
        _("Means of {n} replications with their 95 % intervals.", n=count)
        if count > 1
        else _(
            "One replication: figures without intervals. Run two or more to know how sure they are."
        )
    )
    _console.table(
        [
            {_("Indicator"): _lab_words.fact(name), **interval_of(values)}
            for name, values in found.items()
        ]
    )


def name_of(name: str) -> str:
    """What an indicator is called."""
    return _lab_words.fact(name)


def interval_of(values: list[float]) -> dict[str, object]:
    """A mean and where it lies, as columns."""
    known = [one for one in values if math.isfinite(one)]
    if not known:
        return {_("Mean"): None, _("From (95 %)"): None, _("To (95 %)"): None}
    try:
        found = intervals.mean_interval(known)
    except errors.EngineError:
        return {_("Mean"): known[0], _("From (95 %)"): None, _("To (95 %)"): None}
    return {_("Mean"): found.mean, _("From (95 %)"): found.low, _("To (95 %)"): found.high}
