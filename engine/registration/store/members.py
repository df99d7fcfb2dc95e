"""The SQL of members, invitations and transfers of the administrator's role."""

from __future__ import annotations

from engine.kernel import ids
from engine.kernel.reader import Reader
from engine.registration import model


def membership(q: Reader, enterprise_id: str, account_id: str) -> model.Membership | None:
    """A person's living membership."""
    sql = (
        "SELECT * FROM membership WHERE enterprise_id = ? AND account_id = ? AND status = 'active'"
    )
    return q.first(model.Membership, sql, (enterprise_id, account_id))


def enterprises_of(q: Reader, account_id: str) -> list[model.Enterprise]:
    """The enterprises a person is a member of."""
    sql = (
        "SELECT e.* FROM enterprise e JOIN membership m ON m.enterprise_id = e.id"
        " WHERE m.account_id = ? AND m.status = 'active' ORDER BY e.created_at, e.id"
    )
    return q.all(model.Enterprise, sql, (account_id,))


def administrators(q: Reader, enterprise_id: str) -> list[str]:
    """Account ids of an enterprise's administrators."""
    sql = (
        "SELECT account_id FROM membership WHERE enterprise_id = ? AND role = 'administrator'"
        " AND status = 'active' ORDER BY created_at, id"
    )
    return [row["account_id"] for row in q.rows(sql, (enterprise_id,))]


def members(q: Reader, enterprise_id: str) -> list[model.Membership]:
    """An enterprise's living memberships, oldest first."""
    sql = (
        "SELECT * FROM membership WHERE enterprise_id = ? AND status = 'active'"
        " ORDER BY created_at, id"
    )
    return q.all(model.Membership, sql, (enterprise_id,))


def memberships_of(q: Reader, account_id: str) -> list[model.Membership]:
    """A person's living memberships, oldest first."""
    sql = (
        "SELECT * FROM membership WHERE account_id = ? AND status = 'active'"
        " ORDER BY created_at, id"
    )
    return q.all(model.Membership, sql, (account_id,))


def ever_member(q: Reader, enterprise_id: str, account_id: str) -> model.Membership | None:
    """A person's membership, living or left."""
    sql = "SELECT * FROM membership WHERE enterprise_id = ? AND account_id = ?"
    return q.first(model.Membership, sql, (enterprise_id, account_id))


def invitations_of(q: Reader, enterprise_id: str) -> list[model.Invitation]:
    """An enterprise's open invitations and applications, newest first; some may have expired."""
    sql = (
        "SELECT * FROM invitation WHERE enterprise_id = ? AND status = 'open'"
        " ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Invitation, sql, (enterprise_id,))


def invited_since(q: Reader, enterprise_id: str, since: int) -> int:
    """How many numbers an enterprise has invited since an instant."""
    sql = (
        "SELECT COUNT(*) AS n FROM invitation WHERE enterprise_id = ? AND way = 'phone'"
        " AND created_at > ?"
    )
    found = q.row(sql, (enterprise_id, since))
    return int(found["n"]) if found else 0


def invitations_for(q: Reader, account_id: str) -> list[model.Invitation]:
    """The open invitations and applications of an account, newest first."""
    sql = (
        "SELECT * FROM invitation WHERE account_id = ? AND status = 'open'"
        " ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Invitation, sql, (account_id,))


def invitation_by_token(q: Reader, token: str) -> model.Invitation | None:
    """The invitation whose QR carries this token."""
    sql = "SELECT * FROM invitation WHERE token_hash = ?"
    return q.first(model.Invitation, sql, (ids.token_hash(token),))


def transfers_of(q: Reader, membership_id: str) -> list[model.Transfer]:
    """Open offers of the administrator's role to or from a member, newest first."""
    sql = (
        "SELECT * FROM administrator_transfer WHERE ? IN (from_membership_id, to_membership_id)"
        " AND status = 'offered' ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Transfer, sql, (membership_id,))


def fellow_members(q: Reader, account_ids: frozenset[str]) -> frozenset[str]:
    """Who is a member now of an enterprise that one of these accounts is a member of now."""
    if not account_ids:
        return frozenset()
    marks = ", ".join("?" for _ in account_ids)
    sql = (
        "SELECT DISTINCT theirs.account_id FROM membership mine"  # noqa: S608
        " JOIN membership theirs ON theirs.enterprise_id = mine.enterprise_id"
        f" WHERE mine.account_id IN ({marks}) AND mine.status = 'active' AND theirs.status = 'active'"
    )
    return frozenset(row["account_id"] for row in q.rows(sql, tuple(sorted(account_ids))))
