"""扫码生成文件: the PC asks, the phone signs the file's digest, the PC encrypts (ENC-2)."""

from __future__ import annotations

from cryptography import x509

from engine.binding import actions as binding
from engine.enveloping import model, queries, store
from engine.enveloping.actions import checking
from engine.issuing import coverage, proofs
from engine.issuing import model as issuing
from engine.issuing import queries as certificates
from engine.kernel import errors, ids
from engine.kernel.engine import unstored
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.pki import signed_files
from engine.policies import model as policies
from engine.registration import queries as people
from engine.scanning import actions as scanning
from engine.scanning import model as tickets


class NoRecipient(errors.InvalidInput):
    """Choose for whom the file is encrypted."""


class TooManyRecipients(errors.InvalidInput):
    """A file is encrypted for at most {most} enterprises."""


class RecipientGone(errors.PolicyRefused):
    """{enterprise} has no usable encryption certificate now, so nothing can be encrypted for it."""


class OtherEnterprise(errors.PolicyRefused):
    """This certificate belongs to another enterprise than the account on the PC. Choose one of that one."""


def ask_file(
    op: Operation, *, name: str, size: int, digest_hex: str, recipients: tuple[str, ...]
) -> model.FileRecord:
    """Ask for a file to be signed and encrypted for these enterprises; its content stays at the PC.

    It is encrypted for every usable encryption certificate of each. Emits: file.asked. Raises: NameInvalid,
    FileTooLarge, DigestInvalid, NoRecipient, TooManyRecipients, RecipientGone, NotFound, NotPermitted.
    """
    account = mall.signed_in(op)
    kept = checking.clean_name(name)
    checking.require_size(op, size)
    checking.require_digest(digest_hex)
    wanted = tuple(dict.fromkeys(recipients))
    most = op.policy(policies.FileRules).most_recipients
    if not wanted:
        raise NoRecipient(field="recipients")
    if len(wanted) > most:
        raise TooManyRecipients(field="recipients", most=most)
    record = model.FileRecord(
        id=op.new_id("fil"),
        platform_id=account.platform_id,
        mall_account_id=account.id,
        enterprise_id=account.enterprise_id,
        name=kept,
        size=size,
        digest_hex=digest_hex,
        status=model.FILE.initial,
        account_id=None,
        certificate_id=None,
        attributes=None,
        signature=None,
        sealed_size=None,
        sealed_digest_hex=None,
        created_at=op.now,
        signed_at=None,
        made_at=None,
    )
    op.insert("file_record", record)
    for enterprise_id in wanted:
        _address(op, record, enterprise_id)
    op.record("file.asked", record.id, recipients=len(wanted))
    return record


def _address(op: Operation, record: model.FileRecord, enterprise_id: str) -> None:
    if mall.onboarded(op, record.platform_id, enterprise_id) is None:
        raise errors.NotFound(what="enterprise")
    found = queries.usable(op, enterprise_id)
    if not found:
        name = people.enterprise(op, enterprise_id).name
        raise RecipientGone(field="recipients", enterprise=name)
    for one in found:
        op.insert(
            "file_recipient",
            model.FileRecipient(
                id=op.new_id("frc"),
                file_id=record.id,
                enterprise_id=enterprise_id,
                certificate_id=one.id,
            ),
        )


def open_file_ticket(
    op: Operation,
    *,
    file_id: str,
    kind: tickets.TicketKind,
    nonce: str,
    browser_name: str = "",
) -> tickets.OpenedTicket:
    """The QR of 扫码生成文件: it holds the file's name, size and digest, and for whom it is.

    Emits: ticket.opened. Raises: NotFound, NotPermitted, NotPossibleNow, TooManyCodes.
    """
    found = queries.file(op, file_id)
    model.FILE.advance(found.status, "sign")
    account = mall.signed_in(op)
    names = dict.fromkeys(one.enterprise_id for one in store.recipients(op, found.id))
    return scanning.open_ticket(
        op,
        purpose=tickets.Purpose.MAKE_FILE,
        kind=kind,
        platform_id=found.platform_id,
        nonce_hash=ids.token_hash(nonce),
        payload={
            "title": found.name,
            "login": account.login,
            "enterprise": people.enterprise(op, account.enterprise_id).name,
            "size": str(found.size),
            "digest": found.digest_hex,
            "recipients": "、".join(people.enterprise(op, one).name for one in names),
            "file": found.id,
        },
        browser_name=browser_name,
    )


def confirm_file(
    op: Operation, *, ticket_id: str, certificate_id: str, proof: issuing.KeyProof
) -> model.FileRecord:
    """The person who scanned signs the file's digest with their certificate's PIN.

    Emits: pin.proved, certificate.finished, file.signed, ticket.confirmed. Raises: OtherEnterprise,
    NotAMember, OutOfScope, OtherEvent, and those of the ticket, its kind, and the proof.
    """
    ticket, found = queries.file_of_ticket(op, ticket_id)
    certificate = proofs.held(op, certificate_id)
    message = queries.attributes(op, ticket, found, certificate)
    with proofs.judged(op, certificate_id, message, proof):
        ticket = scanning.living(op, ticket_id, tickets.Purpose.MAKE_FILE)
        tickets.TICKET.advance(ticket.status, "confirm")
        status = model.FILE.advance(found.status, "sign")
        if certificate.usage is not issuing.Usage.SIGNING:
            raise errors.NotFound(what="certificate")
        if certificate.enterprise_id != found.enterprise_id:
            raise OtherEnterprise()
        binding.require_fits(op, ticket, certificate)
        # Whoever left the enterprise still holds the phone.
        people.require_member(op, found.enterprise_id)
        coverage.require(op, certificate, "bid")
    proved = proofs.require_proof(
        op, certificate_id=certificate_id, message=message, proof=proof, act="bid"
    )
    op.update(
        "file_record",
        found.id,
        {
            "status": status,
            "account_id": certificate.account_id,
            "certificate_id": certificate.id,
            "attributes": message,
            "signature": proved.signature,
            "signed_at": op.now,
        },
        was={"status": found.status},
    )
    op.record("file.signed", found.id, certificate_id=certificate.id)
    scanning.take_confirmed(
        op,
        ticket_id=ticket_id,
        purpose=tickets.Purpose.MAKE_FILE,
        result={"file": found.id},
        certificate_id=certificate.id,
    )
    return op.get(model.FileRecord, "file_record", found.id)


@unstored
def take_signature(op: Operation, *, ticket_id: str, nonce: str) -> model.FileSignature:
    """The browser that asked takes the signature, once, and whom to encrypt for.

    Emits: ticket.consumed. Raises: WrongPurpose, NotFound for any other browser, TicketExpired.
    """
    ticket = scanning.consume(op, ticket_id=ticket_id, nonce=nonce)
    if ticket.purpose is not tickets.Purpose.MAKE_FILE:
        raise scanning.WrongPurpose()
    found = queries.file(op, ticket.result["file"])
    certificate = op.get(issuing.Certificate, "certificate", found.certificate_id or "")
    head, tail = signed_files.around(
        found.size,
        attributes=found.attributes or b"",
        signature=found.signature or b"",
        certificate=_read(op, certificate),
    )
    return model.FileSignature(
        file_id=found.id,
        head=head,
        tail=tail,
        recipients=tuple(
            certificates.opened(
                op, op.get(issuing.Certificate, "certificate", one.certificate_id)
            ).der
            or b""
            for one in store.recipients(op, found.id)
        ),
    )


def _read(op: Operation, certificate: issuing.Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificates.opened(op, certificate).der or b"")


def record_made(
    op: Operation, *, file_id: str, sealed_size: int, sealed_digest_hex: str
) -> model.FileRecord:
    """The PC has encrypted the file: its digest is kept, so that an opening finds where it came from.

    Emits: file.made. Raises: DigestInvalid, FileTooLarge, NotFound, NotPossibleNow.
    """
    found = queries.file(op, file_id)
    checking.require_digest(sealed_digest_hex)
    if sealed_size <= found.size:
        raise checking.DigestInvalid(field="file")
    status = model.FILE.advance(found.status, "make")
    op.update(
        "file_record",
        found.id,
        {
            "status": status,
            "sealed_size": sealed_size,
            "sealed_digest_hex": sealed_digest_hex,
            "made_at": op.now,
        },
        was={"status": found.status},
    )
    op.record("file.made", found.id)
    return op.get(model.FileRecord, "file_record", found.id)


def drop_file(op: Operation, *, file_id: str) -> model.FileRecord:
    """The file is not made after all.

    Emits: file.dropped. Raises: NotFound, NotPossibleNow.
    """
    found = queries.file(op, file_id)
    status = model.FILE.advance(found.status, "drop")
    op.update("file_record", found.id, {"status": status}, was={"status": found.status})
    op.record("file.dropped", found.id)
    return op.get(model.FileRecord, "file_record", found.id)
