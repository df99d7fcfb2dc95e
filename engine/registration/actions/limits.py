"""What asking for codes costs and where it ends (`security.md` 3.2): sources, everybody together, work.

A number's own limits stand in `codes`. Here are those of a network address and of a browser, where the
door knows them (kept as keyed digests for an hour); the alarm and the stop over all requests of an
hour; and the proof of work that a number's second request in an hour needs. It is not stored: the
challenge is an HMAC over the number, its newest code and the present ten minutes.
"""

from __future__ import annotations

import base64

from engine.kernel import challenges, clock, errors, sources, vault
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.registration import store

_WINDOW_MS = 10 * clock.MINUTE


class SourceBusy(errors.PolicyRefused):
    """Too many codes were requested from here. Try again in {minutes} min."""

    http_status = 429


class EverybodyBusy(errors.ProviderUnavailable):
    """Very many codes are being requested at this moment. Try again in {minutes} min."""


class ChallengeNeeded(errors.PolicyRefused):
    """Another code within the hour takes your phone a short computation. The app does it by itself."""

    http_status = 428


def count_source(op: Operation) -> None:
    """Count a request under its address and its browser.

    Raises: SourceBusy.
    """
    rule = op.policy(policies.SmsCodes)
    counted = (
        ("address", op.source.address, rule.address_per_hour),
        ("browser", op.source.browser, rule.browser_per_hour),
    )
    for kind, value, most in counted:
        if not value:
            continue
        digest = vault.blind(op.parts.keyring, f"code.{kind}", value)
        earlier = sources.counted(op, digest, clock.HOUR)
        if len(earlier) >= most:
            raise SourceBusy(minutes=_minutes(earlier[-most] + clock.HOUR - op.now))
        sources.count(op, digest)


def count_everybody(op: Operation) -> None:
    """Count a request under its hour; at the alarm's number a fact tells staff.

    Emits: codes.alarm. Raises: EverybodyBusy.
    """
    rule = op.policy(policies.SmsCodes)
    hour = op.now // clock.HOUR
    sent = store.sent_in_hour(op, hour) + 1
    if sent > rule.stop_per_hour:
        raise EverybodyBusy(minutes=_minutes((hour + 1) * clock.HOUR - op.now))
    if sent == 1:
        op.unlogged("DELETE FROM code_hour WHERE hour < ?", (hour,))
        op.unlogged("INSERT INTO code_hour (hour, sent) VALUES (?, 1)", (hour,))
    else:
        op.unlogged("UPDATE code_hour SET sent = ? WHERE hour = ?", (sent, hour))
    if sent == rule.alarm_per_hour:
        op.record("codes.alarm", "sms", sent=sent, hour=hour)


def require_work(op: Operation, phone_digest: bytes, newest_at: int, proof_of_work: str) -> None:
    """Refuse a request whose work was not done.

    Raises: ChallengeNeeded with what to work on.
    """
    bits = op.policy(policies.SmsCodes).challenge_bits
    window = op.now // _WINDOW_MS
    current, before = (
        _challenge(op, phone_digest, newest_at, number) for number in (window, window - 1)
    )
    # One that was given out at the end of the last window still counts.
    if proof_of_work and any(
        challenges.solved(one, bits, proof_of_work) for one in (current, before)
    ):
        return
    raise ChallengeNeeded(bits=bits, challenge=current)


def _challenge(op: Operation, phone_digest: bytes, newest_at: int, window: int) -> str:
    message = b"code challenge|%d|%d|" % (newest_at, window) + phone_digest
    mac = op.parts.keyring.mac("pepper", message)
    return base64.urlsafe_b64encode(mac[:15]).decode()


def _minutes(milliseconds: int) -> int:
    return -(-milliseconds // clock.MINUTE)
