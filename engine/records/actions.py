"""Looking behind a mask, through the one door that there is; keeping lists under a name."""

from __future__ import annotations

from engine.kernel import clock, codec, errors, vault
from engine.kernel.engine import step_up, unstored
from engine.kernel.operation import AlreadyTaken, Operation
from engine.policies import model as policies
from engine.records import model, protected, queries, store
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Right

__all__ = ["delete_view", "reveal", "save_view"]


class GroundUnknown(errors.InvalidInput):
    """Choose one of the listed grounds."""


class FieldEmpty(errors.NotFound):
    """Nothing is kept here: the record has no such value, or it was deleted with its person."""


class TooManyReveals(errors.PolicyRefused):
    """You have looked behind {most} masks lately, which is as many as is allowed. Go on later."""


class ViewNameMissing(errors.InvalidInput):
    """Give the list a name of at most 40 characters."""


class ViewNameTaken(errors.Conflict):
    """You have a list of this name already. Choose another name, or delete that list."""


class NotYourView(errors.NotPermitted):
    """Only who saved a list deletes it."""


@step_up
@unstored
def reveal(op: Operation, *, record_id: str, place: str, ground: str) -> model.Revealed:
    """Show one protected value of a record in full for 30 seconds, on a ground (PI-3).

    `place` is what the record gives with the masked value. Who looked at what, on which ground, stands in
    the log; nothing else does. A member of staff looks so often in an hour and in a day, by a setting.
    Emits: value.revealed. Raises: MayNot, GroundUnknown, FieldEmpty, TooManyReveals, NotFound.
    """
    tables = queries.held_of(op, record_id)
    staff = staffing.require(
        op, Right.MANAGE_STAFF if "staff" in tables else Right.LOOK_UP, anywhere=True
    )
    if ground not in cases.reasons_for(op, "reveal_ground"):
        raise GroundUnknown(field="ground")
    _within_bounds(op, staff.staff_id)
    where, _, part = place.partition("#")
    table, column, row_id = (*where.split("|"), "", "")[:3]
    sql = tables.get(table)
    rows = [] if sql is None else op.rows(sql, (record_id,))
    row = next((one for one in rows if one["id"] == row_id), None)
    if row is None or column not in protected.PROTECTED[table] or row[column] is None:
        raise FieldEmpty(what="value")
    try:
        value = protected.opened(op, table, column, row_id, bytes(row[column])).get(part)
    except vault.Destroyed:
        value = None
    if value is None:
        raise FieldEmpty(what="value")
    name = protected.name_of(part or column, table)
    kept = {
        "id": op.new_id("rvl"),
        "staff_id": staff.staff_id,
        "record_id": record_id,
        "name": name,
        "ground": ground,
        "revealed_at": op.now,
    }
    op.insert("reveal", kept)
    op.record("value.revealed", record_id, name=name, ground=ground)
    return model.Revealed(name=name, value=value, shown_until=op.now + model.REVEALED_MS)


def _within_bounds(op: Operation, staff_id: str) -> None:
    rules = op.policy(policies.RevealRules)
    for most, span in ((rules.per_hour, clock.HOUR), (rules.per_day, clock.DAY)):
        if store.reveals_since(op, staff_id, op.now - span) >= most:
            raise TooManyReveals(most=most)


def save_view(
    op: Operation, *, name: str, wanted: model.Wanted, shared: bool = False
) -> model.RecordView:
    """Keep a list's filter under a name; `shared` shows it to colleagues too.

    Emits: record_view.saved. Raises: ViewNameMissing, ViewNameTaken, MayNot.
    """
    staff = staffing.require(op, Right.LOOK_UP, anywhere=True)
    given = " ".join(name.split())
    if not given or len(given) > model.LONGEST_NAME:
        raise ViewNameMissing(field="name")
    view = model.RecordView(
        id=op.new_id("rvw"),
        staff_id=staff.staff_id,
        name=given,
        wanted=codec.plain(wanted),
        shared=int(shared),
        changed_at=op.now,
    )
    try:
        op.insert("record_view", view)
    except AlreadyTaken as taken:
        raise ViewNameTaken(field="name") from taken
    op.record("record_view.saved", view.id, shared=shared)
    return view


def delete_view(op: Operation, *, view_id: str) -> None:
    """Delete a list of one's own, for colleagues too.

    Emits: record_view.deleted. Raises: NotYourView, NotFound, MayNot.
    """
    staff = staffing.require(op, Right.LOOK_UP, anywhere=True)
    view = op.get(model.RecordView, "record_view", view_id)
    if view.staff_id != staff.staff_id:
        raise NotYourView()
    op.delete("record_view", view.id)
    op.record("record_view.deleted", view.id)
