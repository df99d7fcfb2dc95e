"""`yinxin report` and `yinxin db`: what a world's data say, and the tables that they are in."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli import shell
from engine.kernel import catalog, clock, database, errors, migrating
from engine.reports import catalog as reports
from engine.reports import filters

if TYPE_CHECKING:
    from engine.reports import snapshot

db = typer.Typer(help="The world's database.", no_args_is_help=True)
_DAYS = ["%Y-%m-%d"]


class Format(enum.StrEnum):
    """How a report is printed."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    PARQUET = "parquet"


class OutMissing(errors.InvalidInput):
    """{format} is no text for a terminal. Name a file with --out."""


class LimitWrong(errors.InvalidInput):
    """“{value}” limits nothing. Write it like platform=guangzheng; there are: {known}."""


def _start(day: datetime.datetime | None, otherwise: int) -> int:
    return otherwise if day is None else clock.start_of(day.date())


def report(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=f"One of: {', '.join(reports.NAMES)}.")
    ],
    output: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.CSV,
    since: Annotated[
        datetime.datetime | None,
        typer.Option("--from", formats=_DAYS, help="The first day (Shanghai)."),
    ] = None,
    until: Annotated[
        datetime.datetime | None,
        typer.Option("--until", formats=_DAYS, help="The day after the last one (Shanghai)."),
    ] = None,
    by: Annotated[
        str, typer.Option(help="The period to tell it by: day, week, month, quarter, year, all.")
    ] = "",
    level: Annotated[
        list[str] | None,
        typer.Option(help="A column to tell it by besides, like platform or stage; several times."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="A limit, like platform=guangzheng or stage=seal,contract; several times."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write it to this file.")] = None,
    world: shell.WorldOption = None,
) -> None:
    """Print a report over everything that has happened up to now.

    The console shows the same reports. Columns name their units, days are Shanghai's. CSV (UTF-8) and XLSX
    are safe to open in a spreadsheet: no cell is taken for a formula.

    Example: yinxin report orders --by month --level platform > orders.csv
    """
    from engine.reports import snapshot

    with shell.refusals():
        asked, limits = reports.load(name), _limits(only or [])
        if out is None and output in (Format.XLSX, Format.PARQUET):
            raise OutMissing(format=output.value)
        span = dataclasses.replace(
            limits, from_ms=_start(since, 0), to_ms=_start(until, reports.END_OF_TIME)
        )
        with shell.opened(world) as found:
            folder = shell.place(world) / "analytics"
            fresh = snapshot.refresh(found.engine, folder, now=True)
        path = snapshot.newest(folder)
        if path is None:
            raise errors.NotFound(what="report")
        with snapshot.open_copy(path) as copy:
            answer = reports.ask(copy, asked, span, by=by, levels=level or None)
        _tell_report(asked, answer, fresh, output, out)


def _limits(given: list[str]) -> filters.Filters:
    query: dict[str, str] = {}
    for one in given:
        name, _, values = one.partition("=")
        if name not in filters.LISTS or not values:
            raise LimitWrong(value=one, known=", ".join(filters.LISTS))
        query[name] = ",".join(part for part in (query.get(name, ""), values) if part)
    return filters.parse(query)


def _tell_report(
    asked: reports.Report,
    answer: reports.Answer,
    fresh: snapshot.Freshness,
    output: Format,
    out: Path | None,
) -> None:
    from engine.reports import exports

    about = {
        "report": asked.name,
        "unit": asked.text("unit", "en"),
        "seq": str(fresh.seq),
        "occurred_at": str(fresh.occurred_at),
    }
    match output:
        case Format.XLSX:
            content = exports.to_xlsx(answer, about=about)
        case Format.PARQUET:
            content = exports.to_parquet(answer, about=about)
        case Format.CSV:
            content = exports.to_csv(answer).encode()
        case Format.JSON:
            rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
            told = {**about, "seq": fresh.seq, "occurred_at": fresh.occurred_at}
            told |= {"columns": list(answer.columns), "rows": rows}
            content = (json.dumps(told, default=str) + "\n").encode()
    if out is not None:
        shell.write(out, content)
    else:
        shell.tell_raw(content.decode())


@db.command("migrate")
def migrate(world: shell.WorldOption = None) -> None:
    """Bring a world's database up to date, and name what was applied.

    Opening a world does the same. Migrations go forward only; one that is stopped half-way has not
    happened.
    """
    from engine.boot import tables
    from engine.boot.world import WorldFile

    with shell.refusals():
        path = shell.place(world)
        declared = catalog.load(path / "world.toml", WorldFile).database
        address = os.environ.get("YINXIN_DATABASE", declared)
        opened = database.open_database(
            str(path / "yinxin.sqlite3") if address == "sqlite" else address
        )
        try:
            applied = migrating.migrate(opened, tables.STAGES)
        finally:
            opened.close()
    for name in applied:
        shell.say("applied {name}", name=name)
    shell.say("The database is up to date.")
