"""`yinxin make`: worlds with people in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from engine.kernel import catalog, clock, errors
from simulations.cli.board import Board, errors_console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulations.demo import NewStaff

make = typer.Typer(help="Make worlds with people in them.", no_args_is_help=True)


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
        errors_console.print(problem.message(), markup=False)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        errors_console.print("Stopped. Nothing was made.")
        raise typer.Exit(130) from None
    show_staff(made.staff)
    print(
        f"{made.people} people, {made.actions} actions, {made.open_cases} cases to review:"
        f" {made.path}"
    )
    raise typer.Exit(1 if made.violations else 0)


def show_staff(staff: Sequence[NewStaff]) -> None:
    """The accounts that were made, with the passwords that are shown once."""
    table = Table("Login", "Name", "Roles", "Password (shown once)")
    for one in staff:
        roles = ", ".join(one.profile.roles)
        table.add_row(one.profile.login, one.profile.name, roles, one.password)
    Console().print(table)
