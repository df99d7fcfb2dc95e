"""Holding all that waits at once and taking it up again, while something is looked into (OPS-4)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from engine.bulk import actions, model, queries
from engine.kernel import actors
from engine.reviewing import model as cases
from simulations.environment import Stage, Steps

_NOTE = "核查期间统一处理"
# So often somebody looks how far it is, in seconds.
_LOOKS_EVERY = 30


def hold_all(stage: Stage, first: actors.Staff, second: actors.Staff, agency_id: str) -> Steps:
    """Every case that waits for a CA's review, or for any CA's where none is named."""
    wanted = cases.Wanted(kinds=("certificate_ca",), agencies=_named(agency_id), state="claimable")
    given = model.Given(reason="outside_inquiry", note=_NOTE)
    yield from _do_to_all(stage, first, second, "hold", wanted, given)


def take_all_up(stage: Stage, first: actors.Staff, second: actors.Staff, agency_id: str) -> Steps:
    """Every case of a CA's that is on hold, put back for whoever is next."""
    wanted = cases.Wanted(kinds=("certificate_ca",), agencies=_named(agency_id), state="held")
    yield from _do_to_all(stage, first, second, "resume", wanted, model.Given())


def _named(agency_id: str) -> tuple[str, ...]:
    return (agency_id,) if agency_id else ()


def _do_to_all(
    stage: Stage,
    first: actors.Staff,
    second: actors.Staff,
    act: str,
    wanted: cases.Wanted,
    given: model.Given,
) -> Steps:
    told = {"act": act, "wanted": wanted, "given": given, "note": _NOTE}
    try:
        found = _by(stage, first, actions.freeze_cases, **told)
    except actions.NothingMatches:
        return
    while (shown := stage.ask(queries.one, first, found.id)).bulk.status == "rehearsing":
        yield stage.wait(_LOOKS_EVERY)
    digest = {"bulk_id": found.id, "digest": shown.bulk.rehearsal_digest}
    if shown.second:
        _by(stage, second, actions.approve, **digest)
    _by(stage, first, actions.start, **digest)
    while not model.BULK.terminal((shown := stage.ask(queries.one, first, found.id)).bulk.status):
        yield stage.wait(_LOOKS_EVERY)
    stage.log(f"{act} in bulk: {shown.progress.done} of {shown.progress.size}")


def _by(stage: Stage, who: actors.Staff, action: Callable[..., Any], **given: Any) -> Any:
    proved = dataclasses.replace(who, second_factor_at=stage.now_ms)
    return stage.act(action, given, actor=proved)
