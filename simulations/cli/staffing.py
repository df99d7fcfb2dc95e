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
from simulations.cli import watching, what_ifs

if TYPE_CHECKING:
    from simulations.staffing.sweeping import Cheapest, Line
    from simulations.studies import Rosters, Study

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
    folder: what_ifs.Kept = None,
    background: what_ifs.Background = False,
    as_json: watching.AsJson = False,
) -> None:
    """Try rosters against the same days, and name the cheapest that keeps what is promised.

    A fast model of the desk works; what people bring to it is learned from a run of the real engine. A
    roster keeps the promise when, for every kind of case, the whole interval of the share in time lies at
    or above what the scenario promises ([bold]service_level[/bold]). What an hour costs is its
    [bold]cost[/bold].

    It is kept in a folder, replication by replication: Ctrl-C stops it, and [bold]yinxin what-ifs[/bold]
    lists, shows, stops and goes on with it, as the console does.

    Exit code 0: a roster is named. 1: none is shown to keep the promise. 2: something is wrong. 130:
    stopped.

    Example: yinxin staffing data/scenarios/understaffed_week.toml --try ca=1..4 --people 200
    """
    from simulations import scenario as scenarios
    from simulations import studies

    with shell.refusals(as_json=as_json):
        scenario = scenarios.load(scenario_file)
        plan = studies.Rosters(
            scenario=scenario,
            run="" if not learn_from else str(watching.run_named(learn_from).path.resolve()),
            same_days=same_days and bool(learn_from),
            people=people,
            counts={group: _numbers(given) for group, given in _parts(_COUNTS, counts)},
            hours={group: _spans(given) for group, given in _parts(_HOURS, hours)},
            replications=replications,
            seed=seed,
        )
        _check(len(plan.tried()))
        study = what_ifs.begun(plan, f"rosters-{scenario.name}", folder)
        if background:
            what_ifs.in_background(study)
            return
        if not learn_from:
            _say_pilot()
        what_ifs.carried_out(study)
        frame = studies.table(study)
        if out is not None:
            shell.write(out, frame.to_csv(index=False).encode())
        lines, best = answered(study, plan, level, confidence)
    if as_json:
        shell.tell_json(as_dictionary(lines, best))
    else:
        tell(study.progress().periods, lines, best)
    raise typer.Exit(0 if best else NONE_KEEPS)


def _check(count: int) -> None:
    if count > _MOST_ROSTERS:
        raise TooManyRosters(count=count, most=_MOST_ROSTERS)


def _parts(pattern: re.Pattern[str], given: list[str]) -> list[tuple[str, str]]:
    """Each option's group and what is to be tried of it.

    Raises: TryWrong.
    """
    found = []
    for one in given:
        match = pattern.fullmatch(one)
        if match is None:
            raise TryWrong(given=one)
        found.append((match[1], match[2]))
    return found


def _numbers(given: str) -> tuple[int, ...]:
    if ".." in given:
        first, last = map(int, given.split(".."))
        return tuple(range(first, last + 1))
    return tuple(int(one) for one in given.split(","))


def _spans(given: str) -> tuple[tuple[str, str], ...]:
    return tuple((span[:5], span[6:]) for span in given.split(","))


def _say_pilot() -> None:
    from simulations.staffing import piloting

    shell.say(
        "A pilot of {count} people shows first what they do. This takes a minute or more.",
        count=piloting.PEOPLE,
        err=True,
    )


# -- telling -----------------------------------------------------------------------------------------


def answered(
    study: Study, plan: Rosters, level: float, confidence: float
) -> tuple[list[Line], Cheapest | None]:
    """What the replications that are done come to, and the roster that is named.

    Raises: TooFewValues, NothingCame.
    """
    from simulations import studies
    from simulations.staffing import sweeping

    frame = studies.table(study)
    lines = sweeping.lines(frame, plan.scenario, level, confidence)
    return lines, sweeping.cheapest(frame, plan.scenario, level, confidence)


def as_dictionary(lines: list[Line], best: Cheapest | None) -> dict[str, Any]:
    """The answer as one object."""
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


def tell(periods: int, lines: list[Line], best: Cheapest | None) -> None:
    """The answer as a table, and the roster that is named below it."""
    heads = (
        *("roster", "hours", "yuan", "whole way (business minutes)", "wait (business minutes)"),
        *("busy", "in time", "of", "keeps"),
    )
    table = Table(*(Column(_(head), overflow="fold") for head in heads), box=box.SIMPLE_HEAD)
    for line in lines:
        cost = "–" if math.isnan(line.cost_yuan) else f"{line.cost_yuan:,.0f}"
        table.add_row(
            Text(line.roster),
            f"{line.hours:,.0f}",
            cost,
            f"{line.way.mean:.1f} ± {line.way.half_width:.1f}",
            f"{line.wait.mean:.1f} ± {line.wait.half_width:.1f}",
            f"{line.busy:.0%}",
            Text(f"{line.in_time.mean:.1%} [{line.in_time.low:.1%}, {line.in_time.high:.1%}]"),
            line.tightest,
            _("yes") if line.keeps else _("no"),
        )
    Console().print(table)
    if periods:
        shell.say(
            "The run has {count} periods of its own, which come again and again.",
            count=periods,
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
