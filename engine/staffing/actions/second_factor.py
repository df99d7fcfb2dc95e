"""The second factor of staff: codes of an authenticator app (TOTP, RFC 6238), and codes to recover by.

A code is taken once: neither it nor an older one works again. Wrong ones are counted over codes and
recovery codes together, wait longer and longer, and after a hundred nobody is let in until another
administrator takes the second factor away.
"""

from __future__ import annotations

import base64
import hmac
import urllib.parse

import pyotp

from engine.kernel import actors, clock, errors, passwords, vault
from engine.kernel.engine import prepared_by, require_step_up, unstored
from engine.kernel.engine import step_up as once_more
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.staffing import model, queries
from engine.staffing.actions import accounts
from engine.staffing.actions import passwords as own_passwords
from engine.staffing.store import secrets, sessions

STEP_MS = 30 * clock.SECOND
# How many steps of 30 s a phone's clock may be off, either way.
_DRIFT = 1
_MOST_FAILURES = 100
_RECOVERY_CODES = 10
_ISSUER = "印信 Yinxin"


class WrongCode(errors.NotPermitted):
    """This code is wrong. Enter the six digits that your authenticator app shows now."""

    http_status = 401
    commits = True


class CodeUsed(errors.NotPermitted):
    """This code was used already. Wait for the next one that your authenticator app shows."""

    http_status = 401
    commits = True


class SecondFactorLocked(errors.PolicyRefused):
    """Too many wrong codes. Ask another administrator to take your second factor away."""


class NoSecondFactor(errors.PolicyRefused):
    """You have no second factor yet. Set one up under “My account”, then repeat."""


class NotBegun(errors.Conflict):
    """This setting up was not begun, or something else took its place. Begin again."""


def _place(staff_id: str) -> str:
    return f"staff_totp|secret|{staff_id}"


def _matching_step(op: Operation, secret: str, code: str) -> int | None:
    """The step of 30 s that a code belongs to, among those near enough.

    An authenticator app lives in the present, however far the clock of a demo was moved on.
    """
    totp, present = pyotp.TOTP(secret), (op.now - secrets.clock_shift(op)) // STEP_MS
    found = None
    for step in range(present - _DRIFT, present + _DRIFT + 1):
        # Every step is compared, so that the time taken says nothing.
        if hmac.compare_digest(totp.generate_otp(step), code):
            found = step
    return found


def _digest(op: Operation, staff_id: str, code: str) -> bytes:
    text = "".join(one for one in code.upper() if one.isalnum())
    return op.parts.keyring.mac("pepper", f"recovery|{staff_id}|{text}".encode())


def check(op: Operation, staff_id: str, code: str) -> None:
    """Accept a code of the authenticator app, or a recovery code, once.

    Emits: staff.code_refused, staff.recovery_code_used. Raises: NoSecondFactor, SecondFactorLocked,
    TooManyTries, WrongCode, CodeUsed.
    """
    found = secrets.totp(op, staff_id)
    if found is None or found.secret is None:
        raise NoSecondFactor()
    if found.failures >= _MOST_FAILURES:
        raise SecondFactorLocked()
    own_passwords.wait_over(op, found.wait_until)
    typed = "".join(code.split())[:64]
    secret = op.open(staff_id, _place(staff_id), found.secret)
    step = _matching_step(op, secret, typed) if typed.isascii() else None
    if step is not None and step > found.last_step:
        secrets.use_step(op, staff_id, step)
        return
    if step is None and secrets.use_recovery(op, staff_id, _digest(op, staff_id, typed)):
        secrets.note_code(op, staff_id, 0, 0)
        left = secrets.recovery_left(op, staff_id)
        op.record("staff.recovery_code_used", staff_id, left=left)
        return
    failures = found.failures + 1
    secrets.note_code(op, staff_id, failures, op.now + passwords.wait_after(failures))
    op.record("staff.code_refused", staff_id, failures=failures)
    raise WrongCode(field="code") if step is None else CodeUsed(field="code")


def _waiting(op: Operation, staff_id: str, session_id: str) -> str | None:
    """The secret that this very session or sign-in began to set up; another one's does not open."""
    found = secrets.totp(op, staff_id)
    if found is None or found.pending is None:
        return None
    try:
        return op.open(staff_id, _waiting_place(staff_id, session_id), found.pending)
    except vault.Unreadable:
        return None


def _waiting_place(staff_id: str, session_id: str) -> str:
    return f"staff_totp|pending|{staff_id}|{session_id}"


def begin(op: Operation, staff: model.Staff, session_id: str, *, anew: bool) -> model.Enrolment:
    """A new secret, which waits for its first code; unless `anew`, the one that waits already.

    Emits: staff.second_factor_begun.
    """
    secret = None if anew else _waiting(op, staff.id, session_id)
    if secret is None:
        secret = base64.b32encode(op.entropy(20)).decode()
        accounts.with_key(op, staff.id)
        place = _waiting_place(staff.id, session_id)
        secrets.begin_totp(op, staff.id, op.seal(staff.id, place, secret))
        op.record("staff.second_factor_begun", staff.id)
    # The world's id tells the accounts of several worlds apart in one app.
    label = urllib.parse.quote(f"{_ISSUER} {op.parts.world_id}:{staff.login}")
    address = f"otpauth://totp/{label}?secret={secret}&issuer={urllib.parse.quote(_ISSUER)}"
    return model.Enrolment(secret=secret, address=address)


def confirm(op: Operation, staff_id: str, session_id: str, code: str) -> model.RecoveryCodes:
    """Take a begun secret into use by its first code; ten new recovery codes.

    Emits: staff.second_factor_set, staff.code_refused. Raises: NotBegun, TooManyTries, WrongCode.
    """
    found, secret = secrets.totp(op, staff_id), _waiting(op, staff_id, session_id)
    if found is None or secret is None:
        raise NotBegun()
    own_passwords.wait_over(op, found.wait_until)
    typed = "".join(code.split())[:64]
    step = _matching_step(op, secret, typed) if typed.isascii() else None
    if step is None:
        failures = found.failures + 1
        secrets.note_code(op, staff_id, failures, op.now + passwords.wait_after(failures))
        op.record("staff.code_refused", staff_id, failures=failures)
        raise WrongCode(field="code")
    secrets.confirm_totp(op, staff_id, op.seal(staff_id, _place(staff_id), secret), step)
    was = "none" if found.confirmed_at is None else "enrolled"
    codes = _recovery(op, staff_id)
    op.record("staff.second_factor_set", staff_id, was=was, now="enrolled")
    return codes


def _recovery(op: Operation, staff_id: str) -> model.RecoveryCodes:
    texts = [base64.b32encode(op.entropy(10)).decode() for _ in range(_RECOVERY_CODES)]
    codes = tuple("-".join(text[i : i + 4] for i in range(0, 16, 4)) for text in texts)
    secrets.renew_recovery(op, staff_id, tuple(_digest(op, staff_id, code) for code in codes))
    return model.RecoveryCodes(codes=codes)


def _mine(op: Operation) -> tuple[model.Staff, str]:
    me = queries.my_profile(op)
    session = op.actor.session_id if isinstance(op.actor, actors.Staff) else ""
    return op.get(model.Staff, "staff", me.id), session


def _stretch_mine(q: Reader, *, password: str = "") -> bytes:
    login = queries.my_profile(q).login
    return own_passwords.stretch_known(q, login=login, password=password)


@unstored
@prepared_by(_stretch_mine)
def begin_totp(op: Operation, *, prepared: bytes, password: str = "") -> model.Enrolment:
    """Begin to set up one's own second factor: by the password, and by the one there is when there is one.

    A session opened by one click in a demo world has shown no password and is asked for none.
    Emits: staff.second_factor_begun. Raises: WrongCredentials, TooManyTries, StepUpNeeded.
    """
    staff, session = _mine(op)
    if queries.is_enrolled(op, staff.id):
        require_step_up(op)
    mine = queries.my_session(op)
    if mine is None or mine.way != "one_click":
        own_passwords.require_password(op, staff, prepared)
    return begin(op, staff, session, anew=True)


@unstored
def confirm_totp(op: Operation, *, code: str) -> model.RecoveryCodes:
    """Take one's own second factor into use; the recovery codes are shown once. Other sessions end.

    Emits: staff.second_factor_set, staff.code_refused. Raises: NotBegun, TooManyTries, WrongCode.
    """
    staff, session = _mine(op)
    codes = confirm(op, staff.id, session, code)
    sessions.prove(op, session)
    sessions.end_all(op, staff.id, but=session)
    return codes


@unstored
@once_more
def renew_recovery_codes(op: Operation) -> model.RecoveryCodes:
    """Ten new recovery codes in the place of the ones before, shown once.

    Emits: staff.recovery_codes_renewed. Raises: NoSecondFactor, StepUpNeeded.
    """
    staff, _session = _mine(op)
    if not queries.is_enrolled(op, staff.id):
        raise NoSecondFactor()
    was = secrets.recovery_left(op, staff.id)
    codes = _recovery(op, staff.id)
    op.record("staff.recovery_codes_renewed", staff.id, was=was, now=len(codes.codes))
    return codes


def step_up(op: Operation, *, code: str) -> None:
    """Prove the second factor once more in this session, before something that cannot be undone.

    Emits: staff.stepped_up, staff.code_refused, staff.recovery_code_used. Raises: NoSecondFactor,
    SecondFactorLocked, TooManyTries, WrongCode, CodeUsed.
    """
    staff, session = _mine(op)
    check(op, staff.id, code)
    sessions.prove(op, session)
    op.record("staff.stepped_up", staff.id, way="code", session=session)


def step_up_by_click(op: Operation) -> None:
    """The same by one click, in a session that one click opened: in a demo world, on loopback alone.

    Emits: staff.stepped_up. Raises: NoSecondFactor.
    """
    staff, session = _mine(op)
    mine = queries.my_session(op)
    if op.parts.kind != "demo" or mine is None or mine.way != "one_click":
        raise NoSecondFactor()
    sessions.prove(op, session)
    op.record("staff.stepped_up", staff.id, way="one_click", session=session)
