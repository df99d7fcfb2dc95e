"""Wrong codes and passwords of a number, counted together and in a row (`security.md` AUTH-2).

A number is counted whether it has an account or not. From the 10th failure on a wait doubles from 30 s to
an hour; at 100 the number is locked until its person resets the password with a code and their proven
name, of which one wrong try a day is taken. A new code resets nothing. Only success does: a right code
both counts, a right password those of passwords alone, for it proves nothing about the phone. What has
no proven name could not be recovered, so its lock ends 30 days after the last failure.
"""

from __future__ import annotations

from typing import Literal

from engine.kernel import clock, errors, vault
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.registration import store

FREE = 10
LOCKED_AT = 100
_FIRST_WAIT_MS = 30 * clock.SECOND
_UNNAMED_LOCK_MS = 30 * clock.DAY
Kind = Literal["codes", "passwords"]


class TooManyFailures(errors.PolicyRefused):
    """Too many wrong tries in a row. Wait {seconds} s and try again."""

    http_status = 429


class NumberLocked(errors.PolicyRefused):
    """Too many wrong tries: this number is locked. Reset the password with a code and your real name."""

    http_status = 423


def wait_after(failures: int) -> int:
    """How long no try is taken after so many failures, in milliseconds."""
    if failures < FREE:
        return 0
    if failures >= LOCKED_AT:
        return clock.DAY
    return min(_FIRST_WAIT_MS << min(failures - FREE, 7), clock.HOUR)


def _digest(q: Reader, number: str) -> bytes:
    return vault.blind(q.parts.keyring, "code.phone", number)


def require(q: Reader, number: str, *, recovers: bool = False) -> None:
    """Refuse a try while the number waits or is locked; `recovers` when it is the way out of the lock.

    Raises: TooManyFailures, NumberLocked.
    """
    known = store.failures(q, _digest(q, number))
    if known.total >= LOCKED_AT and not recovers:
        account = store.account_with_phone(q, number)
        named = account is not None and account.real_name_at is not None
        if named or q.now < known.last_at + _UNNAMED_LOCK_MS:
            raise NumberLocked(field="phone")
    elif q.now < known.wait_until:
        raise TooManyFailures(field="phone", seconds=-(-(known.wait_until - q.now) // 1000))


def count(op: Operation, number: str, kind: Kind) -> None:
    """One more failure of a number."""
    digest = _digest(op, number)
    known = store.failures(op, digest)
    if known.total >= LOCKED_AT and op.now >= known.last_at + _UNNAMED_LOCK_MS:
        known = store.Failures()
    codes, passwords = known.codes + (kind == "codes"), known.passwords + (kind == "passwords")
    wait_until = op.now + wait_after(codes + passwords)
    op.unlogged(
        "INSERT INTO sign_in_failure (phone_digest, codes, passwords, last_at, wait_until)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (phone_digest) DO UPDATE SET codes = excluded.codes,"
        " passwords = excluded.passwords, last_at = excluded.last_at,"
        " wait_until = excluded.wait_until",
        (digest, codes, passwords, op.now, wait_until),
    )


def clear(op: Operation, number: str, kind: Kind) -> None:
    """A right code or password: what it proves is forgiven."""
    digest = _digest(op, number)
    if kind == "codes":
        op.unlogged("DELETE FROM sign_in_failure WHERE phone_digest = ?", (digest,))
    else:
        op.unlogged("UPDATE sign_in_failure SET passwords = 0 WHERE phone_digest = ?", (digest,))
