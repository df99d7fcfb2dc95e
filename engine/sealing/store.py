"""The SQL of seals."""

from __future__ import annotations

from engine.kernel import notes
from engine.kernel.reader import Reader
from engine.sealing import model

UNLOGGED: dict[str, str] = {}
OWNED = (
    notes.Owned(
        table="seal_application",
        columns=(
            "enterprise_id",
            "kind",
            "name",
            "agency_id",
            "status",
            "form_blob_id",
            "reasons",
            "created_at",
            "ended_at",
        ),
    ),
    notes.Owned(
        table="seal",
        columns=(
            "application_id",
            "enterprise_id",
            "kind",
            "name",
            "code",
            "platform_id",
            "agency_id",
            "status",
            "valid_from",
            "valid_to",
            "created_at",
            "made_at",
        ),
    ),
)


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Seal]:
    """An enterprise's seals, newest first."""
    sql = "SELECT * FROM seal WHERE enterprise_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.Seal, sql, (enterprise_id,))


def applications_of(q: Reader, enterprise_id: str) -> list[model.SealApplication]:
    """An enterprise's applications, newest first."""
    sql = "SELECT * FROM seal_application WHERE enterprise_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.SealApplication, sql, (enterprise_id,))


def newest_application(
    q: Reader, enterprise_id: str, kind: model.SealKind
) -> model.SealApplication | None:
    """An enterprise's newest application for a kind."""
    sql = (
        "SELECT * FROM seal_application WHERE enterprise_id = ? AND kind = ?"
        " ORDER BY created_at DESC, id DESC LIMIT 1"
    )
    return q.first(model.SealApplication, sql, (enterprise_id, kind.value))


def open_application(
    q: Reader, enterprise_id: str, kind: model.SealKind
) -> model.SealApplication | None:
    """An enterprise's application for a kind that is not decided yet."""
    sql = (
        "SELECT * FROM seal_application WHERE enterprise_id = ? AND kind = ?"
        " AND status IN ('in_review', 'in_making')"
    )
    return q.first(model.SealApplication, sql, (enterprise_id, kind.value))


def by_code(q: Reader, code: str) -> model.Seal | None:
    """The seal with this 13-digit code."""
    return q.first(model.Seal, "SELECT * FROM seal WHERE code = ?", (code,))


def living(q: Reader, enterprise_id: str, kind: model.SealKind) -> model.Seal | None:
    """An enterprise's living seal of a kind."""
    sql = (
        "SELECT * FROM seal WHERE enterprise_id = ? AND kind = ?"
        " AND status IN ('making', 'active', 'suspended')"
    )
    return q.first(model.Seal, sql, (enterprise_id, kind.value))


def open_applications(q: Reader, account_id: str) -> list[model.SealApplication]:
    """A person's applications that have not ended."""
    sql = (
        "SELECT * FROM seal_application WHERE account_id = ?"
        " AND status IN ('in_review', 'in_making') ORDER BY created_at, id"
    )
    return q.all(model.SealApplication, sql, (account_id,))


def applications_by(q: Reader, account_id: str) -> list[model.SealApplication]:
    """A person's applications, newest first."""
    sql = "SELECT * FROM seal_application WHERE account_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.SealApplication, sql, (account_id,))
