"""Who works when in a scenario: shifts drawn over the hours of a day, and each group in a table."""

from __future__ import annotations

import altair as alt
import pandas as pd

from pages import _console, _lab_arrivals, _lab_words
from pages._console import _
from simulations.scenario import Scenario
from simulations.scenario.durations import Minutes
from simulations.scenario.staff import Shifts

_INK = "#8A8578"


def _clock(text: str) -> float:
    hour, _mark, minute = text.partition(":")
    return int(hour) + int(minute) / 60


def shifts_of(group: Shifts) -> list[tuple[str, str]]:
    """The pieces of a shift between its breaks."""
    pieces, start = [], group.start
    for pause in group.breaks:
        if start < pause.start:
            pieces.append((start, pause.start))
        start = pause.end
    return [*pieces, (start, group.end)] if start < group.end else pieces


def hours_of(group: Shifts) -> str:
    """When a group works, in words."""
    told = " · ".join(f"{start}–{end}" for start, end in shifts_of(group))
    if group.weekdays is not None:
        told += " · " + _(", ").join(_(_lab_arrivals.DAYS[day - 1]) for day in group.weekdays)
    return told


def draw(scenario: Scenario) -> alt.LayerChart:
    """The shifts of each group on the hours of a day, breaks left open."""
    rows = [
        {
            "group": f"{_lab_words.group(group.group)} × {group.count}",
            "from": _clock(start),
            "until": _clock(end),
            "hours": hours_of(group),
            "told": " · ".join(_lab_words.role(role) for role in group.roles),
        }
        for group in scenario.reviewers
        for start, end in shifts_of(group)
    ]
    calls = scenario.calls
    if calls is not None:
        rows += [
            {
                "group": f"{_('Calls')} × {calls.agents}",
                "from": _clock(start),
                "until": _clock(end),
                "hours": hours_of(calls),
                "told": " · ".join(_lab_words.role(role) for role in calls.roles),
            }
            for start, end in shifts_of(calls)
        ]
    order = list(dict.fromkeys(row["group"] for row in rows))
    bars = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(cornerRadius=3, height={"band": 0.6}, color=_INK)
        .encode(
            y=alt.Y("group:O", sort=order, title=None, axis=alt.Axis(labelLimit=160)),
            x=alt.X(
                "from:Q",
                title=_("Hour in Shanghai"),
                scale=alt.Scale(domain=[0, 24], nice=False),
                axis=alt.Axis(values=_lab_arrivals.HOURS),
            ),
            x2="until:Q",
            tooltip=[
                alt.Tooltip("group:O", title=_("Group")),
                alt.Tooltip("hours:N", title=_("Hours")),
                alt.Tooltip("told:N", title=_("Roles")),
            ],
        )
    )
    return alt.layer(bars).properties(height=max(260, 34 * len(order)))


def table(scenario: Scenario) -> None:
    """Each group with its people, roles, hours and pace."""
    _console.table(
        [
            {
                _("Group"): _lab_words.group(group.group),
                _("Number of people"): group.count,
                _("Roles"): " · ".join(_lab_words.role(role) for role in group.roles),
                _("Hours"): hours_of(group),
                _("Time for a case"): pace(group.minutes),
                _("Errors"): _lab_words.share(group.error_rate),
            }
            for group in scenario.reviewers
        ]
    )


def pace(minutes: Minutes) -> str:
    """A service time in words: its middle and how long the slow ones take, or its mean and kind."""
    if minutes.median is not None and minutes.p90 is not None:
        return _(
            "{median} min, one in ten over {slow} min",
            median=f"{minutes.median:g}",
            slow=f"{minutes.p90:g}",
        )
    kind = _lab_words.key(minutes.kind)
    return _("{mean} min on average, {kind}", mean=f"{minutes.average:g}", kind=kind)
