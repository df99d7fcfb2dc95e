"""`yinxin staffing`: which roster keeps what is promised, and what each costs."""

from __future__ import annotations

import dataclasses
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from engine.cli import shell
from engine.kernel import errors, texts
from simulations.cli import watching

if TYPE_CHECKING:
    from simulations.scenario import Scenario
    from simulations.staffing.rosters import Roster
    from simulations.staffing.sweeping import Cheapest, Days, Line

_COUNTS = re.compile(r"([a-z][a-z_-]*)=(\d{1,3}(?:,\d{1,3})*|\d{1,3}\.\.\d{1,3})")
_HOURS = re.compile(r"([a-z][a-z_-]*)=(\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*)")
_MOST_ROSTERS = 500
NONE_KEEPS = 1


class TryWrong(errors.InvalidInput):
    """“{given}” cannot be tried. Write a group's counts as ca=1,2,3 or ca=1..4, hours as ca=09:00-17:00."""


class TooManyRosters(errors.InvalidInput):
    """These are {count} rosters, and at most {most} are tried at once. Name fewer counts or hours."""


def staffing(
    scenario_file: Annotated[
        Path, typer.Argument(metavar="SCENARIO.toml", help="The scenario whose people come.")
    ],
    counts: Annotated[
        list[str],
        typer.Option(
            "--try", help="Counts of a group to try: ca=1,2,3 or ca=1..4; again for others."
        ),
    ] = [],  # noqa: B006 (Typer reads it and changes nothing)
    hours: Annotated[
        list[str],
        typer.Option("--hours", help="Shifts of a group to try: ca=08:30-17:00,10:00-18:30."),
    ] = [],  # noqa: B006
    people: Annotated[int, typer.Option(min=1, max=100_000, help="How many people come.")] = 100,
    replications: Annotated[
        int, typer.Option(min=2, max=1_000, help="How often each is tried.")
    ] = 30,
    seed: Annotated[
        int, typer.Option(min=0, help="Who comes, and how much work each case is.")
    ] = 1,
    learn_from: Annotated[
        str,
        typer.Option("--from", help="A run that shows what people do; else a pilot is run first."),
    ] = "",
    same_days: Annotated[
        bool,
        typer.Option("--same-days", help="With --from: the run's own people at their own times."),
    ] = False,
    level: Annotated[
        float,
        typer.Option(min=0.01, max=1, help="The share in time where nothing else is promised."),
    ] = 0.95,
    confidence: Annotated[float, typer.Option(min=0.5, max=0.999, help="How sure to be.")] = 0.95,
    out: Annotated[
        Path | None, typer.Option(help="Write every replication as CSV.", show_default=False)
    ] = None,
    as_json: watching.AsJson = False,
) -> None:
    """Try rosters against the same days, and name the cheapest that keeps what is promised.

    A fast model of the desk works; what people bring to it is learned from a run of the real engine. A
    roster keeps the promise when, for every kind of case, the whole interval of the share in time lies at
    or above what the scenario promises ([bold]service_level[/bold]). What an hour costs is its
    [bold]cost[/bold].

    Exit code 0: a roster is named. 1: none is shown to keep the promise. 2: something is wrong.

    Example: yinxin staffing data/scenarios/understaffed_week.toml --try ca=1..4 --people 200
    """
    from simulations import scenario as scenarios
    from simulations.staffing import sweeping

    with shell.refusals(as_json=as_json):
        scenario = scenarios.load(scenario_file)
        tried = _tried(scenario, counts, hours)
        days = _days(scenario, people, seed, learn_from, same_days=same_days)
        frame = sweeping.sweep(days, tried, replications)
        lines = sweeping.lines(frame, scenario, level, confidence)
        best = sweeping.cheapest(frame, scenario, level, confidence)
        if out is not None:
            shell.write(out, frame.to_csv(index=False).encode())
    if as_json:
        shell.tell_json(_as_dictionary(lines, best))
    else:
        _show(days, lines, best)
    raise typer.Exit(0 if best else NONE_KEEPS)


def _tried(scenario: Scenario, counts: list[str], hours: list[str]) -> list[Roster]:
    """The rosters that the options name.

    Raises: TryWrong, TooManyRosters, NoSuchGroup, NothingToTry.
    """
    from simulations.staffing import rosters

    found = rosters.grid(
        scenario,
        {group: _numbers(given) for group, given in (_parted(_COUNTS, one) for one in counts)},
        {
            group: [tuple(span.split("-")) for span in given.split(",")]  # type: ignore[misc]
            for group, given in (_parted(_HOURS, one) for one in hours)
        },
    )
    if len(found) > _MOST_ROSTERS:
        raise TooManyRosters(count=len(found), most=_MOST_ROSTERS)
    return found


def _parted(pattern: re.Pattern[str], given: str) -> tuple[str, str]:
    match = pattern.fullmatch(given)
    if match is None:
        raise TryWrong(given=given)
    return match[1], match[2]


def _numbers(given: str) -> list[int]:
    if ".." in given:
        first, last = map(int, given.split(".."))
        return list(range(first, last + 1))
    return [int(one) for one in given.split(",")]


def _days(scenario: Scenario, people: int, seed: int, learn_from: str, *, same_days: bool) -> Days:
    from simulations.staffing import piloting, sweeping, ways

    if not learn_from:
        shell.say(
            "A pilot of {count} people shows first what they do. This takes a minute or more.",
            count=piloting.PEOPLE,
            err=True,
        )
        return sweeping.days_like(scenario, piloting.learned(scenario), people, seed)
    folder = watching.run_named(learn_from)
    if same_days:
        return sweeping.days_of_run(scenario, folder.path, seed)
    learned = ways.together(ways.of_folder(folder.path))
    return sweeping.days_like(scenario, learned, people, seed)


# -- telling -----------------------------------------------------------------------------------------


def _as_dictionary(lines: list[Line], best: Cheapest | None) -> dict[str, Any]:
    return {
        "rosters": [_without_nan(dataclasses.asdict(line)) for line in lines],
        "cheapest": None if best is None else _without_nan(dataclasses.asdict(best)),
    }


def _without_nan(told: dict[str, Any]) -> dict[str, Any]:
    """What is not known is null: JSON has no word for not a number."""
    return {
        name: _without_nan(value)
        if isinstance(value, dict)
        else None
        if isinstance(value, float) and math.isnan(value)
        else value
        for name, value in told.items()
    }


def _show(days: Days, lines: list[Line], best: Cheapest | None) -> None:
    heads = ("roster", "hours", "yuan", "wait (business minutes)", "busy", "in time", "of", "keeps")
    table = Table(*(Column(_(head), overflow="fold") for head in heads), box=box.SIMPLE_HEAD)
    for line in lines:
        cost = "–" if math.isnan(line.cost_yuan) else f"{line.cost_yuan:,.0f}"
        table.add_row(
            Text(line.roster),
            f"{line.hours:,.0f}",
            cost,
            f"{line.wait.mean:.1f} ± {line.wait.half_width:.1f}",
            f"{line.busy:.0%}",
            Text(f"{line.in_time.mean:.1%} [{line.in_time.low:.1%}, {line.in_time.high:.1%}]"),
            line.tightest,
            _("yes") if line.keeps else _("no"),
        )
    Console().print(table)
    if days.periods is not None:
        shell.say(
            "The run has {count} periods of its own, which come again and again.",
            count=days.periods,
        )
    if best is None:
        shell.say(
            "No roster is shown to keep what is promised; with {roster} it is {kind} that comes too late."
            " Try more reviewers for it, or more replications.",
            roster=lines[-1].roster,
            kind=lines[-1].tightest,
        )
        return
    shell.say(
        "The cheapest that keeps what is promised: {roster} ({confidence} sure, of {count} tried)",
        roster=best.line.roster,
        confidence=f"{best.confidence:.0%}",
        count=best.tried,
    )


def _(message: str) -> str:
    return texts.text(message, shell.language())
