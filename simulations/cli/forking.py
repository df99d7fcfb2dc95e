"""`yinxin fork`: what breaches by tonight, and with one more reviewer."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli import shell
from engine.kernel import clock, errors
from simulations.cli import what_ifs
from simulations.cli.watching import AsJson

if TYPE_CHECKING:
    from simulations.forking import Forecast, Played
    from simulations.statistics.intervals import Interval

_SHOWN = 15


class NoMoment(errors.InvalidInput):
    """“{text}” is no moment. Write it like 2026-11-28T18:00, in Shanghai's time."""


def fork(
    until: Annotated[
        str,
        typer.Option(
            help="Until when, such as 2026-11-28T18:00 in Shanghai; by default until the office closes.",
            show_default=False,
        ),
    ] = "",
    more: Annotated[int, typer.Option(min=1, max=50, help="Compare with so many more.")] = 1,
    replications: Annotated[
        int, typer.Option(min=2, max=2_000, help="How often the time until then is played.")
    ] = 40,
    seed: Annotated[int, typer.Option(min=0, help="Same world and seed: same forecast.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="A folder for the forecast and what it began from.")
    ] = None,
    played: Annotated[
        bool,
        typer.Option(
            "--played", help="Also play the desk once through the real engine, which takes minutes."
        ),
    ] = False,
    folder: what_ifs.Kept = None,
    background: what_ifs.Background = False,
    world: shell.WorldOption = None,
    as_json: AsJson = False,
) -> None:
    """Copy today's open cases and roster into a model run, and tell what breaches by tonight.

    States, times and roster are copied, never people. Hours, paces and what still comes are taken from the
    last weeks of the world's log. Nothing is written to the world. The replications are made by the fast
    model of the desk; with [bold]--played[/bold] the same desk is made anew by real actions of new people
    in a world of its own, and worked through by the same roster, nobody else coming.

    Example: yinxin fork --world data/var/demo --more 2
    """
    from simulations import forking, studies

    with shell.refusals(as_json=as_json), shell.opened(world) as found:
        plan = studies.tonight(
            found,
            _instant(until) if until else None,
            extra=(0, more),
            replications=replications,
            seed=seed,
        )
        study = what_ifs.begun(plan, "tonight", folder)
        if background:
            what_ifs.in_background(study)
            return
        what_ifs.carried_out(study)
        made = studies.forecast(study, plan, studies.case_ids(found, plan.snapshot))
        assert made is not None
        if out is not None:
            forking.write(made, out)
        done = forking.play(made.snapshot, made.until_ms, seed) if played else None
    if as_json:
        told = {} if done is None else {"played": _played(done)}
        shell.tell_json({**forking.as_json(made), **told})
        return
    tell(made)
    if done is not None:
        shell.say(
            "played by the engine, nobody else coming: {decided} decided, {open} open, {breaches} came due"
            " undecided; {left} cases could not be made",
            decided=done.decided,
            open=done.open,
            breaches=done.breaches,
            left=done.left_out,
        )


def _played(done: Played) -> dict[str, int]:
    return {
        "decided": done.decided,
        "open": done.open,
        "breaches": done.breaches,
        "left": done.left_out,
    }


def _instant(text: str) -> int:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise NoMoment(field="until", text=text[:40]) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=clock.SHANGHAI)
    return clock.from_datetime(moment.astimezone(datetime.UTC))


def tell(made: Forecast) -> None:
    """Tell what is foretold; cases by what they are called, where that is known."""
    shell.say(
        "{at}: {open} cases open, {late} of them late; {staff} reviewers. Until {until}:",
        at=_moment(made.at_ms),
        open=made.open_now,
        late=made.late_now,
        staff=made.reviewers,
        until=_moment(made.until_ms),
    )
    for outlook in made.outlooks:
        shell.say(
            "with {extra} more: {breaches} come due undecided, {looks} unseen; at the end {open} open,"
            " {late} of them late",
            extra=outlook.extra,
            breaches=_interval(outlook.breaches),
            looks=_interval(outlook.first_looks),
            open=_interval(outlook.open),
            late=_interval(outlook.late),
        )
    shell.say("saved: {saved}", saved=_interval(made.saved[-1], counted=False))
    likely = sorted(made.cases, key=lambda one: (-one.risks[0], one.due))
    for one in likely[:_SHOWN]:
        if one.risks[0] > 0:
            shell.say(
                "{case} {kind}, due {due}: {risk} %, with more {better} %",
                case=(made.case_ids[one.number] if made.case_ids else "") or f"#{one.number}",
                kind=one.kind,
                due=_moment(one.due),
                risk=round(100 * one.risks[0]),
                better=round(100 * one.risks[-1]),
            )
    for code in made.assumed:
        shell.say("assumed: {code}", code=code)


def _interval(found: Interval, *, counted: bool = True) -> str:
    # What is counted is never fewer than none, whatever an interval reaches.
    low = max(0.0, found.low) if counted else found.low
    return f"{found.mean:.1f} ({low:.1f} … {found.high:.1f})"


def _moment(at_ms: int) -> str:
    return f"{clock.to_datetime(at_ms).astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"
