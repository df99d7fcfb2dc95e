"""What the worker does of a bulk act: a part of the dry run, an item, and turning to the next part.

An item's act and its result are one operation: whoever is killed leaves both or neither. The rights of who
started it are those of the moment, looked up in that operation, and it acts in their name.
"""

from __future__ import annotations

import dataclasses

from engine.bulk import acts, model, queries, store
from engine.bulk.actions.steering import halted, move
from engine.kernel import actors, clock, errors
from engine.kernel.operation import Operation
from engine.reviewing import actions as reviewing
from engine.reviewing import model as cases
from engine.staffing import queries as staffing


class NotItsTurn(errors.Conflict):
    """This bulk act was paused, stopped or taken over by another worker."""


class StarterGone(errors.NotPermitted):
    """Whoever started this is no longer a member of staff who may sign in."""


class RightGone(errors.NotPermitted):
    """Whoever started this no longer holds the right to do it."""


class ProofTooOld(errors.NotPermitted):
    """The second factor was proved too long ago. Prove it again to go on."""


def foresee(
    op: Operation,
    *,
    bulk_id: str,
    turn: int,
    first: int,
    told: tuple[model.Foreseen, ...],
    job_id: str,
) -> model.Bulk:
    """Write down what the dry run foresaw of the items from a position on; stage the next part, or end it.

    The job that tried them is done with it.
    Emits: bulk.part_foreseen, bulk.rehearsed. Raises: NotPermitted, NotItsTurn.
    """
    op.require_system()
    found = op.get(model.Bulk, "bulk_act", bulk_id)
    if found.status is not model.BulkStatus.REHEARSING or found.turn != turn:
        raise NotItsTurn()
    op.finish_job(job_id)
    ids = store.listed(op, bulk_id)[first : first + len(told)]
    known = {one.position: one for one in store.part(op, bulk_id, first, len(told))}
    for position, (item_id, one) in enumerate(zip(ids, told, strict=True), start=first):
        _foresee_one(op, found, known.get(position), position, item_id, one)
    op.record("bulk.part_foreseen", bulk_id, first=first, items=len(told))
    following = first + len(told)
    if following < found.size:
        op.enqueue("bulk_rehearse", bulk_id, {"turn": turn, "first": following})
        return found
    digest = model.rehearsal_digest(found, store.rehearsed(op, bulk_id))
    changes = {"rehearsed_at": op.now, "rehearsal_digest": digest}
    return move(op, found, "rehearse", "bulk.rehearsed", {"digest": digest}, **changes)


def _foresee_one(
    op: Operation,
    found: model.Bulk,
    known: model.Item | None,
    position: int,
    item_id: str,
    told: model.Foreseen,
) -> None:
    if known is not None:
        changes = {"foreseen": told.outcome, "seen": told.seen}
        op.update("bulk_item", known.id, changes, was={"outcome": None})
        return
    op.insert(
        "bulk_item",
        model.Item(
            id=model.item_key(found.id, position),
            bulk_id=found.id,
            position=position,
            item_id=item_id,
            foreseen=told.outcome,
            seen=told.seen,
        ),
    )


def _running(op: Operation, bulk_id: str, turn: int) -> model.Bulk:
    """The bulk act, while it runs and it is this worker's turn. Raises: NotPermitted, NotItsTurn."""
    op.require_system()
    found = op.get(model.Bulk, "bulk_act", bulk_id)
    if found.status is not model.BulkStatus.RUNNING or found.turn != turn:
        raise NotItsTurn()
    return found


def act_on(op: Operation, *, bulk_id: str, turn: int, position: int) -> None:
    """Do the act to one item, in the name of who started it, and write down that it is done.

    Emits: bulk.item_done, and what the act does.
    Raises: NotItsTurn, StarterGone, RightGone, ProofTooOld, Conflict where it has a result already, and
    what the act raises.
    """
    found = _running(op, bulk_id, turn)
    item = op.get(model.Item, "bulk_item", model.item_key(bulk_id, position))
    if item.outcome is not None:
        raise NotItsTurn()
    act = acts.ACTS[found.act]
    op.actor = _starter(op, found, act)
    _require_outsider_agreed(op, act, found, item.item_id)
    try:
        act.do(op, item.item_id, queries.given(found), item.seen)
    except errors.EngineError as refusal:
        if refusal.commits:
            _end(op, item, refusal.code)
        raise
    _end(op, item, model.DONE)


def _starter(op: Operation, found: model.Bulk, act: acts.Act) -> actors.Staff:
    """Who started it, with the rights that they have now. Raises: StarterGone, RightGone, ProofTooOld."""
    staff = staffing.actor(op, found.made_by)
    if staff is None:
        raise StarterGone()
    if not any(staffing.has(staff, right, anywhere=True) for right in act.rights):
        raise RightGone()
    if act.proof:
        lasts = queries.rules(op).proof_minutes * clock.MINUTE
        if found.proved_at is None or op.now >= found.proved_at + lasts:
            raise ProofTooOld()
    return dataclasses.replace(staff, second_factor_at=found.proved_at)


def _require_outsider_agreed(op: Operation, act: acts.Act, found: model.Bulk, item_id: str) -> None:
    """Whoever agreed to the list has no part in this case either. Raises: MakerIsNotChecker."""
    if not act.decides or found.approved_by is None:
        return
    case = op.get(cases.Case, "review_case", item_id)
    if f"staff:{found.approved_by}" in (case.maker, *case.excluded):
        raise reviewing.MakerIsNotChecker()


def _end(op: Operation, item: model.Item, outcome: str) -> None:
    changes = {"outcome": outcome, "done_at": op.now}
    op.update("bulk_item", item.id, changes, was={"outcome": None})
    if outcome == model.DONE:
        op.record("bulk.item_done", item.id, item=item.item_id)
    else:
        op.record("bulk.item_refused", item.id, item=item.item_id, code=outcome)


def turn_page(
    op: Operation, *, bulk_id: str, turn: int, refused: tuple[model.Refused, ...], job_id: str
) -> model.Bulk:
    """Write down which items of a part were refused; stage the next part, or end the bulk act.

    The job that did the part is done with it.
    Emits: bulk.items_refused, bulk.done. Raises: NotPermitted.
    """
    op.require_system()
    found = op.get(model.Bulk, "bulk_act", bulk_id)
    op.finish_job(job_id)
    told = 0
    for one in refused:
        key = model.item_key(bulk_id, one.position)
        # What is to be remembered although it was refused has its result already.
        if op.get(model.Item, "bulk_item", key).outcome is None:
            changes = {"outcome": one.code, "done_at": op.now}
            op.update("bulk_item", key, changes, was={"outcome": None})
            told += 1
    if told:
        op.record("bulk.items_refused", bulk_id, items=told)
    if found.status is not model.BulkStatus.RUNNING or found.turn != turn:
        return found
    if store.open_part(op, bulk_id, 1):
        op.enqueue("bulk_run", bulk_id, {"turn": turn})
        return found
    ended = {"ended_at": op.now, "ran_from": None, "ran_ms": found.ran(op.now)}
    return move(op, found, "finish", "bulk.done", {}, **ended)


def halt(op: Operation, *, bulk_id: str, turn: int, why: str) -> model.Bulk:
    """Let a run rest, or end it, because who started it cannot go on: `why` is the code of the reason.

    An old proof can be renewed, so that one pauses; a right that is gone ends it.
    Emits: bulk.paused, bulk.stopped. Raises: NotPermitted, NotItsTurn.
    """
    found = _running(op, bulk_id, turn)
    return halted(op, found, "pause" if why == ProofTooOld.code else "stop", why)
