"""Bundles at the command line: shown and played again, and one of its own where a command breaks."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import typer

from engine.cli import shell
from engine.kernel import clock

if TYPE_CHECKING:
    from simulations.bundles import Again, Bundle

_DIFFERS = 1
_SHOWN = 12


def bundle_again(path: Path, out: Path | None, *, as_json: bool) -> None:
    """Show a bundle and play its run again, where it has one; exit code 1 where the log differs."""
    from simulations import bundles

    with shell.refusals(as_json=as_json):
        found = bundles.read(path)
        again = bundles.replay(found, out)
    if as_json:
        shell.tell_json({"bundle": found.told, "digest": found.digest, "same": again.same})
    else:
        _show(found, again)
    raise typer.Exit(_DIFFERS if again.same is False else 0)


def _show(found: Bundle, again: Again) -> None:
    told = found.told
    error, act = told["error"], told["act"]
    _line(f"{told['incident']}  {error.get('code', error['type'])}  {told['screen']}")
    if act["action"]:
        given = ", ".join(f"{name}={value}" for name, value in act["arguments"].items())
        _line(f"  {act['action']}  {given}")
    for frame in error["trace"]:
        _line(f"    {frame}")
    for event in found.events[-_SHOWN:]:
        moment = clock.to_datetime(event["occurred_at"]).astimezone(clock.SHANGHAI)
        _line(f"  {event['seq']:>7}  {moment:%Y-%m-%d %H:%M:%S}  {event['actor']}  {event['kind']}")
    shell.say("digest {digest}", digest=found.digest)
    if again.same is None:
        shell.say("Its world cannot be made again from a seed: this is what there is.")
    elif again.same:
        shell.say("Made again from the seed: the same log up to event {seq}.", seq=again.seq)
    else:
        shell.say("Made again from the seed, and the log differs at event {seq}.", seq=again.seq)


def _line(text: str) -> None:
    shell.tell_raw(shell.printable(text) + "\n")


def at_crash(
    kind: type[BaseException], problem: BaseException, trace: TracebackType | None
) -> None:
    """A command that breaks leaves a bundle beside its traceback; installed by `main`."""
    sys.__excepthook__(kind, problem, trace)
    if not isinstance(problem, Exception):
        return
    from simulations import bundles

    try:
        # Which command it was, and none of what it was given.
        words = [word for word in sys.argv[1:] if word.isidentifier()][:2]
        failure = bundles.Failure(problem=problem.with_traceback(trace), screen=" ".join(words))
        saved = bundles.save(failure, _only_world())
    except OSError:
        return
    shell.say("What is needed to see this again is in {path}", path=saved, err=True)


def _only_world() -> Any:
    """The world that the command had open, where it was one alone."""
    from engine import boot

    open_ones = list(boot.worlds.values())
    return open_ones[0] if len(open_ones) == 1 else None
