"""Having an outside party be in trouble for a while, and putting an end to it."""

from __future__ import annotations

from engine.kernel import clock, errors
from engine.kernel.operation import Operation
from engine.rehearsing import model, queries, store


class PartyUnknown(errors.NotFound):
    """There is no outside party called “{what}”."""


class MinutesUnusual(errors.InvalidInput):
    """Trouble lasts between 1 minute and {most} minutes."""


def begin(
    op: Operation, *, party: str, kind: model.Kind, minutes: int = model.MINUTES[0]
) -> model.Trouble:
    """Have a party be in trouble of a kind for so many minutes of the world's clock.

    It is in one kind at a time: another one ends the first. The same one again changes nothing.
    Emits: trouble.begun, trouble.ended. Raises: OnlyInDemo, MayNot, PartyUnknown, MinutesUnusual.
    """
    queries.require(op)
    if party not in model.parties():
        raise PartyUnknown(what=party)
    if not 1 <= minutes <= model.MINUTES[-1]:
        raise MinutesUnusual(field="minutes", most=model.MINUTES[-1])
    known = store.of_party(op.connection, party, op.now)
    if known is not None and known.kind is kind:
        return known
    if known is not None:
        _end(op, known)
    made = model.Trouble(
        id=op.new_id("trb"),
        party=party,
        kind=kind,
        begun_at=op.now,
        until=op.now + minutes * clock.MINUTE,
    )
    op.insert("trouble", made)
    op.record("trouble.begun", made.id, party=party, trouble=kind.value, until=made.until)
    return made


def end(op: Operation, *, party: str = "") -> int:
    """Put an end to the trouble of a party, or of all of them; how many there were.

    Emits: trouble.ended. Raises: OnlyInDemo, MayNot.
    """
    queries.require(op)
    found = [one for one in store.in_force(op) if not party or one.party == party]
    for one in found:
        _end(op, one)
    return len(found)


def _end(op: Operation, trouble: model.Trouble) -> None:
    op.update("trouble", trouble.id, {"ended_at": op.now}, was={"ended_at": None})
    op.record("trouble.ended", trouble.id, party=trouble.party, trouble=trouble.kind.value)
