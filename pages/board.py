"""The board: what breaches next, how the queue stands by kind and by reviewer, what came before whom."""

from __future__ import annotations

import hashlib

import altair as alt
import pandas as pd
import streamlit as st

from engine.kernel import clock
from engine.policies import model as policies
from engine.reviewing import model
from engine.reviewing import queries as cases
from engine.staffing.model import Right
from pages import _console, _stuck
from pages._console import _

_console.require(*model.RIGHT_FOR.values(), Right.MANAGE_STAFF)
REFRESH_S = 10
# From one hue to the next, told apart in grey too; state has its own colours, which these are not.
_SCHEME = "tableau20"


def _kinds() -> dict[str, str]:
    rules = _console.ask(lambda q: q.policies(policies.ReviewRule))
    return {kind: rule.label.in_language(_console.language()) for kind, rule in rules.items()}


def _figures(board: model.Board) -> None:
    total = board.total
    told = (
        (_("Open cases"), total.open),
        (_("Overdue"), total.late),
        (_("Nearly late"), total.warning),
        (_("On hold"), total.held),
        (_("In hand"), total.taken),
        (_("Before the lead"), total.lead),
        (_("Before the administrator"), total.administrator),
    )
    stuck = _stuck.count()
    with st.container(horizontal=True, gap="large"):
        for label, value in told:
            st.metric(label, value, width="content")
        if stuck is not None:
            st.metric(_("Jobs that are stuck"), stuck, width="content")
    _stuck.link(stuck)


def _hours(board: model.Board, kinds: dict[str, str]) -> None:
    st.subheader(_("What breaches next, if nobody acts"))
    if not board.hours:
        _console.empty(_("Nothing breaches in the next nine office hours."))
        return
    hour, count, kind = _("Until"), _("Number of cases"), _("Kind")
    # Each of the nine hours has its place, also one in which nothing breaches.
    edges = [_console.when(edge)[5:] for edge in board.marks]
    frame = pd.DataFrame(
        [
            {hour: _console.when(one.until)[5:], kind: kinds[one.kind], count: one.count}
            for one in board.hours
        ]
    )
    drawn = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X(
                f"{hour}:O", title=hour, axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=edges)
            ),
            y=alt.Y(f"sum({count}):Q", title=count, axis=alt.Axis(format="d", tickMinStep=1)),
            color=alt.Color(
                f"{kind}:N",
                scale=alt.Scale(scheme=_SCHEME),
                legend=alt.Legend(orient="bottom", title=None, columns=6),
            ),
            tooltip=[hour, kind, alt.Tooltip(f"{count}:Q", format="d")],
        )
        .properties(height=280)
    )
    st.altair_chart(drawn, width="stretch")


def _state(row: model.QueueRow) -> str:
    if row.clocks.paused:
        return _("on hold")
    if row.clocks.overdue:
        return _("overdue")
    return _("nearly late") if row.clocks.warning else _("in time")


def _list(name: str, rows: tuple[model.QueueRow, ...], kinds: dict[str, str], nothing: str) -> None:
    """Cases to open: choosing one brings it up on the desk."""
    if not rows:
        st.caption(nothing)
        return
    ids = [row.case.id for row in rows]
    # The position is what a table keeps: with other rows it is another table.
    mark = hashlib.sha256("".join(ids).encode()).hexdigest()[:12]
    picked = st.dataframe(
        pd.DataFrame(
            [
                {
                    _("Kind"): kinds[row.case.kind],
                    _("Subject"): row.case.title,
                    _("Breaches"): _console.when(row.clocks.breach_at),
                    _("Open for"): _console.span(row.clocks.open_ms),
                    _("State"): _state(row),
                    _("Urged"): row.case.urged_count,
                }
                for row in rows
            ]
        ),
        hide_index=True,
        width="stretch",
        on_select="rerun",
        selection_mode="single-row",
        key=f"{name}-{mark}",
    )
    chosen = picked["selection"]["rows"]
    if chosen:
        st.switch_page("desk.py", query_params={"case": ids[chosen[0]]})


def _counted(number: int) -> str:
    """A number, or how far the list goes."""
    return f"{number}+" if number >= cases.ESCALATED_LISTED else str(number)


def _lists(board: model.Board, kinds: dict[str, str]) -> None:
    st.caption(_("Choose a row to open the case on the desk."))
    mine, next_, old = st.tabs(
        [
            _("Brought before me ({n})", n=_counted(len(board.escalated))),
            _("Breaching next"),
            _("Oldest"),
        ]
    )
    with mine:
        _list("escalated", board.escalated, kinds, _("Nothing was brought before you."))
    with next_:
        _list("soonest", board.soonest, kinds, _("Nothing is on its way to being late."))
    with old:
        _list("oldest", board.oldest, kinds, _("No case is open."))


def _tables(board: model.Board, kinds: dict[str, str]) -> None:
    st.subheader(_("By kind"))
    busy = [one for one in board.kinds if one.open]
    if busy:
        _console.table(
            [
                {
                    _("Kind"): kinds[one.kind],
                    _("Open cases"): one.open,
                    _("Overdue"): one.late,
                    _("Nearly late"): one.warning,
                    _("On hold"): one.held,
                    _("In hand"): one.taken,
                    _("Before the lead"): one.lead,
                    _("Before the administrator"): one.administrator,
                }
                for one in sorted(busy, key=lambda one: (-one.late, -one.open, one.kind))
            ]
        )
    else:
        st.caption(_("No case is open."))
    st.subheader(_("By reviewer"))
    if not board.reviewers:
        st.caption(_("Nobody has a case in hand, and nobody has decided one today."))
    else:
        _console.table(
            [
                {
                    _("Reviewer"): one.name,
                    _("In hand"): one.taken,
                    _("On hold"): one.held,
                    _("Decided today"): one.decided,
                }
                for one in board.reviewers
            ]
        )


@st.fragment(run_every=REFRESH_S)
def _board() -> None:
    board = _console.ask(cases.board)
    kinds = _kinds()
    seen = clock.to_datetime(board.now).astimezone(clock.SHANGHAI)
    st.caption(
        _("As of {time} in Shanghai", time=seen.strftime("%Y-%m-%d %H:%M:%S"))
        + " · "
        + (
            _("Office hours: clocks run.")
            if board.office_open
            else _("Closed: clocks stand still.")
        )
    )
    _figures(board)
    _hours(board, kinds)
    if cases_seen:
        _lists(board, kinds)
    _tables(board, kinds)


_console.title(_("Board"))
cases_seen = bool(_console.ask(cases.kinds_seen))
_board()
