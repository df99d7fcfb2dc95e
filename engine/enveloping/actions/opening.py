"""扫码解密: the PC asks, the phone opens the file's key by halves and seals it to the PC's own (ENC-3)."""

from __future__ import annotations

from cryptography import x509

from engine.enveloping import model, queries, store
from engine.enveloping.actions import checking
from engine.issuing import actions as issuing_actions
from engine.issuing import model as issuing
from engine.issuing import proofs
from engine.issuing import queries as certificates
from engine.kernel import actors, challenges, errors, ids
from engine.kernel.engine import unstored
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.pki import envelopes, handing
from engine.registration import queries as people
from engine.scanning import actions as scanning
from engine.scanning import model as tickets

_LARGEST_SEALED_KEY = 512


class HeadingTooLarge(errors.InvalidInput):
    """This file names more recipients than can be read here."""


class NotForYou(errors.PolicyRefused):
    """This file was not encrypted for your enterprise. Ask its sender to encrypt it for you too."""


class KeyNotHere(errors.PolicyRefused):
    """This phone does not hold a key that opens this file. Use the phone of the person it is for."""


class KeyNotSealed(errors.InvalidInput):
    """The file's key did not come from the phone as it should. Scan once more."""


class KeyTaken(errors.Conflict):
    """The file's key was taken already, or is there no longer. Ask for the file to be opened once more."""


class AnotherFile(errors.Conflict):
    """What was opened is not the file that this phone showed. Nothing was opened."""


def ask_opening(
    op: Operation, *, name: str, sealed_size: int, sealed_digest_hex: str, heading: bytes
) -> model.FileOpening:
    """Ask for a file to be opened; only what names its recipients comes here.

    Emits: file_opening.asked. Raises: envelopes.EnvelopeRefused, NotForYou, HeadingTooLarge, NameInvalid,
    FileTooLarge, DigestInvalid, NotPermitted.
    """
    account = mall.signed_in(op)
    checking.require_size(op, sealed_size)
    if len(heading) > model.LARGEST_HEADING:
        raise HeadingTooLarge(field="file")
    checking.require_digest(sealed_digest_hex)
    read = envelopes.read_heading(heading)
    if not any(
        _is_for(op, read, one) for one in certificates.encryption(op, account.enterprise_id)
    ):
        raise NotForYou(field="file")
    known = store.by_sealed_digest(op, sealed_digest_hex)
    found = model.FileOpening(
        id=op.new_id("fop"),
        platform_id=account.platform_id,
        mall_account_id=account.id,
        enterprise_id=account.enterprise_id,
        file_id=known.id if known else None,
        name=checking.clean_name(name),
        sealed_size=sealed_size,
        sealed_digest_hex=sealed_digest_hex,
        heading=heading,
        status=model.OPENING.initial,
        ticket_id=None,
        account_id=None,
        certificate_id=None,
        opens_with=None,
        confirmation=None,
        created_at=op.now,
        opened_at=None,
        taken_at=None,
        read_at=None,
        signer_id=None,
    )
    op.insert("file_opening", found)
    op.record("file_opening.asked", found.id, file_id=found.file_id)
    return found


def _is_for(op: Operation, read: envelopes.Heading, one: issuing.Certificate) -> bool:
    der = certificates.opened(op, one).der
    return der is not None and read.is_for(x509.load_der_x509_certificate(der))


def open_decryption_ticket(
    op: Operation,
    *,
    opening_id: str,
    kind: tickets.TicketKind,
    browser_key: bytes,
    nonce: str,
    browser_name: str = "",
) -> tickets.OpenedTicket:
    """The QR of 扫码解密: it holds the file's name and digest, who made it, and the key of this browser.

    Emits: ticket.opened, file_opening.shown. Raises: handing.PointInvalid, NotFound, NotPermitted,
    NotPossibleNow.
    """
    found = queries.opening(op, opening_id)
    model.OPENING.advance(found.status, "open")
    handing.require_point(browser_key)
    account = mall.signed_in(op)
    made = op.get(model.FileRecord, "file_record", found.file_id) if found.file_id else None
    opened = scanning.open_ticket(
        op,
        purpose=tickets.Purpose.DECRYPT,
        kind=kind,
        platform_id=found.platform_id,
        nonce_hash=ids.token_hash(nonce),
        payload={
            "title": found.name,
            "login": account.login,
            "enterprise": people.enterprise(op, account.enterprise_id).name,
            "sender": people.enterprise(op, made.enterprise_id).name if made else "",
            "size": str(found.sealed_size),
            "digest": found.sealed_digest_hex,
            "opening": found.id,
            model.BROWSER_KEY: browser_key.hex(),
        },
        browser_name=browser_name,
    )
    op.update(
        "file_opening",
        found.id,
        {"ticket_id": opened.ticket.id},
        was={"status": found.status},
    )
    op.record("file_opening.shown", found.id, ticket_id=opened.ticket.id)
    return opened


@unstored
def confirm_opening(
    op: Operation,
    *,
    ticket_id: str,
    certificate_id: str,
    opens_with: str,
    value: bytes,
    half: bytes,
    proof: issuing.KeyProof,
    number: str = "",
) -> bytes:
    """Both halves make what a file's key comes out of, under the PIN of the signing certificate.

    `value` is what the phone veiled, so that the platform learns nothing of the key. What was proved stands
    with the opening: the whole of the code. Emits: pin.proved, envelope.opened, file_opening.opened.
    Raises: KeyNotHere, NotAMember, those of the ticket and its digits, of the proof, and of the halves.
    """
    ticket, found = queries.opening_of_ticket(op, ticket_id)
    message = challenges.of_file_opening(
        ticket=tickets.challenge_of(ticket), certificate_id=certificate_id, value=value
    )
    with proofs.judged(op, opens_with, message, proof):
        ticket = scanning.living(op, ticket_id, tickets.Purpose.DECRYPT)
        tickets.TICKET.advance(ticket.status, "confirm")
        status = model.OPENING.advance(found.status, "open")
        if found.ticket_id != ticket.id:
            raise AnotherFile()
        scanning.require_number(op, ticket, number)
        people.require_member(op, found.enterprise_id)
        mine = {one.certificate_id for one in queries.to_be_opened(op, ticket_id=ticket_id)}
        if certificate_id not in mine:
            raise KeyNotHere()
        certificate = issuing_actions.require_opens(
            op, certificate_id=certificate_id, opens_with=opens_with
        )
    proved = proofs.require_proof(
        op, certificate_id=opens_with, message=message, proof=proof, act="decrypt"
    )
    opened = issuing_actions.joined(op, certificate, opens_with=opens_with, value=value, half=half)
    op.update(
        "file_opening",
        found.id,
        {
            "status": status,
            "account_id": certificate.account_id,
            "certificate_id": certificate.id,
            "opens_with": opens_with,
            "confirmation": proved.signature,
            "opened_at": op.now,
        },
        was={"status": found.status},
    )
    op.record("file_opening.opened", found.id, certificate_id=certificate.id)
    return opened


def hand_over_key(op: Operation, *, ticket_id: str, sealed: bytes) -> tickets.Ticket:
    """The phone that opened a file's key has sealed it to the browser that asked, which may take it.

    Emits: ticket.confirmed. Raises: KeyNotSealed, NotPossibleNow, those of the ticket.
    """
    ticket, found = queries.opening_of_ticket(op, ticket_id)
    who = op.actor
    opened_it = isinstance(who, actors.Person) and who.account_id == found.account_id
    if found.ticket_id != ticket.id or not opened_it:
        raise errors.NotFound(what="file")
    model.OPENING.advance(found.status, "take")
    if not handing.OVERHEAD < len(sealed) <= _LARGEST_SEALED_KEY:
        raise KeyNotSealed()
    confirmed = scanning.take_confirmed(
        op,
        ticket_id=ticket_id,
        purpose=tickets.Purpose.DECRYPT,
        result={"opening": found.id},
        certificate_id=found.opens_with,
        confirmation=None,
    )
    store.hand_key(op, ticket_id, sealed)
    return confirmed


@unstored
def take_key(op: Operation, *, ticket_id: str, nonce: str) -> model.TakenKey:
    """The browser that asked takes the file's key, once; it alone can open that.

    Emits: ticket.consumed, file_opening.taken. Raises: WrongPurpose, KeyTaken, NotFound for any other
    browser, TicketExpired.
    """
    ticket = scanning.consume(op, ticket_id=ticket_id, nonce=nonce)
    if ticket.purpose is not tickets.Purpose.DECRYPT:
        raise scanning.WrongPurpose()
    found = queries.opening(op, ticket.result["opening"])
    sealed = store.take_key(op, ticket.id)
    if sealed is None:
        raise KeyTaken()
    status = model.OPENING.advance(found.status, "take")
    op.update(
        "file_opening",
        found.id,
        {"status": status, "taken_at": op.now},
        was={"status": found.status},
    )
    op.record("file_opening.taken", found.id)
    return model.TakenKey(opening_id=found.id, sealed=sealed)
