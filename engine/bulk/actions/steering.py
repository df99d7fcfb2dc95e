"""Agreeing to a bulk act, starting it, pausing it, going on, and putting an end to it."""

from __future__ import annotations

from typing import Any

from engine.bulk import acts, model, queries
from engine.kernel import actors, errors
from engine.kernel.engine import require_step_up
from engine.kernel.operation import Operation
from engine.staffing import queries as staffing


class OwnBulkAct(errors.NotPermitted):
    """Somebody else than who made this list has to agree to it."""


class SecondPersonNeeded(errors.PolicyRefused):
    """A second person has to agree to this list first: it is long, or what is done cannot be taken back."""


class ChangedSinceSeen(errors.Conflict):
    """This is not the list and the dry run that you looked at. Look again, then decide."""


def move(
    op: Operation, found: model.Bulk, verb: str, fact: str, facts: dict[str, Any], **changes: Any
) -> model.Bulk:
    """Take a bulk act one step along its course, and record the fact."""
    status = model.BULK.advance(found.status, verb)
    op.update(
        "bulk_act",
        found.id,
        {"status": status, **changes},
        was={"status": found.status, "turn": found.turn},
    )
    op.record(fact, found.id, act=found.act, **facts)
    return op.get(model.Bulk, "bulk_act", found.id)


def _mine(op: Operation, bulk_id: str) -> model.Bulk:
    found = queries.bulk(op, bulk_id)
    if not queries.is_maker(op, found):
        raise queries.NotYours(what="bulk act")
    return found


def _require_proof(op: Operation, found: model.Bulk) -> int | None:
    """When the actor proved their second factor, which an act that takes it is bound to.

    Raises: StepUpNeeded.
    """
    if acts.ACTS[found.act].proof:
        require_step_up(op)
    return op.actor.second_factor_at if isinstance(op.actor, actors.Staff) else None


def approve(op: Operation, *, bulk_id: str, digest: str) -> model.Bulk:
    """Agree, as a second person, to the list and the dry run that `digest` is of.

    Emits: bulk.approved.
    Raises: NotYours, OwnBulkAct, MayNot, StepUpNeeded, ChangedSinceSeen, NotPossibleNow.
    """
    found = queries.bulk(op, bulk_id)
    _require_may_agree(op, found)
    me = op.actor.text.partition(":")[2]
    if staffing.are_one_person(op, found.made_by, me):
        raise OwnBulkAct()
    _require_proof(op, found)
    model.BULK.advance(found.status, "approve")
    if digest != found.rehearsal_digest:
        raise ChangedSinceSeen()
    changes = {"approved_by": me, "approved_at": op.now}
    return move(op, found, "approve", "bulk.approved", {"digest": digest}, **changes)


def start(op: Operation, *, bulk_id: str, digest: str) -> model.Bulk:
    """Begin to act on the list whose dry run `digest` is of; in the actor's name, and never a second time.

    An act that takes a second factor is started within five minutes of one; the proof is kept with the run.
    Emits: bulk.started.
    Raises: NotYours, SecondPersonNeeded, StepUpNeeded, ChangedSinceSeen, NotPossibleNow.
    """
    found = _mine(op, bulk_id)
    model.BULK.advance(found.status, "start")
    if queries.needs_second(op, found) and found.approved_by is None:
        raise SecondPersonNeeded()
    queries.require_act(op, found.act, acts.ACTS[found.act].target)
    if digest != found.rehearsal_digest:
        raise ChangedSinceSeen()
    return _run(op, found, "start", "bulk.started", started_at=op.now)


def go_on(op: Operation, *, bulk_id: str) -> model.Bulk:
    """Go on with a bulk act of one's own that was paused, or paused by itself.

    Emits: bulk.gone_on. Raises: NotYours, StepUpNeeded, NotPossibleNow.
    """
    return _run(op, _mine(op, bulk_id), "go_on", "bulk.gone_on")


def _run(op: Operation, found: model.Bulk, verb: str, fact: str, **changes: Any) -> model.Bulk:
    model.BULK.advance(found.status, verb)
    proved_at = _require_proof(op, found)
    running = {"turn": found.turn + 1, "ran_from": op.now, "proved_at": proved_at, "why": ""}
    moved = move(op, found, verb, fact, {"digest": found.rehearsal_digest}, **running, **changes)
    op.enqueue("bulk_run", found.id, {"turn": moved.turn})
    return moved


def pause(op: Operation, *, bulk_id: str) -> model.Bulk:
    """Let it rest: the item that is being acted upon is the last one until it goes on.

    Emits: bulk.paused. Raises: NotYours, MayNot, NotPossibleNow.
    """
    return halted(op, _steered(op, bulk_id), "pause", "")


def stop(op: Operation, *, bulk_id: str) -> model.Bulk:
    """Put an end to it: what has no result yet is left alone for good.

    Emits: bulk.stopped. Raises: NotYours, MayNot, NotPossibleNow.
    """
    return halted(op, _steered(op, bulk_id), "stop", "")


def halted(op: Operation, found: model.Bulk, verb: str, why: str) -> model.Bulk:
    """Pause or stop a run, for the code of a reason where nobody asked for it. Composed by `halt` too.

    Emits: bulk.paused, bulk.stopped.
    """
    changes: dict[str, Any] = {"ran_from": None, "ran_ms": found.ran(op.now), "why": why}
    if verb == "stop":
        return move(op, found, verb, "bulk.stopped", {"why": why}, ended_at=op.now, **changes)
    return move(op, found, verb, "bulk.paused", {"why": why}, **changes)


def _steered(op: Operation, bulk_id: str) -> model.Bulk:
    """A bulk act that the actor made, or could have agreed to. Raises: NotYours, MayNot."""
    found = queries.bulk(op, bulk_id)
    if not queries.is_maker(op, found):
        _require_may_agree(op, found)
    return found


def _require_may_agree(op: Operation, found: model.Bulk) -> None:
    if not queries.may_agree(op, found):
        raise staffing.MayNot(right=found.places[0][0])


def drop(op: Operation, *, bulk_id: str) -> model.Bulk:
    """Put a list of one's own away that was never started.

    Emits: bulk.dropped. Raises: NotYours, NotPossibleNow.
    """
    return move(op, _mine(op, bulk_id), "drop", "bulk.dropped", {}, ended_at=op.now)


def rehearse_again(op: Operation, *, bulk_id: str) -> model.Bulk:
    """Try the same list once more, as things are now; who agreed before has to agree anew.

    Emits: bulk.rehearsing. Raises: NotYours, NotPossibleNow.
    """
    found = _mine(op, bulk_id)
    anew = {
        "turn": found.turn + 1,
        "rehearsed_at": None,
        "rehearsal_digest": "",
        "approved_by": None,
        "approved_at": None,
    }
    moved = move(op, found, "rehearse_again", "bulk.rehearsing", {}, **anew)
    op.enqueue("bulk_rehearse", found.id, {"turn": moved.turn, "first": 0})
    return moved
