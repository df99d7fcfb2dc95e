"""The live board of a run: people on their way, queues, staff, invariants, faults; what the shards tell."""

from __future__ import annotations

import collections
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from engine.kernel import clock
from pages import _lab_way, _lab_words
from pages._console import _
from pages._lab_way import Bar, Station
from simulations.journeys.way import MILESTONES

Board = Mapping[str, Any]
# A queue whose oldest waits longer than this many hours stands out.
_LONG_HOURS = 9
_MOST_FAULTS = 40


def chosen(boards: Sequence[Board]) -> list[Board]:
    """The boards that are looked at: of all shards, or of one; kept in the address."""
    if len(boards) < 2:
        return list(boards)
    names = {f"{one['replication']}-{one['shard']}": one for one in boards}
    given = st.query_params.get("shard", "")
    picked = st.selectbox(
        _("Shard"),
        ["", *names],
        index=[*["", *names]].index(given) if given in names else 0,
        format_func=lambda name: (
            _lab_words.shard_named(*map(int, name.split("-"))) if name else _("All shards together")
        ),
        key="shard",
        width=280,
    )
    if picked:
        st.query_params["shard"] = picked
        return [names[picked]]
    st.query_params.pop("shard", None)
    return list(boards)


def draw(boards: Sequence[Board], people: int) -> None:
    """The board of some shards, added up."""
    if not boards:
        st.info(_("The first shard has told nothing yet."))
        return
    _way(boards, people)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(_("Queues"))
        _queues(boards)
    with right:
        st.subheader(_("Staff"))
        _staff(boards)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(_("Invariants"))
        invariants(boards)
    with right:
        st.subheader(_("Faults fired"))
        faults(boards)


def _sums(boards: Iterable[Board], part: str) -> collections.Counter[str]:
    found: collections.Counter[str] = collections.Counter()
    for one in boards:
        found.update(one.get(part, {}))
    return found


def _way(boards: Sequence[Board], people: int) -> None:
    here, reached = _sums(boards, "people"), _sums(boards, "steps")
    arrived = sum(int(one.get("arrived", 0)) for one in boards)
    # Who has come and reached nothing yet stands before the first station.
    begun = max(0, arrived - sum(here.values()))
    stations = [Station(name=_lab_words.step("arrived"), here=begun, reached=arrived)]
    stations += [
        Station(name=_lab_words.step(name), here=here[name], reached=reached[name])
        for name in MILESTONES
    ]
    aside = [(_("yet to come"), max(0, people - arrived))]
    aside += [
        (_lab_words.step(name), count)
        for name, count in sorted(here.items())
        if name not in MILESTONES and not name.startswith("stopped")
    ]
    stopped = sum(count for name, count in here.items() if name.startswith("stopped"))
    if stopped:
        aside.append((_("ended by a refusal"), stopped))
    _lab_way.way(stations, aside)


def _queues(boards: Sequence[Board]) -> None:
    waiting: collections.Counter[str] = collections.Counter()
    oldest: dict[str, int] = {}
    for one in boards:
        for queue in one.get("queues", []):
            waiting[queue["kind"]] += queue["waiting"]
            oldest[queue["kind"]] = max(oldest.get(queue["kind"], 0), queue["oldest_waits_ms"])
    if not waiting:
        st.caption(_("No case waits."))
        return
    kinds = _lab_words.kinds()
    _lab_way.bars(
        [
            Bar(
                name=kinds.get(kind, kind),
                parts=((count, "late" if _late(oldest[kind]) else ""),),
                told=_(
                    "{n} cases · the oldest waits {time}",
                    n=f"{count:,}",
                    time=_lab_words.minutes(oldest[kind] / clock.MINUTE),
                ),
                late=_late(oldest[kind]),
            )
            for kind, count in waiting.most_common()
        ]
    )


def _late(waits_ms: int) -> bool:
    return waits_ms > _LONG_HOURS * clock.HOUR


def _staff(boards: Sequence[Board]) -> None:
    busy: collections.Counter[str] = collections.Counter()
    idle: collections.Counter[str] = collections.Counter()
    off: collections.Counter[str] = collections.Counter()
    for one in boards:
        for group in one.get("staff", []):
            busy[group["group"]] += group["busy"]
            idle[group["group"]] += group["idle"]
            off[group["group"]] += group["off"]
    if not busy:
        st.caption(_("Nobody reviews."))
        return
    _lab_way.bars(
        [
            Bar(
                name=_lab_words.group(name),
                parts=((busy[name], "busy"), (idle[name], "")),
                told=_("{b} busy · {i} idle · {o} off", b=busy[name], i=idle[name], o=off[name]),
            )
            for name in busy
        ]
    )


def invariants(boards: Sequence[Board]) -> None:
    """Whether what must hold holds, as it was checked last."""
    told = [one["invariants"] for one in boards if one.get("invariants")]
    checked = [one for one in told if one.get("checked")]
    if not checked:
        st.caption(_("Not checked yet: at the end of each day and at the end of the run."))
        return
    at = _lab_words.moment(min(one["checked_at"] for one in checked))
    wrong = {finding["name"]: finding for one in checked for finding in one.get("broken", [])}
    if not wrong:
        count = max(one["checked"] for one in checked)
        st.success(_("All {n} hold, checked {time}.", n=count, time=at), icon=":material/check:")
        return
    for name, finding in wrong.items():
        ids = ", ".join(finding.get("ids", [])[:5])
        st.error(
            f"**{_(name)}** · {_('{n} violations', n=finding['violations'])}\n\n{ids}",
            icon=":material/error:",
        )


def faults(boards: Sequence[Board]) -> None:
    """Each fault of the plan: how often it could have come, and how often it came."""
    considered: collections.Counter[str] = collections.Counter()
    fired: collections.Counter[str] = collections.Counter()
    for one in boards:
        for name, counts in (one.get("faults") or {}).items():
            considered[name] += int(counts.get("considered", 0))
            fired[name] += int(counts.get("fired", 0))
    if not considered:
        st.caption(_("This scenario has no plan of faults."))
        return
    _lab_way.bars(
        [
            Bar(
                name=_lab_words.site(name),
                parts=((fired[name], "busy"),),
                told=_("{f} of {c}", f=f"{fired[name]:,}", c=f"{considered[name]:,}"),
            )
            for name, _count in sorted(fired.items(), key=lambda item: (-item[1], item[0]))
        ][:_MOST_FAULTS]
    )
