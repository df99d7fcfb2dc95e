"""What breaches by tonight, and with one more reviewer: the desk copied without people, and foretold."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from engine.kernel import clock
from pages import _console, _lab_studies, _lab_words
from pages._console import _
from simulations import forking, studies
from simulations.forking import Forecast
from simulations.statistics.intervals import Interval
from simulations.studies import Rosters, Tonight

_MOST_EXTRA, _MOST_DAYS, _MOST_CASES = 5, 31, 500
# What a forecast had no history for.
ASSUMED = {
    "hours": "Nobody has worked at the desk lately: office hours are assumed for everybody.",
    "pace": "Nothing was decided lately to learn the pace from: an ordinary pace is assumed.",
    "arrivals": "Nothing came in the last days: only what is open now is foretold.",
    "nobody_for_some": "Some open cases nobody here may decide: they stay open in every forecast.",
}


def draw() -> None:
    """Ask for a forecast of this world, and show the last one."""
    st.caption(
        _(
            "Copies the open cases, their clocks, the reviewers’ hours and pace; never people. Then the"
            " next hours are played many times, each with other chance."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        most = int(
            st.number_input(
                _("With up to so many more reviewers"), 1, _MOST_EXTRA, 1, key="extra", width=260
            )
        )
        days = int(
            st.number_input(
                _("Days beyond tonight"), 0, _MOST_DAYS - 1, 0, key="beyond", width=200,
                help=_("0: until the office closes next."),
            )
        )  # fmt: skip
        replications = int(
            st.number_input(_("Replications"), 2, 2_000, 40, key="tonight-replications", width=160)
        )
        asked = st.button(_("Foretell"), type="primary", key="foretell", icon=":material/schedule:")
    if asked:
        world = _console.world()
        until = forking.tonight(world.engine.now()) + days * clock.DAY
        plan = _console.attempt(
            lambda: studies.tonight(world, until, extra=range(most + 1), replications=replications)
        )
        if plan is not None:
            _lab_studies.start(plan, "tonight")
        _console.show_refusal()
    _found()


def _found() -> None:
    """What has come so far of the forecast of this world that the address names, or of the newest."""
    world = _console.world()
    study = _lab_studies.chosen(
        lambda plan: isinstance(plan, Tonight) and plan.world == world.id, _title
    )
    plan = _lab_studies.plan_of(study) if study is not None else None
    if study is None or not isinstance(plan, Tonight):
        return
    told = _lab_studies.show(study)
    if told.state in _lab_words.LIVING:
        return
    found = studies.forecast(study, plan, studies.case_ids(world, plan.snapshot))
    if found is not None:
        _show(found)


def _title(plan: Rosters | Tonight) -> str:
    assert isinstance(plan, Tonight)
    return _("By {time}", time=_console.when(plan.until))


def _show(found: Forecast) -> None:
    st.subheader(_("By {time}", time=_console.when(found.until_ms)))
    st.caption(
        _(
            "As of {time}: {open} open, {late} overdue, {paused} with clocks that stand still; {n}"
            " reviewers. {r} replications.",
            time=_console.when(found.at_ms),
            open=found.open_now,
            late=found.late_now,
            paused=found.paused_now,
            n=found.reviewers,
            r=found.replications,
        )
    )
    if not found.open_now and not any(one.breaches.mean for one in found.outlooks):
        _console.empty(_("Nothing is open and nothing is expected to come late."))
        return
    if found.assumed:
        st.warning("\n\n".join(_(ASSUMED[one]) if one in ASSUMED else one for one in found.assumed))
    _outlooks(found)
    _kinds(found)
    _cases(found)


def _named(extra: int) -> str:
    if extra == 0:
        return _("As it is")
    return _("One more reviewer") if extra == 1 else _("{n} more reviewers", n=extra)


def _told(one: Interval) -> str:
    return f"{one.mean:.1f} ({max(0.0, one.low):.1f}–{one.high:.1f})"


def _outlooks(found: Forecast) -> None:
    frame = pd.DataFrame(
        [
            {
                "outlook": _named(one.extra),
                "mean": one.breaches.mean,
                "low": max(0.0, one.breaches.low),
                "high": one.breaches.high,
            }
            for one in found.outlooks
        ]
    )
    y = alt.Y("outlook:O", sort=list(frame["outlook"]), title=None, axis=alt.Axis(labelLimit=200))
    st.caption(_("Cases that come due undecided by then, with the 95 % interval"))
    base = alt.Chart(frame)
    far = max(1.0, 1.05 * float(frame["high"].max()))
    axis = alt.Axis(tickMinStep=1, format="d")
    x = alt.X("mean:Q", title=_("Cases"), scale=alt.Scale(domain=[0, far]), axis=axis)
    bars = base.mark_bar(color="#8A8578", height={"band": 0.5}).encode(y=y, x=x)
    rules = base.mark_rule(strokeWidth=2).encode(y=y, x="low:Q", x2="high:Q")
    st.altair_chart(alt.layer(bars, rules).properties(height=56 * len(frame) + 50), width="stretch")
    _console.table(
        [
            {
                _("Roster"): _named(one.extra),
                _("Come due undecided"): _told(one.breaches),
                _("Fewer than as it is"): "—" if not place else _told(found.saved[place]),
                _("Unseen past their time"): _told(one.first_looks),
                _("Overdue at the end"): _told(one.late),
                _("Open at the end"): _told(one.open),
                _("Decided by then"): _told(one.decided),
            }
            for place, one in enumerate(found.outlooks)
        ]
    )


def _kinds(found: Forecast) -> None:
    kinds = _lab_words.kinds()
    lines: dict[str, dict[str, object]] = {}
    coming = {
        kind.kind for one in found.outlooks for kind in one.kinds if round(kind.breaches.mean, 1)
    }
    for one in found.outlooks:
        for kind in one.kinds:
            if kind.kind not in coming:
                continue
            line = lines.setdefault(kind.kind, {_("Kind"): kinds.get(kind.kind, kind.kind)})
            line[_named(one.extra)] = _told(kind.breaches)
    if lines:
        st.markdown(f"**{_('Come due undecided, by kind')}**")
        _console.table(list(lines.values()))
    else:
        st.caption(_("Nothing is expected to come due undecided, with any of these."))


def _cases(found: Forecast) -> None:
    """The open cases by their risk, each with the way to it for who may decide it."""
    kinds = _lab_words.kinds()
    worst = sorted(found.cases, key=lambda one: (one.late_now, -one.risks[0], one.due))[
        :_MOST_CASES
    ]
    if not worst:
        return
    st.markdown(f"**{_('Open cases, by the risk that they come due undecided')}**")
    rows = []
    for one in worst:
        row: dict[str, object] = {
            _("Open case"): f"/desk?case={found.case_ids[one.number]}"
            if found.case_ids[one.number]
            else None,
            _("Kind"): kinds.get(one.kind, one.kind),
            _("Due"): _console.when(one.due),
            _("Now"): _("overdue") if one.late_now else _("on hold") if one.held else _("in time"),
        }
        for place, outlook in enumerate(found.outlooks):
            row[_named(outlook.extra)] = 100 * one.risks[place]
        rows.append(row)
    shown: dict[str, object] = {
        _named(one.extra): st.column_config.ProgressColumn(
            min_value=0, max_value=100, format="%.0f%%"
        )
        for one in found.outlooks
    }
    shown[_("Open case")] = st.column_config.LinkColumn(display_text=_("Open"))
    _console.table(rows, **shown)
