"""Passwords of staff: trying one, and choosing a new one."""

from __future__ import annotations

from engine.kernel import actors, errors, passwords
from engine.kernel.engine import prepared_by, require_person
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.staffing import model, queries
from engine.staffing.store import people, secrets, sessions


class WrongCredentials(errors.NotPermitted):
    """The login or the password is wrong. Check both and try again."""

    http_status = 401
    commits = True


class TooManyTries(errors.PolicyRefused):
    """Too many wrong tries. Wait {seconds} s and try again."""

    http_status = 429


def stretch_new(q: Reader, *, login: str, password: str) -> tuple[bytes, bytes]:
    """A new password's salt and hash, after it was found acceptable.

    Raises: the errors of `passwords.check`.
    """
    passwords.check(password, login)
    salt = passwords.salt_for(q.parts, f"staff/{login}/{q.now}")
    return salt, passwords.stretch(q.parts, password, salt)


def stretch_known(q: Reader, *, login: str, password: str) -> bytes:
    """The hash of a password as it is tried; an unknown login costs the same."""
    staff = people.by_login(q, login)
    known = secrets.credential(q, staff.id) if staff else None
    salt = known.salt if known else passwords.salt_for(q.parts, login)
    return passwords.stretch(q.parts, password, salt)


def wait_over(q: Reader, until: int) -> None:
    """Refuse a try before its time.

    Raises: TooManyTries.
    """
    if q.now < until:
        raise TooManyTries(seconds=-(-(until - q.now) // 1000))


def require_password(op: Operation, staff: model.Staff | None, tried: bytes) -> model.Staff:
    """The member of staff whose password this is; a wrong one is counted.

    Emits: staff.sign_in_refused. Raises: WrongCredentials, TooManyTries.
    """
    known = secrets.credential(op, staff.id) if staff else None
    if staff is None or known is None:
        raise WrongCredentials()
    wait_over(op, known.wait_until)
    if staff.status != "active" or not op.same_secret(known.hash, tried):
        failures = known.failures + 1
        wait = op.now + passwords.wait_after(failures)
        secrets.note_password_tries(op, staff.id, failures, wait)
        op.record("staff.sign_in_refused", staff.id, failures=failures)
        raise WrongCredentials()
    secrets.note_password_tries(op, staff.id, 0, 0)
    return staff


def _stretch_both(q: Reader, *, old: str, new: str) -> tuple[bytes, tuple[bytes, bytes]]:
    require_person(q)
    login = queries.my_profile(q).login
    return stretch_known(q, login=login, password=old), stretch_new(q, login=login, password=new)


@prepared_by(_stretch_both)
def change_my_password(
    op: Operation, *, old: str, new: str, prepared: tuple[bytes, tuple[bytes, bytes]]
) -> None:
    """Change one's own password by the old one; every other session of one's own ends.

    Emits: staff.password_changed. Raises: PeopleOnly, WrongCredentials, TooManyTries, `passwords.check`.
    """
    me = queries.my_profile(op)
    tried, (salt, stretched) = prepared
    require_password(op, people.by_id(op, me.id), tried)
    secrets.set_password(op, me.id, salt, stretched, must_change=False)
    session = op.actor.session_id if isinstance(op.actor, actors.Staff) else ""
    ended = sessions.end_all(op, me.id, but=session)
    op.record("staff.password_changed", me.id, by="owner", sessions_ended=ended)
