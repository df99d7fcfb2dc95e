"""S-PDF (`security.md` 3.6): every class of attack, made here; none passes as untouched, none raises."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine.pdf import increments, validation_info
from tests import support_pdf as support
from tests.unit.pdf import attacks, later_attacks, structure_attacks
from tests.unit.pdf.judging import FORGED, LATER, judge, verdict

CHANGED = ("invalid", "unsigned", "unreadable")


class Ruthless(signers.PdfSigner):
    """A signer that asks nobody whether a document may be signed."""

    def _enforce_certification_constraints(self, reader: Any) -> None:
        """Nothing is forbidden."""


def signed_elsewhere(
    document: bytes,
    who: support.Holder,
    field: str,
    *,
    key: support.Key | None = None,
    box: tuple[int, int, int, int] | None = None,
) -> bytes:
    """A signature made by another product (pyHanko's own signer), with any key under the certificate."""
    der = (key or who.key).private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    signer = signers.SimpleSigner(
        signing_cert=increments.asn1(who.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore.from_certs([increments.asn1(c) for c in who.chain]),
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    spec = fields.SigFieldSpec(field, on_page=0, box=box) if box else None
    made = Ruthless(metadata, signer, new_field_spec=spec)
    writer = increments.writer(document)
    out = increments.run(made.async_sign_pdf(writer, existing_fields_only=False))
    return bytes(out.getvalue())


@pytest.mark.row("SGN-6")
@pytest.mark.parametrize("base", ["half_signed", "signed"])
@pytest.mark.parametrize("attack", later_attacks.LATER)
def test_no_later_change_passes_as_untouched(
    world: support.World, request: pytest.FixtureRequest, base: str, attack: str
) -> None:
    document = request.getfixturevalue(base)
    forged = attacks.revision(document, later_attacks.LATER[attack])
    assert forged[: len(document)] == document
    found = verdict(world, forged)
    if attack in later_attacks.PERMITTED:
        assert found.verdict in FORGED, found
    else:
        assert found.verdict in CHANGED, found


@pytest.mark.row("SGN-6")
@pytest.mark.parametrize("base", ["half_signed", "signed"])
def test_no_cross_reference_and_no_byte_range_deceives(
    world: support.World, request: pytest.FixtureRequest, base: str
) -> None:
    document = request.getfixturevalue(base)
    made = [*structure_attacks.sections(document), *structure_attacks.ranges(document)]
    assert len(made) >= 22
    for label, forged in made:
        assert forged != document, label
        assert judge(world, forged) in FORGED, label


@pytest.mark.row("SGN-6")
def test_shadow_hide_and_replace_is_found(world: support.World, contract: bytes) -> None:
    prepared, index, at = structure_attacks.hidden_content(contract)
    document = world.with_info(
        support.sign_field(world, prepared, world.purchaser, support.PURCHASER, first=True)
    )
    assert judge(world, document) == "valid"
    forged = structure_attacks.section(document, {index: at})
    assert judge(world, forged) in CHANGED


@pytest.mark.row("SGN-6")
@pytest.mark.parametrize(
    "change", [structure_attacks.overlay_emptied, structure_attacks.overlay_detached]
)
def test_shadow_hide_is_found(world: support.World, contract: bytes, change: Any) -> None:
    document = world.with_info(
        support.sign_field(
            world,
            structure_attacks.overlaid(contract),
            world.purchaser,
            support.PURCHASER,
            first=True,
        )
    )
    assert judge(world, document) == "valid"
    assert judge(world, attacks.revision(document, change)) in CHANGED


@pytest.mark.row("SGN-6")
def test_a_signature_after_a_certification_that_forbids_it(
    world: support.World, contract: bytes
) -> None:
    """DocMDP P=1, then another signature: neither the second nor the first comes out valid."""
    alone = (support.FIELDS[0],)
    once = world.with_info(
        support.sign_field(
            world, contract, world.purchaser, support.PURCHASER, first=True, fields=alone
        )
    )
    assert judge(world, once) == "valid"
    forged = signed_elsewhere(once, world.supplier, "后加的签名", box=(20, 20, 140, 140))
    found = verdict(world, world.with_info(forged))
    assert found.verdict == "invalid"
    assert "changed_after_signing" in found.reasons


@pytest.mark.row("SGN-6")
def test_a_seal_as_large_as_the_page_hides_nothing(
    world: support.World, half_signed: bytes
) -> None:
    """The second signer's field, with a picture over the whole page: signing is permitted, hiding not."""

    def change(writer: Any) -> None:
        for field, value, reference in fields.enumerate_sig_fields(writer):
            if field == support.SUPPLIER and value is None:
                widget = reference.get_object()
                widget[name("/AP")] = attacks.generic.DictionaryObject(
                    {name("/N"): attacks._form(writer, attacks.RED)}
                )
                writer.update_container(widget)

    forged = attacks.revision(half_signed, change)
    assert judge(world, forged) in FORGED
    signed = world.with_info(
        support.sign_field(world, half_signed, world.supplier, support.SUPPLIER, first=False)
    )
    assert judge(world, signed) == "valid"


@pytest.mark.row("SGN-6")
def test_a_signature_that_no_form_knows_is_no_signature(
    world: support.World, half_signed: bytes
) -> None:
    forged = attacks.revision(half_signed, later_attacks.LATER["fields forgotten"])
    assert judge(world, forged) in CHANGED


@pytest.mark.row("SGN-6")
def test_another_key_under_the_certificate_is_invalid(
    world: support.World, contract: bytes
) -> None:
    stranger = support.make_world()
    forged = signed_elsewhere(
        contract, world.purchaser, "签名", key=stranger.purchaser.key, box=(20, 20, 140, 140)
    )
    found = verdict(world, world.with_info(forged))
    assert found.verdict == "invalid"
    assert "signature_wrong" in found.reasons


@pytest.mark.row("SGN-6")
def test_an_agency_of_the_same_name_is_not_trusted(world: support.World, contract: bytes) -> None:
    twin = support.make_world()
    document = support.sign_field(twin, contract, twin.purchaser, support.PURCHASER, first=True)
    for given in (document, twin.with_info(document), world.with_info(document)):
        assert judge(world, given) in ("indeterminate", "invalid")


@pytest.mark.row("SGN-6")
def test_a_list_signed_by_somebody_else_clears_nobody(contract: bytes) -> None:
    """A forged DSS: the certificate was revoked, and the list that says otherwise is a stranger's."""
    world, twin = support.make_world(), support.make_world()
    world.first_agency.revoked[world.purchaser.certificate.serial_number] = support.NOW - 1000
    document = support.sign_field(world, contract, world.purchaser, support.PURCHASER, first=True)
    forged = validation_info.add_validation_info(
        document,
        certificates=[world.first_agency.certificate],
        crls=[twin.first_agency.crl(), world.root.crl()],
    )
    found = verdict(world, forged)
    assert found.verdict in ("indeterminate", "invalid")
    # With the list in force, it is known.
    known = verdict(world, forged, crls=[world.first_agency.crl(at=support.NOW)])
    assert known.verdict == "invalid"
    assert "certificate_revoked" in known.reasons


@pytest.mark.row("SGN-6")
@pytest.mark.parametrize("stamped", [True, False])
@pytest.mark.parametrize("hours", [-2, 2])
def test_revoked_before_or_after_with_and_without_a_time_stamp(
    contract: bytes, stamped: bool, hours: int
) -> None:
    world = support.make_world()
    since = support.NOW + hours * support.HOUR
    document = world.with_info(
        support.sign_field(
            world, contract, world.purchaser, support.PURCHASER, first=True, stamped=stamped
        )
    )
    world.first_agency.revoked[world.purchaser.certificate.serial_number] = since
    later = support.NOW + support.DAY
    crls = [a.crl(at=later) for a in (world.first_agency, world.second_agency, world.root)]
    found = verdict(world, document, later + support.HOUR, crls=crls)
    # Only a time-stamp proves that it was signed before.
    assert found.verdict == ("valid" if stamped and hours > 0 else "invalid"), found.reasons


@pytest.mark.row("SGN-6")
@pytest.mark.parametrize("stamped", [True, False])
def test_a_certificate_that_has_ended_with_and_without_a_time_stamp(
    contract: bytes, stamped: bool
) -> None:
    world = support.make_world()
    document = world.with_info(
        support.sign_field(
            world, contract, world.purchaser, support.PURCHASER, first=True, stamped=stamped
        )
    )
    found = verdict(world, document, support.NOW + 2 * support.YEAR)
    assert found.verdict == ("valid" if stamped else "indeterminate")


@pytest.mark.row("SGN-6")
def test_revisions_of_two_signers_put_in_the_other_order(
    world: support.World, contract: bytes
) -> None:
    once = support.sign_field(world, contract, world.purchaser, support.PURCHASER, first=True)
    twice = support.sign_field(world, once, world.supplier, support.SUPPLIER, first=False)
    first, second = once[len(contract) :], twice[len(once) :]
    for forged in (contract + second + first, contract + second, contract + first + first):
        assert judge(world, forged) in CHANGED


@pytest.mark.row("SGN-6")
def test_an_instant_that_the_signer_invents_proves_nothing(
    world: support.World, contract: bytes
) -> None:
    """Without a time-stamp the signer's clock is hearsay: told, and never the instant of judgement."""
    document = world.with_info(
        support.sign_field(
            world,
            contract,
            world.purchaser,
            support.PURCHASER,
            first=True,
            at=support.NOW - 300 * support.DAY,
            stamped=False,
        )
    )
    found = verdict(world, document)
    assert found.signatures[0].timestamp_at is None
    told = found.signatures[0].signed_at
    assert told is not None
    assert datetime.datetime.fromtimestamp(told / 1000, tz=datetime.UTC).year == 2026


@pytest.mark.row("SGN-6")
def test_random_damage_is_never_valid_and_never_raises(
    world: support.World, half_signed: bytes, signed: bytes, count: Any
) -> None:
    """Bytes changed, cut out, put in, swapped: 2,000 documents in the full run."""
    chance = random.Random(20261128)
    ends = {id(one): sum(attacks.byte_ranges(one)[-1][2:]) for one in (half_signed, signed)}
    seen: dict[str, int] = {}
    for _ in range(count(60, 2_000)):
        document = chance.choice((half_signed, signed))
        forged = bytearray(document)
        at = chance.randrange(ends[id(document)])
        kind = chance.randrange(4)
        if kind == 0:
            forged[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del forged[at : at + chance.randrange(1, 200)]
        elif kind == 2:
            forged[at:at] = chance.randbytes(chance.randrange(1, 200))
        else:
            length = chance.randrange(1, 400)
            other = chance.randrange(len(forged) - length)
            forged[at : at + length] = forged[other : other + length]
        if bytes(forged) == document:
            continue
        found = judge(world, bytes(forged), LATER)
        seen[found] = seen.get(found, 0) + 1
        assert found in FORGED, (kind, at)
    assert seen.get("invalid", 0) > 0


def test_the_classes_make_eighty_documents_and_more(half_signed: bytes) -> None:
    made = (
        len(attacks.REVISIONS)
        + len(list(attacks.signature_broken(half_signed)))
        + len(list(attacks.appended(half_signed)))
        + len(later_attacks.LATER)
        + len(list(structure_attacks.sections(half_signed)))
        + len(list(structure_attacks.ranges(half_signed)))
    )
    assert made >= 80
