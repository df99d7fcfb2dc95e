"""The act of signing: the QR or the phone that is sent for, and the proof of the PIN.

One act signs one contract or a batch of up to 50. The ticket carries the digest of the document, or that
of all documents' digests; the phone asks what they are, shows each, and signs with one entry of the PIN.
All are signed or none.
"""

from __future__ import annotations

from engine.issuing import coverage, proofs
from engine.issuing import model as issuing
from engine.kernel import errors, ids
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import actions as malls
from engine.mall import model as mall_model
from engine.mall import queries as mall
from engine.messaging import actions as messaging
from engine.registration import queries as people
from engine.scanning import actions as scanning
from engine.scanning import model as tickets
from engine.scanning import queries as scanned
from engine.sealing import queries as seals
from engine.signing import model, parties, queries, store
from engine.signing.signatures import CertificateNotForThisCode, DocumentChanged, NotPreparedYet


class BatchNotReady(errors.PolicyRefused):
    """Contract {number} cannot be signed as it is. Look at it, and choose the contracts anew without it."""


class PhoneNotKnown(errors.PolicyRefused):
    """It is not known which phone holds this certificate. Scan the QR code with it."""


def open_signing_ticket(
    op: Operation,
    *,
    kind: tickets.TicketKind,
    nonce: str,
    signature_id: str = "",
    batch_id: str = "",
    browser_name: str = "",
) -> tickets.OpenedTicket:
    """The QR of 扫码签章, for one signature or a batch: what is signed stands in it with its digest.

    Who signs, what, and where the PC is stand on the phone (`security.md` 3.1). Emits: ticket.opened.
    Raises: NotPreparedYet, BatchNotReady, CertificateNotForThisCode, CertificateNotUsable, OutOfScope,
    OtherEvent.
    """
    found, certificate = _prepared(op, signature_id, batch_id)
    if certificate.kind != kind.value:
        raise CertificateNotForThisCode()
    return _opened(op, found, certificate, batch_id, nonce, browser_name)


def _stretch(
    q: Reader,
    *,
    password: str,
    nonce: str,
    signature_id: str = "",
    batch_id: str = "",
    browser_name: str = "",
) -> bytes:
    return malls.stretch_own(q, password)


@prepared_by(_stretch)
def send_to_phone(
    op: Operation,
    *,
    password: str,
    nonce: str,
    prepared: bytes,
    signature_id: str = "",
    batch_id: str = "",
    browser_name: str = "",
) -> tickets.Ticket:
    """密码登录 beside the QR: the account's password stands in for the scan.

    The phone that holds the certificate gets the ticket for 180 s; the two digits on the PC and the PIN are
    entered there all the same, so that nobody confirms what they did not begin (800-63B-4).
    Emits: ticket.opened, ticket.sent, message.sent, mall_account.sign_in_refused. Raises: PasswordWrong and
    TooManyTries as at sign-in, PhoneNotKnown, and those of `open_signing_ticket`.
    """
    malls.require_password(op, prepared)
    found, certificate = _prepared(op, signature_id, batch_id)
    if not certificate.device_id:
        raise PhoneNotKnown()
    opened = _opened(op, found, certificate, batch_id, nonce, browser_name)
    sent = scanning.hand_over(
        op,
        ticket_id=opened.ticket.id,
        account_id=certificate.account_id,
        device_id=certificate.device_id,
    )
    messaging.notify(
        op,
        account_id=certificate.account_id,
        kind="contract.confirm_on_phone",
        params={"number": queries.contract(op, found[0].contract_id).number},
        subject=sent.id,
    )
    return sent


def _prepared(
    op: Operation, signature_id: str, batch_id: str
) -> tuple[list[model.ContractSignature], issuing.Certificate]:
    """The signatures that are to be signed now, prepared, and the usable certificate for them."""
    account = mall.signed_in(op)
    if bool(signature_id) == bool(batch_id):
        raise errors.NotFound(what="signature")
    if batch_id:
        batch = op.get(model.SigningBatch, "signing_batch", batch_id)
        found = store.of_batch(op, batch.id)
    else:
        found = [op.get(model.ContractSignature, "contract_signature", signature_id)]
    for one in found:
        if one.mall_account_id != account.id:
            raise errors.NotFound(what="signature")
        if one.status is model.SignatureStatus.REQUESTED:
            raise NotPreparedYet()
        if batch_id and one.status is model.SignatureStatus.FAILED:
            raise BatchNotReady(number=queries.contract(op, one.contract_id).number)
        model.SIGNATURE.advance(one.status, "sign")
    certificate = op.get(issuing.Certificate, "certificate", found[0].certificate_id)
    proofs.require_usable(op, certificate)
    coverage.require(op, certificate, "contract")
    return found, certificate


def _opened(
    op: Operation,
    found: list[model.ContractSignature],
    certificate: issuing.Certificate,
    batch_id: str,
    nonce: str,
    browser_name: str,
) -> tickets.OpenedTicket:
    account = mall.signed_in(op)
    payload = _of_all(op, found, batch_id) if batch_id else _of_one(op, found[0])
    return scanning.open_ticket(
        op,
        purpose=tickets.Purpose.SIGN,
        kind=tickets.TicketKind(certificate.kind),
        platform_id=account.platform_id,
        nonce_hash=ids.token_hash(nonce),
        payload=payload | _who(op, account, certificate),
        browser_name=browser_name,
    )


def _who(
    op: Operation, account: mall_model.MallAccount, certificate: issuing.Certificate
) -> dict[str, str]:
    return {
        "login": account.login,
        "enterprise": people.enterprise(op, account.enterprise_id).name,
        "certificate": certificate.id,
    }


def _of_one(op: Operation, one: model.ContractSignature) -> dict[str, str]:
    contract = queries.contract(op, one.contract_id)
    return {
        "title": contract.name,
        "number": contract.number,
        "pages": str(queries.newest(op, contract.id).pages),
        "amount": f"{contract.total_fen / 100:,.2f}",
        "currency": contract.currency,
        "digest": one.digest_hex,
        "signature": one.id,
    }


def _of_all(op: Operation, found: list[model.ContractSignature], batch_id: str) -> dict[str, str]:
    contracts = [queries.contract(op, one.contract_id) for one in found]
    told = {
        "count": str(len(found)),
        "pages": str(sum(queries.newest(op, one.id).pages for one in contracts)),
        "digest": model.digest_of_all([one.digest_hex for one in found]),
        "batch": batch_id,
    }
    currencies = {one.currency for one in contracts}
    if len(currencies) == 1:
        # Amounts in several currencies make no sum.
        told["amount"] = f"{sum(one.total_fen for one in contracts) / 100:,.2f}"
        told["currency"] = currencies.pop()
    return told


def confirm_signature(
    op: Operation, *, ticket_id: str, proof: issuing.KeyProof, number: str = ""
) -> list[model.ContractSignature]:
    """The person who scanned signs what was prepared, with one entry of their certificate's PIN.

    Emits: pin.proved, certificate.finished, signature.signed, ticket.confirmed, message.done.
    Raises: DocumentChanged, NotAMember, OutOfScope, OtherEvent, and those of the ticket, its two digits,
    the proof and the seal.
    """
    ticket = scanned.for_phone(op, ticket_id)
    if ticket.purpose is not tickets.Purpose.SIGN:
        raise scanning.WrongPurpose()
    found, certificate_id = queries.signatures_of_ticket(op, ticket_id)
    messages = [one.attributes or b"" for one in found]
    with proofs.all_judged(op, certificate_id, messages, proof):
        _require_signable(op, ticket_id, found, number)
        for one in found:
            model.SIGNATURE.advance(one.status, "sign")
    proved = proofs.require_proofs(
        op, certificate_id=certificate_id, messages=messages, proof=proof, act="contract"
    )
    for one, value in zip(found, proved.signatures, strict=True):
        _signed(op, one, value)
    if found[0].batch_id:
        op.update(
            "signing_batch", found[0].batch_id, {"signed_at": op.now}, was={"signed_at": None}
        )
    what = {"batch": found[0].batch_id} if found[0].batch_id else {"signature": found[0].id}
    scanning.take_confirmed(op, ticket_id=ticket_id, purpose=tickets.Purpose.SIGN, result=what)
    return [op.get(model.ContractSignature, "contract_signature", one.id) for one in found]


def _signed(op: Operation, one: model.ContractSignature, value: bytes) -> None:
    op.update(
        "contract_signature",
        one.id,
        {
            "status": model.SIGNATURE.advance(one.status, "sign"),
            "value": value,
            "signed_at": op.now,
        },
        was={"status": one.status},
    )
    op.enqueue("finish_signature", one.id)
    op.record("signature.signed", one.id, contract_id=one.contract_id, role=one.role)
    parties.proved(op, op.get(model.Contract, "contract", one.contract_id), one.role)


def _require_signable(
    op: Operation, ticket_id: str, found: list[model.ContractSignature], number: str
) -> None:
    """Everything but the PIN: the living code, its documents as they were shown, who signs with what."""
    ticket = scanning.living(op, ticket_id, tickets.Purpose.SIGN)
    tickets.TICKET.advance(ticket.status, "confirm")
    scanning.require_number(op, ticket, number)
    # Whoever left the enterprise still holds the phone, and what was delegated may be withdrawn.
    certificate = op.get(issuing.Certificate, "certificate", found[0].certificate_id)
    people.require_member(op, certificate.enterprise_id or "")
    proofs.require_usable(op, certificate)
    coverage.require(op, certificate, "contract")
    digests = [one.digest_hex for one in found]
    shown = model.digest_of_all(digests) if ticket.payload.get("batch") else digests[0]
    if shown != ticket.payload["digest"]:
        raise DocumentChanged()
    for one in found:
        if one.status is model.SignatureStatus.FAILED or one.attributes is None:
            raise DocumentChanged()
        parties.require_turn(op, op.get(model.Contract, "contract", one.contract_id), one.role)
        seals.require_usable(op, one.seal_id, certificate)
