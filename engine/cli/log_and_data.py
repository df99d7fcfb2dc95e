"""`yinxin report`, `yinxin log` and `yinxin db`: what a world's data say, and that nobody changed them."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli import shell
from engine.kernel import catalog, clock, database, errors, events, migrating
from engine.reports import catalog as reports
from engine.reports import filters

if TYPE_CHECKING:
    from engine import boot
    from engine.reports import snapshot

log = typer.Typer(
    help="The event log: whether its chain holds, and its head to keep elsewhere.",
    no_args_is_help=True,
)
db = typer.Typer(help="The world's database.", no_args_is_help=True)
_HEAD_LIMIT = 64 * 1024
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


class HeadUnreadable(errors.InvalidInput):
    """{path} is no head of a log, as “yinxin log head” writes it."""


class HeadOfOther(errors.InvalidInput):
    """{path} is the head of another world's log: {world}."""


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


def _head_as_json(world: boot.World, head: events.Head) -> dict[str, Any]:
    return {
        "world": world.id,
        "seq": head.seq,
        "mac": head.mac.hex(),
        "occurred_at": head.occurred_at,
    }


def read_head(path: Path) -> tuple[str, events.Head]:
    """A head that was kept in a file, and the id of its world.

    Raises: FileUnusable, HeadUnreadable.
    """
    try:
        kept = json.loads(shell.read(path, _HEAD_LIMIT))
        head = events.Head(
            seq=int(kept["seq"]),
            mac=bytes.fromhex(kept["mac"]),
            occurred_at=int(kept["occurred_at"]),
        )
        return str(kept["world"]), head
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise HeadUnreadable(path=str(path)) from problem


def _kept_head(path: Path, world: boot.World) -> events.Head:
    origin, head = read_head(path)
    if origin != world.id:
        raise HeadOfOther(path=str(path), world=origin)
    return head


@log.command("verify")
def verify_log(
    world: shell.WorldOption = None,
    head: Annotated[
        Path | None,
        typer.Option(
            help="A head that was kept elsewhere: with it a cut tail is found too.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check the whole chain of events under the world's log key.

    Finds an event that was changed, removed, inserted or moved; each break is named with its place.
    What was cut off the end shows only against a head kept outside the database
    ([bold]yinxin log head[/bold]).

    Exit code 0: the chain holds. 1: it is broken. 2: there is no world, or the head cannot be read.
    """
    with shell.refusals(as_json=as_json), shell.opened(world) as found:
        known = None if head is None else _kept_head(head, found)
        with found.engine.parts.db.read() as connection:
            count, breaks = events.verify(connection, found.keyring, known)
            newest = events.head(connection)
        if as_json:
            broken = [{"seq": one.seq, "problem": one.problem} for one in breaks]
            shell.tell_json(
                {"events": count, "head": _head_as_json(found, newest), "breaks": broken}
            )
        else:
            _tell_chain(count, newest, breaks)
    raise typer.Exit(1 if breaks else 0)


def _tell_chain(count: int, newest: events.Head, breaks: list[events.Break]) -> None:
    shell.say("{count} events, head {seq} {mac}", count=count, seq=newest.seq, mac=newest.mac.hex())
    for one in breaks:
        shell.say("Event {seq}: {problem}", seq=one.seq, problem=one.problem)
    shell.say("The chain is broken." if breaks else "The chain holds.")


@log.command("head")
def write_head(
    out: Annotated[
        Path | None, typer.Option(help="Write it to this file and not to the terminal.")
    ] = None,
    world: shell.WorldOption = None,
) -> None:
    """Print the head of the log (JSON), to be kept where whoever runs the database cannot change it."""
    with shell.refusals(), shell.opened(world) as found:
        with found.engine.parts.db.read() as connection:
            newest = _head_as_json(found, events.head(connection))
        if out is None:
            shell.tell_json(newest)
        else:
            shell.write(out, (json.dumps(newest) + "\n").encode())


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
