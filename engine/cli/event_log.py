"""`yinxin log`: whether the event log holds, its signed heads, receipts, its export and its verifier."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.cli import shell
from engine.kernel import clock, errors, events, texts

if TYPE_CHECKING:
    from engine import boot
    from engine.evidence.checking import Checked

log = typer.Typer(
    help="The event log: whether it holds, its signed heads, receipts, export and verifier.",
    no_args_is_help=True,
)
_HEAD_LIMIT = 64 * 1024
OutOption = Annotated[
    Path | None, typer.Option(help="Write it to this file and not to the terminal.")
]


class HeadUnreadable(errors.InvalidInput):
    """{path} is no head of a log, as “yinxin log head” writes it."""


class HeadOfOther(errors.InvalidInput):
    """{path} is the head of another world's log: {world}."""


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


def _when(at_ms: int) -> str:
    return clock.to_datetime(at_ms).astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


@log.command("verify")
def verify_log(
    world: shell.WorldOption = None,
    head: Annotated[
        Path | None,
        typer.Option(
            help="A head of “yinxin log head” that was kept elsewhere.", show_default=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check the whole log: the chain under the world's key, and the tree under every signed head.

    Finds an event that was changed, removed, inserted or moved, an end that was cut off and a history that
    was written anew; each break is named with its place. Events younger than the newest head are held by
    the chain alone; how many there are is told.

    Exit code 0: the log holds. 1: it does not. 2: there is no world, or the head cannot be read.
    """
    from engine.evidence import checking

    with shell.refusals(as_json=as_json), shell.opened(world) as found:
        known = None if head is None else _kept_head(head, found)
        with found.engine.parts.db.read() as connection:
            checked = checking.check(found.engine.parts, connection, known)
        if as_json:
            shell.tell_json(_as_json(found, checked))
        else:
            _tell(checked)
    raise typer.Exit(1 if checked.breaks else 0)


def _as_json(world: boot.World, checked: Checked) -> dict[str, Any]:
    return {
        "events": checked.count,
        "head": _head_as_json(world, checked.log),
        "heads": checked.heads,
        "given_up": checked.given_up,
        "younger_than_heads": checked.young,
        "breaks": [
            {"problem": texts.text(one.text, "en", **one.params), **one.params}
            for one in checked.breaks
        ],
    }


def _tell(checked: Checked) -> None:
    shell.say(
        "{count} events, head {seq} {mac}",
        count=checked.count,
        seq=checked.log.seq,
        mac=checked.log.mac.hex(),
    )
    if checked.newest is not None:
        shell.say(
            "{n} signed heads, the newest of {when} over {size} events; {young} events are younger",
            n=checked.heads,
            when=_when(checked.newest.timestamp),
            size=checked.newest.size,
            young=checked.young,
        )
    if checked.given_up:
        shell.say("{n} heads were given up by an operator's word", n=checked.given_up)
    for one in checked.breaks:
        shell.tell_raw(texts.text(one.text, shell.language(), **one.params) + "\n")
    shell.say("The log does not hold." if checked.breaks else "The log holds.")


@log.command("head")
def write_head(out: OutOption = None, world: shell.WorldOption = None) -> None:
    """Print the head of the chain (JSON), to be kept where whoever runs the database cannot change it."""
    with shell.refusals(), shell.opened(world) as found:
        with found.engine.parts.db.read() as connection:
            newest = _head_as_json(found, events.head(connection))
        _give(out, (json.dumps(newest) + "\n").encode())


def _give(out: Path | None, content: bytes) -> None:
    if out is None:
        shell.tell_raw(content.decode())
    else:
        shell.write(out, content)


@log.command("heads")
def write_heads(out: OutOption = None, world: shell.WorldOption = None) -> None:
    """Print the signed tree heads, a line of JSON each, oldest first: copy them elsewhere.

    A head is signed over whatever is new first. The same file is in the world's folder of heads.
    """
    from engine.evidence import growing, keeping

    with shell.refusals(), shell.opened(world) as found:
        parts = found.engine.parts
        growing.grow(parts)
        folder = keeping.folder_of(parts)
        heads = folder.every() if folder is not None else ()
        _give(out, b"".join([head.line() + b"\n" for head in heads]))


@log.command("receipt")
def write_receipt(
    operation: Annotated[
        str, typer.Argument(help="The operation's id, as the event log shows it.")
    ],
    out: OutOption = None,
    world: shell.WorldOption = None,
) -> None:
    """Print the receipt of an operation (JSON): its events, and the proof that a signed head is over them.

    It is verified offline: python verify_log.py --receipt FILE --key KEY
    """
    from engine.boot import tables
    from engine.evidence import queries

    with shell.refusals(), shell.opened(world) as found:
        made = found.engine.ask(queries.receipt, tables.INSIDE, operation)
        _give(out, made.told())


@log.command("consistency")
def write_consistency(
    first: Annotated[int, typer.Argument(min=0, help="How many events the earlier head is over.")],
    second: Annotated[int, typer.Argument(min=0, help="How many events the later head is over.")],
    out: OutOption = None,
    world: shell.WorldOption = None,
) -> None:
    """Print the proof (JSON) that the log only grew from one signed head to another.

    Exit code 0: it did. 1: the heads are of different histories.
    """
    from engine.boot import tables
    from engine.evidence import queries

    with shell.refusals(), shell.opened(world) as found:
        made = found.engine.ask(queries.log_growth, tables.INSIDE, first, second)
        _give(out, made.told())
    raise typer.Exit(0 if made.holds else 1)


@log.command("export")
def export_log(
    out: Annotated[Path, typer.Argument(metavar="OUT.jsonl.gz", help="Where the export goes.")],
    world: shell.WorldOption = None,
) -> None:
    """Write the whole log and its signed heads to a file (gzipped JSONL) that the verifier checks.

    Nothing of a person is in it but pseudonyms and ciphertext. That it was taken is a fact of the log.
    """
    from engine.boot import tables
    from engine.evidence import actions, exporting, growing, keeping

    with shell.refusals(), shell.opened(world) as found:
        parts = found.engine.parts
        size = found.engine.perform(actions.record_export, {}, actor=tables.INSIDE)
        if keeping.folder_of(parts) is not None:
            growing.grow(parts)
        draft = out.with_name(f".{out.name}.new")
        with draft.open("wb") as file:
            for part in exporting.export(parts):
                file.write(part)
        draft.replace(out)
    shell.say("{count} events in {path}", count=size + 1, path=out)


@log.command("verifier")
def write_verifier(out: OutOption = None) -> None:
    """Print the stand-alone verifier: one Python file that needs nothing but Python 3.11.

    Example: yinxin log verifier --out verify_log.py && python verify_log.py log.jsonl.gz --key KEY
    """
    from engine.evidence import standalone

    with shell.refusals():
        _give(out, standalone.source(standalone.LOG).encode())


@log.command("resume")
def resume_log(
    reason: Annotated[str, typer.Option(help="Why, for whoever checks the log later.")],
    world: shell.WorldOption = None,
) -> None:
    """Say that the log goes on from where it is, although its signed heads say otherwise.

    After an older backup was restored, or the folder of heads was lost, nobody serves the world or works
    for it until you do. The heads before stay; your reason is an event of the log, is signed with the next
    head, and every later check tells it.
    """
    from engine.boot import resuming

    with shell.refusals(), shell.opened(world) as found:
        head = resuming.resume(found, reason)
    shell.say("The log goes on after event {size}.", size=head.size)
