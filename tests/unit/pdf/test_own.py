"""Revisions joined from bytes: the same as pyHanko makes, on whatever states of a document there are."""

from __future__ import annotations

import io

import numpy
import pikepdf
import pytest

from engine.pdf import (
    appearance,
    archiving,
    container,
    marking,
    own,
    pdfium,
    rebuilding,
    signing,
    spread,
    typeset,
    validation_info,
    verification,
)
from engine.pdf.own import lexing, reading
from tests import support_pdf as support
from tests.support.pdf_kinds.papers import paper

FIELDS = support.FIELDS


@pytest.fixture(scope="module")
def world():
    return support.make_world()


@pytest.fixture(scope="module")
def contract():
    return typeset.render("contract", support.contract_data())


def sign(
    world, makers, document, *, second=False, stamped=True, fields=FIELDS, seal_object=b"a seal"
):
    """One party's signature, by either way."""
    who = world.supplier if second else world.purchaser
    at = support.NOW + (support.HOUR if second else 0)
    prepared = makers.prepare(
        document,
        field=support.SUPPLIER if second else support.PURCHASER,
        signer_certificate=who.certificate,
        chain=who.chain,
        signing_time_ms=at,
        seal=support.SEAL,
        reason="签署采购合同",
        location="新疆乌鲁木齐",
        name="签署人",
        first=not second,
        all_fields=() if second else fields,
        seal_object=seal_object,
    )
    return makers.finish(
        prepared,
        signature_value=support.sign(who.key, prepared.signed_attributes),
        timestamp=world.stamp(at + 1000) if stamped else None,
    )


def informed(world, makers, document):
    agencies = (world.root, world.first_agency, world.second_agency)
    add = own.add_validation_info if makers is own else validation_info.add_validation_info
    return add(
        document,
        certificates=[one.certificate for one in agencies[1:]],
        crls=[one.crl(at=support.NOW - support.HOUR) for one in agencies],
    )


def judged(world, document):
    return verification.verify(
        document, roots=[world.root.certificate], at_ms=support.NOW + support.DAY
    )


def drawn(document):
    with pdfium.opened(document, with_fields=True) as pdf:
        return [pdf[n].render(scale=1).to_numpy().astype(int) for n in range(len(pdf))]


@pytest.mark.row("SGN-4")
def test_what_is_signed_is_what_pyhanko_would_have_signed(world, contract):
    holder = world.purchaser
    for makers in (signing, own):
        made = makers.prepare(
            contract, field="one", signer_certificate=holder.certificate, chain=holder.chain,
            signing_time_ms=support.NOW, first=True,
        )  # fmt: skip
        other = own.prepare if makers is signing else signing.prepare
        digest = bytes.fromhex(made.document_digest)
        assert digest in made.signed_attributes
        again = other(
            contract, field="one", signer_certificate=holder.certificate, chain=holder.chain,
            signing_time_ms=support.NOW, first=True,
        )  # fmt: skip
        swapped = again.signed_attributes.replace(bytes.fromhex(again.document_digest), digest)
        assert swapped == made.signed_attributes


@pytest.mark.row("SGN-4")
@pytest.mark.parametrize("ways", [(own, own), (own, signing), (signing, own)], ids=str)
def test_both_parties_by_either_way_make_a_valid_contract(world, contract, ways):
    """Whichever way wrote the revision before: its fields, its form and its store are gone on with."""
    once = informed(world, ways[0], sign(world, ways[0], contract))
    assert judged(world, once).verdict == "valid"
    twice = informed(world, ways[1], sign(world, ways[1], once, second=True))
    found = judged(world, twice)
    assert found.verdict == "valid", found.reasons
    assert [one.level for one in found.signatures] == ["B-LT", "B-LT"]
    for stamp in (own.add_timestamp, archiving.add_timestamp):
        archived = stamp(twice, world.stamp(support.NOW + 2 * support.HOUR))
        assert judged(world, archived).verdict == "valid"
        assert judged(world, archived).signatures[0].level == "B-LTA"


def test_pages_look_the_same_by_either_way(world, contract):
    for mine, theirs in zip(
        drawn(sign(world, own, contract)), drawn(sign(world, signing, contract)), strict=True
    ):
        assert numpy.abs(mine - theirs).max() <= 8


def test_one_signature_shows_its_seal_in_many_places(world, contract):
    places = [
        spread.FieldSpec(name=support.PURCHASER, placement=typeset.CONTRACT_PARTY_A),
        spread.FieldSpec(
            name=f"{support.PURCHASER}-2",
            placement=typeset.Placement(page=1, x_mm=20, y_mm=20, width_mm=42, height_mm=42),
        ),
        *(
            spread.FieldSpec(
                name=f"{support.PURCHASER}-3-{number}of2",
                placement=typeset.Placement(
                    page=number, x_mm=189, y_mm=100, width_mm=21, height_mm=42
                ),
            )
            for number in (1, 2)
        ),
        FIELDS[1],
    ]
    made = sign(world, own, contract, fields=places)
    assert made.count(b"/YXSES") == 1
    twice = sign(world, own, informed(world, own, made), second=True)
    assert judged(world, informed(world, own, twice)).verdict == "valid"
    for mine, theirs in zip(
        drawn(made), drawn(sign(world, signing, contract, fields=places)), strict=True
    ):
        assert numpy.abs(mine - theirs).max() <= 8


def test_equal_inputs_give_equal_bytes_and_nothing_new_appends_nothing(world, contract):
    holder = world.purchaser
    made = [
        own.prepare(
            contract, field="one", signer_certificate=holder.certificate, chain=holder.chain,
            signing_time_ms=support.NOW, seal=support.SEAL, placement=typeset.CONTRACT_PARTY_A, first=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert made[0] == made[1]
    signed = informed(world, own, sign(world, own, contract))
    agencies = (world.root, world.first_agency, world.second_agency)
    crls = [one.crl(at=support.NOW - support.HOUR) for one in agencies]
    once = own.add_validation_info(signed, crls=crls)
    assert own.add_validation_info(once, crls=crls) == once


@pytest.mark.parametrize("stored", ["with_table", "with_stream"])
def test_forms_and_lists_of_annotations_that_are_objects_are_gone_on_with(world, stored):
    made = paper(pages=1, root="/AcroForm 90 0 R")
    page = next(n for n, body in made.objects.items() if b"/Type /Page " in body)
    made.objects[90] = b"<< /Fields 91 0 R /DA (/Helv 0 Tf 0 g) >>"
    made.objects[91] = b"[92 0 R]"
    widget = (
        f"<< /Type /Annot /Subtype /Widget /T (old) /FT /Tx /Rect [50 50 90 70] /P {page} 0 R >>"
    )
    made.objects[92] = widget.encode()
    made.objects[93] = b"[92 0 R]"
    made.objects[page] = made.objects[page].replace(b"/Type /Page ", b"/Type /Page /Annots 93 0 R ")
    document = getattr(made, stored)()
    signed = informed(world, own, sign(world, own, document, fields=()))
    assert judged(world, signed).verdict == "valid"
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        names = [str(one.T) for one in pdf.Root.AcroForm.Fields]
        assert names == ["old", support.PURCHASER]
        assert len(pdf.pages[0].Annots) == 2


def unlike_ours(contract):
    """Documents that are written in other ways than this platform writes its own."""
    encrypted, in_streams = io.BytesIO(), io.BytesIO()
    with pikepdf.open(io.BytesIO(contract)) as pdf:
        pdf.save(encrypted, encryption=pikepdf.Encryption(owner="o", user=""))
        pdf.save(in_streams, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    hybrid = paper()
    hidden = hybrid.add("<< /Title (Hidden) >>")
    return encrypted.getvalue(), in_streams.getvalue(), hybrid.hybrid((hidden,))


def test_what_is_not_written_our_way_is_pyhankos_and_refused_by_it_where_it_refuses(
    world, contract
):
    encrypted, in_streams, hybrid = unlike_ours(contract)
    for document in (encrypted, in_streams, hybrid):
        with pytest.raises(own.NotPlain):
            reading.Existing(document)
    assert judged(world, informed(world, own, sign(world, own, in_streams))).verdict == "valid"
    for document in (encrypted, hybrid):
        problems = set()
        for makers in (own, signing):
            with pytest.raises(signing.DocumentNotSignable) as refusal:
                sign(world, makers, document)
            problems.add(refusal.value.params["problem"])
        assert len(problems) == 1


def test_what_this_platform_makes_is_written_its_own_way(contract):
    """Templates, marked ones, and uploads made anew: none of them costs pyHanko's time."""
    marked = marking.add_verification_code(contract, text="https://example.test/v/1", label="核验")
    anew = rebuilding.rebuild(paper(pages=3).with_stream())
    for document in (contract, marked, anew.content):
        assert reading.Existing(document).pages


@pytest.mark.parametrize(
    "body",
    [
        b"<< /A 1 /A 2 >>", b"<< /A#42 1 >>", b"<< /A 1 % told\n >>", b"<< /A [1 >> ]", b"<< /A (a",
        b"<< /A 1 0 R0 >>", b"<< /A <4z> >>", b"<< /A", b"<< 1 2 >>", b"/A", b"<< /A >> 1", b"[" * 99,
    ],
)  # fmt: skip
def test_text_that_is_not_understood_is_not_guessed_at(body):
    made = paper(root="/Odd 90 0 R")
    made.objects[90] = body
    existing = reading.Existing(made.with_table())
    with pytest.raises(own.NotPlain):
        existing.dictionary(b"90 0 R")


def test_values_are_taken_apart_as_they_are_written():
    text = rb"<< /A (a(b\)c)d) /B [1 0 R[2]<</C/D>>-.5(x)] /E<</F<4142>>>/G true>>"
    found, end = lexing.entries(text, 0)
    assert found == {
        b"/A": rb"(a(b\)c)d)", b"/B": b"[1 0 R[2]<</C/D>>-.5(x)]", b"/E": b"<</F<4142>>>", b"/G": b"true",
    }  # fmt: skip
    assert end == len(text)
    assert lexing.items(found[b"/B"]) == [b"1 0 R", b"[2]", b"<</C/D>>", b"-.5", b"(x)"]
    assert lexing.reference(b"12 0 R") == 12
    assert lexing.reference(b"<< >>") == 0


def test_damaged_files_are_refused_by_either_way(world, contract):
    for document in (contract[: len(contract) // 2], b"%PDF-1.7\n", b""):
        for act in (
            lambda one: sign(world, own, one),
            lambda one: own.add_timestamp(one, world.stamp(support.NOW)),
            lambda one: informed(world, own, one),
        ):
            with pytest.raises(
                (
                    signing.DocumentNotSignable,
                    archiving.NotArchivable,
                    validation_info.ValidationInfoUnusable,
                )
            ):
                act(document)


def test_a_signed_place_a_moved_one_and_a_closed_document_are_refused(world, contract):
    once = informed(world, own, sign(world, own, contract))
    with pytest.raises(signing.AlreadySigned):
        sign(world, own, once)
    holder = world.supplier
    with pytest.raises(signing.FieldPlacedElsewhere):
        own.prepare(
            once, field=support.SUPPLIER, signer_certificate=holder.certificate, chain=holder.chain,
            signing_time_ms=support.NOW, placement=typeset.CONTRACT_PARTY_A,
        )  # fmt: skip
    with pytest.raises(appearance.PlacementOutsidePage):
        own.prepare(
            contract, field="x", signer_certificate=holder.certificate, chain=holder.chain,
            signing_time_ms=support.NOW, first=True,
            placement=typeset.Placement(page=9, x_mm=1, y_mm=1, width_mm=10, height_mm=10),
        )  # fmt: skip
    alone = sign(world, own, contract, fields=())
    with pytest.raises(signing.DocumentNotSignable):
        sign(world, own, alone, second=True)


def test_a_foreign_value_and_a_foreign_token_are_not_taken(world, contract):
    holder = world.purchaser
    prepared = own.prepare(
        contract, field="one", signer_certificate=holder.certificate, chain=holder.chain,
        signing_time_ms=support.NOW, first=True,
    )  # fmt: skip
    with pytest.raises(container.SignatureValueWrong):
        own.finish(prepared, signature_value=support.sign(world.supplier.key, b"another"))
    value = support.sign(holder.key, prepared.signed_attributes)
    foreign = world.stamp(support.NOW)(bytes(32))
    for token in (foreign, b"", b"\x30\x00", bytes(40_000)):
        with pytest.raises(container.TimestampUnusable):
            own.finish(prepared, signature_value=value, timestamp=lambda _, token=token: token)
