"""Two or more runs beside each other: what differs in their scenarios, and in what they came to.

Runs with the same seed, people and replications met the same people in each replication (common random
numbers): their differences are taken pair by pair. Others are compared as strangers, and that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.kernel import errors
from simulations import indicators, runs
from simulations.indicators import Indicator
from simulations.statistics import intervals
from simulations.statistics.intervals import CONFIDENCE, Interval


class NotFinished(errors.Conflict):
    """The run {run} has no indicators: it has not finished. Let it finish, then compare."""


class OneRunAlone(errors.InvalidInput):
    """Choose at least two runs to compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One of the runs: its name, what it was, and its indicators, one dictionary for each replication."""

    name: str
    label: str
    scenario: str
    people: int
    seed: int
    identity: str
    figures: tuple[dict[str, float], ...]

    def values(self, name: str) -> list[float] | None:
        """An indicator's value in each replication; None where one of them does not have it."""
        found = [figures[name] for figures in self.figures if name in figures]
        return found if found and len(found) == len(self.figures) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """A key of the scenarios (`reviewers.ca.count`) and what each run has there; None where it has none."""

    key: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An indicator in each run. Without at least two replications there is a mean and no interval.

    `means`, `intervals` and `differences` are by run; a difference is that to the first run, whose own is
    None. `paired`: the difference was taken pair by pair.
    """

    name: str
    kind: str
    indicator: Indicator
    means: tuple[float | None, ...]
    intervals: tuple[Interval | None, ...]
    differences: tuple[Interval | None, ...]
    paired: tuple[bool, ...]

    def better(self, place: int) -> bool | None:
        """Whether a run is better than the first beyond chance; None where that can't be said."""
        found = self.differences[place]
        if found is None or not found.differs or not self.indicator.better:
            return None
        return (found.mean < 0) == (self.indicator.better == "less")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All of it. `paired` says of each run whether it met the same people as the first."""

    runs: tuple[Compared, ...]
    scenario: tuple[Differs, ...]
    rows: tuple[Row, ...]
    paired: tuple[bool, ...]
    confidence: float


def compare(folders: Sequence[Path | runs.Folder], confidence: float = CONFIDENCE) -> Comparison:
    """Two or more finished runs; the first is what the others are compared with.

    Raises: OneRunAlone, NoRun, NotFinished, PlanWrong.
    """
    found = [one if isinstance(one, runs.Folder) else runs.Folder(one) for one in folders]
    if len(found) < 2:
        raise OneRunAlone()
    plans = [folder.plan() for folder in found]
    compared = tuple(_compared(folder, plan) for folder, plan in zip(found, plans, strict=True))
    paired = tuple(_same_people(plans[0], plan) for plan in plans)
    return Comparison(
        runs=compared,
        scenario=tuple(_differing([_flat(plan) for plan in plans])),
        rows=tuple(_rows(compared, paired, confidence)),
        paired=paired,
        confidence=confidence,
    )


def _compared(folder: runs.Folder, plan: runs.Plan) -> Compared:
    told = folder.indicators()
    if told is None or not told["replications"]:
        raise NotFinished(run=folder.name)
    return Compared(
        name=folder.name,
        label=plan.label,
        scenario=plan.scenario.name,
        people=plan.people,
        seed=plan.seed,
        identity=folder.identity(),
        figures=tuple(one["indicators"] for one in told["replications"]),
    )


def _same_people(first: runs.Plan, other: runs.Plan) -> bool:
    """Whether two runs met the same people in each replication, whatever they then did differently."""
    return (
        (first.seed, first.people, first.replications)
        == (other.seed, other.people, other.replications)
        and first.scenario.shards == other.scenario.shards
        and first.scenario.reference == other.scenario.reference
    )


# -- before the next run ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """How many replications bring an indicator within a share of its mean; `relative` is how it is now."""

    name: str
    indicator: Indicator
    mean: float
    relative: float
    replications: int

    def as_json(self) -> dict[str, Any]:
        """The numbers alone."""
        names = ("name", "mean", "relative", "replications")
        return {name: getattr(self, name) for name in names}


def needed(folder: runs.Folder, within: float, confidence: float = CONFIDENCE) -> list[Needed]:
    """For each indicator of all kinds together that varies, by what the replications of a run have shown.

    Raises: NoRun, NotFinished, TooFewValues for a run of one replication.
    """
    run = _compared(folder, folder.plan())
    if len(run.figures) < 2:
        raise intervals.TooFewValues(needed=2, found=len(run.figures))
    found = []
    for name, indicator in indicators.known().items():
        values = run.values(name)
        if values is None or max(values) == min(values):
            continue
        interval = intervals.mean_interval(values, confidence)
        if interval.mean:
            found.append(
                Needed(
                    name=name,
                    indicator=indicator,
                    mean=interval.mean,
                    relative=interval.relative,
                    replications=intervals.replications_needed(values, within, confidence),
                )
            )
    return found


# -- the scenarios -----------------------------------------------------------------------------------


def _flat(plan: runs.Plan) -> dict[str, Any]:
    """A plan by key paths: what decides of its scenario, and people, seed and replications."""
    found: dict[str, Any] = {}
    _walk(plan.scenario.model_dump(mode="json"), "", found)
    return found | {
        "people (run)": plan.people,
        "seed (run)": plan.seed,
        "replications (run)": plan.replications,
    }


def _walk(value: Any, path: str, found: dict[str, Any]) -> None:
    if isinstance(value, dict):
        for key, one in value.items():
            _walk(one, f"{path}.{key}" if path else key, found)
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        # Groups and personas are told apart by their names, so that one more moves no other.
        for place, one in enumerate(value):
            _walk(one, f"{path}.{one.get('group') or one.get('name') or place}", found)
    else:
        found[path] = value


def _differing(flat: Sequence[dict[str, Any]]) -> list[Differs]:
    keys = list(dict.fromkeys(key for one in flat for key in one))
    return [
        Differs(key=key, values=tuple(one.get(key) for one in flat))
        for key in keys
        if any(one.get(key) != flat[0].get(key) for one in flat)
    ]


# -- the indicators ----------------------------------------------------------------------------------


def _rows(compared: Sequence[Compared], paired: Sequence[bool], confidence: float) -> list[Row]:
    names = {name for one in compared for figures in one.figures for name in figures}
    order = {name: place for place, name in enumerate(indicators.known())}
    found = []
    for name in sorted(names, key=lambda name: (order[name.partition(".")[0]], name)):
        indicator, kind = indicators.definition(name)
        values = [one.values(name) for one in compared]
        found.append(
            Row(
                name=name,
                kind=kind,
                indicator=indicator,
                means=tuple(None if one is None else sum(one) / len(one) for one in values),
                intervals=tuple(_interval(one, confidence) for one in values),
                differences=(
                    None,
                    *(
                        _difference(values[0], other, together, confidence)
                        for other, together in zip(values[1:], paired[1:], strict=True)
                    ),
                ),
                paired=tuple(paired),
            )
        )
    return found


def _interval(values: Sequence[float] | None, confidence: float) -> Interval | None:
    if values is None or len(values) < 2:
        return None
    return intervals.mean_interval(values, confidence)


def _difference(
    first: Sequence[float] | None,
    other: Sequence[float] | None,
    together: bool,
    confidence: float,
) -> Interval | None:
    if first is None or other is None or min(len(first), len(other)) < 2:
        return None
    take = intervals.paired_difference if together else intervals.difference
    return take(first, other, confidence)
