"""The indicators of a run: each with its interval over the replications, its unit and its definition."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import streamlit as st

from engine.kernel import errors
from pages import _console, _lab_words
from pages._console import _
from simulations import indicators
from simulations.indicators import Indicator
from simulations.runs import Folder
from simulations.statistics import intervals

_SCALES = {"share": 100.0}


def by_replication(folder: Folder) -> dict[str, list[float]]:
    """Each indicator's values, one a replication, for those that every replication has."""
    told = (folder.indicators() or {}).get("replications", [])
    rows = [one["indicators"] for one in sorted(told, key=lambda one: one["replication"])]
    names = [name for name in (rows[0] if rows else {}) if all(name in one for one in rows)]
    return {name: [float(one[name]) for one in rows] for name in ordered(names)}


def ordered(names: Iterable[str]) -> list[str]:
    """Indicators in the order in which they are defined, those of one kind of case last."""
    places = {name: place for place, name in enumerate(indicators.known())}
    return sorted(names, key=lambda one: ("." in one, places.get(one.partition(".")[0], 999), one))


def name_of(name: str) -> str:
    """What an indicator is called, with the kind of case that it is about."""
    found = _definition(name)
    stem, _dot, kind = name.partition(".")
    called = found.term.in_language(_console.language()) if found else _lab_words.fact(stem)
    return f"{called} · {_lab_words.kinds().get(kind, kind)}" if kind else called


def _definition(name: str) -> Indicator | None:
    return indicators.known().get(name.partition(".")[0])


def unit_of(name: str) -> str:
    """The unit in which an indicator is told."""
    found = _definition(name)
    return _lab_words.unit(found.unit) if found else ""


def scaled(name: str, value: float) -> float:
    """A value in the unit that it is told in: shares in per cent."""
    found = _definition(name)
    return value * _SCALES.get(found.unit, 1.0) if found else value


def better(name: str) -> str:
    """Which way is better: "less", "more", or neither."""
    found = _definition(name)
    return found.better if found else ""


def draw(folder: Folder) -> None:
    """The indicators as a table, those of one kind of case below."""
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
    _table({name: values for name, values in found.items() if "." not in name}, count)
    by_kind = {name: values for name, values in found.items() if "." in name}
    if by_kind:
        with st.expander(_("By kind of case")):
            _table(by_kind, count)
    definitions(found)


def _table(found: dict[str, list[float]], count: int) -> None:
    _console.table(
        [
            {
                _("Indicator"): name_of(name),
                **_columns([scaled(name, one) for one in values], count),
                _("In"): unit_of(name),
            }
            for name, values in found.items()
        ]
    )


def _columns(values: Sequence[float], count: int) -> dict[str, object]:
    """A mean and where it lies, as columns; what cannot be said is left open."""
    known = [one for one in values if math.isfinite(one)]
    if count < 2:
        return {_("As measured"): rounded(known[0]) if known else None}
    try:
        found = intervals.mean_interval(known)
    except errors.EngineError:
        return {_("Mean"): None, _("From (95 %)"): None, _("To (95 %)"): None}
    return {
        _("Mean"): rounded(found.mean),
        _("From (95 %)"): rounded(found.low),
        _("To (95 %)"): rounded(found.high),
    }


def rounded(value: float) -> float:
    """As many digits as say something."""
    return float(f"{value:.4g}") if abs(value) < 1000 else round(value)


def definitions(names: Iterable[str]) -> None:
    """What each indicator counts."""
    stems = list(dict.fromkeys(name.partition(".")[0] for name in names))
    with st.expander(_("What each of these counts")):
        for stem in ordered(stems):
            found = _definition(stem)
            if found is not None:
                language = _console.language()
                st.markdown(
                    f"**{found.term.in_language(language)}** {found.counts.in_language(language)}"
                )
