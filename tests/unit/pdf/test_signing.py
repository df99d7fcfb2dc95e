from __future__ import annotations

import dataclasses
import hashlib
import io
import json

import pikepdf
import pypdfium2
import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from PIL import Image, ImageChops

from engine.kernel import codec
from engine.pdf import (
    appearance,
    container,
    intake,
    signing,
    typeset,
    validation_info,
    verification,
)
from tests import support_pdf as support


def _prepare(world: support.World, document: bytes, **changes: object) -> signing.Prepared:
    options: dict[str, object] = {
        "field": support.PURCHASER,
        "signer_certificate": world.purchaser.certificate,
        "chain": world.purchaser.chain,
        "signing_time_ms": support.NOW,
        "seal": support.SEAL,
        "first": True,
        "all_fields": support.FIELDS,
    }
    return signing.prepare(document, **{**options, **changes})  # type: ignore[arg-type]


def test_what_is_prepared_can_be_stored_and_finished_later(
    world: support.World, contract: bytes
) -> None:
    prepared = _prepare(world, contract)
    stored = codec.canonical(prepared)
    again = signing.Prepared(**codec.load(stored))
    assert again == prepared
    value = support.sign(world.purchaser.key, again.signed_attributes)
    document = signing.finish(again, signature_value=value)
    assert document == signing.finish(prepared, signature_value=value)
    assert len(document) == len(prepared.document)
    covered = document[: again.region_start] + document[again.region_end :]
    assert hashlib.sha256(covered).hexdigest() == again.document_digest


def test_equal_inputs_give_equal_bytes(world: support.World, contract: bytes) -> None:
    assert _prepare(world, contract) == _prepare(world, contract)
    prepared = _prepare(world, contract)
    value = support.sign(world.purchaser.key, prepared.signed_attributes)
    kept: dict[bytes, bytes] = {}

    def stamp(digest: bytes) -> bytes:
        return kept.setdefault(digest, world.stamp(support.NOW)(digest))

    made = [signing.finish(prepared, signature_value=value, timestamp=stamp) for _ in range(2)]
    assert made[0] == made[1]
    assert b"ModDate" not in made[0][len(contract) :]
    crls = [world.root.crl(), world.first_agency.crl()]
    info = {"certificates": [world.first_agency.certificate], "crls": crls}
    both = [validation_info.add_validation_info(m, **info) for m in made]  # type: ignore[arg-type]
    assert both[0] == both[1]
    # What is there already is not written again.
    assert validation_info.add_validation_info(both[0], **info) == both[0]  # type: ignore[arg-type]


def test_the_attributes_are_what_pades_asks_for(world: support.World, contract: bytes) -> None:
    prepared = _prepare(world, contract)
    attributes = cms.CMSAttributes.load(prepared.signed_attributes)
    found = {a["type"].native: a["values"][0] for a in attributes}
    assert set(found) == {"content_type", "message_digest", "signing_certificate_v2"}
    assert found["message_digest"].native.hex() == prepared.document_digest
    digest = hashlib.sha256(support.der(world.purchaser.certificate)).digest()
    assert found["signing_certificate_v2"]["certs"][0]["cert_hash"].native == digest
    assert prepared.to_be_signed == hashlib.sha256(prepared.signed_attributes).digest()


def test_a_value_by_another_key_is_never_released(world: support.World, contract: bytes) -> None:
    prepared = _prepare(world, contract)
    for value in (
        b"",
        b"\0" * 70,
        support.sign(world.supplier.key, prepared.signed_attributes),
        support.sign(world.purchaser.key, prepared.signed_attributes + b"x"),
    ):
        with pytest.raises(container.SignatureValueWrong):
            signing.finish(prepared, signature_value=value)


def test_a_token_for_another_digest_or_none_at_all_is_refused(
    world: support.World, contract: bytes
) -> None:
    prepared = _prepare(world, contract)
    value = support.sign(world.purchaser.key, prepared.signed_attributes)
    bad = (
        lambda digest: b"garbage",
        lambda digest: b"",
        lambda digest: support.token(world.timestamper, hashlib.sha256(b"x").digest(), 0),
        lambda digest: support.der(world.root.certificate),
    )
    for stamp in bad:
        with pytest.raises(container.TimestampUnusable):
            signing.finish(prepared, signature_value=value, timestamp=stamp)


def test_rsa_4096_fits_its_room(contract: bytes) -> None:
    key = rsa.generate_private_key(65537, 4096)
    world = support.make_world(purchaser_key=key)
    document = support.sign_field(world, contract, world.purchaser, support.PURCHASER, first=True)
    roots = [world.root.certificate]
    found = verification.verify(
        world.with_info(document), roots=roots, at_ms=support.NOW + support.HOUR
    )
    assert found.verdict == "valid"


def test_a_key_that_no_reader_knows_is_refused(world: support.World, contract: bytes) -> None:
    odd = world.first_agency.issue("某", key=ed25519.Ed25519PrivateKey.generate())  # type: ignore[arg-type]
    with pytest.raises(container.UnsupportedKey):
        _prepare(world, contract, signer_certificate=odd.certificate)


def test_the_first_signature_certifies_and_makes_all_fields(
    world: support.World, contract: bytes, half_signed: bytes
) -> None:
    with pikepdf.open(io.BytesIO(half_signed)) as pdf:
        names = [str(f.T) for f in pdf.Root.AcroForm.Fields]
        reference = pdf.Root.Perms.DocMDP.Reference[0]
        assert names == [support.PURCHASER, support.SUPPLIER]
        assert int(reference.TransformParams.P) == 2
    alone = support.FIELDS[:1]
    document = support.sign_field(
        world, contract, world.purchaser, support.PURCHASER, first=True, fields=alone
    )
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert int(pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P) == 1
    assert intake.inspect(document).has_signatures


def test_a_second_first_signature_is_refused(world: support.World, half_signed: bytes) -> None:
    with pytest.raises(signing.AlreadySigned):
        _prepare(world, half_signed)


def test_a_document_for_one_signer_takes_no_second(world: support.World, contract: bytes) -> None:
    alone = support.sign_field(
        world, contract, world.purchaser, support.PURCHASER, first=True, fields=support.FIELDS[:1]
    )
    with pytest.raises(signing.DocumentNotSignable):
        support.sign_field(world, alone, world.supplier, support.SUPPLIER, first=False)


def test_a_signed_field_is_not_signed_again(world: support.World, half_signed: bytes) -> None:
    with pytest.raises(signing.DocumentNotSignable):
        support.sign_field(world, half_signed, world.supplier, support.PURCHASER, first=False)


def test_a_field_does_not_move(world: support.World, half_signed: bytes) -> None:
    options = {
        "field": support.SUPPLIER,
        "signer_certificate": world.supplier.certificate,
        "chain": world.supplier.chain,
        "first": False,
        "all_fields": (),
    }
    same = _prepare(world, half_signed, placement=typeset.CONTRACT_PARTY_B, **options)
    assert same.field == support.SUPPLIER
    with pytest.raises(signing.FieldPlacedElsewhere):
        _prepare(world, half_signed, placement=typeset.CONTRACT_PARTY_A, **options)


def test_a_seal_beside_the_page_is_refused(world: support.World, contract: bytes) -> None:
    good = typeset.CONTRACT_PARTY_A
    for place in (
        dataclasses.replace(good, page=3),
        dataclasses.replace(good, page=0),
        dataclasses.replace(good, x_mm=190),
        dataclasses.replace(good, y_mm=-5),
        dataclasses.replace(good, width_mm=0),
    ):
        fields = [signing.FieldSpec(name=support.PURCHASER, placement=place)]
        with pytest.raises(appearance.PlacementOutsidePage):
            _prepare(world, contract, all_fields=fields)


def test_a_picture_that_is_none_is_refused(world: support.World, contract: bytes) -> None:
    for picture in (b"GIF89a", b"<svg", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7"):
        seal = appearance.SealAppearance(picture=picture, width_mm=42, height_mm=42)
        with pytest.raises(appearance.SealPictureUnusable):
            _prepare(world, contract, seal=seal)


def _pages(document: bytes) -> list[Image.Image]:
    pdf = pypdfium2.PdfDocument(document)
    pdf.init_forms()
    return [page.render(scale=2).to_pil().convert("RGB") for page in pdf]


def _box_mm(difference: Image.Image) -> tuple[float, ...]:
    found = difference.getbbox()
    assert found
    return tuple(n / 2 / 72 * 25.4 for n in found)


def test_signing_changes_no_pixel_but_those_of_the_seals(contract: bytes, signed: bytes) -> None:
    before, after = _pages(contract), _pages(signed)
    assert len(before) == len(after)
    for old, new in zip(before[:-1], after[:-1], strict=True):
        assert ImageChops.difference(old, new).getbbox() is None
    a, b = typeset.CONTRACT_PARTY_A, typeset.CONTRACT_PARTY_B
    expected = (a.x_mm, a.y_mm, b.x_mm + b.width_mm, a.y_mm + a.height_mm)
    assert _box_mm(ImageChops.difference(before[-1], after[-1])) == pytest.approx(expected, abs=0.8)


def _png() -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    picture.paste((215, 0, 15, 255), (0, 0, 400, 40))
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_the_seal_stands_upright_where_a_person_sees_the_place(
    world: support.World, degrees: int, first: bool
) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(400, 600))
    pdf.pages[0].rotate(degrees, relative=False)
    out = io.BytesIO()
    pdf.save(out)
    place = typeset.Placement(page=1, x_mm=20, y_mm=30, width_mm=40, height_mm=40)
    fields = [signing.FieldSpec(name="甲"), signing.FieldSpec(name="乙", placement=place)]
    document, seal = (
        out.getvalue(),
        appearance.SealAppearance(picture=_png(), width_mm=40, height_mm=40),
    )
    if not first:
        document = support.sign_field(
            world, document, world.supplier, "甲", first=True, fields=fields, seal=None
        )
    document = support.sign_field(
        world, document, world.purchaser, "乙", first=first, fields=fields, seal=seal
    )
    page = _pages(document)[0]
    shown = ImageChops.difference(page, Image.new("RGB", page.size, "white"))
    # Only the red bar at the top of the picture shows: the rest is transparent.
    assert _box_mm(shown) == pytest.approx((20, 30, 60, 34), abs=0.8)


def test_the_seal_is_vector_and_brings_no_face(world: support.World, contract: bytes) -> None:
    document = support.sign_field(world, contract, world.purchaser, support.PURCHASER, first=True)
    with pikepdf.open(io.BytesIO(document)) as pdf:
        widget = pdf.Root.AcroForm.Fields[0]
        picture = widget.AP.N.Resources.XObject.Seal
        assert "/XObject" not in picture.Resources
        assert "/Font" not in picture.Resources


def test_without_a_seal_the_field_shows_nothing(world: support.World, contract: bytes) -> None:
    document = support.sign_field(
        world, contract, world.purchaser, support.PURCHASER, first=True, seal=None
    )
    for old, new in zip(_pages(contract), _pages(document), strict=True):
        assert ImageChops.difference(old, new).getbbox() is None


def test_broken_documents_and_revocation_data_are_refused(
    world: support.World, contract: bytes
) -> None:
    with pytest.raises(signing.DocumentNotSignable):
        _prepare(world, contract[:500])
    with pytest.raises(validation_info.ValidationInfoUnusable):
        validation_info.add_validation_info(contract, crls=[b"x"])
    with pytest.raises(validation_info.ValidationInfoUnusable):
        validation_info.add_validation_info(contract[:500])


def test_a_verdict_is_plain_json(world: support.World, signed: bytes) -> None:
    found = verification.verify(
        signed, roots=[world.root.certificate], at_ms=support.NOW + support.DAY
    )
    assert json.loads(json.dumps(found.to_json())) == found.to_json()
