"""Passwords: Argon2id with a pepper kept outside the database, and what makes a password acceptable.

Length over composition (NIST SP 800-63B-4): 8 to 128 characters after NFKC, none of the common ones,
none that holds the person's own number or login or the name of this place (`security.md` AUTH-5).
Hashing is done before the transaction (`engine.prepared_by`); the action compares. An unknown login
costs the same work.
"""

from __future__ import annotations

import functools
import hashlib
import unicodedata

from argon2 import low_level

from engine.kernel import catalog, clock, errors, turns
from engine.kernel.reader import Parts

FREE_FAILURES = 3
# What everybody who signs in here has before their eyes.
_OF_THIS_PLACE = ("yinxin", "印信", "biaozhengtong", "标证通")


class PasswordTooShort(errors.InvalidInput):
    """A password has at least 8 characters. A short sentence is easy to remember and hard to guess."""


class PasswordTooCommon(errors.InvalidInput):
    """This password is on the list of those that are tried first. Choose another one."""


class PasswordContainsLogin(errors.InvalidInput):
    """A password must not contain the phone number or the login name. Choose another one."""


@functools.cache
def _common() -> frozenset[str]:
    path = catalog.DATA / "passwords" / "common.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("# "))


def check(password: str, *context: str) -> None:
    """Refuse a password that would be guessed.

    Raises: PasswordTooShort, PasswordTooCommon, PasswordContainsLogin.
    """
    text = unicodedata.normalize("NFKC", password)
    if not 8 <= len(text) <= 128:
        raise PasswordTooShort(field="password")
    lower = text.lower()
    if lower in _common() or len(set(text)) <= 2 or any(word in lower for word in _OF_THIS_PLACE):
        raise PasswordTooCommon(field="password")
    if any(word and word.lower() in lower for word in context):
        raise PasswordContainsLogin(field="password")


def salt_for(parts: Parts, login: str) -> bytes:
    """The salt of a login that has none of its own: so that an unknown one costs the same."""
    return parts.keyring.mac("pepper", b"salt" + login.encode())[:16]


@turns.HASHING.one()
def stretch(parts: Parts, password: str, salt: bytes) -> bytes:
    """Argon2id of a password (32 bytes), peppered; about 0.1 s at production cost.

    Raises: turns.TooBusy, before any work is done.
    """
    text = unicodedata.normalize("NFKC", password).encode()
    peppered = parts.keyring.mac("pepper", hashlib.sha256(text).digest())
    return low_level.hash_secret_raw(
        peppered,
        salt,
        time_cost=parts.hashing.passes,
        memory_cost=parts.hashing.memory_kib,
        parallelism=1,
        hash_len=32,
        type=low_level.Type.ID,
    )


def wait_after(failures: int) -> int:
    """How long no try is taken after so many consecutive failures, in milliseconds.

    Three are free; then 30 s, doubling up to an hour (NIST SP 800-63B-4, throttling).
    """
    if failures <= FREE_FAILURES:
        return 0
    doublings = min(failures - FREE_FAILURES - 1, 7)
    return min((30 * clock.SECOND) << doublings, clock.HOUR)
