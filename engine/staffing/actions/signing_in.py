"""Signing in, step by step: password or outside sign-in, then the second factor, then what is missing.

Each step ends its token and gives a new one (`security.md` 2, V7). Only the last is a session.
"""

from __future__ import annotations

from engine.kernel import clock, errors, ids
from engine.kernel.engine import prepared_by, unstored
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.staffing import model, queries
from engine.staffing.actions import passwords, second_factor
from engine.staffing.store import people, secrets, sessions

# A sign-in that lacks a step is given up after this long.
_PENDING_MS = 10 * clock.MINUTE


class OnlyInDemo(errors.NotPermitted):
    """This exists only in a demo world."""


class SignInLapsed(errors.NotPermitted):
    """This sign-in took too long or was ended. Sign in again from the start."""

    http_status = 401


@prepared_by(passwords.stretch_known)
def sign_in(op: Operation, *, login: str, password: str, prepared: bytes) -> model.SignedIn:
    """Open a staff session by password, or say which step it lacks.

    Emits: staff.signed_in, staff.sign_in_refused. Raises: WrongCredentials, TooManyTries.
    """
    staff = passwords.require_password(op, people.by_login(op, login), prepared)
    return proceed(op, staff.id, "password", None)


def demo_sign_in(op: Operation, *, login: str) -> model.SignedIn:
    """Sign in without a password, in a demo world only; the door adds: on loopback only.

    Emits: staff.signed_in. Raises: OnlyInDemo, WrongCredentials.
    """
    if op.parts.kind != "demo":
        raise OnlyInDemo()
    staff = people.by_login(op, login)
    if staff is None or staff.status != "active" or staff.kind is not None:
        raise passwords.WrongCredentials()
    return _open(op, staff.id, "", "one_click", op.now)


def _lacking(op: Operation, staff_id: str, proved_at: int | None) -> model.Step:
    enrolled = queries.is_enrolled(op, staff_id)
    if enrolled and proved_at is None:
        return "code"
    known = secrets.credential(op, staff_id)
    if known is not None and known.must_change:
        return "password"
    needing = op.policy(policies.Sessions).staff_totp_roles
    if not enrolled and any(grant.role in needing for grant in people.grants(op, staff_id)):
        return "enrol"
    return ""


def proceed(op: Operation, staff_id: str, way: str, proved_at: int | None) -> model.SignedIn:
    """A session, or a token for the step that is missing.

    Emits: staff.signed_in once it is whole.
    """
    return _open(op, staff_id, _lacking(op, staff_id, proved_at), way, proved_at)


def _open(
    op: Operation, staff_id: str, step: model.Step, way: str, proved_at: int | None
) -> model.SignedIn:
    lasts = op.policy(policies.Sessions).staff_hours * clock.HOUR if step == "" else _PENDING_MS
    token = ids.token(op.entropy)
    session = model.Session(
        id=op.new_id("ses"),
        staff_id=staff_id,
        step=step,
        way=way,
        network=model.network_of(op.source.address),
        browser=model.browser_of(op.source.browser),
        second_factor_at=proved_at,
        created_at=op.now,
        last_seen_at=op.now,
        expires_at=op.now + lasts,
    )
    sessions.open_session(op, token, session)
    if step == "":
        op.record("staff.signed_in", staff_id, session=session.id, way=way)
    return model.SignedIn(token=token, staff_id=staff_id, step=step)


def _pending(q: Reader, token: str, step: model.Step) -> tuple[model.Session, model.Staff]:
    found = queries.pending(q, token)
    staff = people.by_id(q, found.staff_id) if found is not None else None
    if found is None or staff is None or found.step != step or staff.status != "active":
        raise SignInLapsed()
    return found, staff


def _go_on(op: Operation, found: model.Session, proved_at: int | None) -> model.SignedIn:
    sessions.end(op, found.id)
    return proceed(op, found.staff_id, found.way, proved_at)


def answer_code(op: Operation, *, token: str, code: str) -> model.SignedIn:
    """Go on with a sign-in by a code of the second factor, or a recovery code.

    Emits: staff.signed_in, staff.code_refused, staff.recovery_code_used. Raises: SignInLapsed, WrongCode,
    CodeUsed, TooManyTries, SecondFactorLocked.
    """
    found, staff = _pending(op, token, "code")
    second_factor.check(op, staff.id, code)
    return _go_on(op, found, op.now)


def _stretch_chosen(q: Reader, *, token: str, password: str) -> tuple[bytes, tuple[bytes, bytes]]:
    _found, staff = _pending(q, token, "password")
    tried = passwords.stretch_known(q, login=staff.login, password=password)
    return tried, passwords.stretch_new(q, login=staff.login, password=password)


class SamePassword(errors.InvalidInput):
    """Choose another password than the one you were given."""


@prepared_by(_stretch_chosen)
def choose_password(
    op: Operation, *, token: str, password: str, prepared: tuple[bytes, tuple[bytes, bytes]]
) -> model.SignedIn:
    """Go on with a sign-in by choosing a password in the place of the one somebody else gave.

    Emits: staff.password_changed, staff.signed_in. Raises: SignInLapsed, SamePassword, `passwords.check`.
    """
    found, staff = _pending(op, token, "password")
    tried, (salt, stretched) = prepared
    known = secrets.credential(op, staff.id)
    if known is not None and op.same_secret(known.hash, tried):
        raise SamePassword(field="password")
    secrets.set_password(op, staff.id, salt, stretched, must_change=False)
    op.record("staff.password_changed", staff.id, by="owner", sessions_ended=0)
    return _go_on(op, found, found.second_factor_at)


@unstored
def begin_enrolment(op: Operation, *, token: str) -> model.Enrolment:
    """A second factor to set up on the way in, where the role asks for one; the same one when asked again.

    Emits: staff.second_factor_begun. Raises: SignInLapsed.
    """
    found, staff = _pending(op, token, "enrol")
    return second_factor.begin(op, staff, found.id, anew=False)


@unstored
def finish_enrolment(op: Operation, *, token: str, code: str) -> model.Enrolled:
    """Go on with a sign-in by the first code of a new second factor; recovery codes are shown once.

    Emits: staff.second_factor_set, staff.signed_in, staff.code_refused. Raises: SignInLapsed, NotBegun,
    WrongCode, TooManyTries.
    """
    found, staff = _pending(op, token, "enrol")
    recovery = second_factor.confirm(op, staff.id, found.id, code)
    return model.Enrolled(session=_go_on(op, found, op.now), recovery=recovery)
