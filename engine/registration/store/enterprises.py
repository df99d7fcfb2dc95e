"""The SQL of enterprises, of claims and of their verification."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel import paging
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.registration import model


def enterprise_by_uscc(q: Reader, uscc: str) -> model.Enterprise | None:
    """The enterprise with this credit code."""
    return q.first(model.Enterprise, "SELECT * FROM enterprise WHERE uscc = ?", (uscc,))


# Beyond so many one part of a name is as common as another.
_COMMON, _SPARE = 1_000, 5
# The signs of credit codes in their order, and what comes after the last.
_CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXYZ"


def _parts(text: str) -> list[str]:
    """Every two signs side by side, each once."""
    capitals = text.upper()
    return list(dict.fromkeys(capitals[at : at + 2] for at in range(len(capitals) - 1)))


def index_name(op: Operation, enterprise_id: str, name: str) -> None:
    """Let an enterprise be found by the parts of its name, and by those of an earlier one no more."""
    op.unlogged("DELETE FROM enterprise_name_part WHERE enterprise_id = ?", (enterprise_id,))
    parts = _parts(name)
    if not parts:
        return
    rows = ", ".join("(?, ?)" for _ in parts)
    sql = f"INSERT INTO enterprise_name_part (part, enterprise_id) VALUES {rows}"  # noqa: S608
    op.unlogged(sql, tuple(value for part in parts for value in (part, enterprise_id)))


def enterprises_like(q: Reader, text: str, limit: int) -> list[model.Enterprise]:
    """Enterprises whose code begins with the text, then those whose name holds it, by indexes alone."""
    found = {one.id: one for one in (*_by_code(q, text, limit), *_by_name(q, text, limit))}
    return list(found.values())[:limit]


def _by_code(q: Reader, text: str, limit: int) -> list[model.Enterprise]:
    code = text.upper()
    if not code or not set(code) <= set(_CODE_SIGNS[:-1]):
        return []
    after = code[:-1] + _CODE_SIGNS[_CODE_SIGNS.index(code[-1]) + 1]
    sql = "SELECT * FROM enterprise WHERE uscc >= ? AND uscc < ? ORDER BY uscc LIMIT ?"
    return q.all(model.Enterprise, sql, (code, after, limit))


def _by_name(q: Reader, text: str, limit: int) -> list[model.Enterprise]:
    capitals = text.upper()
    parts = sorted(_parts(capitals), key=lambda part: _is_common(q, part))
    if not parts:
        return []
    # What is rare leads; each other part is looked up for what that finds.
    others = "".join(
        f" JOIN enterprise_name_part p{number} ON p{number}.part = ?"
        f" AND p{number}.enterprise_id = p0.enterprise_id"
        for number in range(1, len(parts))
    )
    sql = (
        f"SELECT e.* FROM enterprise_name_part p0{others} JOIN enterprise e"  # noqa: S608
        " ON e.id = p0.enterprise_id WHERE p0.part = ? ORDER BY p0.enterprise_id LIMIT ?"
    )
    # All parts may be there and not side by side: some more are read than are wanted.
    found = q.all(model.Enterprise, sql, (*parts[1:], parts[0], limit * _SPARE))
    return [one for one in found if capitals in one.name.upper()][:limit]


def _is_common(q: Reader, part: str) -> bool:
    sql = "SELECT 1 FROM enterprise_name_part WHERE part = ? LIMIT 1 OFFSET ?"
    return q.row(sql, (part, _COMMON)) is not None


def claims_of(q: Reader, account_id: str, window: paging.Window | None = None) -> list[model.Claim]:
    """A person's claims, newest first."""
    part, values = paging.clause(window, ("id",))
    sql = "SELECT * FROM enterprise_claim WHERE account_id = ?" + part  # noqa: S608
    return q.all(model.Claim, sql, (account_id, *values))


def claim_ids(q: Reader, account_id: str, uscc: str) -> list[str]:
    """A person's claims of one enterprise."""
    sql = "SELECT id FROM enterprise_claim WHERE account_id = ? AND uscc = ?"
    return [row["id"] for row in q.rows(sql, (account_id, uscc))]


def claims_by_others(q: Reader, uscc: str, account_id: str) -> list[str]:
    """Other people's claims of an enterprise, newest first."""
    sql = (
        "SELECT id FROM enterprise_claim WHERE uscc = ? AND account_id <> ?"
        " ORDER BY created_at DESC, id DESC LIMIT 20"
    )
    return [row["id"] for row in q.rows(sql, (uscc, account_id))]


def same_phone_elsewhere(q: Reader, claim_id: str, uscc: str) -> list[str]:
    """Claims of other enterprises whose representative was asked at the same number as this claim's."""
    # Inside out, so that no database begins with everybody's numbers.
    sql = (
        "SELECT DISTINCT c.id FROM representative_request s JOIN enterprise_claim c"
        " ON c.id = s.claim_id WHERE s.id IN (SELECT o.row_id FROM blind_index o"
        " WHERE o.kind = 'representative.phone' AND o.digest IN (SELECT b.digest FROM blind_index b"
        " WHERE b.kind = 'representative.phone' AND b.row_id IN"
        " (SELECT id FROM representative_request WHERE claim_id = ?))) AND c.uscc <> ? ORDER BY c.id"
    )
    return [row["id"] for row in q.rows(sql, (claim_id, uscc))]


def other_enterprises(q: Reader, row_ids: Sequence[str], uscc: str) -> dict[str, str]:
    """Credit code → claim or change, of those of these claims and changes that are of other enterprises."""
    if not row_ids:
        return {}
    marks = ", ".join("?" for _ in row_ids)
    sql = (
        f"SELECT id, uscc FROM enterprise_claim WHERE id IN ({marks}) AND uscc <> ?"  # noqa: S608
        " UNION ALL SELECT c.id, e.uscc FROM enterprise_change c JOIN enterprise e"
        f" ON e.id = c.enterprise_id WHERE c.id IN ({marks}) AND e.uscc <> ? ORDER BY 1"
    )
    return {row["uscc"]: row["id"] for row in q.rows(sql, (*row_ids, uscc, *row_ids, uscc))}


def particulars(q: Reader, enterprise_id: str) -> model.Particulars | None:
    """What is kept of an enterprise beside its public name and code."""
    sql = "SELECT * FROM enterprise_particulars WHERE enterprise_id = ?"
    return q.first(model.Particulars, sql, (enterprise_id,))


def claim_of(q: Reader, enterprise_id: str) -> model.Claim | None:
    """The claim that made an enterprise."""
    sql = "SELECT * FROM enterprise_claim WHERE enterprise_id = ?"
    return q.first(model.Claim, sql, (enterprise_id,))


def register_check(q: Reader, about: str) -> model.RegisterCheck | None:
    """The question to the register about a claim or a change."""
    return q.first(model.RegisterCheck, "SELECT * FROM register_check WHERE about = ?", (about,))


def reverse_payments(q: Reader, claim_id: str) -> list[model.ReversePayment]:
    """The reverse payments of a claim, newest first."""
    sql = "SELECT * FROM reverse_payment WHERE claim_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.ReversePayment, sql, (claim_id,))


def reverse_payment_to(q: Reader, sub_account: str) -> model.ReversePayment | None:
    """The reverse payment that a sub-account was made for."""
    sql = "SELECT * FROM reverse_payment WHERE sub_account = ?"
    return q.first(model.ReversePayment, sql, (sub_account,))


def representative_requests(q: Reader, claim_id: str) -> list[model.RepresentativeRequest]:
    """Whom a claimant asked to authorize them, newest first."""
    sql = (
        "SELECT * FROM representative_request WHERE claim_id = ? ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.RepresentativeRequest, sql, (claim_id,))


def changes_of(q: Reader, enterprise_id: str) -> list[model.EnterpriseChange]:
    """An enterprise's changes of particulars, newest first."""
    sql = (
        "SELECT * FROM enterprise_change WHERE enterprise_id = ? ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.EnterpriseChange, sql, (enterprise_id,))
