"""The SQL of contracts, their documents and their signatures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.kernel import paging
from engine.kernel.reader import Reader
from engine.signing import model


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRow:
    """What a list reads of a contract beside itself."""

    id: str
    order_number: str
    purchaser: str
    supplier: str


_OF_ACCOUNT = (
    " FROM contract c JOIN contract_party y ON y.contract_id = c.id AND y.version = c.version"
    " JOIN purchase_order o ON o.id = c.purchase_order_id"
    " JOIN mall_account pm ON pm.id = c.purchaser_id JOIN enterprise pe ON pe.id = pm.enterprise_id"
    " JOIN mall_account sm ON sm.id = c.supplier_id JOIN enterprise se ON se.id = sm.enterprise_id"
    " WHERE y.mall_account_id = ?"
)
_LIKE = " AND ({})".format(
    " OR ".join(
        f"{column} LIKE ? ESCAPE '\\'"
        for column in ("c.number", "c.name", "o.number", "c.awardee", "pe.name", "se.name")
    )
)


def _asked(
    mall_account_id: str, statuses: Iterable[str], text: str
) -> tuple[str, tuple[object, ...]]:
    wanted = tuple(str(status) for status in statuses)
    sql = _OF_ACCOUNT + f" AND c.status IN ({', '.join('?' for _ in wanted)})"
    if not text:
        return sql, (mall_account_id, *wanted)
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return sql + _LIKE, (mall_account_id, *wanted, *([f"%{escaped}%"] * 6))


def count_listed(q: Reader, mall_account_id: str, statuses: Iterable[str], text: str) -> int:
    """How many contracts of a mall account have one of these statuses and hold the text."""
    rest, values = _asked(mall_account_id, statuses, text)
    found = q.row("SELECT COUNT(*) AS n" + rest, values)
    return int(found["n"]) if found else 0


def listed(
    q: Reader, mall_account_id: str, statuses: Iterable[str], text: str, *, limit: int, offset: int
) -> list[str]:
    """The ids of such contracts, newest first."""
    rest, values = _asked(mall_account_id, statuses, text)
    sql = "SELECT c.id" + rest + " ORDER BY c.created_at DESC, c.id DESC LIMIT ? OFFSET ?"
    return [row["id"] for row in q.rows(sql, (*values, limit, offset))]


def part(
    q: Reader, mall_account_id: str, statuses: Iterable[str], window: paging.Window
) -> list[str]:
    """The ids of a part of such contracts, newest first."""
    rest, values = _asked(mall_account_id, statuses, "")
    after, where = paging.clause(window, ("c.id",))
    return [row["id"] for row in q.rows("SELECT c.id" + rest + after, (*values, *where))]


def counts(q: Reader, mall_account_id: str) -> dict[str, int]:
    """How many contracts of a mall account have each status."""
    sql = "SELECT c.status, COUNT(*) AS n" + _OF_ACCOUNT + " GROUP BY c.status"
    return {row["status"]: int(row["n"]) for row in q.rows(sql, (mall_account_id,))}


def names(q: Reader, contract_id: str) -> ListedRow | None:
    """The purchase order's number and the names of purchaser and supplier."""
    sql = (
        "SELECT c.id, o.number AS order_number, pe.name AS purchaser, se.name AS supplier"
        " FROM contract c JOIN purchase_order o ON o.id = c.purchase_order_id"
        " JOIN mall_account pm ON pm.id = c.purchaser_id JOIN enterprise pe ON pe.id = pm.enterprise_id"
        " JOIN mall_account sm ON sm.id = c.supplier_id JOIN enterprise se ON se.id = sm.enterprise_id"
        " WHERE c.id = ?"
    )
    return q.first(ListedRow, sql, (contract_id,))


def newest_version(q: Reader, contract_id: str) -> model.ContractVersion | None:
    """The newest document of a contract."""
    sql = (
        "SELECT * FROM contract_version WHERE contract_id = ?"
        " ORDER BY version DESC, revision DESC LIMIT 1"
    )
    return q.first(model.ContractVersion, sql, (contract_id,))


def versions(q: Reader, contract_id: str) -> list[model.ContractVersion]:
    """Every document of a contract, oldest first."""
    sql = "SELECT * FROM contract_version WHERE contract_id = ? ORDER BY version, revision"
    return q.all(model.ContractVersion, sql, (contract_id,))


def form(q: Reader, contract_id: str, version: int) -> model.ContractForm | None:
    """What was filled into the template of a version."""
    sql = "SELECT * FROM contract_form WHERE contract_id = ? AND version = ?"
    return q.first(model.ContractForm, sql, (contract_id, version))


def signatures(q: Reader, contract_id: str) -> list[model.ContractSignature]:
    """Every signature of a contract, oldest first."""
    sql = "SELECT * FROM contract_signature WHERE contract_id = ? ORDER BY created_at, id"
    return q.all(model.ContractSignature, sql, (contract_id,))


def open_signature(q: Reader, contract_id: str) -> model.ContractSignature | None:
    """The signature that is being made."""
    sql = (
        "SELECT * FROM contract_signature WHERE contract_id = ?"
        " AND status IN ('requested', 'prepared', 'signed')"
    )
    return q.first(model.ContractSignature, sql, (contract_id,))


def of_batch(q: Reader, batch_id: str) -> list[model.ContractSignature]:
    """The signatures of a batch, in the order in which they are signed."""
    sql = "SELECT * FROM contract_signature WHERE batch_id = ? ORDER BY id"
    return q.all(model.ContractSignature, sql, (batch_id,))


def completed(q: Reader, contract_id: str, version: int) -> list[model.ContractSignature]:
    """The finished signatures on a version of a contract, oldest first."""
    sql = (
        "SELECT * FROM contract_signature WHERE contract_id = ? AND version = ?"
        " AND status = 'completed' ORDER BY completed_at, id"
    )
    return q.all(model.ContractSignature, sql, (contract_id, version))


def unsigned_with(q: Reader, certificate_id: str) -> list[model.ContractSignature]:
    """The signatures that were asked for with a certificate and not made yet, oldest first."""
    sql = (
        "SELECT * FROM contract_signature WHERE certificate_id = ?"
        " AND status IN ('requested', 'prepared') ORDER BY created_at, id"
    )
    return q.all(model.ContractSignature, sql, (certificate_id,))


def by_number(q: Reader, number: str) -> list[model.Contract]:
    """Contracts with this number, on any platform."""
    return q.all(model.Contract, "SELECT * FROM contract WHERE number = ? ORDER BY id", (number,))


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Contract]:
    """The contracts that an enterprise is a party of, newest first."""
    sql = (
        "SELECT * FROM contract WHERE id IN (SELECT y.contract_id FROM contract_party y"
        " JOIN mall_account m ON m.id = y.mall_account_id WHERE m.enterprise_id = ?)"
        " ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Contract, sql, (enterprise_id,))


def unfinished_of(q: Reader, account_id: str) -> list[model.Contract]:
    """The contracts that wait for a signature or a decision, of accounts that a person opened."""
    sql = (
        "SELECT * FROM contract WHERE status IN ('draft', 'in_review', 'returned', 'declined')"
        " AND id IN (SELECT y.contract_id FROM contract_party y"
        " JOIN mall_account m ON m.id = y.mall_account_id"
        " WHERE m.account_id = ? AND m.status = 'active') ORDER BY created_at, id"
    )
    return q.all(model.Contract, sql, (account_id,))
