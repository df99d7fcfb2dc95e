"""One-time codes by SMS (ACC-3; `security.md` 3.2, AUTH-1).

A code has 6 digits, lives 5 minutes, belongs to its number and purpose, is kept as an HMAC and dies
after 5 wrong tries; a number gets one per 60 s and 10 per day over all purposes. The count is written
before the message leaves.
"""

from __future__ import annotations

from engine.kernel import clock, errors, identifiers, ids, vault
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.registration import model, queries, store

# What the message says the code is for.
_FOR = {
    model.CodePurpose.SIGN_IN: "登录标证通",
    model.CodePurpose.STEP_UP: "确认本人操作",
}


class TermsNotAccepted(errors.InvalidInput):
    """Read the terms and tick “I agree” first."""


class CodeTooSoon(errors.PolicyRefused):
    """A code was sent a moment ago. You can ask for another one in {seconds} s."""

    http_status = 429


class CodesUsedUp(errors.PolicyRefused):
    """This number has had its {count} codes for today. Try again tomorrow."""

    http_status = 429


class CodeWrong(errors.PolicyRefused):
    """This code is wrong. {left} tries are left."""

    commits = True


class CodeExpired(errors.PolicyRefused):
    """This code has expired. Request a new one."""


def request_code(
    op: Operation, *, phone: str, purpose: model.CodePurpose, terms_accepted: bool
) -> model.CodeRequested:
    """Send a one-time code to a phone number that somebody typed.

    Emits: code.requested. Raises: identifiers.PhoneInvalid, TermsNotAccepted, CodeTooSoon, CodesUsedUp.
    """
    number = identifiers.phone(phone)
    if not terms_accepted:
        raise TermsNotAccepted(field="terms_accepted")
    return send(op, number, purpose)


def request_step_up(op: Operation) -> model.CodeRequested:
    """Send a one-time code to the signed-in person's own number, to confirm that it is them (AUTH-3).

    Emits: code.requested. Raises: CodeTooSoon, CodesUsedUp.
    """
    number = queries.person_phone(op, queries.person(op).account_id)
    return send(op, number, model.CodePurpose.STEP_UP)


def send(op: Operation, number: str, purpose: model.CodePurpose) -> model.CodeRequested:
    """Send a one-time code to a number, within the limits. Composed by the actions that need one.

    Emits: code.requested. Raises: CodeTooSoon, CodesUsedUp.
    """
    rule = op.policy(policies.SmsCodes)
    digest = vault.blind(op.parts.keyring, "code.phone", number)
    earlier = store.codes_since(op, digest, op.now - clock.DAY)
    gap_ms = rule.gap_seconds * clock.SECOND
    if earlier and op.now < earlier[0] + gap_ms:
        raise CodeTooSoon(field="phone", seconds=-(-(earlier[0] + gap_ms - op.now) // 1000))
    if len(earlier) >= rule.per_day:
        raise CodesUsedUp(field="phone", count=rule.per_day)
    code, request_id = ids.digits(6, op.entropy), op.new_id("cod")
    expires_at = op.now + rule.lifetime_seconds * clock.SECOND
    op.unlogged(
        "INSERT INTO verification_code (id, phone_digest, purpose, code_mac, created_at,"
        " expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        (request_id, digest, purpose.value, _mac(op, request_id, code), op.now, expires_at),
    )
    minutes = rule.lifetime_seconds // 60
    text = f"【印信】验证码 {code}，用于{_FOR[purpose]}，{minutes} 分钟内有效。请勿告诉他人。"
    op.enqueue("send_sms", request_id, {"phone": number, "text": text})
    op.record("code.requested", request_id, purpose=purpose)
    return model.CodeRequested(
        request_id=request_id, expires_at=expires_at, next_at=op.now + gap_ms
    )


def _mac(op: Operation, request_id: str, code: str) -> bytes:
    return op.parts.keyring.mac("pepper", f"code|{request_id}|{code}".encode())


def check(
    op: Operation, *, request_id: str, number: str, code: str, purpose: model.CodePurpose
) -> None:
    """Take a code, once; a wrong one counts. Composed by the actions that a code opens.

    Emits: code.refused. Raises: CodeWrong (committed), CodeExpired.
    """
    found = op.row("SELECT * FROM verification_code WHERE id = ?", (request_id,))
    digest = vault.blind(op.parts.keyring, "code.phone", number)
    tries = op.policy(policies.SmsCodes).tries
    dead = (
        found is None
        or found["purpose"] != purpose.value
        or bytes(found["phone_digest"]) != digest
        or found["used_at"] is not None
        or op.now >= found["expires_at"]
        or found["tries"] >= tries
    )
    if dead or found is None:
        raise CodeExpired(field="code")
    if not op.same_secret(found["code_mac"], _mac(op, request_id, code.strip())):
        op.unlogged("UPDATE verification_code SET tries = tries + 1 WHERE id = ?", (request_id,))
        op.record("code.refused", request_id)
        raise CodeWrong(field="code", left=tries - found["tries"] - 1)
    op.unlogged("UPDATE verification_code SET used_at = ? WHERE id = ?", (op.now, request_id))
