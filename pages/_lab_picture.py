"""A scenario as a picture: when people come, who they are, who works when, what goes wrong."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from pages import _console, _lab_arrivals, _lab_roster, _lab_way, _lab_words
from pages._console import _
from pages._lab_way import Bar
from simulations.scenario import Scenario
from simulations.scenario.mix import Kind

# Parts of a scenario that are shares of people, drawn as bars beside each other.
_SHARES = (
    "people",
    "behaviour",
    "planted",
    "certificates",
    "seals",
    "contracts",
    "services",
    "invoices",
    "providers",
)
_CSS = """<style>
.lab-spark{display:flex;align-items:flex-end;gap:2px;height:36px;border-bottom:1px solid #8886;margin:2px 0}
.lab-spark i{flex:1;background:#8A8578;border-radius:1px 1px 0 0}
</style>"""


def spark(scenario: Scenario) -> str:
    """A day's arrivals as a small drawing."""
    hours = scenario.arrivals.per_hour
    most = max(hours) or 1.0
    bars = "".join(f'<i style="height:{100 * weight / most:.0f}%"></i>' for weight in hours)
    told = html.escape(_("People who come, hour by hour of a day"))
    return (
        f'{_CSS}<div class="lab-spark" role="img" aria-label="{told}" title="{told}">{bars}</div>'
    )


def staff_of(scenario: Scenario) -> int:
    """How many reviewers a scenario has."""
    return sum(group.count for group in scenario.reviewers)


def facts(scenario: Scenario) -> str:
    """A scenario in one line."""
    parts = [
        _("{n} days from {day}", n=scenario.horizon_days, day=scenario.reference.isoformat()),
        _("{n} reviewers", n=staff_of(scenario)),
    ]
    if scenario.shards > 1:
        parts.append(_("{n} shards", n=scenario.shards))
    return " · ".join(parts)


def draw(scenario: Scenario) -> None:
    """The whole picture."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(_("When people come"))
        st.altair_chart(_lab_arrivals.draw(scenario), width="stretch")
    with right:
        st.subheader(_("Who works when"))
        st.altair_chart(_lab_roster.draw(scenario), width="stretch")
    _lab_roster.table(scenario)
    away = _lab_arrivals.outages(scenario)
    if away is not None:
        st.subheader(_("Outside parties that are away"))
        st.altair_chart(away, width="stretch")
    _mix(scenario)
    _review(scenario)
    st.subheader(_("What people are and do"))
    st.caption(_("Shares of those who come that far; what nobody does is left out."))
    body = scenario.model_dump(mode="json", exclude_defaults=True)
    _shares(list(_bars(body)))
    with st.expander(_("All keys and values")):
        _console.table(
            [
                {_("At key"): key, _("Value"): str(value)}
                for key, value in flat(body)
                if not key.startswith("arrivals.per_")
            ]
        )


def _mix(scenario: Scenario) -> None:
    """Kinds of people, and what is planted in whom."""
    if scenario.personas:
        st.subheader(_("Kinds of people"))
        rest = max(0.0, 1 - sum(one.share for one in scenario.personas))
        shares = [(_kind(one), one.share) for one in scenario.personas]
        shares.append((_("Everybody else"), rest))
        rows = [{"kind": name, "share": 100 * share} for name, share in shares if share]
        _lab_way.bars([_bar(row["kind"], row["share"]) for row in rows], most=100)
    truths = {name: share for name, share in scenario.truths().items() if share}
    if truths:
        st.subheader(_("Planted truths"))
        st.caption(
            " · ".join(f"{_lab_words.truth(n)} {_lab_words.share(s)}" for n, s in truths.items())
        )


def _kind(one: Kind) -> str:
    if one.title is None:
        return one.name
    return one.title.in_language(_console.language())


def _review(scenario: Scenario) -> None:
    if not scenario.review:
        return
    kinds = _lab_words.kinds()
    st.subheader(_("What applications deserve"))
    _console.table(
        [
            {
                _("Kind"): kinds.get(kind, kind),
                _("Deserve a no"): _lab_words.share(rule.reject),
                _("Still deserve one once corrected"): _lab_words.share(rule.reject_corrected),
            }
            for kind, rule in scenario.review.items()
        ]
    )


def _bars(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for part in _SHARES:
        values = body.get(part)
        if not isinstance(values, Mapping):
            continue
        for key, value in flat(values):
            if isinstance(value, float) and 0 < value <= 1:
                names = [_lab_words.key(one, part) for one in key.split(".")]
                yield {"part": _lab_words.key(part), "key": " · ".join(names), "share": 100 * value}


def _bar(name: str, share: float) -> Bar:
    return Bar(name=name, parts=((share, ""),), told=f"{share:.3g} %")


def _shares(rows: list[dict[str, Any]]) -> None:
    """Part by part, in two columns of about the same length."""
    parts: dict[str, list[Bar]] = {}
    for row in rows:
        parts.setdefault(row["part"], []).append(_bar(row["key"], row["share"]))
    columns = st.columns(2, gap="large")
    lengths = [0, 0]
    for part, lines in parts.items():
        shorter = lengths.index(min(lengths))
        lengths[shorter] += len(lines) + 2
        with columns[shorter]:
            st.markdown(f"**{part}**")
            _lab_way.bars(lines, most=100)


def flat(body: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of nested tables with the path of keys that leads to it."""
    if isinstance(body, Mapping):
        for key, value in body.items():
            yield from flat(value, f"{path}.{key}" if path else str(key))
    elif isinstance(body, list) and any(isinstance(one, Mapping | list) for one in body):
        for number, value in enumerate(body):
            yield from flat(value, f"{path}.{number}")
    elif isinstance(body, list):
        yield path, ", ".join(map(str, body))
    elif body is not None:
        yield path, body
