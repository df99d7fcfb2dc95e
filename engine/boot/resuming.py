"""Going on with a log that is not the one of its signed heads: only on an operator's word, which stays."""

from __future__ import annotations

from engine.boot import tables
from engine.boot.world import World
from engine.evidence import actions, growing
from engine.evidence.verifier.heads import TreeHead
from engine.kernel import errors


class NothingToResume(errors.PolicyRefused):
    """The log is the one of its signed heads: there is nothing to say."""


def resume(world: World, reason: str) -> TreeHead:
    """Record the operator's word in the log, and sign a head over the log as it is, with the reason in it.

    Raises: NothingToResume, ReasonNeeded, NoHeadsHere.
    """
    parts = world.engine.parts
    with parts.db.read() as connection:
        found = growing.standing(parts, connection)
    if found.problem is None:
        raise NothingToResume()
    known = 0 if found.newest is None else found.newest.size
    given = {"reason": reason, "known": known}
    world.engine.perform(actions.resume_log, given, actor=tables.INSIDE)
    return growing.grow(parts, reason=reason.strip())
