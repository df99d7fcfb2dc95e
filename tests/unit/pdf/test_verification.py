from __future__ import annotations

import asyncio
import socket

import pytest
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper

from engine.pdf import container, increments, validation_info, verification
from tests import support_pdf as support
from tests.unit.pdf import attacks
from tests.unit.pdf.judging import FORGED, LATER, judge, verdict


def test_a_contract_signed_by_both_at_b_lt_is_valid(world: support.World, signed: bytes) -> None:
    found = verdict(world, signed)
    assert (found.verdict, found.reasons) == ("valid", ())
    first, second = found.signatures
    assert (first.field, second.field) == (support.PURCHASER, support.SUPPLIER)
    assert [f.level for f in found.signatures] == ["B-LT", "B-LT"]
    assert first.signer_name == "新疆光正电子商城有限责任公司"
    assert second.organization == "乌鲁木齐某某办公用品有限公司"
    assert (first.signed_at, first.timestamp_at) == (support.NOW, support.NOW + 1000)
    assert (first.modification, second.modification) == ("form_filling", "lta_updates")
    assert {f.revocation for f in found.signatures} == {"good"}


def test_the_same_contract_at_b_t_is_indeterminate(world: support.World, contract: bytes) -> None:
    once = support.sign_field(world, contract, world.purchaser, support.PURCHASER, first=True)
    twice = support.sign_field(world, once, world.supplier, support.SUPPLIER, first=False)
    found = verdict(world, twice)
    assert found.verdict == "indeterminate"
    assert "revocation_unknown" in found.reasons
    assert [f.level for f in found.signatures] == ["B-T", "B-T"]
    assert [f.covers for f in found.signatures] == ["revision", "whole"]
    # The same bytes with the same data from elsewhere are established, though still B-T by level.
    crls = [a.crl() for a in (world.root, world.first_agency, world.second_agency)]
    assert judge(world, twice, crls=crls) == "valid"


def test_without_a_time_stamp_the_level_is_b_b(world: support.World, contract: bytes) -> None:
    document = support.sign_field(
        world, contract, world.purchaser, support.PURCHASER, first=True, stamped=False
    )
    found = verdict(world, document)
    assert (found.verdict, found.reasons) == ("indeterminate", ("revocation_unknown",))
    assert (found.signatures[0].level, found.signatures[0].timestamp_at) == ("B-B", None)
    # Nothing proves when it was signed, so after the certificate's end nothing is established.
    assert (
        "certificate_out_of_validity"
        in verdict(world, world.with_info(document), support.NOW + 2 * support.YEAR).reasons
    )


@pytest.mark.parametrize(
    ("years", "expected"), [(0.1, "valid"), (2, "valid"), (8, "valid"), (12, "indeterminate")]
)
def test_b_lt_outlives_the_certificates_until_the_time_stamp_authority_ends(
    world: support.World, signed: bytes, years: float, expected: str
) -> None:
    assert judge(world, signed, int(support.NOW + years * support.YEAR)) == expected


def test_an_unknown_root_leaves_it_open(world: support.World, signed: bytes) -> None:
    other = support.root_authority("别的根 TEST")
    found = verification.verify(signed, roots=[other.certificate], at_ms=LATER)
    assert found.verdict == "indeterminate"
    assert "untrusted_issuer" in found.reasons
    assert verification.verify(signed, roots=[], at_ms=LATER).verdict == "indeterminate"


def test_revoked_before_signing_is_invalid_and_after_is_not(contract: bytes) -> None:
    for since, expected in ((support.NOW - support.HOUR, "invalid"), (LATER, "valid")):
        world = support.make_world()
        document = world.with_info(
            support.sign_field(world, contract, world.purchaser, support.PURCHASER, first=True)
        )
        assert judge(world, document) == "valid"
        world.first_agency.revoked[world.purchaser.certificate.serial_number] = since
        newer = world.first_agency.crl(at=LATER)
        found = verdict(world, document, LATER + support.HOUR, crls=[newer])
        assert found.verdict == expected
        assert ("certificate_revoked" in found.reasons) == (expected == "invalid")


def test_a_certificate_that_had_ended_when_it_signed_is_invalid(contract: bytes) -> None:
    world = support.make_world()
    world.purchaser = world.first_agency.issue("过期公司", end=support.NOW - support.HOUR)
    document = support.sign_field(world, contract, world.purchaser, support.PURCHASER, first=True)
    found = verdict(world, world.with_info(document))
    assert found.verdict == "invalid"
    assert "certificate_not_valid_when_signed" in found.reasons


def test_a_certificate_not_for_signing_is_invalid(contract: bytes) -> None:
    world = support.make_world()
    world.purchaser = world.first_agency.issue("加密证书", usage=("key_encipherment",))
    document = support.sign_field(world, contract, world.purchaser, support.PURCHASER, first=True)
    found = verdict(world, world.with_info(document))
    assert found.verdict == "invalid"
    assert "certificate_not_for_this_use" in found.reasons


def test_a_time_stamp_by_a_certificate_for_something_else_proves_nothing(contract: bytes) -> None:
    world = support.make_world()
    world.timestamper = world.first_agency.issue("不是时间戳")
    document = support.sign_field(world, contract, world.purchaser, support.PURCHASER, first=True)
    assert judge(world, world.with_info(document)) == "invalid"


def test_unsigned_and_unreadable(world: support.World, contract: bytes) -> None:
    assert judge(world, contract) == "unsigned"
    for junk in (b"", b"hello", b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(5000)):
        with pytest.raises(verification.Unreadable):
            verification.verify(junk, roots=[world.root.certificate], at_ms=LATER)


def test_it_works_inside_a_running_loop_and_without_a_network(
    world: support.World, signed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    async def inside() -> str:
        return judge(world, signed)

    assert asyncio.run(inside()) == "valid"


def test_foreign_validation_data_is_an_extension(world: support.World, signed: bytes) -> None:
    """A second DSS revision is permitted, but it is not the one that belongs to the signature."""
    twice = world.with_info(signed, at=support.NOW)
    assert twice != signed
    assert judge(world, twice) == "valid_extended"


def _archived(world: support.World, document: bytes, who: support.Holder, at: int) -> bytes:
    """A document time-stamp by `who` over everything."""
    made = PdfTimeStamper(
        container.Tokens(lambda digest: support.token(who, digest, at)), field_name="存档时间戳"
    )
    writer = increments.writer(document)
    out = increments.run(made.async_timestamp_pdf(writer, "sha256", bytes_reserved=16384))
    return bytes(out.getvalue())


def test_a_document_time_stamp_makes_b_lta_and_covers_the_whole(
    world: support.World, signed: bytes
) -> None:
    document = _archived(world, signed, world.timestamper, LATER)
    found = verdict(world, document, LATER + support.DAY)
    assert (found.verdict, found.reasons) == ("valid", ())
    assert [f.level for f in found.signatures] == ["B-LTA"] * 3
    last = found.signatures[-1]
    assert (last.kind, last.covers, last.timestamp_at) == ("timestamp", "whole", LATER)
    for label, forged in attacks.appended(document):
        assert judge(world, forged, LATER + support.DAY) in FORGED, label
    forged = attacks.revision(document, attacks.page_content)
    assert judge(world, forged, LATER + support.DAY) == "invalid"


def test_a_newer_authority_carries_the_proof_past_the_end_of_the_older(
    world: support.World, signed: bytes
) -> None:
    then = support.NOW + 8 * support.YEAR
    newer = world.root.issue(
        "时间戳服务二号",
        timestamping=True,
        usage=("digital_signature",),
        end=then + 8 * support.YEAR,
    )
    with_crl = validation_info.add_validation_info(
        signed, crls=[world.root.crl(at=then - support.HOUR)]
    )
    document = _archived(world, with_crl, newer, then)
    years = support.NOW + 12 * support.YEAR
    assert judge(world, signed, years) == "indeterminate"
    assert judge(world, document, years) == "valid"


def test_a_time_stamp_from_the_future_proves_nothing(world: support.World, contract: bytes) -> None:
    document = support.sign_field(
        world,
        contract,
        world.purchaser,
        support.PURCHASER,
        first=True,
        at=support.NOW + support.DAY,
    )
    found = verdict(world, world.with_info(document), support.NOW)
    assert found.verdict == "invalid"
    assert "timestamp_in_the_future" in found.reasons


def test_many_namesakes_are_refused_at_once(world: support.World, signed: bytes) -> None:
    crowd = [support.root_authority().certificate for _ in range(6)]
    found = verdict(world, signed, extra_certificates=crowd)
    assert (found.verdict, found.reasons) == ("invalid", ("too_complex",))


def test_the_runner_hands_exceptions_on() -> None:
    async def fail() -> None:
        raise ValueError("x")

    async def inside() -> None:
        increments.run(fail())

    with pytest.raises(ValueError, match="x"):
        asyncio.run(inside())
