"""One-time codes by SMS (ACC-3; `security.md` 3.2, AUTH-1).

A code has 6 digits, lives 5 minutes, belongs to its number and purpose, is kept as an HMAC and dies
after 5 wrong tries; a number gets one per 60 s, 5 per hour and 10 per day over all purposes. The count is
written before the message leaves. What only an account's person may ask for gives the same answer, and
does the same work, for a number that has none; then no message leaves.
"""

from __future__ import annotations

from engine.kernel import clock, errors, identifiers, ids, vault
from engine.kernel.engine import look_only
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.registration import model, queries, store
from engine.registration.actions import failures, limits

# What the message says the code is for.
_FOR = {
    model.CodePurpose.SIGN_IN: "登录标证通",
    model.CodePurpose.STEP_UP: "确认本人操作",
    model.CodePurpose.FORGOTTEN_PASSWORD: "重设标证通登录密码",
    model.CodePurpose.CHANGE_NUMBER: "把标证通账号改用本号码",
    model.CodePurpose.RECOVER_NUMBER: "把标证通账号找回到本号码",
    model.CodePurpose.UNFREEZE: "解冻标证通账号",
    model.CodePurpose.REPORT_MISUSE: "冻结标证通账号",
    model.CodePurpose.ONBOARD: "在交易平台入驻",
    model.CodePurpose.BANK_CARD: "银行卡实名认证",
}
# What needs an account: a number without one gets the answer, and no message.
_FOR_ACCOUNTS = frozenset(
    {
        model.CodePurpose.FORGOTTEN_PASSWORD,
        model.CodePurpose.UNFREEZE,
        model.CodePurpose.REPORT_MISUSE,
    }
)


class TermsNotAccepted(errors.InvalidInput):
    """Read the terms and tick “I agree” first."""


class PurposeRefused(errors.InvalidInput):
    """A code for this is only sent to the number of somebody who is signed in."""


class CodeTooSoon(errors.PolicyRefused):
    """A code was sent a moment ago. You can ask for another one in {seconds} s."""

    http_status = 429


class CodesThisHour(errors.PolicyRefused):
    """This number has had its {count} codes for this hour. Try again in {minutes} min."""

    http_status = 429


class CodesUsedUp(errors.PolicyRefused):
    """This number has had its {count} codes for today. Try again tomorrow."""

    http_status = 429
    wait_s = 3600


class CodeWrong(errors.PolicyRefused):
    """This code is wrong. {left} tries are left."""

    commits = True


class DetailsWrong(errors.PolicyRefused):
    """The code, the name or the number does not fit. {left} tries are left."""

    commits = True


class CodeExpired(errors.PolicyRefused):
    """This code has expired. Request a new one."""


# What keeps a code from being sent.
CODES_REFUSED = (CodeTooSoon, CodesThisHour, CodesUsedUp, limits.EverybodyBusy)


def request_code(
    op: Operation,
    *,
    phone: str,
    purpose: model.CodePurpose,
    terms_accepted: bool,
    proof_of_work: str = "",
) -> model.CodeRequested:
    """Send a one-time code to a phone number that somebody typed (ACC-3; guide 7.1.2).

    Emits: code.requested. Raises: identifiers.PhoneInvalid, TermsNotAccepted, PurposeRefused, CodeTooSoon,
    CodesThisHour, CodesUsedUp, limits.ChallengeNeeded, limits.SourceBusy, limits.EverybodyBusy.
    """
    number = identifiers.phone(phone)
    if not terms_accepted:
        raise TermsNotAccepted(field="terms_accepted")
    if purpose in (model.CodePurpose.STEP_UP, model.CodePurpose.BANK_CARD):
        raise PurposeRefused(field="purpose")
    digest, earlier = _within_limits(op, number)
    if earlier and op.now < earlier[0] + clock.HOUR:
        limits.require_work(op, digest, earlier[0], proof_of_work)
    limits.count_source(op)
    known = purpose not in _FOR_ACCOUNTS or bool(op.find("account.phone", number))
    return _send(op, number, purpose, arrives=known)


@look_only
def request_step_up(op: Operation) -> model.CodeRequested:
    """Send a one-time code to the signed-in person's own number, to confirm that it is them (AUTH-3).

    Emits: code.requested. Raises: CodeTooSoon, CodesThisHour, CodesUsedUp, limits.EverybodyBusy.
    """
    number = queries.person_phone(op, queries.person(op).account_id)
    return send(op, number, model.CodePurpose.STEP_UP)


def send(op: Operation, number: str, purpose: model.CodePurpose) -> model.CodeRequested:
    """Send a one-time code to a number, within its limits. Composed by the actions that need one.

    Emits: code.requested. Raises: CodeTooSoon, CodesThisHour, CodesUsedUp, limits.EverybodyBusy.
    """
    _within_limits(op, number)
    return _send(op, number, purpose, arrives=True)


def _within_limits(op: Operation, number: str) -> tuple[bytes, list[int]]:
    """The number's digest and when it asked in the last day, newest first."""
    rule = op.policy(policies.SmsCodes)
    digest = vault.blind(op.parts.keyring, "code.phone", number)
    earlier = store.codes_since(op, digest, op.now - clock.DAY)
    gap_ms = rule.gap_seconds * clock.SECOND
    if earlier and op.now < earlier[0] + gap_ms:
        raise CodeTooSoon(field="phone", seconds=-(-(earlier[0] + gap_ms - op.now) // 1000))
    if len(earlier) >= rule.per_day:
        raise CodesUsedUp(field="phone", count=rule.per_day)
    if len(earlier) >= rule.per_hour:
        again_at = earlier[rule.per_hour - 1] + clock.HOUR
        if op.now < again_at:
            minutes = -(-(again_at - op.now) // clock.MINUTE)
            raise CodesThisHour(field="phone", count=rule.per_hour, minutes=minutes)
    return digest, earlier


def _send(
    op: Operation, number: str, purpose: model.CodePurpose, *, arrives: bool
) -> model.CodeRequested:
    limits.count_everybody(op)
    rule = op.policy(policies.SmsCodes)
    digest = vault.blind(op.parts.keyring, "code.phone", number)
    code, request_id = ids.digits(6, op.entropy), op.new_id("cod")
    expires_at = op.now + rule.lifetime_seconds * clock.SECOND
    op.unlogged(
        "INSERT INTO verification_code (id, phone_digest, purpose, code_mac, created_at,"
        " expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        (request_id, digest, purpose.value, _mac(op, request_id, code), op.now, expires_at),
    )
    minutes = rule.lifetime_seconds // 60
    text = f"【印信】验证码 {code}，用于{_FOR[purpose]}，{minutes} 分钟内有效。请勿告诉他人。"
    body = {"phone": number, "text": text, "until": expires_at, "arrives": arrives}
    op.enqueue("send_sms", request_id, body)
    op.record("code.requested", request_id, purpose=purpose)
    return model.CodeRequested(
        request_id=request_id,
        expires_at=expires_at,
        next_at=op.now + rule.gap_seconds * clock.SECOND,
    )


def _mac(op: Operation, request_id: str, code: str) -> bytes:
    return op.parts.keyring.mac("pepper", f"code|{request_id}|{code}".encode())


def check(
    op: Operation,
    *,
    request_id: str,
    number: str,
    code: str,
    purpose: model.CodePurpose,
    fits: bool | None = None,
    recovers: bool = False,
) -> None:
    """Take a code, once; a wrong one counts. Composed by the actions that a code opens.

    `fits` says whether what was stated with the code agrees with the account, where something was: a
    refusal does not tell which of both was wrong. `recovers` lets a try past the number's lock.
    Emits: code.refused. Raises: CodeWrong and DetailsWrong (committed), CodeExpired,
    failures.TooManyFailures, failures.NumberLocked.
    """
    failures.require(op, number, recovers=recovers)
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
    right = op.same_secret(found["code_mac"], _mac(op, request_id, code.strip()))
    if not right or fits is False:
        op.unlogged("UPDATE verification_code SET tries = tries + 1 WHERE id = ?", (request_id,))
        failures.count(op, number, "codes")
        op.record("code.refused", request_id)
        left = tries - found["tries"] - 1
        if fits is None:
            raise CodeWrong(field="code", left=left)
        raise DetailsWrong(field="code", left=left)
    op.unlogged("UPDATE verification_code SET used_at = ? WHERE id = ?", (op.now, request_id))
    failures.clear(op, number, "codes")
