"""Verifying an enterprise and a claimant's authority (IDV-6), beside the review."""

from __future__ import annotations

import hmac
import json
from typing import Any

from engine.kernel import actors, clock, errors, identifiers, ids
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.registration import model, queries, store

# Ways that need no letter at the claim; the authority is shown afterwards.
WITHOUT_LETTER = (model.AuthorityWay.PAYMENT, model.AuthorityWay.APP)
MERCHANT, CURRENCY = "yinxin", "CNY"
_MARK = b"transfer|"


class ClaimClosed(errors.PolicyRefused):
    """This claim has been decided. Its verification is over."""


class PaymentsUsedUp(errors.PolicyRefused):
    """All {tries} tries of the verifying payment are used up. Choose another way to show your authority."""


class AuthorityShown(errors.PolicyRefused):
    """Your authority for this enterprise has been shown already. Nothing more is needed."""


class TransferForged(errors.NotPermitted):
    """This notice of a transfer does not carry the bank's signature. Nothing was changed."""


class TransferUnknown(errors.NotFound):
    """This transfer went to a sub-account that nobody waits for. It was recorded."""

    commits = True


class NotTheRepresentative(errors.NotPermitted):
    """Only the legal representative of this enterprise, with their name proven, can authorize this."""


class NobodyAsked(errors.NotFound):
    """Nobody asks you to authorize this now. It may have expired: let the claimant ask again."""


def ask_register(
    op: Operation,
    about: str,
    elements: int,
    name: str,
    uscc: str,
    representative: str,
    number: str,
) -> model.RegisterCheck:
    """Have the register asked about a claim or a change. Composed by their actions.

    Emits: register.asked.
    """
    check = model.RegisterCheck(
        id=op.new_id("reg"),
        about=about,
        elements=elements,
        status=model.REGISTER_CHECK.initial,
        reason="",
        mismatched=(),
        reference="",
        created_at=op.now,
        decided_at=None,
    )
    op.insert("register_check", check)
    body: dict[str, Any] = {"elements": elements, "name": name, "uscc": uscc}
    if elements >= 3:
        body["legal_representative"] = representative
    if elements == 4:
        body["legal_representative_id"] = number
    op.enqueue("check_register", check.id, body)
    op.record("register.asked", check.id, about=about, elements=elements)
    return check


def record_register_check(
    op: Operation,
    *,
    check_id: str,
    matched: bool,
    reason: str,
    mismatched: tuple[str, ...],
    reference: str,
) -> model.RegisterCheck:
    """Record what the register answered.

    Emits: register.matched, register.mismatched. Raises: NotPossibleNow.
    """
    op.require_system()
    check = op.get(model.RegisterCheck, "register_check", check_id)
    status = model.REGISTER_CHECK.advance(check.status, "match" if matched else "mismatch")
    changes: dict[str, object] = {
        "status": status,
        "reason": reason,
        "mismatched": mismatched,
        "reference": reference,
        "decided_at": op.now,
    }
    op.update("register_check", check.id, changes, was={"status": check.status})
    op.record(f"register.{status}", check.id, about=check.about)
    return op.get(model.RegisterCheck, "register_check", check_id)


def _open_claim_of_mine(op: Operation, claim_id: str) -> model.Claim:
    claim = queries.my_claim(op, claim_id)
    if claim.status not in model.OPEN_CLAIMS:
        raise ClaimClosed()
    if queries.verification(op, claim).authority == "shown":
        raise AuthorityShown()
    return claim


# -- one fen from the corporate account ----------------------------------------------------------


def start_reverse_payment(op: Operation, *, claim_id: str) -> model.ReversePaymentAsked:
    """Say where the enterprise pays its one fen; while one is awaited, that one again.

    Emits: reverse_payment.started. Raises: ClaimClosed, AuthorityShown, PaymentsUsedUp.
    """
    claim = _open_claim_of_mine(op, claim_id)
    rule = op.policy(policies.EnterpriseVerification)
    earlier = store.reverse_payments(op, claim.id)
    awaited = model.REVERSE_PAYMENT.initial
    for one in earlier:
        if one.status is awaited and op.now < one.expires_at:
            return _told(rule, one, len(earlier))
    if len(earlier) >= rule.payment_tries:
        raise PaymentsUsedUp(tries=rule.payment_tries)
    payment = model.ReversePayment(
        id=op.new_id("rev"),
        claim_id=claim.id,
        sub_account=rule.sub_account_prefix + ids.digits(10, op.entropy),
        amount_fen=model.REVERSE_PAYMENT_FEN,
        status=awaited,
        reason="",
        trade_no="",
        created_at=op.now,
        expires_at=op.now + rule.payment_hours * clock.HOUR,
        ended_at=None,
    )
    op.insert("reverse_payment", payment)
    op.record("reverse_payment.started", payment.id, claim_id=claim.id)
    return _told(rule, payment, len(earlier) + 1)


def _told(
    rule: policies.EnterpriseVerification, payment: model.ReversePayment, used: int
) -> model.ReversePaymentAsked:
    return model.ReversePaymentAsked(
        payment_id=payment.id,
        account_name=rule.account_name,
        bank=rule.bank,
        sub_account=payment.sub_account,
        amount_fen=payment.amount_fen,
        expires_at=payment.expires_at,
        tries_left=max(0, rule.payment_tries - used),
    )


def receive_transfer(op: Operation, *, body: bytes, signature: bytes) -> str:
    """Take the bank's notice of a transfer to a sub-account; told again, it changes nothing.

    The payer must be the enterprise and the amount exactly one fen, in time. What does not fit ends
    this try and is neither given back nor invoiced. Emits: reverse_payment.matched,
    reverse_payment.failed, reverse_payment.unknown. Raises: TransferForged, TransferUnknown (recorded).
    """
    genuine = op.parts.keyring.mac("payment-callbacks", _MARK + body)
    if not isinstance(op.actor, actors.Machine) or not hmac.compare_digest(genuine, signature):
        raise TransferForged()
    told: dict[str, Any] = json.loads(body)
    payment = store.reverse_payment_to(op, str(told["sub_account"]))
    if payment is None:
        op.record("reverse_payment.unknown", str(told["trade_no"]))
        raise TransferUnknown(what="sub-account")
    if payment.status is not model.REVERSE_PAYMENT.initial:
        return "repeated" if payment.trade_no == told["trade_no"] else "late"
    claim = op.get(model.Claim, "enterprise_claim", payment.claim_id)
    problem = _problem(op, claim, payment, told)
    status = model.REVERSE_PAYMENT.advance(payment.status, "fail" if problem else "match")
    changes: dict[str, object] = {
        "status": status,
        "reason": problem,
        "trade_no": str(told["trade_no"]),
        "ended_at": op.now,
    }
    op.update("reverse_payment", payment.id, changes, was={"status": payment.status})
    op.record(f"reverse_payment.{status}", payment.id, claim_id=claim.id, reason=problem)
    kind = "claim.payment_failed" if problem else "claim.payment_matched"
    messaging.notify(
        op, account_id=claim.account_id, kind=kind, subject=claim.id, todo=bool(problem)
    )
    return status.value


def _problem(
    op: Operation, claim: model.Claim, payment: model.ReversePayment, told: dict[str, Any]
) -> str:
    if op.now >= payment.expires_at or claim.status not in model.OPEN_CLAIMS:
        return "late"
    if (told.get("merchant"), told.get("currency")) != (MERCHANT, CURRENCY):
        return "account_differs"
    if told.get("payer_name") != claim.name:
        return "payer_differs"
    return "" if told.get("amount_fen") == payment.amount_fen else "amount_differs"


# -- the legal representative in the app -----------------------------------------------------------


def ask_representative(op: Operation, *, claim_id: str, phone: str) -> model.ClaimDetail:
    """Ask the legal representative at their number to authorize the claim in the app.

    Who has an account gets a to-do, everybody else an SMS; the answer is the same for both. Asking
    again takes the earlier request back. Emits: representative.asked, representative.cancelled.
    Raises: identifiers.PhoneInvalid, ClaimClosed, AuthorityShown.
    """
    claim = _open_claim_of_mine(op, claim_id)
    number = identifiers.phone(phone)
    for earlier in store.representative_requests(op, claim.id):
        if earlier.status is model.REPRESENTATIVE_REQUEST.initial:
            _end(op, earlier, "cancel", None)
    rule = op.policy(policies.EnterpriseVerification)
    request = model.RepresentativeRequest(
        id=op.new_id("rqr"),
        claim_id=claim.id,
        phone=identifiers.masked_phone(number),
        status=model.REPRESENTATIVE_REQUEST.initial,
        account_id=None,
        created_at=op.now,
        expires_at=op.now + rule.authorization_hours * clock.HOUR,
        ended_at=None,
    )
    op.insert("representative_request", request)
    op.index("representative.phone", number, request.id)
    op.record("representative.asked", request.id, claim_id=claim.id)
    known = op.find("account.phone", number)
    if known:
        messaging.notify(
            op,
            account_id=known[0],
            kind="claim.authorization_wanted",
            params={"name": claim.name},
            subject=claim.id,
            todo=True,
        )
    else:
        text = (
            f"【印信】有人申请认领{claim.name}。您是其法定代表人的，"
            "请下载标证通 APP，实名登录后确认是否授权。"
        )
        op.enqueue("send_sms", request.id, {"phone": number, "text": text})
    return queries.claim_detail(op, claim.id)


def authorize_claim(op: Operation, *, claim_id: str) -> model.AuthorizationAsked:
    """The legal representative authorizes the claimant; nobody else can, whatever they were asked.

    Emits: representative.authorized. Raises: NotTheRepresentative, NobodyAsked, queries.NotRealNamed.
    """
    account = queries.real_named(op)
    claim = op.get(model.Claim, "enterprise_claim", claim_id)
    if not queries.represents(op, account.id, claim):
        raise NotTheRepresentative()
    newest = next(iter(store.representative_requests(op, claim.id)), None)
    waits = newest is not None and newest.status is model.REPRESENTATIVE_REQUEST.initial
    if newest is None or not waits or op.now >= newest.expires_at:
        raise NobodyAsked(what="request")
    if claim.status not in model.OPEN_CLAIMS:
        raise ClaimClosed()
    _end(op, newest, "authorize", account.id)
    messaging.notify(op, account_id=claim.account_id, kind="claim.authorized", subject=claim.id)
    return queries.authorization_asked(op, claim, newest)


def _end(
    op: Operation, request: model.RepresentativeRequest, verb: str, account_id: str | None
) -> None:
    status = model.REPRESENTATIVE_REQUEST.advance(request.status, verb)
    changes = {"status": status, "account_id": account_id, "ended_at": op.now}
    op.update("representative_request", request.id, changes, was={"status": request.status})
    op.record(f"representative.{status}", request.id, claim_id=request.claim_id)
