"""The DSS: what a verifier without a network needs (ETSI EN 319 142-1, B-LT).

Certificates, CRLs and OCSP answers for every signer and time-stamp authority are appended in one
revision of their own. The bytes follow from the document and the data alone, so that verification
can make the revision again and compare: see verification.py.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Sequence

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError

from engine.kernel import errors
from engine.pdf import increments


class ValidationInfoUnusable(errors.InvalidInput):
    """The revocation data cannot be embedded in this document."""


def add_validation_info(
    document: bytes,
    *,
    certificates: Sequence[x509.Certificate] = (),
    crls: Sequence[bytes] = (),
    ocsps: Sequence[bytes] = (),
) -> bytes:
    """The document with a DSS that holds these too (CRLs and OCSP answers in DER): PAdES B-LT.

    Give the issuing certificates and revocation data of all signers and of the time-stamp
    authority. What is there already is not repeated; with nothing new the document comes back.
    Raises: ValidationInfoUnusable.
    """
    try:
        return append(
            document,
            [increments.asn1(certificate) for certificate in certificates],
            [asn1_crl.CertificateList.load(der, strict=True) for der in crls],
            [asn1_ocsp.OCSPResponse.load(der, strict=True) for der in ocsps],
        )
    except (PdfError, ValueError, TypeError) as problem:
        raise ValidationInfoUnusable from problem


def append(
    document: bytes,
    certificates: Sequence[asn1_x509.Certificate],
    crls: Sequence[asn1_crl.CertificateList],
    ocsps: Sequence[asn1_ocsp.OCSPResponse],
) -> bytes:
    """`add_validation_info` for parsed values, in the order given."""
    writer = increments.writer(document)
    try:
        store = DocumentSecurityStore.read_dss(writer)
        known = True
    except NoDSSFoundError:
        store = DocumentSecurityStore(writer=writer)
        known = False
    # One by one: pyHanko collects into sets, whose order is not ours.
    for certificate in certificates:
        store.register_vri(None, certs=[certificate])
    for crl in crls:
        store.register_vri(None, crls=[crl])
    for ocsp in ocsps:
        store.register_vri(None, ocsps=[ocsp])
    if not store.modified:
        return document
    made = store.as_pdf_object()
    if not known:
        writer.root[pdf_name("/DSS")] = writer.add_object(made)
        writer.update_root()
    return increments.written(writer)


def read(
    reader: PdfFileReader,
) -> tuple[
    list[asn1_x509.Certificate], list[asn1_crl.CertificateList], list[asn1_ocsp.OCSPResponse]
]:
    """What the DSS of a document holds, in its order; empty lists without a DSS."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return [], [], []
    return (
        list(store.load_certs()),
        [asn1_crl.CertificateList.load(_data(item)) for item in store.crls],
        [asn1_ocsp.OCSPResponse.load(_data(item)) for item in store.ocsps],
    )


def _data(item: generic.IndirectObject) -> bytes:
    return bytes(item.get_object().data)
