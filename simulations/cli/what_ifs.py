"""Keeping what-ifs: where one goes, carrying it out here with its progress told, or in the background."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from engine.cli import shell
from simulations.cli.board import errors_console
from simulations.cli.simulating import RUNS, STOPPED, stoppable

if TYPE_CHECKING:
    from simulations.studies import Rosters, Study, StudyProgress, Tonight

Kept = Annotated[
    Path | None,
    typer.Option("--folder", help="Where it is kept; else in data/var/runs/what-ifs."),
]
Background = Annotated[
    bool, typer.Option("--background", help="Begin it as a process of its own, and return.")
]


def begun(plan: Rosters | Tonight, stem: str, folder: Path | None) -> Study:
    """The folder of a what-if with its plan in it; by the second, where no folder is named.

    Raises: RunBusy, RunFolderUnusable; OtherPlan, CodeChanged.
    """
    from simulations import background, studies

    study = studies.Study(folder or background.new_place(studies.place(RUNS), stem))
    with study.held():
        studies.begun(plan, study)
    return study


def in_background(study: Study) -> None:
    """Let a process of its own work on it, and say how to look at it."""
    study.resume()
    shell.say(
        "Going on in the background. Look at it with: {command}",
        command=f"yinxin what-ifs show {study.path}",
    )


def carried_out(study: Study) -> None:
    """Work on it here, and tell how far it is; Ctrl-C stops it and keeps what is done."""
    from simulations import studies
    from simulations.shards import Stopped

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.percentage:3.0f}%"),
        TimeRemainingColumn(),
        console=errors_console,
    )
    with stoppable() as told, bar:
        task = bar.add_task(study.name, total=1.0)

        def listen(progress: StudyProgress) -> None:
            bar.update(task, completed=progress.share)

        try:
            studies.carry_out(study, listen, stopping=lambda: bool(told))
        except (KeyboardInterrupt, Stopped):
            shell.say(
                "Stopped. What is done is kept; go on with: {command}",
                err=True,
                command=f"yinxin what-ifs resume {study.path}",
            )
            raise typer.Exit(STOPPED) from None
