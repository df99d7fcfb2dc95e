"""Files as their makers, those they are for, and the phones that confirm see them."""

from __future__ import annotations

from cryptography import x509

from engine.enveloping import model, store
from engine.issuing import model as issuing
from engine.issuing import queries as certificates
from engine.kernel import errors, identifiers, notes, paging
from engine.kernel.reader import Reader
from engine.mall import model as mall_model
from engine.mall import queries as mall
from engine.pki import envelopes, signed_files
from engine.policies import model as policies
from engine.registration import queries as people
from engine.scanning import model as tickets
from engine.scanning import queries as scanned

_NEWEST = paging.Window(limit=200)
INVARIANTS = {
    "a file that was made is for somebody, and signed by its maker's own certificate": (
        "SELECT f.id FROM file_record f LEFT JOIN certificate c ON c.id = f.certificate_id"
        " WHERE f.status IN ('signed', 'made') AND (c.usage <> 'signing'"
        " OR c.enterprise_id <> f.enterprise_id OR NOT EXISTS"
        " (SELECT 1 FROM file_recipient r WHERE r.file_id = f.id))"
    ),
    "a file is encrypted for encryption certificates of the enterprises it names": (
        "SELECT r.id FROM file_recipient r JOIN certificate c ON c.id = r.certificate_id"
        " WHERE c.usage <> 'encryption' OR c.enterprise_id <> r.enterprise_id"
    ),
    "whoever opened a file did so with a key of the enterprise that asked": (
        "SELECT o.id FROM file_opening o JOIN certificate c ON c.id = o.certificate_id"
        " WHERE o.status <> 'asked' AND (c.usage <> 'encryption'"
        " OR c.enterprise_id <> o.enterprise_id OR c.account_id <> o.account_id)"
    ),
}


def limits(q: Reader) -> model.Limits:
    """How large a file may be, and for how many enterprises."""
    rules = q.policy(policies.FileRules)
    return model.Limits(largest_bytes=rules.largest_bytes, most_recipients=rules.most_recipients)


def recipients(q: Reader, *, wanted: str = "") -> list[model.Recipient]:
    """For whom the signed-in account can encrypt: its own enterprise first, then whom it trades with.

    With something `wanted` it is the enterprise of this platform with exactly that name or credit code.
    One that has no usable encryption certificate is there without certificates. Raises: NotPermitted.
    """
    account = mall.signed_in(q)
    if wanted.strip():
        text = wanted.strip()
        return [
            _recipient(q, account, one.id)
            for one in people.enterprises_like(q, text)
            if text in (one.name, one.uscc) and mall.onboarded(q, account.platform_id, one.id)
        ]
    partners = {
        mall.enterprise_of(q, side).id: None
        for order in mall.my_orders(q)
        for side in (order.purchaser_id, order.supplier_id)
    }
    others = [one for one in partners if one != account.enterprise_id]
    return [_recipient(q, account, one) for one in (account.enterprise_id, *others)]


def _recipient(q: Reader, account: mall_model.MallAccount, enterprise_id: str) -> model.Recipient:
    enterprise = people.enterprise(q, enterprise_id)
    return model.Recipient(
        enterprise_id=enterprise.id,
        enterprise=enterprise.name,
        uscc=enterprise.uscc,
        own=enterprise.id == account.enterprise_id,
        certificates=tuple(one.id for one in usable(q, enterprise_id)),
    )


def usable(q: Reader, enterprise_id: str) -> list[issuing.Certificate]:
    """An enterprise's encryption certificates that a file is encrypted for now."""
    return [one for one in certificates.encryption(q, enterprise_id) if one.usable(q.now)]


def file(q: Reader, file_id: str) -> model.FileRecord:
    """A file that the signed-in account's own enterprise makes.

    Raises: NotFound, NotPermitted.
    """
    found = q.get(model.FileRecord, "file_record", file_id)
    if found.mall_account_id != mall.signed_in(q).id:
        raise errors.NotFound(what="file")
    return found


def opening(q: Reader, opening_id: str) -> model.FileOpening:
    """An opening that the signed-in account asked for.

    Raises: NotFound, NotPermitted.
    """
    found = q.get(model.FileOpening, "file_opening", opening_id)
    if found.mall_account_id != mall.signed_in(q).id:
        raise errors.NotFound(what="file")
    return found


def rows(q: Reader, *, window: paging.Window = _NEWEST) -> list[model.FileRow]:
    """What the account's enterprise made and what was made for it, with who opened it; newest first.

    Raises: NotPermitted.
    """
    account = mall.signed_in(q)
    return [_row(q, account, one) for one in store.files_of(q, account.enterprise_id, window)]


def _row(q: Reader, account: mall_model.MallAccount, found: model.FileRecord) -> model.FileRow:
    names = dict.fromkeys(one.enterprise_id for one in store.recipients(q, found.id))
    own = found.enterprise_id == account.enterprise_id
    openings = [
        one
        for one in store.openings(q, found.id)
        # Each side sees its own; whoever made it sees that it was opened, and by which enterprise.
        if own or one.enterprise_id == account.enterprise_id
    ]
    return model.FileRow(
        file=found,
        own=own,
        sender=people.enterprise(q, found.enterprise_id).name,
        signer=_masked(q, found.account_id) if own else "",
        recipients=tuple(people.enterprise(q, one).name for one in names),
        openings=tuple(_opened(q, account, one) for one in openings),
    )


def _opened(q: Reader, account: mall_model.MallAccount, one: model.FileOpening) -> model.OpeningRow:
    own = one.enterprise_id == account.enterprise_id
    return model.OpeningRow(
        enterprise=people.enterprise(q, one.enterprise_id).name,
        person=_masked(q, one.account_id) if own else "",
        login=mall.mall_account(q, one.mall_account_id).login if own else "",
        status=one.status,
        opened_at=one.opened_at,
    )


def _masked(q: Reader, account_id: str | None) -> str:
    return identifiers.masked_name(people.person_name(q, account_id)) if account_id else ""


# -- the phone --------------------------------------------------------------------------------------


def file_of_ticket(q: Reader, ticket_id: str) -> tuple[tickets.Ticket, model.FileRecord]:
    """The code and the file that the person who scanned it is asked to sign.

    Raises: NotFound.
    """
    ticket = scanned.for_phone(q, ticket_id)
    return ticket, q.get(model.FileRecord, "file_record", ticket.payload.get("file", ""))


def opening_of_ticket(q: Reader, ticket_id: str) -> tuple[tickets.Ticket, model.FileOpening]:
    """The code and the opening that the person who scanned it is asked to confirm.

    Raises: NotFound.
    """
    ticket = scanned.for_phone(q, ticket_id)
    return ticket, q.get(model.FileOpening, "file_opening", ticket.payload.get("opening", ""))


def file_to_be_signed(q: Reader, *, ticket_id: str, certificate_id: str) -> bytes:
    """The CMS signed attributes (DER) that a phone signs for a file: they hold its SHA-256 and its name.

    Raises: NotFound.
    """
    ticket, found = file_of_ticket(q, ticket_id)
    certificate = certificates.certificate(q, certificate_id)
    return attributes(q, ticket, found, certificate)


def attributes(
    q: Reader,
    ticket: tickets.Ticket,
    found: model.FileRecord,
    certificate: issuing.Certificate,
) -> bytes:
    """What is signed of a file: the same bytes whenever they are asked for. Composed by actions."""
    der = certificates.opened(q, certificate).der
    if der is None or ticket.scanned_at is None:
        raise errors.NotFound(what="certificate")
    return signed_files.attributes_of(
        bytes.fromhex(found.digest_hex),
        x509.load_der_x509_certificate(der),
        ticket.scanned_at,
        name=found.name,
    )


def to_be_opened(q: Reader, *, ticket_id: str) -> list[model.ToOpen]:
    """What the phone that scanned can open of a file: one for each of its keys that the file is for.

    Keys whose certificates were superseded or have expired count (domain-rules 4). Raises: NotFound.
    """
    _, found = opening_of_ticket(q, ticket_id)
    heading = envelopes.read_heading(found.heading)
    person = people.person(q)
    return [
        opened
        for one in certificates.encryption(q, found.enterprise_id)
        if one.account_id == person.account_id and one.device_id == person.device_id
        for opened in _to_open(q, heading, one)
    ]


def _to_open(q: Reader, heading: envelopes.Heading, one: issuing.Certificate) -> list[model.ToOpen]:
    der = certificates.opened(q, one).der
    if der is None or one.status is issuing.CertificateStatus.SUSPENDED:
        return []
    try:
        addressed = heading.for_certificate(x509.load_der_x509_certificate(der))
    except envelopes.NotForThisCertificate:
        return []
    return [
        model.ToOpen(
            certificate_id=one.id,
            value=addressed.value,
            oaep=addressed.oaep,
            wrapped=addressed.wrapped,
            wrap_bytes=addressed.wrap_bytes,
            digest=addressed.digest,
            about=addressed.about,
            key_bytes=heading.cipher.key_bytes,
        )
    ]


# -- other stages -----------------------------------------------------------------------------------


def only_with(q: Reader, *, certificate_id: str) -> list[notes.Note]:
    """As `stranded`, for the person whose certificate it is, before they give it up.

    Raises: NotFound.
    """
    certificates.certificate(q, certificate_id)
    return stranded(q, certificate_id)


def stranded(q: Reader, certificate_id: str) -> list[notes.Note]:
    """The files that nobody opens any more without the key of a certificate's pair (ENC-4).

    Of those made here: for an enterprise that has no other usable key they are encrypted for. Of those from
    elsewhere: what was opened with it.
    """
    signing = q.get(issuing.Certificate, "certificate", certificate_id)
    if signing.enterprise_id is None:
        return []
    found = [(one.id, one.name) for one in store.only_by(q, signing.pair_id)]
    found += [(one.id, one.name) for one in store.from_elsewhere(q, signing.pair_id)]
    return [
        notes.Note(code="stranded.file", subject=file_id, params={"name": name})
        for file_id, name in found
    ]
