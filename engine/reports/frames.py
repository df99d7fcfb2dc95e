"""The reports as a notebook asks them: pandas frames over a read-only copy."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from engine.kernel import catalog as toml
from engine.kernel import database, errors, vault
from engine.kernel.engine import Engine
from engine.reports import catalog, feeding, filters, snapshot
from engine.reports.snapshot import Freshness

if TYPE_CHECKING:
    import pandas as pd


class NothingToOpen(errors.NotFound):
    """There is neither a world nor a run nor a copy for reports in {path}. Name the folder of one."""


class OpenWorld(Protocol):
    """A world that is open in this process."""

    engine: Engine
    path: Path | None


class FrameCopy:
    """A copy, opened read-only. Every answer is a frame; columns are those of the report.

    Close it, or use it in a `with` statement.
    """

    def __init__(self, path: Path) -> None:
        self._open = contextlib.ExitStack()
        self._copy = self._open.enter_context(snapshot.open_copy(path))
        self.path = path

    def __enter__(self) -> FrameCopy:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the copy back."""
        self._open.close()

    @property
    def fresh(self) -> Freshness:
        """How far it follows the log."""
        return snapshot.freshness(self._copy)

    def frame(
        self,
        name: str,
        *,
        by: str = "",
        levels: Sequence[str] | None = None,
        since: str = "",
        until: str = "",
        **lists: Sequence[str] | str,
    ) -> pd.DataFrame:
        """A report's figures: `frame("orders", by="month", platforms=["guangzheng"], since="2026-06-01")`.

        `lists` are the fields of `Filters`: platforms, agencies, regions, stages, reviewers, kinds.
        `until` is the last day asked for.

        Raises: ReportUnknown, RollUpUnknown, and what `filters.parse` raises.
        """
        asked = filters.of_lists(lists, since=since, until=until)
        report = catalog.load(name)
        return _framed(catalog.ask(self._copy, report, asked, by=by, levels=levels))

    def cases(
        self,
        name: str,
        *,
        by: str = "",
        levels: Sequence[str] | None = None,
        since: str = "",
        until: str = "",
        **lists: Sequence[str] | str,
    ) -> pd.DataFrame:
        """The cases that a report's figures count; no column where it names none.

        Raises: as `frame`.
        """
        asked = filters.of_lists(lists, since=since, until=until)
        report = catalog.load(name)
        return _framed(catalog.cases(self._copy, report, asked, by=by, levels=levels))

    def sql(self, question: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """The answer to a question of one's own: read-only, and nothing outside the copy can be reached."""
        cursor = self._copy.cursor()
        cursor.execute(question, dict(parameters or {}))
        columns = tuple(column[0] for column in cursor.description)
        return _framed(catalog.Answer(columns=columns, rows=tuple(cursor.fetchall())))

    def tables(self) -> pd.DataFrame:
        """Every table of the copy with its columns and their types."""
        return self.sql(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " ORDER BY table_name, ordinal_position"
        )


def open_copy(place: OpenWorld | Path | str) -> FrameCopy:
    """A copy of a world (open here, or in a folder), of a finished run, or a copy's own file.

    Raises: NothingToOpen.
    """
    if not isinstance(place, Path | str):
        folder = (place.path or snapshot.scratch()) / "analytics"
        snapshot.refresh(place.engine, folder, now=True)
        return FrameCopy(_newest(folder))
    path = Path(place)
    if path.suffix == ".duckdb" and path.is_file():
        return FrameCopy(path)
    if (path / "manifest.json").is_file():
        return FrameCopy(snapshot.of_run(path.resolve().parent, path.resolve().name))
    if (path / "world.toml").is_file():
        _follow(path)
        return FrameCopy(_newest(path / "analytics"))
    return FrameCopy(_newest(path))


def _follow(path: Path) -> None:
    """Bring the copy of the world in a folder up to date, without opening the world."""
    address = os.environ.get("YINXIN_DATABASE", str(toml.read(path / "world.toml")["database"]))
    db = database.open_database(str(path / "yinxin.sqlite3") if address == "sqlite" else address)
    try:
        names = feeding.names_in(vault.Keyring.load(path / "keys"))
        snapshot.follow(db, names, path / "analytics", now=True)
    finally:
        db.close()


def _newest(folder: Path) -> Path:
    found = snapshot.newest(folder)
    if found is None:
        raise NothingToOpen(path=str(folder))
    return found


def _framed(answer: catalog.Answer) -> pd.DataFrame:
    # It takes half a second to load, and only a notebook needs it.
    import pandas as pd

    return pd.DataFrame(list(answer.rows), columns=list(answer.columns))
