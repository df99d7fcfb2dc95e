"""Applications and seals."""

from __future__ import annotations

from engine.kernel import paging
from engine.kernel.reader import Reader
from engine.sealing import model


def of_enterprise(
    q: Reader, enterprise_id: str, window: paging.Window | None = None
) -> list[model.Seal]:
    """An enterprise's seals, newest first."""
    part, values = paging.clause(window, ("id",))
    sql = "SELECT * FROM seal WHERE enterprise_id = ?" + part  # noqa: S608
    return q.all(model.Seal, sql, (enterprise_id, *values))


def of_person(q: Reader, account_id: str, window: paging.Window | None = None) -> list[model.Seal]:
    """A person's own seals, newest first."""
    part, values = paging.clause(window, ("id",))
    sql = "SELECT * FROM seal WHERE account_id = ? AND enterprise_id IS NULL" + part  # noqa: S608
    return q.all(model.Seal, sql, (account_id, *values))


def applications_of(
    q: Reader, enterprise_id: str, window: paging.Window | None = None
) -> list[model.SealApplication]:
    """An enterprise's applications, newest first."""
    part, values = paging.clause(window, ("id",))
    sql = "SELECT * FROM seal_application WHERE enterprise_id = ?" + part  # noqa: S608
    return q.all(model.SealApplication, sql, (enterprise_id, *values))


def applications_of_person(
    q: Reader, account_id: str, window: paging.Window | None = None
) -> list[model.SealApplication]:
    """A person's applications for seals of their own, newest first."""
    part, values = paging.clause(window, ("id",))
    sql = "SELECT * FROM seal_application WHERE account_id = ? AND enterprise_id IS NULL" + part  # noqa: S608
    return q.all(model.SealApplication, sql, (account_id, *values))


def newest_application(q: Reader, enterprise_id: str, kind: str) -> model.SealApplication | None:
    """An enterprise's newest application for a kind."""
    sql = "SELECT * FROM seal_application WHERE enterprise_id = ? AND kind = ?"
    sql += " ORDER BY created_at DESC, id DESC LIMIT 1"
    return q.first(model.SealApplication, sql, (enterprise_id, kind))


def open_of(q: Reader, enterprise_id: str) -> list[model.SealApplication]:
    """An enterprise's applications that are not decided yet, oldest first."""
    sql = (
        "SELECT * FROM seal_application WHERE enterprise_id = ? AND status IN ('in_review', 'in_making')"
        " ORDER BY created_at, id"
    )
    return q.all(model.SealApplication, sql, (enterprise_id,))


def open_for(q: Reader, seal_id: str) -> list[model.SealApplication]:
    """The open applications that would put another seal in this one's place."""
    sql = (
        "SELECT * FROM seal_application WHERE replaces = ?"
        " AND status IN ('in_review', 'in_making') ORDER BY id"
    )
    return q.all(model.SealApplication, sql, (seal_id,))


def open_applications(q: Reader, account_id: str) -> list[model.SealApplication]:
    """A person's applications that have not ended."""
    sql = (
        "SELECT * FROM seal_application WHERE account_id = ? AND status IN ('in_review', 'in_making')"
        " ORDER BY created_at, id"
    )
    return q.all(model.SealApplication, sql, (account_id,))


def applications_by(q: Reader, account_id: str) -> list[model.SealApplication]:
    """A person's applications, newest first."""
    sql = "SELECT * FROM seal_application WHERE account_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.SealApplication, sql, (account_id,))


def by_code(q: Reader, code: str) -> model.Seal | None:
    """The seal with this 13-digit code."""
    return q.first(model.Seal, "SELECT * FROM seal WHERE code = ?", (code,))


def living(q: Reader, enterprise_id: str) -> list[model.Seal]:
    """An enterprise's living seals, oldest first."""
    sql = (
        "SELECT * FROM seal WHERE enterprise_id = ?"
        " AND status IN ('making', 'active', 'suspended') ORDER BY created_at, id"
    )
    return q.all(model.Seal, sql, (enterprise_id,))


def living_of_person(q: Reader, account_id: str) -> list[model.Seal]:
    """A person's own living seals, oldest first."""
    sql = (
        "SELECT * FROM seal WHERE account_id = ? AND enterprise_id IS NULL"
        " AND status IN ('making', 'active', 'suspended') ORDER BY created_at, id"
    )
    return q.all(model.Seal, sql, (account_id,))


def in_place_of(q: Reader, seal_id: str) -> model.Seal | None:
    """The living seal that is to take this one's place, or has taken it."""
    return q.first(
        model.Seal,
        "SELECT * FROM seal WHERE replaces = ? AND status IN ('making', 'active', 'suspended')",
        (seal_id,),
    )
