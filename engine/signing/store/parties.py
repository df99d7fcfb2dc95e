"""The SQL of a contract's parties, of what they did, and of proposals to void it."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.signing import model


def parties(q: Reader, contract_id: str, version: int) -> list[model.ContractParty]:
    """The parties of a version of a contract, in the order of their turns."""
    sql = "SELECT * FROM contract_party WHERE contract_id = ? AND version = ? ORDER BY ordinal"
    return q.all(model.ContractParty, sql, (contract_id, version))


def all_parties(q: Reader, contract_id: str) -> list[model.ContractParty]:
    """The parties of every version of a contract, oldest version first."""
    sql = "SELECT * FROM contract_party WHERE contract_id = ? ORDER BY version, ordinal"
    return q.all(model.ContractParty, sql, (contract_id,))


def is_party(q: Reader, contract_id: str, mall_account_id: str) -> bool:
    """Whether a mall account is a party of any version of a contract."""
    sql = "SELECT 1 AS x FROM contract_party WHERE contract_id = ? AND mall_account_id = ? LIMIT 1"
    return q.row(sql, (contract_id, mall_account_id)) is not None


def acts(q: Reader, contract_id: str) -> list[model.ContractAct]:
    """What parties did with a contract besides signing, oldest first."""
    sql = "SELECT * FROM contract_act WHERE contract_id = ? ORDER BY created_at, id"
    return q.all(model.ContractAct, sql, (contract_id,))


def acts_since(q: Reader, contract_id: str, kind: str, about: str, since: int) -> int:
    """How often something was done about somebody since an instant."""
    sql = (
        "SELECT COUNT(*) AS n FROM contract_act WHERE contract_id = ? AND kind = ? AND about = ?"
        " AND created_at >= ?"
    )
    found = q.row(sql, (contract_id, kind, about, since))
    return int(found["n"]) if found else 0


def voidings(q: Reader, contract_id: str) -> list[model.ContractVoiding]:
    """Every proposal to void a contract, oldest first."""
    sql = "SELECT * FROM contract_voiding WHERE contract_id = ? ORDER BY created_at, id"
    return q.all(model.ContractVoiding, sql, (contract_id,))


def open_voiding(q: Reader, contract_id: str) -> model.ContractVoiding | None:
    """The proposal to void a contract that waits for answers."""
    sql = "SELECT * FROM contract_voiding WHERE contract_id = ? AND status = 'proposed'"
    return q.first(model.ContractVoiding, sql, (contract_id,))


def possible_parties(
    q: Reader, platform_id: str, text: str, not_of: tuple[str, ...], limit: int
) -> list[model.PossibleParty]:
    """Accounts of a platform by a part of their login or enterprise, but those of these enterprises."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    marks = ", ".join("?" for _ in not_of)
    sql = (
        "SELECT m.id AS mall_account_id, m.login, e.name AS enterprise, m.role FROM mall_account m"  # noqa: S608
        " JOIN enterprise e ON e.id = m.enterprise_id WHERE m.platform_id = ? AND m.status = 'active'"
        " AND (m.login LIKE ? ESCAPE '\\' OR e.name LIKE ? ESCAPE '\\')"
        f" AND m.enterprise_id NOT IN ({marks}) ORDER BY e.name, m.login LIMIT ?"
    )
    like = f"%{escaped}%"
    return q.all(model.PossibleParty, sql, (platform_id, like, like, *not_of, limit))
