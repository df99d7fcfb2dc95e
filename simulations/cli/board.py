"""Progress on a terminal: one line that moves, or in a log one line now and then."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from engine.kernel import clock

if TYPE_CHECKING:
    from simulations.shards import Progress as Told

errors_console = Console(stderr=True)
_LINE_EVERY_S = 15


class Board:
    """One line of progress: people, actions and their rate, simulated time, what is left."""

    def __init__(self, people: int, shards: int) -> None:
        self._shards: dict[tuple[int, int], Told] = {}
        self._count = shards
        self._people = people
        self._began = time.perf_counter()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:3.0f}%"),
            TextColumn("{task.fields[told]}"),
            TimeRemainingColumn(),
            console=errors_console,
            transient=False,
        )
        self._task: TaskID = self._bar.add_task("simulating", total=float(shards), told="")
        self._line_due = self._began + _LINE_EVERY_S

    def __enter__(self) -> Board:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def tell(self, told: Told) -> None:
        """Show what a shard has told."""
        self._shards[told.replication, told.shard] = told
        latest = list(self._shards.values())
        actions = sum(one.actions for one in latest)
        rate = actions / max(0.001, time.perf_counter() - self._began)
        moment = clock.to_datetime(min(one.now_ms for one in latest)).astimezone(clock.SHANGHAI)
        done = sum(one.share for one in latest)
        line = (
            f"{sum(one.arrived for one in latest)}/{self._people} people · {actions} actions"
            f" · {rate:,.0f}/s · {moment:%Y-%m-%d %H:%M}"
        )
        self._bar.update(self._task, completed=done, told=line)
        # In a log or a pipe no bar moves: say now and then that it goes on.
        if not errors_console.is_terminal and time.perf_counter() >= self._line_due:
            self._line_due = time.perf_counter() + _LINE_EVERY_S
            errors_console.print(f"{100 * done / self._count:.0f} % · {line}", soft_wrap=True)
