"""What the clock's page shows: which world, what is due drawn and listed, what happened on the way."""

from __future__ import annotations

import collections
import contextlib
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from engine.boot import World, deadlines
from engine.boot import stages as open_stages
from engine.http import looked_at
from engine.kernel import actors, clock
from pages import _console, _record_words
from pages._console import _
from simulations import stages

_SIZE = 50
_HORIZONS = ("3 minutes", "1 day", "90 days", "1 year")
# So finely a horizon is divided where it is drawn; what falls together is one larger dot.
_DIVIDED = 24
_ROW, _MOST_DRAWN = 26, 5_000


def exactly(at_ms: int) -> str:
    """An instant in the viewer's zone, with its seconds: what is due lies close together."""
    return f"{_console.when(at_ms)}:{at_ms // clock.SECOND % 60:02d}"


def place() -> tuple[World, actors.Staff]:
    """The world that the address names, and who acts on it: this process's own, or a stage."""
    mover, own = _console.me(), _console.world()
    wanted = st.query_params.get("world", own.id)
    if wanted == own.id:
        return own, mover
    found = open_stages.find(wanted)
    if found is None:
        st.error(_("There is no such demonstration any more. Begin a new one."))
        st.stop()
    return found, looked_at.as_looker(mover)


def choose_world(own: str, label: str) -> None:
    """Which world it is about: this world's, or that of an open demonstration; kept in the address."""
    names = {own: _("This console's world")}
    for one in stages.listed():
        # One whose story this version does not have, or that ended a moment ago, is passed over.
        with contextlib.suppress(stages.NoSuchStage):
            title = stages.find(one).story.title.in_language(_console.language())
            names[one] = f"{title} · {one[-4:]}"
    asked = st.query_params.get("world", own)
    if len(names) == 1 or asked not in names:
        return
    chosen = st.selectbox(
        label, list(names), index=list(names).index(asked), format_func=names.__getitem__
    )
    if chosen == own:
        st.query_params.pop("world", None)
    else:
        st.query_params["world"] = chosen


def _concerns(world: World, kind: str, record_id: str) -> dict[str, str]:
    """What something concerns, and, in this console's own world, where its record is."""
    shown = {_("Concerns"): f"{_console.label(kind)} {record_id}" if kind else "—"}
    where = _record_words.address(record_id) if world.id == _console.world().id else None
    if where is not None:
        shown[_("Record")] = where
    return shown


def _table(rows: list[dict[str, Any]]) -> None:
    open_it = st.column_config.LinkColumn(display_text=_("Open the record"))
    _console.table(rows, **{_("Record"): open_it})


def happened(world: World, mover: actors.Staff, *, began: int, seq: int) -> None:
    """What the last jump passed: facts in their order, and what lapsed between them."""
    rows, total = world.engine.ask(deadlines.happened, mover, began=began, seq=seq)
    st.subheader(_("What happened since {when}", when=exactly(began)))
    if not rows:
        _console.empty(_("Nothing was due in that time."))
        return
    _table(
        [
            {
                _("When"): exactly(one.at),
                _("What"): _console.label(one.code),
                **_concerns(world, one.record_kind, one.record_id),
            }
            for one in rows
        ]
    )
    if total > len(rows):
        st.caption(_("The first {n} of {total} are listed.", n=len(rows), total=total))


def timeline(world: World, mover: actors.Staff) -> None:
    """What is due within a year, drawn by kind: each horizon as wide as the next, now at the left."""
    now = world.engine.now()
    found = world.engine.ask(
        deadlines.due, mover, until=now + deadlines.HORIZONS_MS[-1], size=_MOST_DRAWN
    )
    st.subheader(_("What is due"))
    if not found.rows:
        return
    dots: collections.Counter[tuple[str, float]] = collections.Counter()
    first: dict[tuple[str, float], deadlines.DueShown] = {}
    for one in found.rows:
        dot = (one.code, _where(one.due.at - now))
        dots[dot] += 1
        first.setdefault(dot, one)
    frame = pd.DataFrame(
        [
            {"kind": _console.label(code), "x": x, "n": n, **_dot(world, first[code, x])}
            for (code, x), n in dots.items()
        ]
    )
    marks = [_("now"), *(_(name) for name in _HORIZONS)]
    axis = alt.Axis(
        values=list(range(len(marks))),
        labelExpr=f"{marks!r}[datum.value]",
        title=None,
        grid=True,
        labelFlush=True,
    )
    order = list(dict.fromkeys(frame["kind"]))
    chart = (
        alt.Chart(frame)
        .mark_circle(opacity=0.75)
        .encode(
            x=alt.X("x:Q", scale=alt.Scale(domain=[0, len(_HORIZONS)]), axis=axis),
            y=alt.Y("kind:N", sort=order, title=None, axis=alt.Axis(labelLimit=220)),
            size=alt.Size("n:Q", scale=alt.Scale(range=[60, 500]), legend=None),
            tooltip=[
                alt.Tooltip("kind:N", title=_("What")),
                alt.Tooltip("when:N", title=_("When")),
                alt.Tooltip("n:Q", title=_("How many")),
                alt.Tooltip("what:N", title=_("Concerns")),
            ],
            **({"href": "url:N"} if "url" in frame else {}),
        )
        .properties(height=_ROW * len(order) + 40)
    )
    st.altair_chart(chart, width="stretch")


def _dot(world: World, one: deadlines.DueShown) -> dict[str, str]:
    """What a dot says of the first thing it stands for, and where its record can be opened."""
    said = _concerns(world, one.record_kind, one.record_id)
    found = {"when": exactly(one.due.at), "what": said[_("Concerns")]}
    return found | ({"url": said[_("Record")]} if _("Record") in said else {})


def _where(ahead_ms: int) -> float:
    """Where something stands that is due so long from now: which horizon, and how far in it."""
    begin = 0
    for number, end in enumerate(deadlines.HORIZONS_MS):
        if ahead_ms <= end:
            share = (ahead_ms - begin) / (end - begin)
            return number + round(share * _DIVIDED) / _DIVIDED
        begin = end
    return float(len(deadlines.HORIZONS_MS))


def due(world: World, mover: actors.Staff) -> None:
    """What is due, a page at a time: of one kind or all, within a horizon or ever."""
    counts, now = world.engine.ask(deadlines.counted, mover), world.engine.now()
    kind_at, within_at, page_at = st.columns([3, 2, 1])
    kind = kind_at.selectbox(
        _("Kind"),
        ["", *counts],
        format_func=lambda one: (
            f"{_console.label(deadlines.code_of(one))} ({sum(counts[one])})" if one else _("All")
        ),
        key="due-kind",
    )
    reach = within_at.selectbox(
        _("Within"),
        [*range(len(_HORIZONS)), -1],
        index=len(_HORIZONS) - 1,
        format_func=lambda one: _("ever") if one < 0 else _(_HORIZONS[one]),
        key="due-within",
    )
    ahead = deadlines.AHEAD_MS if reach < 0 else deadlines.HORIZONS_MS[reach]
    page = page_at.number_input(_("Page"), min_value=1, value=1, key="due-page")
    found = world.engine.ask(
        deadlines.due,
        mover,
        until=now + ahead,
        kinds=(kind,) if kind else (),
        page=int(page) - 1,
        size=_SIZE,
    )
    if not found.rows:
        _console.empty(_("Nothing is due there."))
        return
    _table(
        [
            {
                _("When"): exactly(one.due.at),
                _("From now"): _console.span(one.due.at - now),
                _("What"): _console.label(one.code),
                **_concerns(world, one.record_kind, one.record_id),
            }
            for one in found.rows
        ]
    )
    st.caption(_("{n} in all", n=found.total))
