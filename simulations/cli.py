"""`yinxin`: the engine's commands, and those that simulate.

Exit codes of `simulate`: 0 good, 1 an invariant is broken, 2 the scenario is wrong, 130 stopped. What a
program reads goes to standard output (with `--json` its last line is one JSON object); progress
goes to standard error.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from engine import cli as engine_cli
from engine.cli import shell
from engine.kernel import catalog, clock, errors

if TYPE_CHECKING:
    from simulations.demo import Demo
    from simulations.shards import Progress as Told

main = typer.Typer(
    name="yinxin",
    help="Yinxin 印信: certificates, e-seals and signed contracts; the engine, its console and its"
    " simulations.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
make = typer.Typer(help="Make worlds with people in them.", no_args_is_help=True)
main.add_typer(make, name="make", rich_help_panel="Simulate")
# The engine's own commands (serve, verify, report, ...) stand beside these, under the same name.
main.registered_commands += engine_cli.app.registered_commands
main.registered_groups += engine_cli.app.registered_groups

_errors = Console(stderr=True)
_LINE_EVERY_S = 15


class Board:
    """One line of progress: people, actions and their rate, simulated time, what is left."""

    def __init__(self, people: int, shards: int) -> None:
        self._shards: dict[int, Told] = {}
        self._count = shards
        self._people = people
        self._began = time.perf_counter()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:3.0f}%"),
            TextColumn("{task.fields[told]}"),
            TimeRemainingColumn(),
            console=_errors,
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
        self._shards[told.shard] = told
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
        if not _errors.is_terminal and time.perf_counter() >= self._line_due:
            self._line_due = time.perf_counter() + _LINE_EVERY_S
            _errors.print(f"{100 * done / self._count:.0f} % · {line}", soft_wrap=True)


@main.command(rich_help_panel="Simulate")
def simulate(
    scenario_file: Annotated[
        Path,
        typer.Argument(
            metavar="SCENARIO.toml",
            help="A scenario; examples are in data/scenarios.",
            show_default=False,
        ),
    ],
    people: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many people come.")] = 100,
    seed: Annotated[
        int, typer.Option(min=0, help="Same scenario, people and seed: same log, byte for byte.")
    ] = 1,
    workers: Annotated[
        int,
        typer.Option(min=1, max=256, help="Processes. They only schedule the scenario's shards."),
    ] = 1,
    out: Annotated[Path, typer.Option(help="The run's folder.")] = Path("data/var/runs/latest"),
    as_json: Annotated[
        bool, typer.Option("--json", help="End standard output with one JSON object.")
    ] = False,
) -> None:
    """Run a population through the real engine on a virtual clock.

    The folder gets [bold]manifest.json[/bold] (what was run, with which versions, and the digest),
    [bold]events-N.parquet[/bold] (the log of shard N), [bold]world-N.sqlite3[/bold] (its database) and
    [bold]invariants.json[/bold] (what was checked; each violation with its first 20 rows).

    Exit code 0: every invariant holds. 1: one is broken. 2: the scenario is wrong (file and key are
    named). 130: stopped by Ctrl-C; there is no manifest then.

    Example: yinxin simulate data/scenarios/quiet_day.toml --people 50 --seed 7 --workers 2 --out /tmp/run
    """
    # Here, because numpy, pyarrow and SimPy would be loaded for every other command too.
    from simulations import runs, scenario

    try:
        plan = scenario.load(scenario_file)
        with Board(people, plan.shards) as board:
            result = runs.run(plan, people, seed, workers, out, board.tell)
    except errors.ConfigurationError as problem:
        _errors.print(problem.message(), markup=False)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        _errors.print("Stopped. The folder has no manifest.")
        raise typer.Exit(130) from None
    if as_json:
        print(json.dumps(result.as_json()))
    else:
        print(f"{result.people} people, {result.actions} actions in {result.seconds:.1f} s: {out}")
        print(f"digest {result.digest}")
        print(f"violations {result.violations}")
    raise typer.Exit(1 if result.violations else 0)


@make.command("demo")
def make_demo(
    people: Annotated[int, typer.Option(min=1, max=5_000, help="How many people come.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Who they are and how they behave.")] = 7,
    path: Annotated[Path, typer.Option(help="The world's folder; it must not hold one.")] = (
        catalog.DATA / "var" / "demo"
    ),
) -> None:
    """Make a demo world: thirty days of a platform, up to now, through the real engine.

    Makes a staff account for every role and shows each password [bold]once[/bold]. What came on the last
    business day is left open for you to review. Exit code 2 when there is a world already.
    """
    from simulations import demo

    try:
        with Board(people, 1) as board:
            made = demo.make(
                path,
                people=people,
                seed=seed,
                now_ms=clock.SystemClock().now_ms(),
                on_progress=board.tell,
            )
    except errors.ConfigurationError as problem:
        _errors.print(problem.message(), markup=False)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        _errors.print("Stopped. Nothing was made.")
        raise typer.Exit(130) from None
    _show_staff(made)
    print(
        f"{made.people} people, {made.actions} actions, {made.open_cases} cases to review:"
        f" {made.path}"
    )
    raise typer.Exit(1 if made.violations else 0)


@main.command(rich_help_panel="Documents")
def samples(
    out: Annotated[Path, typer.Option(help="The folder to write into; made where it is missing.")],
) -> None:
    """Write one of every artefact that the product makes, with a manifest.

    Two simulated enterprises go the whole line in a world in memory. The folder gets the root's, the
    authorities', an enterprise's and a person's certificate (PEM), CRLs, an OCSP and a time-stamp
    query with their answers, contracts (PAdES B-LT and B-T), a seal (GB/T 38540, PNG, SVG), an invoice,
    an application form, a letter of authorization, and [bold]manifest.json[/bold], which names each file's
    kind, and of each PDF level, signers and verdict.

    The authority is the TEST one of [bold]yinxin sign[/bold], whose keys come from a known seed: never
    trust its root outside a test.

    Example: yinxin samples --out /tmp/samples
    """
    from simulations import samples as taken

    with shell.refusals():
        manifest = taken.write(out, clock.SystemClock().now_ms())
    shell.say("{count} files in {path}", count=len(manifest["files"]) + 1, path=out)


def _show_staff(made: Demo) -> None:
    table = Table("Login", "Name", "Roles", "Password (shown once)")
    for one in made.staff:
        roles = ", ".join(one.profile.roles)
        table.add_row(one.profile.login, one.profile.name, roles, one.password)
    Console().print(table)
