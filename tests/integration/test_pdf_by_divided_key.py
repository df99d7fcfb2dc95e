"""A contract signed by a phone's and the server's halves: what poppler, OpenSSL and pyHanko say of it."""

from __future__ import annotations

import io
import logging

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from engine.kernel import ids
from engine.pki import splitting
from tests import support_pdf as support
from tests.integration.test_pdf_judged_by_others import Bench, _bench


@pytest.fixture(scope="module")
def divided_bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    entropy = ids.seeded(44, "divided signer")
    phone = splitting.make_phone_key(entropy)
    server = splitting.make_server_key(phone.modulus, entropy)
    public = serialization.load_der_public_key(server.public_key)
    assert isinstance(public, rsa.RSAPublicKey)

    def signs(message: bytes) -> bytes:
        made = splitting.complete(server, phone.server_share, message, phone.signs(message))
        assert made is not None
        return made

    world = support.make_world(purchaser_key=splitting.DividedKey(public, signs))
    return _bench(world, tmp_path_factory.mktemp("divided"))


@pytest.mark.row("PKI-3")
@pytest.mark.row("SGN-4")
def test_poppler_openssl_and_we_accept_what_both_halves_signed(divided_bench: Bench) -> None:
    bench = divided_bench
    assert bench.pdfsig(bench.document, "-nocert") == ["Signature is Valid."] * 2
    for index in (0, 1):
        assert "CAdES Verification successful" in bench.openssl(bench.document, index)
    assert bench.own(bench.document) == "valid"


@pytest.mark.row("PKI-3")
def test_pyhanko_accepts_what_both_halves_signed(divided_bench: Bench) -> None:
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    root = divided_bench.world.root.certificate.public_bytes(serialization.Encoding.DER)
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(root)],
        moment=support.moment(support.NOW),
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    reader = PdfFileReader(io.BytesIO(divided_bench.document))
    said = [validate_pdf_signature(one, context) for one in reader.embedded_signatures[:2]]
    assert [(one.intact, one.valid, one.trusted) for one in said] == [(True, True, True)] * 2
    assert said[0].signing_cert.public_key.bit_size == 4096


@pytest.mark.row("PKI-3")
def test_one_flipped_byte_ends_it_for_everybody(divided_bench: Bench) -> None:
    changed = bytearray(divided_bench.document)
    changed[changed.index(b"/Page") + 1] ^= 0x20
    flipped = bytes(changed)
    assert "Signature is Valid." not in divided_bench.pdfsig(flipped, "-nocert")
    assert "CAdES Verification successful" not in divided_bench.openssl(flipped)
    assert divided_bench.own(flipped) in ("invalid", "unreadable")
