"""Another number, and getting an account back by a fresh proof of its name (ACC-5, ACC-6).

Who is signed in changes the number with a code to the new one. Who lost the old one recovers the
account, and who reported misuse unfreezes it, with a code and a new check of the real name; neither can
move an account to another person (ACC-8). Somebody who is not signed in learns nothing about accounts:
particulars that fit none are answered like particulars that the provider did not confirm.
"""

from __future__ import annotations

from engine import uploads
from engine.kernel import errors, identifiers
from engine.kernel.engine import prepared_by, second_factor
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.registration import model, queries, store
from engine.registration.actions import codes, credentials, proofs, security


class NumberTaken(errors.PolicyRefused):
    """This number belongs to another account. Sign in with it, or use another number."""


class NotFrozen(errors.PolicyRefused):
    """This account is not frozen. Sign in as usual."""


@second_factor
def change_number(op: Operation, *, new_phone: str, request_id: str, code: str) -> None:
    """Move the own account to another number, with a code sent to it (ACC-6).

    Emits: account.number_changed, account.sessions_ended, code.refused, message.sent.
    Raises: codes.CodeWrong, codes.CodeExpired, NumberTaken, identifiers.PhoneInvalid.
    """
    person = queries.person(op)
    number = identifiers.phone(new_phone)
    codes.check(
        op,
        request_id=request_id,
        number=number,
        code=code,
        purpose=model.CodePurpose.CHANGE_NUMBER,
    )
    if op.find("account.phone", number):
        raise NumberTaken(field="new_phone")
    _move(op, queries.account(op, person.account_id), number, but_device=person.device_id)


def _move(op: Operation, account: model.Account, number: str, *, but_device: str) -> None:
    old = queries.person_phone(op, account.id)
    sealed = op.seal(account.subject_id, f"account|phone|{account.id}", number)
    op.update("account", account.id, {"phone": sealed}, was={"status": account.status})
    op.index("account.phone", number, account.id)
    op.record("account.number_changed", account.id)
    security.end_sessions(op, account.id, but_device=but_device)
    messaging.notify(op, account_id=account.id, kind="account.number_changed", subject=account.id)
    # Whoever still holds the old number should hear of it there.
    text = "【印信】您的标证通账号已改用其他手机号登录。如非本人操作，请立即联系客服冻结账号。"
    op.enqueue("send_sms", account.id, {"phone": old, "text": text})


@prepared_by(proofs.prepare_face)
def unfreeze(
    op: Operation,
    *,
    request_id: str,
    phone: str,
    code: str,
    way: str,
    name: str,
    resident_id: str,
    face: bytes = b"",
    bank_card: str = "",
    reserved_phone: str = "",
    prepared: uploads.Clean | None = None,
) -> model.RecoveryStarted:
    """Ask for a frozen account to be opened again: a code, and a fresh check of the real name (ACC-5).

    Emits: recovery.started, proof.requested, code.refused. Raises: codes.DetailsWrong, codes.CodeExpired,
    NotFrozen, failures.TooManyFailures, failures.NumberLocked, and what `proofs.start` refuses.
    """
    number = identifiers.phone(phone)
    account = store.account_with_phone(op, number)
    particulars = credentials.stated(op, name=name, resident_id=resident_id)
    fits = credentials.agrees(op, account, particulars)
    codes.check(
        op,
        request_id=request_id,
        number=number,
        code=code,
        purpose=model.CodePurpose.UNFREEZE,
        fits=fits,
        recovers=fits and account is not None and account.real_name_at is not None,
    )
    if account is None or account.status is not model.AccountStatus.FROZEN:
        raise NotFrozen()
    given = model.ProofGiven(
        way=way, name=name, resident_id=resident_id, bank_card=bank_card, phone=reserved_phone
    )
    return _start(op, account, model.CodePurpose.UNFREEZE, given, prepared, request_id)


@prepared_by(proofs.prepare_face)
def recover_number(
    op: Operation,
    *,
    request_id: str,
    new_phone: str,
    code: str,
    way: str,
    name: str,
    resident_id: str,
    face: bytes = b"",
    bank_card: str = "",
    reserved_phone: str = "",
    prepared: uploads.Clean | None = None,
) -> model.RecoveryStarted:
    """Ask for the own account on a new number: a code to it, and a fresh check of the real name (ACC-6).

    Emits: recovery.started, recovery.refused, proof.requested, code.refused. Raises: codes.CodeWrong,
    codes.CodeExpired, NumberTaken, failures.TooManyFailures, failures.NumberLocked, and what
    `proofs.start` refuses.
    """
    number = identifiers.phone(new_phone)
    particulars = credentials.stated(op, name=name, resident_id=resident_id)
    codes.check(
        op,
        request_id=request_id,
        number=number,
        code=code,
        purpose=model.CodePurpose.RECOVER_NUMBER,
    )
    if op.find("account.phone", number):
        raise NumberTaken(field="new_phone")
    account = store.account_with_resident_id(op, particulars.resident_id)
    if account is None or not credentials.agrees(op, account, particulars):
        return _nobody(op, request_id)
    given = model.ProofGiven(
        way=way, name=name, resident_id=resident_id, bank_card=bank_card, phone=reserved_phone
    )
    return _start(
        op, account, model.CodePurpose.RECOVER_NUMBER, given, prepared, request_id, number
    )


def _start(
    op: Operation,
    account: model.Account,
    purpose: model.CodePurpose,
    given: model.ProofGiven,
    face: uploads.Clean | None,
    request_id: str,
    new_phone: str = "",
) -> model.RecoveryStarted:
    proof = proofs.start(
        op, account, purpose=purpose.value, given=given, face=face, begun_with=request_id
    )
    recovery_id = op.new_id("rcv")
    sealed = None
    if new_phone:
        sealed = op.seal(account.subject_id, f"recovery|new_phone|{recovery_id}", new_phone)
    return _keep(op, recovery_id, request_id, purpose, account.id, proof.id, sealed)


def _nobody(op: Operation, request_id: str) -> model.RecoveryStarted:
    """The same answer for particulars that fit no account."""
    purpose = model.CodePurpose.RECOVER_NUMBER
    return _keep(op, op.new_id("rcv"), request_id, purpose, None, op.new_id("prf"), None)


def _keep(
    op: Operation,
    recovery_id: str,
    request_id: str,
    purpose: model.CodePurpose,
    account_id: str | None,
    proof_id: str,
    new_phone: bytes | None,
) -> model.RecoveryStarted:
    op.insert(
        "recovery",
        model.Recovery(
            id=recovery_id,
            request_id=request_id,
            purpose=purpose,
            account_id=account_id,
            proof_id=proof_id,
            new_phone=new_phone,
            refusal="",
            created_at=op.now,
        ),
    )
    op.record("recovery.started" if account_id else "recovery.refused", recovery_id)
    return model.RecoveryStarted(proof_id=proof_id)


def unfrozen(op: Operation, account: model.Account, proof: model.Proof) -> None:
    """The outcome of a proof begun by `unfreeze`: the account is active again.

    An account without a name gets the one that was proven. Emits: account.unfrozen, account.named.
    """
    if account.real_name_at is None:
        proofs.name_account(op, account, proof)
    status = model.ACCOUNT.advance(account.status, "unfreeze")
    op.update("account", account.id, {"status": status}, was={"status": account.status})
    op.record("account.unfrozen", account.id, proof_id=proof.id)
    messaging.notify(op, account_id=account.id, kind="account.unfrozen", subject=account.id)


def recovered(op: Operation, account: model.Account, proof: model.Proof) -> None:
    """The outcome of a proof begun by `recover_number`: the account has the new number.

    Emits: account.number_changed, recovery.late. A number that somebody registered meanwhile stays theirs.
    """
    begun = store.recovery(op, proof.id)
    if begun is None or begun.new_phone is None:
        raise errors.NotFound(what="recovery")
    place = f"recovery|new_phone|{begun.id}"
    number = op.open(account.subject_id, place, begun.new_phone)
    if op.find("account.phone", number):
        op.update("recovery", begun.id, {"refusal": "number_taken"}, was={"refusal": ""})
        op.record("recovery.late", begun.id)
        return
    _move(op, account, number, but_device="")


proofs.OUTCOMES["unfreeze"] = unfrozen
proofs.OUTCOMES["recover_number"] = recovered
