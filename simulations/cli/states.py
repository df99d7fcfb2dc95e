"""`yinxin make --state`: so many of a thing in a state, in a demo world or in one of its own."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from engine.cli import shell
from engine.kernel import clock
from simulations.cli.making import make

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulations import states
    from simulations.states import worlds

_StateOption = Annotated[
    str,
    typer.Option(
        "--state",
        metavar="MACHINE.STATUS",
        help="The state, such as order.agency_review or certificate.review_ca.",
        show_default=False,
    ),
]
_CountOption = Annotated[int, typer.Option("--n", min=1, max=200, help="How many of it.")]
_SeedOption = Annotated[int, typer.Option(min=0, help="Who the people are.")]
_TimeOption = Annotated[
    bool,
    typer.Option(help="Let the demo world's clock be moved forward where the way takes time."),
]
_JsonOption = Annotated[
    bool, typer.Option("--json", help="End standard output with one JSON object.")
]


@make.callback(invoke_without_command=True)
def make_or_list(
    context: typer.Context,
    state: _StateOption = "",
    n: _CountOption = 1,
    seed: _SeedOption = 7,
    world: shell.WorldOption = None,
    let_time_pass: _TimeOption = False,
    every: Annotated[
        bool, typer.Option("--list", help="List every state, and why some cannot be made.")
    ] = False,
    as_json: _JsonOption = False,
) -> None:
    """Make worlds with people in them, or so many of a thing in a state.

    [bold]--state[/bold] makes it through real actions alone: people with phones and browsers, reviewers,
    outside parties. Where the world's folder holds no world yet, one is made there. Prints whose it is,
    how to go on as them, and what can be done next.

    Example: yinxin make --state certificate.review_ca --n 5 --seed 7
    """
    if context.invoked_subcommand is not None:
        return
    if every:
        _list(as_json=as_json)
    elif state:
        _make(state, n, seed, world, let_time_pass=let_time_pass, as_json=as_json)
    else:
        print(context.get_help())


def _list(*, as_json: bool) -> None:
    from simulations import states

    found = states.listed()
    if as_json:
        shell.tell_json({"states": [dataclasses.asdict(one) | {"why": _why(one)} for one in found]})
        return
    table = Table("State", "Also called", "Takes", "Why not")
    for one in found:
        takes = "until the worker runs" if one.fleeting else _takes(one.takes_ms)
        table.add_row(one.name, ", ".join(one.also), takes if one.made else "—", _why(one) or "")
    Console().print(table)
    shell.say("{made} of {all} states can be made", made=sum(o.made for o in found), all=len(found))


def _why(one: states.State) -> str | None:
    return one.why.in_language(shell.language()) if one.why else None


def _takes(milliseconds: int) -> str:
    days, hours = divmod(milliseconds // clock.HOUR, 24)
    told = " ".join(text for n, text in ((days, f"{days} d"), (hours, f"{hours} h")) if n)
    return told or "at once"


def _make(
    state: str, n: int, seed: int, world: Path | None, *, let_time_pass: bool, as_json: bool
) -> None:
    # Here, because numpy and SimPy would be loaded for every other command too.
    from simulations import states
    from simulations.states import worlds

    path = (world or shell.DEFAULT_WORLD).absolute()
    with shell.refusals(as_json=as_json):
        staff: tuple[worlds.Account, ...] = ()
        if (path / "world.toml").is_file():
            with shell.opened(path) as found:
                made = states.make(found, state, n, seed, let_time_pass=let_time_pass)
        else:
            own = worlds.make(path, state, n, seed, clock.SystemClock().now_ms())
            made, staff = list(own.made), own.staff
    if as_json:
        shell.tell_json(_as_json(path, made, staff))
        return
    _show_staff(staff)
    _show(made)
    shell.say("{n} in state {state}: {path}", n=len(made), state=made[0].state, path=path)


def _as_json(
    path: Path, made: Iterable[states.Made], staff: Iterable[worlds.Account]
) -> dict[str, Any]:
    return {
        "world": str(path),
        "made": [dataclasses.asdict(one) for one in made],
        "staff": [dataclasses.asdict(one) for one in staff],
    }


def _show_staff(staff: tuple[worlds.Account, ...]) -> None:
    if staff:
        table = Table("Login", "Role", "Password (shown once)")
        for one in staff:
            table.add_row(one.login, one.role, one.password)
        Console().print(table)


def _show(made: list[states.Made]) -> None:
    for one in made:
        print(f"{one.id}  {one.state}")
        for who in one.people:
            print(f"    {who.who:<10}{who.name} {who.phone} PIN {who.pin} {who.enterprise}")
            if who.mall_login:
                print(f"    {'at the PC':<10}{who.mall_login} / {who.mall_password}")
        for case in one.cases:
            print(f"    {'desk':<10}{case.kind} {case.id}")
        print(f"    {'next':<10}{', '.join(one.next) or '—'}")
    shell.say(
        "Sign in as them at the world's phone with the number; the code is in the SMS outbox."
        " The keys of their certificates were on phones that are gone."
    )
