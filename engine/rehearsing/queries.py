"""What trouble is in force, and who may rehearse any."""

from __future__ import annotations

from engine.kernel import actors, database, errors
from engine.kernel.reader import Reader
from engine.rehearsing import model, store
from engine.staffing import queries as staffing
from engine.staffing.model import Right


class OnlyInDemo(errors.NotPermitted):
    """Trouble of outside parties can be rehearsed in a demo world alone."""


def require(q: Reader) -> None:
    """Refuse whoever may not rehearse here; who has the world's folder may.

    Raises: MayNot, OnlyInDemo.
    """
    if not isinstance(q.actor, actors.System):
        staffing.require(q, Right.DEMO, anywhere=True)
    if q.parts.kind != "demo":
        raise OnlyInDemo()


def of_party(connection: database.Connection, party: str, now: int) -> model.Trouble | None:
    """The trouble that a party is in at an instant, or None; for who stands in for it."""
    return store.of_party(connection, party, now)


def in_force(q: Reader) -> list[model.Trouble]:
    """The trouble that is in force now, by party: everybody is told, for it concerns what they see."""
    return store.in_force(q) if q.parts.kind == "demo" else []
