"""Staff accounts: making them, changing them, and letting nobody in any more.

Every fact says what was and what is now (OPS-7); a personal value only as its ciphertext, a secret never.
"""

from __future__ import annotations

from typing import Any

from engine.kernel import actors, errors, identifiers
from engine.kernel.engine import prepared_by, step_up
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.staffing import model, queries
from engine.staffing.actions import grants, limits, passwords
from engine.staffing.queries import people as own_values
from engine.staffing.store import people, secrets, sessions

_LONGEST_NAME = 40


class LoginTaken(errors.Conflict):
    """This login is taken. Choose another one."""


class NameMissing(errors.InvalidInput):
    """A member of staff has a name of 1 to 40 characters, and a login of 1 to 64 without spaces."""


def _managed(op: Operation, staff_id: str) -> model.Staff:
    if not isinstance(op.actor, actors.System):
        queries.require(op, model.Right.MANAGE_STAFF)
    return limits.somebody_else(op, staff_id)


def _name(name: str) -> str:
    text = " ".join(name.split())
    if not 1 <= len(text) <= _LONGEST_NAME or not text.isprintable():
        raise NameMissing(field="name")
    return text


def _stretch(q: Reader, *, login: str, password: str, **others: object) -> tuple[bytes, bytes]:
    return passwords.stretch_new(q, login=login, password=password)


@step_up
@prepared_by(_stretch)
def create_staff(
    op: Operation,
    *,
    login: str,
    name: str,
    password: str,
    roles: tuple[str, ...],
    prepared: tuple[bytes, bytes],
    scope_kind: str = "all",
    scope_id: str = "",
) -> model.Profile:
    """Make a staff account with its roles; a password that somebody else chose is for one sign-in.

    Emits: staff.created. Raises: LoginTaken, NameMissing, queries.MayNot, RoleUnknown, ScopeUnknown,
    queries.GrantsAndReviews, StepUpNeeded, the errors of `passwords.check`.
    """
    grants.require_granting(op, scope_kind, scope_id)
    if not login or len(login) > 64 or any(one.isspace() for one in login):
        raise NameMissing(field="login")
    if people.by_login(op, login) is not None:
        raise LoginTaken(field="login")
    staff = model.Staff(
        id=op.new_id("stf"), login=login, name=_name(name), status="active", created_at=op.now
    )
    op.insert("staff", staff)
    grants.give(op, staff, roles, scope_kind, scope_id)
    salt, stretched = prepared
    by_another = isinstance(op.actor, actors.Staff)
    secrets.set_password(op, staff.id, salt, stretched, must_change=by_another)
    op.record("staff.created", staff.id, roles=[str(role) for role in roles])
    return queries.profile(op, staff.id)


@step_up
def change_staff(
    op: Operation,
    *,
    staff_id: str,
    name: str,
    phone: str | None = None,
    resident_id: str | None = None,
) -> model.Profile:
    """Change somebody's name, and the phone and resident ID number that tell which customer they are.

    None leaves a number as it is, "" takes it away. The numbers are sealed under a key of their own and
    found by exact match alone. Emits: staff.changed. Raises: queries.MayNot, OwnAccount, NameMissing,
    queries.GrantsAndReviews, the errors of `identifiers`, StepUpNeeded.
    """
    staff = _managed(op, staff_id)
    own = own_values.own(op, staff)
    given = {own_values.PHONE: phone, own_values.RESIDENT_ID: resident_id}
    if phone:
        given[own_values.PHONE] = identifiers.phone(phone)
    if resident_id:
        given[own_values.RESIDENT_ID] = identifiers.resident_id(resident_id, now=op.now).number
    wanted = {k: v for k in given if (v := own.get(k, "") if given[k] is None else given[k])}
    queries.require_no_conflict(op, staff, values=wanted)
    changes: dict[str, Any] = {}
    if _name(name) != staff.name:
        changes["name"] = _name(name)
    for kind, column in own_values.COLUMNS.items():
        if wanted.get(kind) != own.get(kind):
            changes[column] = _sealed(op, staff, kind, column, wanted.get(kind, ""))
    if changes:
        was = {column: getattr(staff, column) for column in changes}
        op.update("staff", staff.id, changes, was={"name": staff.name})
        op.record(
            "staff.changed",
            staff.id,
            fields=sorted(changes),
            name_was=staff.name,
            name_now=changes.get("name", staff.name),
            sealed={column: value for column, value in was.items() if column != "name"},
        )
    return queries.profile(op, staff.id)


def _sealed(op: Operation, staff: model.Staff, kind: str, column: str, value: str) -> bytes | None:
    if not value:
        op.unlogged("DELETE FROM blind_index WHERE kind = ? AND row_id = ?", (kind, staff.id))
        return None
    with_key(op, staff.id)
    op.index(kind, value, staff.id)
    return op.seal(staff.id, f"staff|{column}|{staff.id}", value)


def with_key(op: Operation, staff_id: str) -> None:
    """Give a member of staff keys of their own; the caller records a fact."""
    if not people.has_keys(op, staff_id):
        op.new_subject(staff_id, "staff")


@step_up
def disable_staff(op: Operation, *, staff_id: str, reason: str) -> model.Profile:
    """Let somebody in no more: every session ends at once.

    Emits: staff.disabled. Raises: queries.MayNot, OwnAccount, LastAdministrator, Conflict, StepUpNeeded.
    """
    staff = _managed(op, staff_id)
    op.update("staff", staff.id, {"status": "disabled"}, was={"status": "active"})
    limits.require_administrator_left(op)
    ended = sessions.end_all(op, staff.id)
    op.record(
        "staff.disabled",
        staff.id,
        was="active",
        now="disabled",
        reason=reason.strip()[:200],
        sessions_ended=ended,
    )
    return queries.profile(op, staff.id)


@step_up
def enable_staff(op: Operation, *, staff_id: str) -> model.Profile:
    """Let somebody in again.

    Emits: staff.enabled. Raises: queries.MayNot, OwnAccount, queries.GrantsAndReviews, Conflict,
    StepUpNeeded.
    """
    staff = _managed(op, staff_id)
    queries.require_no_conflict(op, staff)
    op.update("staff", staff.id, {"status": "active"}, was={"status": "disabled"})
    op.record("staff.enabled", staff.id, was="disabled", now="active")
    return queries.profile(op, staff.id)


def _temporary(q: Reader, *, staff_id: str, password: str) -> tuple[bytes, bytes]:
    staff = q.get(model.Staff, "staff", staff_id)
    return passwords.stretch_new(q, login=staff.login, password=password)


@step_up
@prepared_by(_temporary)
def reset_staff_password(
    op: Operation, *, staff_id: str, password: str, prepared: tuple[bytes, bytes]
) -> model.Profile:
    """Give somebody a password for one sign-in, at which they choose their own; every session ends.

    The second factor stays: a reset never goes around it. Emits: staff.password_changed.
    Raises: queries.MayNot, OwnAccount, StepUpNeeded, the errors of `passwords.check`.
    """
    staff = _managed(op, staff_id)
    secrets.set_password(op, staff.id, *prepared, must_change=True)
    ended = sessions.end_all(op, staff.id)
    op.record("staff.password_changed", staff.id, by="administrator", sessions_ended=ended)
    return queries.profile(op, staff.id)


@step_up
def reset_totp(op: Operation, *, staff_id: str) -> model.Profile:
    """Take away a lost second factor and its recovery codes; every session ends.

    Emits: staff.second_factor_reset. Raises: queries.MayNot, OwnAccount, StepUpNeeded.
    """
    staff = _managed(op, staff_id)
    was = "enrolled" if queries.is_enrolled(op, staff.id) else "none"
    secrets.forget_totp(op, staff.id)
    ended = sessions.end_all(op, staff.id)
    op.record("staff.second_factor_reset", staff.id, was=was, now="none", sessions_ended=ended)
    return queries.profile(op, staff.id)
