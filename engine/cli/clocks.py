"""`yinxin clock`: what is due in a demo world, and moving its clock forward to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli import shell
from engine.kernel import actors, clock, errors, events, texts

if TYPE_CHECKING:
    from engine.kernel.reader import Reader

_SPAN = re.compile(r"([1-9]\d{0,5})(m|h|d|y)")
_UNITS = {"m": clock.MINUTE, "h": clock.HOUR, "d": clock.DAY, "y": 365 * clock.DAY}
_ACTOR = actors.System(job="terminal")


class SpanUnclear(errors.InvalidInput):
    """Say by how much as in 3m, 8h, 90d or 1y."""


class ByOrNext(errors.InvalidInput):
    """Say either --by or --next, and not both."""


def _span(text: str) -> int:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise SpanUnclear(field="by")
    return int(found[1]) * _UNITS[found[2]]


def _when(at_ms: int) -> str:
    return f"{clock.to_datetime(at_ms).astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"


def move_clock(
    world: shell.WorldOption = None,
    by: Annotated[str, typer.Option(help="Move it forward by 3m, 8h, 90d, 1y.")] = "",
    to_next: Annotated[bool, typer.Option("--next", help="Move it to the next thing due.")] = False,
    listed: Annotated[int, typer.Option(min=0, max=1_000, help="List so much that is due.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell what is due in a demo world, and move its clock forward: what is due on the way happens.

    Without --by and --next nothing moves. Stopped with Ctrl-C, the clock stands where it has come. Times
    are Shanghai's; with --json they are UTC milliseconds.

    Example: yinxin clock --world data/var/demo --by 90d
    """
    # Here, because the whole engine would be loaded for every other command too.
    from engine.boot import deadlines, travel

    with shell.refusals(as_json=as_json):
        if by and to_next:
            raise ByOrNext(field="by")
        span = _span(by) if by else 0
        with shell.opened(world) as found:
            began = found.engine.now()
            until = began + span
            if to_next:
                upcoming = found.engine.ask(deadlines.next_due, _ACTOR)
                until = began if upcoming is None else upcoming.due.at
            seq = found.engine.ask(_head, _ACTOR)
            with shell.stopping() as stop:
                for _reached in travel.walk(found, until_ms=until, actor=_ACTOR):
                    if stop.is_set():
                        break
            now = found.engine.now()
            past, passed = found.engine.ask(
                deadlines.happened, _ACTOR, began=began, seq=seq, most=listed
            )
            page = found.engine.ask(
                deadlines.due, _ACTOR, until=now + deadlines.AHEAD_MS, size=listed
            )
        told = {
            "happened": [(one.at, one.code, one.record_id) for one in past],
            "due": [(one.due.at, one.code, one.due.subject) for one in page.rows],
        }
        if as_json:
            totals = {"happened_total": passed, "due_total": page.total}
            shell.tell_json({"began": began, "now": now, **_as_json(told), **totals})
            return
        if span or to_next:
            shell.say("Since {when} happened: {n}", when=_when(began), n=passed)
            _tell(told["happened"])
        shell.say("It is now {when}; due: {n}", when=_when(now), n=page.total)
        _tell(told["due"])


def _head(q: Reader) -> int:
    return events.head(q.connection).seq


_Line = tuple[int, str, str]


def _as_json(told: dict[str, list[_Line]]) -> dict[str, object]:
    return {
        name: [{"at": at, "code": code, "subject": subject} for at, code, subject in lines]
        for name, lines in told.items()
    }


def _tell(lines: list[_Line]) -> None:
    for at, code, subject in lines:
        words = texts.of_code(code, shell.language())
        shell.tell_raw(f"  {_when(at)}  {words}  {subject}\n")
