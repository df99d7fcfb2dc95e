"""Signing any PDF with an enterprise's certificate and seal, outside of every contract."""

from __future__ import annotations

import io

import pikepdf
import pytest
from cryptography import x509

from engine.issuing import queries as certificates
from engine.pdf import appearance, intake, signing, verification
from engine.pki import keys
from engine.signing import standalone
from tests.support import parties
from tests.support.worlds import SYSTEM


@pytest.fixture
def means(world):
    """A signer with its seal, and what validates the result."""
    party = parties.sealed(world, parties.Reviewers.of(world))
    found = world.engine.ask(certificates.certificate, SYSTEM, party.certificate_id)
    seal = parties.seal_of(world, party)
    with world.engine.reader(SYSTEM) as q:
        picture = q.blob(seal.svg_blob_id)
    known, crls = world.ports.validation.material((found.agency_id,))
    chain = world.ports.agencies[found.agency_id].chain()
    now = world.engine.now()
    signer = standalone.Signer(
        certificate=x509.load_der_x509_certificate(found.der),
        chain=[x509.load_der_x509_certificate(der) for der in chain],
        name=party.name,
        seal=appearance.SealAppearance(
            picture=picture, width_mm=seal.width_mm, height_mm=seal.height_mm
        ),
        sign=lambda attributes: keys.sign(party.key, attributes),
    )
    validation = standalone.Validation(
        timestamp=lambda digest: world.ports.timestamps.stamp(digest, now=now),
        certificates=[x509.load_der_x509_certificate(der) for der in known],
        crls=list(crls),
    )
    return {"signer": signer, "validation": validation, "now_ms": now}


def a_pdf(width_mm: float = 210, height_mm: float = 297, rotate: int = 0) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        size = (width_mm * appearance.POINTS_PER_MM, height_mm * appearance.POINTS_PER_MM)
        pdf.add_blank_page(page_size=size)
        pdf.pages[0].Rotate = rotate
        pdf.save(out)
    return out.getvalue()


def verdict(world, content):
    return verification.verify(content, roots=world.roots, at_ms=world.engine.now())


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("size", [(210, 297), (297, 210), (60, 50)])
def test_pages_of_any_size_and_turn_are_signed(world, means, size, rotate):
    signed = standalone.sign_document(a_pdf(*size, rotate=rotate), **means)
    judged = verdict(world, signed)
    assert (judged.verdict, judged.signatures[0].level) == ("valid", "B-LT")
    assert judged.signatures[0].signer_name == means["signer"].name


def test_a_page_smaller_than_the_seal_is_refused(world, means):
    with pytest.raises(appearance.PlacementOutsidePage):
        standalone.sign_document(a_pdf(30, 30), **means)


def test_what_is_no_sound_pdf_is_refused(world, means):
    for content, refusal in ((b"hello", intake.NotPdf), (b"%PDF-1.7\n", intake.BrokenPdf)):
        with pytest.raises(refusal):
            standalone.sign_document(content, **means)


def test_the_document_itself_stays_byte_for_byte(world, means):
    document = a_pdf()
    signed = standalone.sign_document(document, **means)
    assert signed.startswith(document)


def test_a_signed_document_that_permits_no_more_is_not_signed_again(world, means):
    signed = standalone.sign_document(a_pdf(), **means)
    with pytest.raises(signing.DocumentNotSignable):
        standalone.sign_document(signed, **{**means, "now_ms": means["now_ms"] + 1_000})
