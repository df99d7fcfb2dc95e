"""The SQL of what is looked after from time to time: tries of keys that have ended, reminders that lack."""

from __future__ import annotations

from engine.issuing import model
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader


def forget_tries(op: Operation) -> int:
    """The tries at PINs that can't be tried any more go; how many.

    Those of a living certificate stay, used or not: each holds the nonce that its phone signed, and without
    it what was recorded of an old try could be sent again, to lock its owner out (`security.md` 3.3).
    """
    return op.unlogged(
        "DELETE FROM pin_try WHERE certificate_id IN (SELECT id FROM certificate"
        " WHERE status IN ('finished', 'revoked', 'abandoned') OR not_after <= ?)",
        (op.now,),
    )


def requested(q: Reader, agency_id: str) -> list[model.Certificate]:
    """What was asked of a CA (of every one, where none is named) and has not come, oldest first."""
    sql = "SELECT * FROM certificate WHERE status = 'requested' AND (agency_id = ? OR ? = '') ORDER BY id"
    return q.all(model.Certificate, sql, (agency_id, agency_id))


def without_reminder(q: Reader, limit: int) -> list[model.Certificate]:
    """Living certificates for a term whose end nobody is going to be told of, oldest first.

    Each has a job until its end, but for those from before there were such jobs.
    """
    sql = (
        "SELECT c.* FROM certificate c WHERE c.usage = 'signing' AND c.status IN ('active', 'suspended')"
        " AND c.product <> 'event' AND c.not_after > ? AND NOT EXISTS (SELECT 1 FROM job j"
        " WHERE j.subject = c.id AND j.kind = 'remind_of_expiry') ORDER BY c.id LIMIT ?"
    )
    return q.all(model.Certificate, sql, (q.now, limit))
