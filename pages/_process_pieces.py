"""What the pages over the log of cases share: the copy, exports, cases, and the life of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from engine.policies import model as policies
from engine.reports import current, exports, mining, snapshot
from engine.reports.catalog import Answer, Report
from engine.reports.filters import Filters
from engine.reports.mining import ocel, xes
from pages import _console, _process_words
from pages._console import _

# More facts than this would be a file that no browser takes.
MOST_FACTS = 2_000_000
_KINDS = {
    "csv": ("CSV", "text/csv"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "parquet": ("Parquet", "application/vnd.apache.parquet"),
}


def newest() -> tuple[Path, snapshot.Freshness]:
    """The copy that follows the log, or that of the run in the address; and how far it goes.

    Raises: RunUnknown, NotFound.
    """
    world = _console.world()
    path = current.path_of(world.engine, world.path, st.query_params.get("run", ""))
    with snapshot.open_copy(path) as copy:
        return path, snapshot.freshness(copy)


def freshness(fresh: snapshot.Freshness, unit: str) -> None:
    """How far the figures go, and what they count."""
    st.caption(
        _(
            "Up to event {seq}, {time}. Unit: {unit}.",
            seq=fresh.seq,
            time=_console.when(fresh.occurred_at),
            unit=unit,
        )
    )


def definition(report: Report) -> None:
    """What the figures count, beside them, and the way to all definitions."""
    with st.popover(_("Definitions"), icon=":material/menu_book:", key="definitions"):
        st.markdown(report.text("definition", _console.language()))
        st.markdown(f"[{_('All definitions')}](/reports_definitions)")


def files(answer: Answer, name: str) -> None:
    """An answer as CSV, XLSX and Parquet; made when it is asked for."""
    made: dict[str, Callable[[], bytes]] = {
        "csv": lambda: exports.to_csv(answer).encode("utf-8-sig"),
        "xlsx": lambda: exports.to_xlsx(answer),
        "parquet": lambda: exports.to_parquet(answer),
    }
    with st.container(horizontal=True):
        for ending, (called, media_type) in _KINDS.items():
            st.download_button(
                called,
                made[ending],
                file_name=f"{name}.{ending}",
                mime=media_type,
                icon=":material/download:",
                key=f"{name}-{ending}",
            )


def _log_file(
    label: str, path: Path, write: Any, filters: Filters, file_name: str, mime: str
) -> None:
    """A log of cases as a file, made when it is asked for."""
    st.download_button(
        label,
        lambda: b"".join(_parts(path, write, filters)),
        file_name=file_name,
        mime=mime,
        icon=":material/download:",
        key=file_name,
    )


def logs(path: Path, filters: Filters, count: int, stem: str, too_many: str) -> None:
    """What a log of cases holds, and its files; `too_many` is what a browser is told instead of one."""
    st.caption(
        _(
            "{n} facts. XES has a trace for each case; OCEL 2.0 tells of orders, reviews, certificates,"
            " payments and invoices side by side. Neither names a person.",
            n=f"{count:,}",
        )
    )
    if count > MOST_FACTS:
        st.warning(too_many)
        return
    with st.container(horizontal=True):
        _log_file("XES", path, xes.write, filters, f"{stem}.xes", "application/xml")
        _log_file("OCEL 2.0", path, ocel.write, filters, f"{stem}.jsonocel", "application/json")


def _parts(path: Path, write: Any, filters: Filters) -> Iterator[bytes]:
    """A file is made after the page was drawn, and so opens the copy once more."""
    with snapshot.open_copy(path) as copy:
        yield from write(copy, filters)


def _names(setting: type) -> dict[str, str]:
    found = _console.ask(lambda q: q.policies(setting))
    return {code: one.label.in_language(_console.language()) for code, one in found.items()}


def headed(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame under the names that people read."""
    return frame.rename(columns={name: _console.label(f"report.{name}") for name in frame.columns})


def cases(found: Answer, name: str, most: int) -> None:
    """The cases behind something; one that is chosen shows its life."""
    st.caption(
        _("The first {n} cases", n=most)
        if len(found.rows) == most
        else _("{n} cases", n=len(found.rows))
    )
    if not found.rows:
        return
    frame = pd.DataFrame(found.rows, columns=list(found.columns))
    shown = frame.copy()
    shown["case_kind"] = [_process_words.kind(kind) for kind in frame["case_kind"]]
    shown["happened_at"] = [_console.when(int(at)) for at in frame["happened_at"]]
    shown["look_up"] = [f"/search?q={text}" if text else None for text in frame["look_up"]]
    for column, setting in (
        ("platform", policies.Platform),
        ("agency", policies.CertificateAgency),
    ):
        if column in shown:
            known = _names(setting)
            shown[column] = [known.get(code, code) for code in frame[column]]
    picked = st.dataframe(
        headed(shown),
        hide_index=True,
        width="stretch",
        placeholder="—",
        height=min(38 + 35 * len(shown), 360),
        on_select="rerun",
        selection_mode="single-row",
        key=f"{name}-cases",
        column_config={
            _console.label("report.look_up"): st.column_config.LinkColumn(display_text=r"q=(.*)$")
        },
    )
    files(found, f"{name}-cases")
    rows = picked.selection.rows if picked else []
    if rows and rows[0] < len(frame):
        st.session_state["life"] = (
            frame.iloc[rows[0]]["case_kind"],
            frame.iloc[rows[0]]["case_id"],
        )


def life(copy: Any, case_kind: str, case_id: str) -> None:
    """What happened in one case, in order."""
    st.subheader(_("What happened in {case}", case=case_id))
    found = mining.life(copy, case_kind, case_id)
    rows = [
        {
            "activity": _process_words.activity(activity),
            "actor_kind": _process_words.actor(actor),
            "happened_at": _console.when(int(at)),
            "since_before": "—" if since is None else _process_words.hours(since),
        }
        for activity, actor, at, since in found.rows
    ]
    st.dataframe(headed(pd.DataFrame(rows)), hide_index=True, width="stretch")
