"""Making staff accounts, signing in and out."""

from __future__ import annotations

from engine.kernel import actors, clock, errors, ids, passwords
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.staffing import model, queries, store


class WrongCredentials(errors.NotPermitted):
    """The login or the password is wrong. Check both and try again."""

    http_status = 401
    commits = True


class TooManyTries(errors.PolicyRefused):
    """Too many wrong tries. Wait {seconds} s and try again."""

    http_status = 429


class LoginTaken(errors.Conflict):
    """This login is taken. Choose another one."""


class OnlyInDemo(errors.NotPermitted):
    """This exists only in a demo world."""


def _stretch_new(q: Reader, *, password: str, login: str, **others: object) -> tuple[bytes, bytes]:
    passwords.check(password, login)
    salt = passwords.salt_for(q.parts, f"staff/{login}/{q.now}")
    return salt, passwords.stretch(q.parts, password, salt)


@prepared_by(_stretch_new)
def create_staff(
    op: Operation,
    *,
    login: str,
    name: str,
    password: str,
    roles: tuple[model.Role, ...],
    prepared: tuple[bytes, bytes],
    scope_kind: str = "all",
    scope_id: str = "",
) -> model.Profile:
    """Make a staff account with its roles.

    Emits: staff.created. Raises: LoginTaken, queries.MayNot, the errors of `passwords.check`.
    """
    if not isinstance(op.actor, actors.System):
        queries.require(op, model.Right.MANAGE_STAFF, anywhere=True)
    if store.by_login(op, login) is not None:
        raise LoginTaken(field="login")
    staff = model.Staff(
        id=op.new_id("stf"), login=login, name=name, status="active", created_at=op.now
    )
    op.insert("staff", staff)
    for role in roles:
        op.insert(
            "staff_grant",
            model.StaffGrant(
                id=op.new_id("grt"),
                staff_id=staff.id,
                role=role,
                scope_kind=scope_kind,
                scope_id=scope_id,
                granted_at=op.now,
            ),
        )
    salt, stretched = prepared
    op.unlogged(
        "INSERT INTO staff_credential (staff_id, salt, hash) VALUES (?, ?, ?)",
        (staff.id, salt, stretched),
    )
    op.record("staff.created", staff.id, roles=list(roles))
    return queries.profile(op, staff.id)


def _stretch_known(q: Reader, *, login: str, password: str) -> bytes:
    staff = store.by_login(q, login)
    known = store.credential(q, staff.id) if staff else None
    salt = known[0] if known else passwords.salt_for(q.parts, login)
    return passwords.stretch(q.parts, password, salt)


@prepared_by(_stretch_known)
def sign_in(op: Operation, *, login: str, password: str, prepared: bytes) -> model.SignedIn:
    """Open a staff session.

    Emits: staff.signed_in, staff.sign_in_refused. Raises: WrongCredentials, TooManyTries.
    """
    staff = store.by_login(op, login)
    known = store.credential(op, staff.id) if staff else None
    if staff is None or known is None:
        raise WrongCredentials()
    _, stored, failures, wait_until = known
    if op.now < wait_until:
        raise TooManyTries(seconds=-(-(wait_until - op.now) // 1000))
    if staff.status != "active" or not op.same_secret(stored, prepared):
        failures += 1
        op.unlogged(
            "UPDATE staff_credential SET failures = ?, wait_until = ? WHERE staff_id = ?",
            (failures, op.now + passwords.wait_after(failures), staff.id),
        )
        op.record("staff.sign_in_refused", staff.id, failures=failures)
        raise WrongCredentials()
    op.unlogged(
        "UPDATE staff_credential SET failures = 0, wait_until = 0 WHERE staff_id = ?", (staff.id,)
    )
    return _open_session(op, staff.id)


def demo_sign_in(op: Operation, *, login: str) -> model.SignedIn:
    """Sign in without a password, in a demo world only; the door adds: on loopback only.

    Emits: staff.signed_in. Raises: OnlyInDemo, WrongCredentials.
    """
    if op.parts.kind != "demo":
        raise OnlyInDemo()
    staff = store.by_login(op, login)
    if staff is None or staff.status != "active":
        raise WrongCredentials()
    return _open_session(op, staff.id)


def _open_session(op: Operation, staff_id: str) -> model.SignedIn:
    hours = op.policy(policies.Sessions).staff_hours
    token = ids.token(op.entropy)
    op.unlogged(
        "INSERT INTO staff_session (token_hash, staff_id, created_at, last_seen_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (ids.token_hash(token), staff_id, op.now, op.now, op.now + hours * clock.HOUR),
    )
    op.record("staff.signed_in", staff_id)
    return model.SignedIn(token=token, staff_id=staff_id)


def keep_alive(op: Operation, *, token: str) -> None:
    """Note that a session is in use; doors call it at most once a minute."""
    op.unlogged(
        "UPDATE staff_session SET last_seen_at = ? WHERE token_hash = ? AND ended_at IS NULL",
        (op.now, ids.token_hash(token)),
    )


def sign_out(op: Operation, *, token: str) -> None:
    """End a session.

    Emits: staff.signed_out.
    """
    found = op.row(
        "SELECT staff_id FROM staff_session WHERE token_hash = ? AND ended_at IS NULL",
        (ids.token_hash(token),),
    )
    if found is not None:
        op.unlogged(
            "UPDATE staff_session SET ended_at = ? WHERE token_hash = ?",
            (op.now, ids.token_hash(token)),
        )
        op.record("staff.signed_out", found["staff_id"])
