"""`yinxin what-ifs`: those there are, how far each is, what it came to, and telling one to stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from engine.cli import shell
from simulations.cli import forking, staffing
from simulations.cli.simulating import FAILED, RUNS, STOPPED
from simulations.cli.watching import AsJson

if TYPE_CHECKING:
    from simulations.studies import Study, StudyProgress

what_ifs = typer.Typer(
    help="What-ifs of the desk (`staffing`, `fork`): look at them and steer them.",
    no_args_is_help=True,
)
WhatIf = Annotated[
    str,
    typer.Argument(metavar="WHAT-IF", help="Its folder, or its name in data/var/runs/what-ifs."),
]
_CODES = {"failed": FAILED, "killed": FAILED, "stopped": STOPPED}


def _named(name: str) -> Study:
    """The what-if of a name.

    Raises: NoStudy.
    """
    from simulations import studies

    for path in (Path(name), studies.place(RUNS) / name):
        study = studies.Study(path)
        if study.exists():
            return study
    raise studies.NoStudy(what="what-if", path=name)


def _row(study: Study) -> dict[str, Any]:
    told = study.progress()
    return {"what_if": study.name, "path": str(study.path), **told.model_dump(mode="json")}


@what_ifs.command("list")
def list_what_ifs(as_json: AsJson = False) -> None:
    """The what-ifs there are, the newest first, with their state."""
    from simulations import studies

    rows = [_row(study) for study in studies.listed(studies.place(RUNS))]
    if as_json:
        shell.tell_json({"what_ifs": rows})
        return
    table = Table("what-if", "state", "%", "replications")
    for row in rows:
        done = f"{row['done']} / {row['replications']}"
        table.add_row(row["what_if"], row["state"], f"{100 * row['share']:.0f}", done)
    Console().print(table)


@what_ifs.command()
def show(
    what_if: WhatIf,
    level: Annotated[
        float,
        typer.Option(min=0.01, max=1, help="The share in time where nothing else is promised."),
    ] = 0.95,
    confidence: Annotated[float, typer.Option(min=0.5, max=0.999, help="How sure to be.")] = 0.95,
    as_json: AsJson = False,
) -> None:
    """How far a what-if is, and what the replications that are done come to.

    Exit code 0: it goes on, or has ended. 2: failed or killed. 130: stopped.
    """
    from simulations import studies
    from simulations.forking import keeping as kept

    with shell.refusals(as_json=as_json):
        study = _named(what_if)
        plan, told = study.plan(), study.progress()
        if not as_json:
            _tell(study, told)
        answer: dict[str, Any] | None = None
        if isinstance(plan, studies.Rosters) and told.done >= 2:
            lines, best = staffing.answered(study, plan, level, confidence)
            answer = staffing.as_dictionary(lines, best)
            if not as_json:
                staffing.tell(told.periods, lines, best)
        elif isinstance(plan, studies.Tonight) and (made := studies.forecast(study, plan)):
            answer = kept.as_json(made)
            if not as_json:
                forking.tell(made)
    if as_json:
        shell.tell_json({**_row(study), "answer": answer})
    raise typer.Exit(_CODES.get(told.state, 0))


def _tell(study: Study, told: StudyProgress) -> None:
    shell.say("{run}: {state}", run=study.path, state=told.state)
    shell.say("{done} of {of} replications", done=told.done, of=told.replications)
    if told.problem:
        shell.say("problem: {problem}", problem=told.problem)


@what_ifs.command()
def pause(what_if: WhatIf) -> None:
    """Let a what-if wait where it is."""
    with shell.refusals():
        _named(what_if).pause()


@what_ifs.command()
def go(what_if: WhatIf) -> None:
    """Let a what-if go on that waits."""
    with shell.refusals():
        _named(what_if).go()


@what_ifs.command()
def stop(what_if: WhatIf) -> None:
    """End a what-if; the replications that are done are kept."""
    with shell.refusals():
        _named(what_if).stop()


@what_ifs.command()
def resume(what_if: WhatIf) -> None:
    """Go on with a what-if in the background that was stopped or killed, or failed."""
    with shell.refusals():
        study = _named(what_if).resume()
    shell.say(
        "Going on in the background. Look at it with: {command}",
        command=f"yinxin what-ifs show {study.path}",
    )
