"""A copy for reports that follows a world step by step, held against one made anew and against pandas."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.boot import World
from engine.reports import catalog, snapshot
from engine.reports.filters import Filters
from tests.support import copies, report_figures
from tools.benchmarking import answers
from tools.benchmarking.answers import comparing
from tools.benchmarking.answers.frames import Asked, of_copy

Row = dict[str, Any]


class Copied:
    """A world's copy, brought up to date step by step."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder

    def refresh(self) -> None:
        """Bring it up to date."""
        snapshot.refresh(self.world.engine, self.folder / "followed")

    @contextlib.contextmanager
    def open(self) -> Iterator[Any]:
        """The newest copy."""
        with snapshot.open_copy(copies.latest(self.folder / "followed")) as copy:
            yield copy

    def rows(
        self, name: str, *levels: str, by: str = "all", filters: Filters | None = None
    ) -> list[Row]:
        """What a report says."""
        self.refresh()
        with self.open() as copy:
            told = catalog.ask(copy, catalog.load(name), filters, by=by, levels=levels)
        return [dict(zip(told.columns, row, strict=True)) for row in told.rows]

    def check(self, *names: str) -> None:
        """It is the copy made anew, pandas says the same, and each figure is made by its cases."""
        self.refresh()
        anew = self.folder / "anew"
        snapshot.refresh(self.world.engine, anew)
        followed = copies.latest(self.folder / "followed")
        assert copies.content(followed) == copies.content(copies.latest(anew))
        with snapshot.open_copy(followed) as copy:
            frames = of_copy(copy)
            for name in names:
                report = catalog.load(name)
                for by in report.by:
                    for levels in ((), report.levels):
                        told = catalog.ask(copy, report, by=by, levels=levels)
                        assert told.rows, name
                        frame = answers.ANSWERS[name](frames, Asked(by=by, levels=levels))
                        assert comparing.differences(told.columns, told.rows, frame) == []
                        assert not list(
                            report_figures.wrong(copy, report, Filters(), by=by, levels=levels)
                        )
