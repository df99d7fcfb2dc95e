"""`yinxin runs`: the runs there are, how far each is, and telling one to wait, to go on or to stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from engine.cli import shell
from engine.kernel import clock
from simulations.cli.simulating import BROKEN, FAILED, RUNS, STOPPED

if TYPE_CHECKING:
    from simulations.runs import Folder, RunProgress

runs = typer.Typer(help="Runs of simulations: look at them and steer them.", no_args_is_help=True)

Run = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's folder, or its name in data/var/runs.")
]
Place = Annotated[Path, typer.Option("--in", help="The folder of the runs.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
_CODES = {"broken": BROKEN, "failed": FAILED, "killed": FAILED, "stopped": STOPPED}


def run_named(run: str) -> Folder:
    """The run of a name.

    Raises: NoRun.
    """
    # Here, because numpy, pyarrow and SimPy would be loaded for every other command too.
    from simulations.runs import Folder, NoRun

    for path in (Path(run), RUNS / run):
        folder = Folder(path)
        if folder.exists() or folder.manifest() is not None:
            return folder
    raise NoRun(what="run", path=run)


@runs.command("list")
def list_runs(place: Place = RUNS, as_json: AsJson = False) -> None:
    """The runs in a folder, the newest first, with their state."""
    from simulations.runs import listed

    found = [(folder, folder.progress()) for folder in listed(place)]
    if as_json:
        shell.tell_json({"runs": [_row(folder, told) for folder, told in found]})
        return
    table = Table("run", "state", "%", "people", "actions", "label")
    for folder, told in found:
        row = _row(folder, told)
        share = f"{100 * told.share:.0f}"
        table.add_row(
            folder.name, told.state, share, str(told.people), str(told.actions), row["label"]
        )
    Console().print(table)


def _row(folder: Folder, told: RunProgress) -> dict[str, Any]:
    from simulations.runs import PlanWrong

    about: dict[str, Any] = {"scenario": "", "label": ""}
    if folder.exists():
        try:
            plan = folder.plan()
        except PlanWrong as problem:
            about["label"] = problem.message()
        else:
            about = {"scenario": plan.scenario.name, "label": plan.label}
    return {"run": folder.name, "path": str(folder.path), **about, **told.model_dump(mode="json")}


@runs.command()
def show(run: Run, as_json: AsJson = False) -> None:
    """How far a run is.

    Exit code 0: it goes on, or has ended well. 1: broken. 2: failed or killed. 130: stopped.
    """
    with shell.refusals(as_json=as_json):
        folder = run_named(run)
    told = folder.progress()
    if as_json:
        shell.tell_json(_row(folder, told))
    else:
        _tell(folder, told)
    raise typer.Exit(_CODES.get(told.state, 0))


def _tell(folder: Folder, told: RunProgress) -> None:
    shell.say("{run}: {state}", run=folder.path, state=told.state)
    shell.say(
        "{done} of {shards} shards, {arrived} of {people} people, {actions} actions",
        done=told.shards_done,
        shards=told.shards,
        arrived=told.arrived,
        people=told.people,
        actions=told.actions,
    )
    if told.moving:
        moment = clock.to_datetime(told.now_ms).astimezone(clock.SHANGHAI)
        left = "?" if told.eta_s is None else f"{told.eta_s:.0f}"
        shell.say(
            "{rate} actions a second, simulated time {moment}, {left} s left",
            rate=f"{told.rate:.0f}",
            moment=f"{moment:%Y-%m-%d %H:%M}",
            left=left,
        )
    if told.problem:
        shell.say("problem: {problem}", problem=told.problem)
    manifest = folder.manifest()
    if manifest is not None:
        shell.say("digest {digest}", digest=manifest["digest"])
        shell.say("violations {count}", count=manifest["violations"])


@runs.command()
def pause(run: Run) -> None:
    """Let a run wait where it is."""
    with shell.refusals():
        run_named(run).pause()


@runs.command()
def go(run: Run) -> None:
    """Let a run go on that waits."""
    with shell.refusals():
        run_named(run).go()


@runs.command()
def stop(run: Run) -> None:
    """End a run; what its shards have finished is kept."""
    with shell.refusals():
        run_named(run).stop()


@runs.command()
def resume(run: Run) -> None:
    """Begin a stopped, failed or killed run again in the background; what is done is kept."""
    with shell.refusals():
        folder = run_named(run).resume()
    shell.say(
        "Going on in the background. Look at it with: {command}",
        command=f"yinxin runs show {folder.path}",
    )


@runs.command()
def failing(
    run: Run,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Where it is played again; else in the run's folder.", show_default=False
        ),
    ] = None,
) -> None:
    """Play the shard again in which an invariant broke, and stop at the very act.

    Exit code 1: it broke again (what, where and by which act is told). 0: it does not break any more.
    2: nothing broke in that run.
    """
    from simulations.invariants import failing as failures

    with shell.refusals():
        folder = run_named(run)
        told = folder.failure()
        if told is None:
            raise failures.NothingBroke(run=run)
        spec = failures.spec_of(folder, told)
        again = failures.again(spec, out or folder.path / "again").more["failure"]
    if again is None:
        shell.say("It does not break any more.")
        return
    for wrong in again["invariants"]:
        shell.say("broken: {name}: {ids}", name=wrong["name"], ids=", ".join(wrong["ids"]))
    step = again["step"]
    shell.say(
        "by act {act} (event {event}) at {moment}: {action} of {actor}",
        act=step["act"],
        event=step["event"],
        moment=f"{clock.to_datetime(step['at_ms']).astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}",
        action=step["action"],
        actor=step["actor"],
    )
    raise typer.Exit(BROKEN)
