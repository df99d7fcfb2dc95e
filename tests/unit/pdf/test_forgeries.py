"""S-PDF: of every class of forgery, none comes out valid."""

from __future__ import annotations

import random

import pytest

from engine.pdf import signing, typeset
from tests import support_pdf as support
from tests.unit.pdf import attacks
from tests.unit.pdf.judging import FORGED, judge, verdict


def test_one_flipped_byte_anywhere_in_the_signed_range_is_invalid(
    world: support.World, half_signed: bytes
) -> None:
    _, first, second, length = attacks.byte_ranges(half_signed)[0]
    chance = random.Random(7)
    places = [chance.randrange(9, first) for _ in range(30)]
    places += [chance.randrange(second, second + length) for _ in range(10)]
    for place in places:
        forged = bytearray(half_signed)
        forged[place] ^= 1 << chance.randrange(8)
        assert judge(world, bytes(forged)) in ("invalid", "unreadable"), place


def test_a_flip_inside_the_signature_is_never_valid(
    world: support.World, half_signed: bytes
) -> None:
    _, first, second, _ = attacks.byte_ranges(half_signed)[0]
    chance = random.Random(8)
    for place in [chance.randrange(first, second) for _ in range(25)]:
        forged = bytearray(half_signed)
        forged[place] ^= 1 << chance.randrange(8)
        assert judge(world, bytes(forged)) in FORGED, place


@pytest.mark.parametrize("base", ["half_signed", "signed"])
@pytest.mark.parametrize("attack", attacks.REVISIONS)
def test_no_later_revision_comes_out_valid(
    world: support.World, request: pytest.FixtureRequest, base: str, attack: str
) -> None:
    document = request.getfixturevalue(base)
    forged = attacks.revision(document, attacks.REVISIONS[attack])
    assert forged != document
    found = verdict(world, forged)
    assert found.verdict in ("invalid", "unreadable"), found
    # Nor with our own validation data written over it to look like maintenance.
    assert judge(world, world.with_info(forged, at=support.NOW)) in FORGED


@pytest.mark.parametrize("base", ["half_signed", "signed"])
def test_no_broken_signature_comes_out_valid(
    world: support.World, request: pytest.FixtureRequest, base: str
) -> None:
    for label, forged in attacks.signature_broken(request.getfixturevalue(base)):
        assert judge(world, forged) in ("invalid", "unsigned", "unreadable"), label


@pytest.mark.parametrize("base", ["half_signed", "signed"])
def test_bytes_behind_the_end_are_never_valid(
    world: support.World, request: pytest.FixtureRequest, base: str
) -> None:
    document = request.getfixturevalue(base)
    for label, forged in attacks.appended(document):
        assert judge(world, forged) in FORGED, label
    end = sum(attacks.byte_ranges(document)[-1][2:])
    for label, forged in attacks.appended(document[:end]):
        assert judge(world, forged) in FORGED, label


def test_a_byte_between_two_revisions_is_never_valid(world: support.World, signed: bytes) -> None:
    for *_, second, length in attacks.byte_ranges(signed):
        end = second + length
        for filling in (b"\n", b"%\n", b"% comment\n", b" "):
            assert judge(world, signed[:end] + filling + signed[end:]) in FORGED


def test_a_moved_second_part_is_never_valid(world: support.World, signed: bytes) -> None:
    assert judge(world, attacks.second_part_moved(signed)) in ("invalid", "unreadable")


def test_revisions_put_together_from_two_contracts_are_never_valid(
    world: support.World, half_signed: bytes, signed: bytes
) -> None:
    end = len(half_signed)
    other = support.both_signed(
        world, typeset.render("contract", support.contract_data(total_fen=1))
    )
    for forged in (
        half_signed + other[end:],
        other[:end] + signed[end:],
        signed + signed[end:],
        signed[:end] + signed[end:][::-1],
    ):
        assert judge(world, forged) in FORGED


def test_a_field_filled_after_signing_is_at_most_extended(
    world: support.World, contract: bytes
) -> None:
    prepared = attacks.text_field(contract)
    fields = (*support.FIELDS, signing.FieldSpec(name="第三方"))
    once = world.with_info(
        support.sign_field(
            world, prepared, world.purchaser, support.PURCHASER, first=True, fields=fields
        )
    )
    assert judge(world, once) == "valid"
    filled = attacks.revision(once, attacks.text_field_filled)
    found = verdict(world, filled)
    assert (found.verdict, found.reasons) == ("valid_extended", ("extended_after_signing",))
    # A second signature over the altered showing does not launder the first.
    twice = world.with_info(
        support.sign_field(world, filled, world.supplier, support.SUPPLIER, first=False)
    )
    assert judge(world, twice) == "valid_extended"


def test_a_document_with_a_stolen_signature_is_never_valid(
    world: support.World, contract: bytes, half_signed: bytes
) -> None:
    """The CMS of one document put into the placeholder of another."""
    _, first, second, _ = attacks.byte_ranges(half_signed)[0]
    prepared = signing.prepare(
        attacks.revision(contract, attacks.page_content),
        field=support.PURCHASER,
        signer_certificate=world.purchaser.certificate,
        chain=world.purchaser.chain,
        signing_time_ms=support.NOW,
        seal=support.SEAL,
        first=True,
        all_fields=support.FIELDS,
    )
    room = prepared.region_end - prepared.region_start
    stolen = half_signed[first : second - 1][: room - 1].ljust(room - 1, b"0") + b">"
    forged = (
        prepared.document[: prepared.region_start]
        + stolen
        + prepared.document[prepared.region_end :]
    )
    found = verdict(world, forged)
    assert found.verdict == "invalid"
    assert "digest_mismatch" in found.reasons


def test_a_signature_by_a_stranger_does_not_make_a_contract_valid(
    world: support.World, half_signed: bytes
) -> None:
    stranger = support.make_world()
    forged = support.sign_field(
        stranger, half_signed, stranger.supplier, support.SUPPLIER, first=False
    )
    assert judge(world, stranger.with_info(forged)) == "indeterminate"


def test_random_damage_never_raises_and_is_never_valid(world: support.World, signed: bytes) -> None:
    chance = random.Random(9)
    end = sum(attacks.byte_ranges(signed)[-1][2:])
    for _ in range(25):
        forged = bytearray(signed)
        for _ in range(chance.randrange(1, 30)):
            forged[chance.randrange(end)] = chance.randrange(256)
        if bytes(forged) != signed:
            assert judge(world, bytes(forged)) in FORGED
