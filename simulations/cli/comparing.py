"""`yinxin compare`: two or more runs beside each other, as a table, as JSON or as CSV."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.cli import shell
from engine.kernel import texts
from simulations.cli import watching

if TYPE_CHECKING:
    from simulations.comparing import Comparison, Row
    from simulations.statistics.intervals import Interval

_DIGITS = {"count": 1, "minutes": 1, "hours": 2, "share": 3, "yuan": 2}


def compare(
    run: Annotated[
        list[str],
        typer.Argument(metavar="RUN RUN…", help="Folders of runs, or names in data/var/runs."),
    ],
    confidence: Annotated[
        float, typer.Option(min=0.5, max=0.999, help="How sure the intervals are.")
    ] = 0.95,
    kinds: Annotated[
        bool, typer.Option("--kinds", help="Each kind of case by itself, too.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write the indicators as CSV.", show_default=False)
    ] = None,
    as_json: watching.AsJson = False,
) -> None:
    """What differs between runs: in their scenarios, and in what they came to.

    The first run is what the others are compared with. With the same seed, people and replications they
    met the same people, and differences are taken pair by pair; other runs are compared as strangers.
    A difference whose interval holds 0 may be chance. Of twenty indicators that do not differ, one seems
    to at 95 %.

    Example: yinxin compare as-it-is one-more-at-the-ca
    """
    from simulations import comparing

    with shell.refusals(as_json=as_json):
        found = comparing.compare([watching.run_named(name) for name in run], confidence)
    if out is not None:
        shell.write(out, _csv(found).encode())
    if as_json:
        shell.tell_json(as_dictionary(found))
        return
    _show(found, kinds=kinds)


def as_dictionary(found: Comparison) -> dict[str, Any]:
    """A comparison as JSON."""
    return {
        "runs": [dataclasses.asdict(one) for one in found.runs],
        "paired": list(found.paired),
        "confidence": found.confidence,
        "scenario": [dataclasses.asdict(one) for one in found.scenario],
        "indicators": [
            {
                "name": row.name,
                "unit": row.indicator.unit,
                "means": list(row.means),
                "intervals": [_bounds(one) for one in row.intervals],
                "differences": [_bounds(one) for one in row.differences],
                "better": [row.better(place) for place in range(len(row.means))],
            }
            for row in found.rows
        ],
    }


def _bounds(one: Interval | None) -> dict[str, float] | None:
    return None if one is None else dataclasses.asdict(one)


def _csv(found: Comparison) -> str:
    text = io.StringIO()
    table = csv.writer(text)
    heads = ("run", "mean", "low", "high", "difference", "difference_low", "difference_high")
    table.writerow(["indicator", "unit", "replications", *heads])
    for row in found.rows:
        for place, run in enumerate(found.runs):
            spread, apart = row.intervals[place], row.differences[place]
            table.writerow(
                [
                    *(row.name, row.indicator.unit, len(run.figures), run.name, row.means[place]),
                    *((spread.low, spread.high) if spread else ("", "")),
                    *((apart.mean, apart.low, apart.high) if apart else ("", "", "")),
                ]
            )
    return text.getvalue()


def _show(found: Comparison, *, kinds: bool) -> None:
    names = [one.name for one in found.runs]
    if found.scenario:
        table = Table("", *names, title=_("What differs in the scenarios"))
        for one in found.scenario:
            told = (json.dumps(value, ensure_ascii=False) for value in one.values)
            table.add_row(Text(one.key), *(Text(value) for value in told))
        Console().print(table)
    else:
        shell.say("The scenarios do not differ.")
    apart = _("difference to {run}").format(run=names[0])
    heads = [head for name in names[1:] for head in (name, apart)]
    table = Table("", names[0], *heads, title=_("Indicators"))
    for row in found.rows:
        if kinds or not row.kind:
            table.add_row(*_cells(row))
    Console().print(table)
    if not all(found.paired):
        strangers = ", ".join(
            name for name, together in zip(names, found.paired, strict=True) if not together
        )
        shell.say("Compared as strangers, not pair by pair: {runs}", runs=strangers)


def _cells(row: Row) -> list[Text]:
    digits = _DIGITS[row.indicator.unit]
    term = row.indicator.term.in_language(shell.language())
    unit = f", {_unit(row.indicator.unit)}" if row.indicator.unit != "count" else ""
    cells = [Text(f"{term} ({row.kind}){unit}" if row.kind else f"{term}{unit}")]
    for place, mean in enumerate(row.means):
        spread = row.intervals[place]
        reach = f" ± {spread.half_width:.{digits}f}" if spread else ""
        cells.append(Text("–" if mean is None else f"{mean:.{digits}f}{reach}"))
        if place:
            cells.append(_difference(row, place, digits))
    return cells


def _unit(unit: str) -> str:
    found = {"minutes": _("min"), "hours": _("h"), "yuan": _("yuan"), "share": _("share")}
    return found[unit]


def _difference(row: Row, place: int, digits: int) -> Text:
    found, better = row.differences[place], row.better(place)
    if found is None:
        return Text("–")
    bounds = f"{found.mean:+.{digits}f} [{found.low:+.{digits}f}, {found.high:+.{digits}f}]"
    if better is None:
        return Text(bounds)
    word, style = (_("better"), "green") if better else (_("worse"), "red")
    return Text.assemble(bounds, " ", (word, style))


def _(message: str) -> str:
    return texts.text(message, shell.language())


def replications(
    run: watching.Run,
    within: Annotated[
        float, typer.Option(min=0.001, max=1, help="Half the interval, as a share of the mean.")
    ] = 0.05,
    confidence: Annotated[
        float, typer.Option(min=0.5, max=0.999, help="How sure the intervals are.")
    ] = 0.95,
    as_json: watching.AsJson = False,
) -> None:
    """How many replications bring each indicator within ± so much of its mean, by what a run has shown.

    With few replications the answer is itself uncertain.

    Example: yinxin replications as-it-is --within 0.05
    """
    from simulations import comparing

    with shell.refusals(as_json=as_json):
        found = comparing.needed(watching.run_named(run), within, confidence)
    if as_json:
        shell.tell_json({"within": within, "needed": [one.as_json() for one in found]})
        return
    table = Table("", _("mean"), _("± now"), _("replications needed"))
    for one in found:
        indicator = one.indicator
        digits = _DIGITS[indicator.unit]
        table.add_row(
            Text(indicator.term.in_language(shell.language())),
            f"{one.mean:.{digits}f}",
            f"{one.relative:.1%}",
            f"{one.replications:,}",
        )
    Console().print(table)
