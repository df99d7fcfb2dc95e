"""Delegations, uses and filings."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel import paging
from engine.kernel.reader import Reader
from engine.sealing import model

# As many uses of a seal as are shown at once.
USES_SHOWN = 200


def delegations(q: Reader, seal_id: str) -> list[model.SealDelegation]:
    """A seal's delegations, newest first."""
    sql = "SELECT * FROM seal_delegation WHERE seal_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.SealDelegation, sql, (seal_id,))


def active_delegation(q: Reader, seal_id: str, account_id: str) -> model.SealDelegation | None:
    """A member's delegation of a seal that was not ended, whether its time is over or not."""
    sql = "SELECT * FROM seal_delegation WHERE seal_id = ? AND account_id = ? AND status = 'active'"
    return q.first(model.SealDelegation, sql, (seal_id, account_id))


def active_delegations(q: Reader, seal_id: str) -> list[model.SealDelegation]:
    """The delegations of a seal that were not ended."""
    sql = "SELECT * FROM seal_delegation WHERE seal_id = ? AND status = 'active' ORDER BY id"
    return q.all(model.SealDelegation, sql, (seal_id,))


def delegated_to(q: Reader, account_id: str) -> list[model.SealDelegation]:
    """What a person was given to use, newest first."""
    sql = "SELECT * FROM seal_delegation WHERE account_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.SealDelegation, sql, (account_id,))


def active_within(q: Reader, enterprise_id: str, account_id: str) -> list[model.SealDelegation]:
    """What a person may use of an enterprise and was not ended."""
    sql = (
        "SELECT * FROM seal_delegation WHERE enterprise_id = ? AND account_id = ?"
        " AND status = 'active' ORDER BY id"
    )
    return q.all(model.SealDelegation, sql, (enterprise_id, account_id))


def uses(q: Reader, seal_id: str, window: paging.Window | None = None) -> list[model.SealUse]:
    """A seal's uses, newest first; the latest ones where no part is named."""
    part, values = paging.clause(window or paging.Window(limit=USES_SHOWN), ("id",))
    sql = "SELECT * FROM seal_use WHERE seal_id = ?" + part  # noqa: S608
    return q.all(model.SealUse, sql, (seal_id, *values))


def count_uses(q: Reader, seal_id: str) -> int:
    """How many times a seal was used."""
    row = q.row("SELECT COUNT(*) AS n FROM seal_use WHERE seal_id = ?", (seal_id,))
    return int(row["n"]) if row else 0


def without_reminder(q: Reader, limit: int) -> list[model.Seal]:
    """Made seals whose end lies ahead and nobody is going to be told of, oldest first.

    Each has a job until its end, but for those from before there were such jobs.
    """
    sql = (
        "SELECT s.* FROM seal s WHERE s.status IN ('active', 'suspended') AND s.valid_to > ?"
        " AND NOT EXISTS (SELECT 1 FROM job j WHERE j.subject = s.id AND j.kind = 'remind_of_seal')"
        " ORDER BY s.id LIMIT ?"
    )
    return q.all(model.Seal, sql, (q.now, limit))


def never_filed(q: Reader, kinds: Sequence[str], limit: int) -> list[model.Seal]:
    """Made seals of these kinds of which nothing was ever filed, oldest first."""
    if not kinds:
        return []
    marks = ", ".join("?" for _ in kinds)
    never = "NOT EXISTS (SELECT 1 FROM seal_filing f WHERE f.seal_id = s.id)"
    made = "s.status IN ('active', 'suspended')"
    sql = f"SELECT s.* FROM seal s WHERE s.kind IN ({marks}) AND {made} AND {never} ORDER BY s.id LIMIT ?"  # noqa: S608
    return q.all(model.Seal, sql, (*kinds, limit))


def filings(q: Reader, seal_id: str) -> list[model.SealFiling]:
    """What was filed of a seal, oldest first."""
    sql = "SELECT * FROM seal_filing WHERE seal_id = ? ORDER BY created_at, id"
    return q.all(model.SealFiling, sql, (seal_id,))
