"""What the courier tells of a shipment: that it has it or does not take it, and where it is (INV-2)."""

from __future__ import annotations

from engine.delivering import model
from engine.delivering.actions.shipments import move, tell
from engine.delivering.store import shipments as store
from engine.kernel.operation import Operation
from engine.registration import queries as people

_S = model.ShipmentStatus


def record_pick_up(
    op: Operation, *, shipment_id: str, courier: str, tracking_no: str
) -> model.Shipment:
    """The courier has it: with its number it can be followed.

    Emits: shipment.handed_over, message.sent.
    """
    op.require_system()
    found = op.get(model.Shipment, "shipment", shipment_id)
    moved = move(
        op,
        found,
        "hand_over",
        "shipment.handed_over",
        courier=courier,
        tracking_no=tracking_no,
        handed_over_at=op.now,
    )
    op.enqueue("track_shipment", moved.id, due_at=op.now)
    tell(op, moved, "shipment.posted")
    return moved


def record_refusal(op: Operation, *, shipment_id: str, problem: str) -> model.Shipment:
    """No courier takes it there, or none can be reached: its person may name another address.

    Emits: shipment.not_taken, message.sent.
    """
    op.require_system()
    found = op.get(model.Shipment, "shipment", shipment_id)
    moved = move(op, found, "refuse", "shipment.not_taken", problem=problem, ended_at=op.now)
    if problem != model.UNREACHABLE:
        tell(op, moved, "shipment.address_wanted", todo=True)
    return moved


def record_steps(
    op: Operation, *, shipment_id: str, steps: tuple[model.Step, ...]
) -> model.Shipment:
    """Write down what the courier tells of a shipment; what is known already changes nothing.

    Steps are taken in the order in which they happened, in whatever order they are told.
    Emits: shipment.tracked, shipment.moved, shipment.delivered, shipment.was_lost, shipment.came_back,
    message.sent.
    """
    op.require_system()
    found = op.get(model.Shipment, "shipment", shipment_id)
    known = {(one.code, one.occurred_at) for one in store.steps(op, found.id)}
    fresh = {
        (one.code, one.occurred_at): one
        for one in steps
        if one.code in model.MOVES and (one.code, one.occurred_at) not in known
    }
    for one in sorted(fresh.values(), key=lambda step: step.occurred_at):
        found = _step(op, found, one)
    return found


def _step(op: Operation, found: model.Shipment, step: model.Step) -> model.Shipment:
    step_id = op.new_id("sst")
    subject_id = people.account(op, found.account_id).subject_id
    op.insert(
        "shipment_step",
        model.KeptStep(
            id=step_id,
            shipment_id=found.id,
            account_id=found.account_id,
            code=step.code,
            place=op.seal(subject_id, f"shipment_step|place|{step_id}", step.place),
            occurred_at=step.occurred_at,
            recorded_at=op.now,
        ),
    )
    heard = max(step.occurred_at, found.heard_at or 0)
    op.update("shipment", found.id, {"heard_at": heard}, was={"heard_at": found.heard_at})
    op.record("shipment.tracked", found.id, about=found.subject, code=step.code)
    found = op.get(model.Shipment, "shipment", found.id)
    act = model.MOVES[step.code]
    if act and model.SHIPMENT.allows(found.status, act) and not _settled(found, act):
        return _MOVED[act](op, found)
    return found


def _settled(found: model.Shipment, act: str) -> bool:
    """Whether a late step changes nothing any more: another was sent, or it has been delivered."""
    if found.replaced_by is not None:
        return True
    # Who was told that it was delivered says whether it is lost; the courier does not, afterwards. And who
    # says that they have nothing, of what the courier calls delivered, is not told the same once more.
    return (act == "lose" and found.status is _S.DELIVERED) or (
        act == "deliver" and found.problem == model.REPORTED and found.ended_at is not None
    )


def _on_its_way(op: Operation, found: model.Shipment) -> model.Shipment:
    return move(op, found, "move", "shipment.moved")


def _arrived(op: Operation, found: model.Shipment) -> model.Shipment:
    moved = move(op, found, "deliver", "shipment.delivered", ended_at=op.now, problem="")
    tell(op, moved, "shipment.delivered")
    return moved


def _was_lost(op: Operation, found: model.Shipment) -> model.Shipment:
    moved = move(op, found, "lose", "shipment.was_lost", ended_at=op.now)
    tell(op, moved, "shipment.was_lost")
    return moved


def _came_back(op: Operation, found: model.Shipment) -> model.Shipment:
    moved = move(op, found, "return", "shipment.came_back", ended_at=op.now)
    tell(op, moved, "shipment.address_wanted", todo=True)
    return moved


_MOVED = {
    "move": _on_its_way,
    "deliver": _arrived,
    "lose": _was_lost,
    "return": _came_back,
}
