"""When people come and when outside parties are away, drawn over the days of a scenario."""

from __future__ import annotations

import datetime

import altair as alt
import pandas as pd

from engine.kernel import clock
from pages import _lab_words
from pages._console import _
from simulations.scenario import Scenario

HOURS = list(range(0, 24, 3))
_FEW_DAYS, _MANY_DAYS = 3, 62
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HEIGHT = 320


def draw(scenario: Scenario) -> alt.Chart:
    """Where a day is one of few, its hours as bars; else each hour of each day, darker where more come."""
    if scenario.horizon_days <= _FEW_DAYS:
        return _bars(scenario)
    return _days(scenario) if scenario.horizon_days <= _MANY_DAYS else _week(scenario)


def _weights(scenario: Scenario) -> pd.DataFrame:
    """The share of all people who come in each hour of the horizon."""
    arrivals = scenario.arrivals
    last = max(1, round(scenario.horizon_days * 24 * arrivals.within))
    rows = []
    for number in range(scenario.horizon_days * 24):
        day, hour = divmod(number, 24)
        date = scenario.reference + datetime.timedelta(days=day)
        weight = arrivals.per_hour[hour] * arrivals.per_weekday[date.weekday()]
        weight *= arrivals.times(day + 1, hour) if number < last else 0.0
        rows.append({"date": f"{date:%m-%d}", "hour": hour, "weight": weight})
    frame = pd.DataFrame(rows)
    whole = frame["weight"].sum() or 1.0
    frame["share"] = 100 * frame["weight"] / whole
    return frame


def _tips(first: str, title: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip(first, title=title),
        alt.Tooltip("hour:O", title=_("Hour")),
        alt.Tooltip("share:Q", title=_("% of people"), format=".2f"),
    ]


def _bars(scenario: Scenario) -> alt.Chart:
    """Hour after hour of a few days."""
    frame = _weights(scenario)
    begins = datetime.datetime.combine(scenario.reference, datetime.time())
    # Without a zone, so that the axis shows the hours of Shanghai to every reader.
    frame["from"] = [begins + datetime.timedelta(hours=n) for n in range(len(frame))]
    frame["until"] = frame["from"] + datetime.timedelta(minutes=56)
    form = "%H:%M" if scenario.horizon_days == 1 else "%m-%d %H:%M"
    return (
        alt.Chart(frame)
        .mark_bar(color="#8A8578")
        .encode(
            x=alt.X("from:T", title=_("Hour in Shanghai"), axis=alt.Axis(format=form)),
            x2="until:T",
            y=alt.Y("share:Q", title=_("% of people")),
            tooltip=_tips("date:O", _("Day")),
        )
        .properties(height=_HEIGHT)
    )


def _shades() -> alt.Color:
    return alt.Color(
        "share:Q",
        title=_("% of people"),
        scale=alt.Scale(range=["#8A857812", "#8A5A44"]),
        legend=alt.Legend(orient="bottom", gradientLength=180),
    )


def _days(scenario: Scenario) -> alt.Chart:
    hours = alt.Axis(labelAngle=0, values=HOURS)
    return (
        alt.Chart(_weights(scenario))
        .mark_rect(cornerRadius=1)
        .encode(
            x=alt.X("date:O", title=None, axis=alt.Axis(labelAngle=-45, labelOverlap=True)),
            y=alt.Y("hour:O", title=_("Hour in Shanghai"), axis=hours),
            color=_shades(),
            tooltip=_tips("date:O", _("Day")),
        )
        .properties(height=_HEIGHT)
    )


def _week(scenario: Scenario) -> alt.Chart:
    hours, days = scenario.arrivals.per_hour, scenario.arrivals.per_weekday
    whole = sum(hours) * sum(days)
    rows = [
        {"day": _(name), "hour": hour, "share": 100 * weight * one / whole}
        for name, weight in zip(DAYS, days, strict=True)
        for hour, one in enumerate(hours)
    ]
    return (
        alt.Chart(pd.DataFrame(rows))
        .mark_rect(cornerRadius=2)
        .encode(
            x=alt.X(
                "hour:O",
                title=_("Hour in Shanghai"),
                axis=alt.Axis(labelAngle=0, values=HOURS),
            ),
            y=alt.Y("day:O", sort=[_(name) for name in DAYS], title=None),
            color=_shades(),
            tooltip=_tips("day:O", _("Weekday")),
        )
        .properties(height=_HEIGHT)
    )


def outages(scenario: Scenario) -> alt.Chart | None:
    """When which outside party is away, over the whole horizon; None where none ever is."""
    rows = []
    for one in scenario.providers.outages:
        name = _lab_words.party(one.party) + (f" · {one.label}" if one.label else "")
        start, end = (
            clock.to_datetime(
                scenario.start_ms + (moment.day - 1) * clock.DAY + round(moment.hour * clock.HOUR)
            ).astimezone(clock.SHANGHAI)
            for moment in (one.start, one.end)
        )
        # Without a zone, so that the axis shows the hours of Shanghai to every reader.
        rows.append(
            {
                "name": name,
                "from": start.replace(tzinfo=None),
                "until": end.replace(tzinfo=None),
                "told": f"{start:%m-%d %H:%M} – {end:%m-%d %H:%M}",
            }
        )
    if not rows:
        return None
    begins = clock.to_datetime(scenario.start_ms).astimezone(clock.SHANGHAI).replace(tzinfo=None)
    ends = begins + datetime.timedelta(days=scenario.horizon_days)
    names = sorted({row["name"] for row in rows})
    return (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(cornerRadius=3, height={"band": 0.55}, color="#b3261e")
        .encode(
            y=alt.Y("name:O", sort=names, title=None, axis=alt.Axis(labelLimit=200)),
            x=alt.X(
                "from:T",
                title=None,
                scale=alt.Scale(domain=[begins.isoformat(), ends.isoformat()]),
                axis=alt.Axis(format="%m-%d %H:%M" if scenario.horizon_days < 4 else "%m-%d"),
            ),
            x2="until:T",
            tooltip=[
                alt.Tooltip("name:O", title=_("Outside party")),
                alt.Tooltip("told:N", title=_("Away")),
            ],
        )
        .properties(height=46 * len(names) + 40)
    )
