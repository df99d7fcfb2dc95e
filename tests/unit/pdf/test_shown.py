"""One signature in several places, what a page looks like, and what the verdict tells beside itself."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.sign import fields

from engine.pdf import intake, pixels, signing, typeset
from tests import support_pdf as support
from tests.unit.pdf import attacks
from tests.unit.pdf.judging import judge, verdict

PLACES = (
    signing.FieldSpec(name=support.PURCHASER, placement=typeset.CONTRACT_PARTY_A),
    signing.FieldSpec(
        name=f"{support.PURCHASER}-2",
        placement=typeset.Placement(page=1, x_mm=140, y_mm=230, width_mm=42, height_mm=42),
    ),
    signing.FieldSpec(name=support.SUPPLIER, placement=typeset.CONTRACT_PARTY_B),
    signing.FieldSpec(
        name=f"{support.SUPPLIER}-2",
        placement=typeset.Placement(page=1, x_mm=60, y_mm=230, width_mm=42, height_mm=42),
    ),
)


def signed_in_places(world: support.World, contract: bytes) -> bytes:
    once = support.sign_field(
        world, contract, world.purchaser, support.PURCHASER, first=True, fields=PLACES
    )
    twice = support.sign_field(
        world, world.with_info(once), world.supplier, support.SUPPLIER, first=False
    )
    return world.with_info(twice)


def test_one_signature_that_shows_in_two_places_is_one(
    world: support.World, contract: bytes
) -> None:
    found = verdict(world, signed_in_places(world, contract))
    assert (found.verdict, found.reasons) == ("valid", ())
    assert [one.field for one in found.signatures] == [support.PURCHASER, support.SUPPLIER]
    assert [[p.page for p in one.details.places] for one in found.signatures] == [[2, 1], [2, 1]]
    assert found.compared == pixels.Compared(compared=2, pages=2)


def borrowed(document: bytes) -> bytes:
    """A later field that shows another seal under the value of the first signature."""

    def change(writer: Any) -> None:
        _, _, reference = next(fields.enumerate_sig_fields(writer.prev, filled_status=True))
        value = reference.get_object().raw_get("/V")
        attacks.field_overlay(writer)
        for field, _, widget in fields.enumerate_sig_fields(writer):
            if field == "外加":
                widget.get_object()[name("/V")] = generic.IndirectObject(
                    value.idnum, value.generation, writer
                )

    return attacks.revision(document, change)


def test_a_field_that_borrows_a_signature_later_is_invalid(
    world: support.World, half_signed: bytes
) -> None:
    found = verdict(world, borrowed(half_signed))
    assert found.verdict == "invalid"
    assert "coverage_unclear" in found.reasons


def test_the_verdict_tells_certificate_place_and_revisions(
    world: support.World, signed: bytes
) -> None:
    found = verdict(world, signed)
    first = found.signatures[0].details
    assert first.certificate is not None
    assert first.certificate.issuer == "东方电子认证 签发 CA"
    assert first.timestamp_authority == "时间戳服务一号"
    assert (first.digest, first.permission, first.revision) == ("sha256", "fill_forms", 2)
    assert (found.size, found.pages) == (len(signed), intake.inspect(signed).pages)
    kinds = [one.kind for one in found.revisions]
    assert kinds == ["document", "signature", "validation", "signature", "validation"]
    assert [one.begin for one in found.revisions[1:]] == [one.end for one in found.revisions[:-1]]
    assert (found.revisions[0].begin, found.revisions[-1].end) == (0, len(signed))


def test_a_page_that_changes_its_looks_is_seen(world: support.World, signed: bytes) -> None:
    changed = attacks.revision(signed, attacks.page_content)
    assert pixels.compare(signed, changed, {}).differing == (1,)
    assert pixels.compare(signed, signed, {}).differing == ()
    box = {1: [(90.0, 290.0, 510.0, 510.0)]}
    # A box larger than any seal hides nothing.
    assert pixels.compare(signed, changed, box).differing == (1,)
    fewer = attacks.revision(signed, attacks.page_removed)
    assert pixels.compare(signed, fewer, {}).differing


def test_only_the_boxes_of_later_seals_may_differ(world: support.World, signed: bytes) -> None:
    ends = [b + c for *_, b, c in attacks.byte_ranges(signed)]
    assert pixels.compare(signed[: ends[0]], signed, {}).differing == (2,)
    assert judge(world, signed) == "valid"
