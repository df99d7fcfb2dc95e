"""What can be done with a run afterwards: adopt it as a demo world, play a case of it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli import shell
from engine.kernel import clock
from simulations.cli.bundling import bundle_again
from simulations.cli.making import show_staff
from simulations.cli.watching import AsJson, Run, run_named, runs

if TYPE_CHECKING:
    from simulations.replaying import Refused, Replayed

_DIFFERS = 1
PATH = Annotated[Path, typer.Argument(help="The new world's folder; it must not hold one.")]


@runs.command()
def adopt(run: Run, path: PATH) -> None:
    """Make a demo world of a finished run: it goes on from the run's last instant.

    People, papers, cases and certificates are the run's. Root and authorities get their next keys, and
    everybody on the staff a new password, shown [bold]once[/bold]. A run of several shards has several
    worlds and is refused.

    Example: yinxin runs adopt quiet-1 data/var/adopted
    """
    from simulations import opening

    with shell.refusals():
        folder = run_named(run)
        made = opening.adopt(folder.path, path, machine_ms=clock.SystemClock().now_ms())
    show_staff(made.staff)
    shell.say(
        "{path} goes on at {moment} with {cases} cases to review."
        " Start it with: yinxin serve --world {path}",
        path=path,
        moment=_moment(made.goes_on_at),
        cases=made.open_cases,
    )


def replay(
    run: Run,
    case: Annotated[
        str, typer.Option(help="The id of an account, an order, a review case: any of the log's.")
    ] = "",
    person: Annotated[
        int | None, typer.Option(min=0, help="Or a person by their number in the run, from 0.")
    ] = None,
    step: Annotated[
        int | None, typer.Option(min=1, help="Up to which step of the way; the last by default.")
    ] = None,
    before: Annotated[
        bool, typer.Option("--before", help="Stop right before that step instead of after it.")
    ] = False,
    replication: Annotated[int, typer.Option(min=0, help="Of which replication, from 0.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Where its world goes; within the run's folder by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play one case of a run again, up to one step, and show what was done and refused on the way.

    The shard is computed anew and stops there; its log so far must be the run's, byte for byte. The world
    as it was is left in a folder that opens like a run's, with [bold]trace.json[/bold]. Arguments are shown
    without names, numbers, codes or PINs.

    Exit code 0: the same log. 1: another one. 2: there is no such run, case or step.

    Of a bundle ([bold]bundle-….zip[/bold]) its trace and the log around the error are shown, and its run,
    where it has one, is made again from its seed and compared.

    Example: yinxin replay quiet-1 --person 3 --step 12
    """
    from simulations import bundles, replaying

    if bundles.is_bundle(Path(run)):
        bundle_again(Path(run), out, as_json=as_json)
        return
    with shell.refusals(as_json=as_json):
        try:
            done = replaying.replay(
                run_named(run).path,
                case=case,
                person=person,
                step=step,
                before=before,
                replication=replication,
                out=out,
            )
        except replaying.Differs as differs:
            shell.say(shell.message_of(differs).replace("{", "{{").replace("}", "}}"), err=True)
            raise typer.Exit(_DIFFERS) from None
    if as_json:
        shell.tell_json(replaying.as_json(done))
    else:
        _show(done)


def _show(done: Replayed) -> None:
    refused = list(done.refused)
    for step in done.steps:
        while refused and refused[0].after < step.first:
            _refused(refused.pop(0))
        deed = done.deeds.get(step.number)
        kinds = dict.fromkeys(fact.kind for fact in step.facts)
        head = (str(step.number), step.at_ms, step.actor, step.action)
        _lines(*head, ", ".join(kinds), {} if deed is None else deed.arguments)
    for one in refused:
        _refused(one)
    shell.say(
        "{events} events, the run's own, byte for byte. Its world: {path}",
        events=done.events,
        path=done.folder,
    )


def _refused(one: Refused) -> None:
    _lines("-", one.at_ms, one.actor, one.action, f"refused: {one.code}", one.arguments)


def _lines(
    mark: str, at_ms: int, actor: str, action: str, outcome: str, arguments: dict[str, Any]
) -> None:
    """One step on lines of its own, which a narrow terminal and a pipe take as they are."""
    told = ", ".join(f"{name}={value}" for name, value in arguments.items())
    head = f"{mark:>4}  {_moment(at_ms)}  {actor}  {action}"
    for line in (head, *(f"      {text}" for text in (outcome, told) if text)):
        shell.tell_raw(shell.printable(line) + "\n")


def _moment(at_ms: int) -> str:
    return f"{clock.to_datetime(at_ms).astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"
