"""`yinxin simulate`: a run from the command line, in the same folder and files as from the console."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli import shell
from engine.kernel import catalog, clock, errors
from simulations.cli.board import Board

if TYPE_CHECKING:
    from simulations.runs import Plan, RunResult

RUNS = Path(os.environ.get("YINXIN_RUNS", catalog.DATA / "var" / "runs"))
BROKEN, FAILED, STOPPED = 1, 2, 130


class NothingToRun(errors.InvalidInput):
    """Name a scenario, such as data/scenarios/quiet_day.toml, or --resume with a run's folder."""


class OptionWrong(errors.InvalidInput):
    """{option}: {problem}"""


def simulate(
    scenario_file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SCENARIO.toml]",
            help="A scenario; examples are in data/scenarios.",
            show_default=False,
        ),
    ] = None,
    people: Annotated[int, typer.Option(min=1, max=2_000_000, help="How many people come.")] = 100,
    seed: Annotated[
        int, typer.Option(min=0, help="Same scenario, people and seed: same log, byte for byte.")
    ] = 1,
    replications: Annotated[
        int,
        typer.Option(min=1, max=1_000, help="So often, each time with other people and chances."),
    ] = 1,
    workers: Annotated[
        int,
        typer.Option(min=1, max=4_096, help="Processes. They only schedule the scenario's shards."),
    ] = 1,
    executor: Annotated[
        str, typer.Option(help="inline, pool or cluster; several workers are a pool by themselves.")
    ] = "",
    cluster: Annotated[
        str, typer.Option(help="A cluster's scheduler (tls://host:port); else one on this machine.")
    ] = "",
    store: Annotated[
        str, typer.Option(help="Where a shard lives meanwhile: memory, file or postgresql.")
    ] = "memory",
    check: Annotated[
        str, typer.Option(help="When invariants are looked at beside the end: end, day or act.")
    ] = "day",
    crypto: Annotated[
        str, typer.Option(help="Contracts that are signed: all, sampled or none; else as declared.")
    ] = "",
    shards: Annotated[
        int, typer.Option(min=0, max=100_000, help="Shards instead of the scenario's own number.")
    ] = 0,
    label: Annotated[str, typer.Option(help="A few words by which you will know the run.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(help="The run's folder; else one in data/var/runs.", show_default=False),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(help="Go on with the run in this folder.", show_default=False),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Throw away what the folder has of the run already.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="End standard output with one JSON object.")
    ] = False,
) -> None:
    """Run a population through the real engine on a virtual clock.

    The folder gets [bold]manifest.json[/bold] (what was run, with which versions, and the digest),
    [bold]events-N.parquet[/bold] (the log of shard N), [bold]world-N.sqlite3[/bold] (its database) and
    [bold]invariants.json[/bold] (what was checked; each violation with its first 20 rows); those of
    further replications are in [bold]replication-N[/bold]. While it runs, [bold]yinxin runs[/bold] shows
    it, lets it wait and stops it. What is done is kept: the same command again, or --resume, goes on.

    Exit code 0: every invariant holds. 1: one is broken. 2: the scenario is wrong (file and key are
    named), or the run failed. 130: stopped; there is no manifest then.

    Example: yinxin simulate data/scenarios/quiet_day.toml --people 50 --seed 7 --workers 2 --out /tmp/run
    """
    with shell.refusals():
        plan, folder = _wanted(
            scenario_file,
            resume,
            out,
            {
                "people": people,
                "seed": seed,
                "replications": replications,
                "workers": workers,
                "executor": executor or None,
                "cluster": cluster,
                "store": store,
                "check": check,
                "crypto": crypto or None,
                "shard_count": shards or None,
                "label": label,
            },
        )
        result = _carried_out(plan, folder, anew=anew)
    if as_json:
        shell.tell_json(result.as_json())
    else:
        shell.say(
            "{people} people, {actions} actions in {seconds} s: {path}",
            people=result.people,
            actions=result.actions,
            seconds=f"{result.seconds:.1f}",
            path=folder,
        )
        shell.say("digest {digest}", digest=result.digest)
        shell.say("violations {count}", count=result.violations)
    raise typer.Exit(BROKEN if result.violations else 0)


def _wanted(
    scenario_file: Path | None, resume: Path | None, out: Path | None, options: dict[str, Any]
) -> tuple[Plan, Path]:
    """The plan and its folder.

    Raises: NothingToRun, OptionWrong; ScenarioWrong; NoRun, PlanWrong.
    """
    # Here, because numpy, pyarrow and SimPy would be loaded for every other command too.
    from pydantic import ValidationError

    from simulations import runs, scenario

    if resume is not None:
        return runs.Folder(resume).plan(), resume
    if scenario_file is None:
        raise NothingToRun()
    try:
        plan = runs.Plan.of(scenario.load(scenario_file), **options)
    except ValidationError as problem:
        first = problem.errors()[0]
        option = ".".join(str(part) for part in first["loc"])
        raise OptionWrong(option=option, problem=first["msg"]) from None
    return plan, out or RUNS / _name(plan)


def _name(plan: Plan) -> str:
    """A folder's name by the hour: the scenario's and when it was begun."""
    moment = clock.to_datetime(clock.SystemClock().now_ms()).astimezone(clock.SHANGHAI)
    return f"{plan.scenario.name}-{moment:%Y%m%d-%H%M%S}"


def _carried_out(plan: Plan, path: Path, *, anew: bool) -> RunResult:
    from simulations import runs

    people, shards = plan.people * plan.replications, plan.scenario.shards * plan.replications
    with stoppable() as told, Board(people, shards) as board:
        try:
            return runs.carry_out(
                plan, runs.Folder(path), board.tell, anew=anew, stopping=lambda: bool(told)
            )
        except (KeyboardInterrupt, runs.Stopped):
            shell.say(
                "Stopped. What is done is kept; go on with: {command}",
                err=True,
                command=f"yinxin simulate --resume {path}",
            )
            raise typer.Exit(STOPPED) from None


@contextlib.contextmanager
def stoppable() -> Iterator[list[int]]:
    """The first Ctrl-C, or a SIGTERM, asks the run to stop where it is; a second one takes it away."""
    told: list[int] = []

    def stop(number: int, frame: object) -> None:
        if told:
            raise KeyboardInterrupt
        told.append(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
