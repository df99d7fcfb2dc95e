"""What the report pages share: freshness, definition, chart, table, export, the cases behind a row."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from engine.kernel import clock
from engine.ordering.model import choices
from engine.policies import model as policies
from engine.reports import catalog, exports, snapshot
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console
from pages._console import _


def _chart(frame: pd.DataFrame, measure: str, split: str, along: str) -> alt.Chart:
    """A bar a day (or along another column), split by a column where there is one."""
    whole = pd.api.types.is_integer_dtype(frame[measure])
    drawn = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X(f"{along}:O", title=_console.label(f"report.{along}")),
            y=alt.Y(
                f"sum({measure}):Q",
                title=_console.label(f"report.{measure}"),
                # Whole things are counted in whole steps; an average is not.
                axis=alt.Axis(tickMinStep=1) if whole else alt.Axis(),
            ),
            tooltip=list(frame.columns),
        )
        .properties(height=320)
    )
    if not split:
        return drawn
    return drawn.encode(color=alt.Color(f"{split}:N", title=_console.label(f"report.{split}")))


# What else has words of its own: the text of a code, or where its label is found.
_WORDS = {"product": choices.PRODUCTS, "business": choices.BUSINESS}
_LABELS = {
    "state": "certificate.status.{}",
    "outcome": "report.choice.{}",
    "qr": "report.choice.{}",
    "role": "report.choice.{}",
    "origin": "report.choice.{}",
    "what": "report.choice.{}",
}
# Which setting gives a column's codes their names.
_NAMED = {
    "platform": policies.Platform,
    "agency": policies.CertificateAgency,
    "way": policies.RealNameWay,
    "seal_kind": policies.SealKindRule,
}
# By these the rows of a report differ; everything else in them is counted.
_KEYS = (
    *("day", "month", "platform", "agency", "product", "business", "state", "reason", "outcome"),
    *("qr", "role", "origin", "seal_kind", "rejected_for"),
)
_SHOWN = 500


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """Codes of platforms, agencies and kinds as the names that people know."""
    for column, setting in _NAMED.items():
        if column in frame:
            names = _console.ask(lambda q, s=setting: q.policies(s))
            frame[column] = [
                names[code].label.in_language(_console.language()) if code in names else code
                for code in frame[column]
            ]
    if "reviewer" in frame:
        frame["reviewer"] = [
            _console.ask(staffing.name_of, text.partition(":")[2]) for text in frame["reviewer"]
        ]
    if "rejected_for" in frame:
        reasons = _console.ask(lambda q: q.policies(policies.Reason))
        frame["rejected_for"] = [
            reasons[code].text.in_language(_console.language()) if code in reasons else code
            for code in frame["rejected_for"]
        ]
    if "about" in frame:
        sayings = _console.ask(lambda q: q.policies(policies.CallSaying))
        frame["about"] = [
            sayings[code].plain_title(_console.language()) if code in sayings else _("none")
            for code in frame["about"]
        ]
    for column, words in _WORDS.items():
        if column in frame:
            frame[column] = [words[code].in_language(_console.language()) for code in frame[column]]
    for column, label in _LABELS.items():
        if column in frame:
            frame[column] = [_console.label(label.format(code)) for code in frame[column]]
    if "reason" in frame:
        # English has RFC 5280's own word for it.
        frame["reason"] = [
            _console.label(f"revocation.{code}") if _console.language() == "zh_CN" else code
            for code in frame["reason"]
        ]
    if "kind" in frame:
        rules = _console.ask(lambda q: q.policies(policies.ReviewRule))
        frame["kind"] = [
            rules[code].label.in_language(_console.language())
            if code in rules
            else _console.label(f"invoice.kind.{code}")
            for code in frame["kind"]
        ]
    return frame


def views(
    entries: Sequence[tuple[str, tuple[str, ...], str, str]], *, title: str, question: str
) -> None:
    """Several reports on one page, of which one is chosen; up to the end of a day that is chosen too."""
    _console.require(Right.REPORT)
    _console.title(title, question)
    known = {name: (measures, split, along) for name, measures, split, along in entries}
    names = {name: catalog.load(name).text("title", _console.language()) for name in known}
    given = st.query_params.get("view", "")
    chosen = st.segmented_control(
        _("View"),
        list(known),
        default=given if given in known else next(iter(known)),
        format_func=names.__getitem__,
        key="view",
        label_visibility="collapsed",
    )
    name = str(chosen or next(iter(known)))
    st.query_params["view"] = name
    now = _console.world().engine.now()
    day = st.date_input(
        _("Up to the end of"),
        clock.civil_date(now),
        max_value=clock.civil_date(now),
        help=_("What came later is left out, and states are those of that moment."),
        key="until",
    )
    # A cleared field means today, what has just happened included.
    until = now + 1
    if isinstance(day, datetime.date):
        until = min(until, clock.start_of(day) + clock.DAY)
    measures, split, along = known[name]
    report = catalog.load(name)
    st.subheader(report.text("title", _console.language()))
    st.caption(report.text("question", _console.language()))
    _figures(report, measures, split, along, until)


def page(name: str, measures: tuple[str, ...], split: str) -> None:
    """One report: its question and definition, a chart of chosen measures by day, the table, CSV."""
    _console.require(Right.REPORT)
    report = catalog.load(name)
    _console.title(
        report.text("title", _console.language()), report.text("question", _console.language())
    )
    _figures(report, measures, split, "day", catalog.END_OF_TIME)


def _figures(
    report: catalog.Report, measures: tuple[str, ...], split: str, along: str, until: int
) -> None:
    world = _console.world()
    folder = (world.path or snapshot.scratch()) / "analytics"
    fresh = snapshot.refresh(world.engine, folder)
    newest = snapshot.newest(folder)
    if newest is None:
        _console.empty(_("Nothing has happened yet."))
        return
    with snapshot.open_copy(newest) as copy:
        answer = catalog.ask(copy, report, to_ms=until)
        behind = catalog.cases(copy, report, to_ms=until)
    st.caption(
        _(
            "Up to event {seq}, {time}. Unit: {unit}.",
            seq=fresh.seq,
            time=_console.when(fresh.occurred_at),
            unit=report.text("unit", _console.language()),
        )
    )
    st.info(report.text("definition", _console.language()))
    codes = pd.DataFrame(answer.rows, columns=list(answer.columns))
    frame = _named(codes.copy())
    if frame.empty:
        _console.empty(
            _("Nothing to report yet. It fills as people order, are reviewed and invoiced.")
        )
        return
    measure = st.segmented_control(
        _("Show"),
        measures,
        default=measures[0],
        format_func=lambda m: _console.label(f"report.{m}"),
        key=f"measure-{report.name}",
    )
    st.altair_chart(_chart(frame, measure or measures[0], split, along), width="stretch")
    yuan = st.column_config.NumberColumn(format="accounting")
    st.dataframe(
        _headed(frame),
        hide_index=True,
        width="stretch",
        placeholder="—",
        column_config={
            _console.label(f"report.{c}"): yuan for c in frame.columns if c.endswith("yuan")
        },
    )
    _export(answer, f"{report.name}.csv")
    if behind.columns:
        _cases(report, codes, frame, behind)


def _headed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns={c: _console.label(f"report.{c}") for c in frame.columns})


def _export(answer: catalog.Answer, file_name: str) -> None:
    st.download_button(
        _("Download CSV"),
        exports.to_csv(answer).encode("utf-8-sig"),
        file_name=file_name,
        mime="text/csv",
        key=file_name,
    )


def _cases(
    report: catalog.Report, codes: pd.DataFrame, frame: pd.DataFrame, behind: catalog.Answer
) -> None:
    """The cases that a row counts, each with what the search finds it by."""
    cases = pd.DataFrame(behind.rows, columns=list(behind.columns))
    keys = [column for column in codes.columns if column in cases.columns and column in _KEYS]
    row = st.selectbox(
        _("Open the cases behind a row"),
        range(len(frame)),
        index=None,
        placeholder=_("Choose a row"),
        format_func=lambda at: " · ".join(str(frame.iloc[at][key]) for key in keys),
        key=f"behind-{report.name}",
    )
    if row is None:
        return
    same = pd.Series(True, index=cases.index)
    for key in keys:
        same &= cases[key] == codes.iloc[row][key]
    chosen = cases[same]
    _export(
        catalog.Answer(
            columns=tuple(chosen.columns), rows=tuple(chosen.itertuples(index=False, name=None))
        ),
        f"{report.name}-cases.csv",
    )
    shown = _named(chosen.head(_SHOWN).drop(columns=keys).copy())
    shown["happened_at"] = [_console.when(int(at)) for at in shown["happened_at"]]
    shown["look_up"] = [f"/search?q={text}" if text else None for text in shown["look_up"]]
    st.caption(_("{n} cases", n=len(chosen)))
    st.dataframe(
        _headed(shown),
        hide_index=True,
        width="stretch",
        placeholder="—",
        column_config={
            _console.label("report.look_up"): st.column_config.LinkColumn(
                display_text=r"q=(.*)$",
            )
        },
    )
