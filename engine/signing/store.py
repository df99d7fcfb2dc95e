"""The SQL of contracts."""

from __future__ import annotations

from engine.kernel import notes
from engine.kernel.reader import Reader
from engine.signing import model

UNLOGGED: dict[str, str] = {}
OWNED = (
    notes.Owned(
        table="contract_signature",
        columns=(
            "contract_id",
            "version",
            "mall_account_id",
            "role",
            "certificate_id",
            "seal_id",
            "status",
            "digest_hex",
            "attributes",
            "value",
            "created_at",
            "signed_at",
            "completed_at",
        ),
    ),
)


def of_mall_account(q: Reader, mall_account_id: str) -> list[model.Contract]:
    """The contracts of a mall account on either side, newest first."""
    sql = (
        "SELECT * FROM contract WHERE purchaser_id = ? OR supplier_id = ?"
        " ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Contract, sql, (mall_account_id, mall_account_id))


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
    """The contracts of an enterprise on either side, newest first."""
    sql = (
        "SELECT DISTINCT c.* FROM contract c JOIN mall_account m"
        " ON m.id = c.purchaser_id OR m.id = c.supplier_id"
        " WHERE m.enterprise_id = ? ORDER BY c.created_at DESC, c.id DESC"
    )
    return q.all(model.Contract, sql, (enterprise_id,))


def unfinished_of(q: Reader, account_id: str) -> list[model.Contract]:
    """The contracts that wait for a signature or a decision, of accounts that a person opened."""
    sql = (
        "SELECT DISTINCT c.* FROM contract c JOIN mall_account m"
        " ON m.id = c.purchaser_id OR m.id = c.supplier_id"
        " WHERE m.account_id = ? AND m.status = 'active' AND c.status <> 'passed'"
        " ORDER BY c.created_at, c.id"
    )
    return q.all(model.Contract, sql, (account_id,))
