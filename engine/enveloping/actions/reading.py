"""What came of an opening, as the PC tells it: who signed the file, or that it was changed on the way."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from engine.enveloping import model, queries
from engine.enveloping.actions import checking
from engine.issuing import model as issuing
from engine.issuing import queries as certificates
from engine.kernel.operation import Operation
from engine.pki import signed_files
from engine.registration import queries as people


def record_read(
    op: Operation,
    *,
    opening_id: str,
    size: int = 0,
    digest_hex: str = "",
    head: bytes = b"",
    tail: bytes = b"",
) -> model.Signer:
    """The PC has read the file: who signed it, of what stood around it and the digest of what was inside.

    Without anything around it nobody signed it. Emits: file_opening.read, or file_opening.damaged where
    the signature is of another file. Raises: signed_files.SignedFileRefused, NotFound, NotPossibleNow.
    """
    found = queries.opening(op, opening_id)
    status = model.OPENING.advance(found.status, "read")
    if not head:
        _end(op, found, status, "file_opening.read", None)
        return model.Signer(verdict="unsigned")
    checking.require_digest(digest_hex)
    signed = signed_files.read_around(head, tail, size)
    try:
        signed.require(bytes.fromhex(digest_hex))
    except signed_files.FileChanged:
        damaged = model.OPENING.advance(found.status, "find_damaged")
        _end(op, found, damaged, "file_opening.damaged", None)
        return model.Signer(verdict="changed")
    certificate, signer = _signer(op, found, signed)
    _end(op, found, status, "file_opening.read", certificate)
    return signer


def record_damaged(op: Operation, *, opening_id: str) -> model.FileOpening:
    """The PC could not decrypt the file with its key: it was changed on the way.

    Emits: file_opening.damaged. Raises: NotFound, NotPossibleNow.
    """
    found = queries.opening(op, opening_id)
    status = model.OPENING.advance(found.status, "find_damaged")
    return _end(op, found, status, "file_opening.damaged", None)


def _end(
    op: Operation,
    found: model.FileOpening,
    status: model.OpeningStatus,
    fact: str,
    signer: issuing.Certificate | None,
) -> model.FileOpening:
    signer_id = signer.id if signer else None
    op.update(
        "file_opening",
        found.id,
        {"status": status, "read_at": op.now, "signer_id": signer_id},
        was={"status": found.status},
    )
    op.record(fact, found.id, signer_id=signer_id)
    return op.get(model.FileOpening, "file_opening", found.id)


def _signer(
    op: Operation, found: model.FileOpening, signed: signed_files.SignedFile
) -> tuple[issuing.Certificate | None, model.Signer]:
    """Whose signature it is; when it was made is certain only for a file that was made here."""
    made = op.get(model.FileRecord, "file_record", found.file_id) if found.file_id else None
    at = made.signed_at if made is not None and made.signature == signed.signature else None
    own = signed.signer.public_bytes(Encoding.DER)
    serial = f"{signed.signer.serial_number:x}"
    for one in certificates.by_serial(op, serial):
        if certificates.opened(op, one).der != own or one.enterprise_id is None:
            continue
        ended = one.revoked_at if one.status is issuing.CertificateStatus.REVOKED else None
        good = ended is None or (at is not None and at < ended)
        return one, model.Signer(
            verdict="trusted" if good else "revoked",
            enterprise=people.enterprise(op, one.enterprise_id).name,
            signed_at=at or signed.signed_at,
            revoked_at=None if good else ended,
        )
    names = signed.signer.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    name = str(names[0].value) if names else ""
    return None, model.Signer(verdict="untrusted", enterprise=name, signed_at=signed.signed_at)
