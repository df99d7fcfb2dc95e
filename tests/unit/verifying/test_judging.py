"""SGN-6: a PDF from anybody is judged apart, with its seals; whatever it is, there is an answer."""

from __future__ import annotations

import io
import json
import zlib
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from engine.pdf import signing, typeset
from engine.ses import drawing, structures
from engine.uploads import sandbox
from engine.verifying import examining, judging
from tests import support_pdf as support
from tests.unit.pdf import attacks

AT = support.NOW + 3 * support.HOUR


@pytest.fixture(scope="module")
def world() -> support.World:
    return support.make_world()


@pytest.fixture(scope="module")
def maker(world: support.World) -> support.Holder:
    return world.root.issue("公安备案印章制作中心", end=support.NOW + 5 * support.YEAR)


def trust(world: support.World) -> judging.Trust:
    return judging.Trust(
        roots=[support.der(world.root.certificate)],
        certificates=[support.der(world.first_agency.certificate)],
        crls=[world.root.crl(at=support.NOW + support.HOUR)],
    )


def seal_of(
    maker: support.Holder, owner: support.Holder, *, key: Any = None, years: int = 3
) -> bytes:
    drawn = drawing.draw_round("新疆光正电子商城有限责任公司", code="6501020012345")
    assert isinstance(maker.key, ec.EllipticCurvePrivateKey)
    return structures.make_seal(
        seal_id="6501020012345",
        maker_id="YINXIN",
        name="新疆光正电子商城有限责任公司",
        certificates=[owner.certificate],
        picture_type="PNG",
        picture=drawn.to_png(200),
        width_mm=42,
        height_mm=42,
        created_at_ms=support.NOW - support.DAY,
        valid_from_ms=support.NOW - support.DAY,
        valid_to_ms=support.NOW - support.DAY + years * support.YEAR,
        maker_key=key or maker.key,
        maker_certificate=maker.certificate,
    )


def sealed(world: support.World, seal: bytes) -> bytes:
    """A contract that the purchaser signed with this seal in the signature."""
    contract = typeset.render("contract", support.contract_data())
    prepared = signing.prepare(
        contract,
        field=support.PURCHASER,
        signer_certificate=world.purchaser.certificate,
        chain=world.purchaser.chain,
        signing_time_ms=support.NOW,
        seal=support.SEAL,
        first=True,
        all_fields=support.FIELDS,
        seal_object=seal,
    )
    done = signing.finish(
        prepared,
        signature_value=support.sign(world.purchaser.key, prepared.signed_attributes),
        timestamp=world.stamp(support.NOW + 1000),
    )
    return world.with_info(done)


def outcomes(told: dict[str, Any]) -> dict[str, str]:
    return {step["step"]: step["outcome"] for step in told["signatures"][0]["seal"]["steps"]}


@pytest.mark.row("SGN-6", "SEA-4")
def test_a_seal_is_shown_and_every_step_of_it_passes(
    world: support.World, maker: support.Holder
) -> None:
    told = examining.examine(sealed(world, seal_of(maker, world.purchaser)), trust(world), AT)
    assert (told["verdict"], told["reasons"]) == ("valid", [])
    seal = told["signatures"][0]["seal"]
    assert (seal["code"], seal["maker"]) == ("6501020012345", "公安备案印章制作中心")
    assert set(outcomes(told).values()) == {"passed"}
    assert list(outcomes(told))[:2] == ["format", "maker_signature"]
    assert {"signature_value", "document_digest", "time_stamp"} <= set(outcomes(told))


@pytest.mark.row("SGN-6", "SEA-4")
def test_a_seal_that_is_not_the_signers_makes_it_invalid(
    world: support.World, maker: support.Holder
) -> None:
    told = judging.judge(sealed(world, seal_of(maker, world.supplier)), trust(world), AT)
    assert (told["verdict"], told["reasons"]) == ("invalid", ["seal_wrong"])
    assert outcomes(told)["signer_listed"] == "failed"
    assert outcomes(told)["signature_value"] == "passed"


@pytest.mark.row("SGN-6", "SEA-4")
def test_a_forged_an_unknown_and_a_broken_seal(world: support.World, maker: support.Holder) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    forged = judging.judge(
        sealed(world, seal_of(maker, world.purchaser, key=other)), trust(world), AT
    )
    assert (forged["verdict"], outcomes(forged)["maker_signature"]) == ("invalid", "failed")
    stranger = support.root_authority("别的根").issue("陌生制章单位")
    unknown = judging.judge(sealed(world, seal_of(stranger, world.purchaser)), trust(world), AT)
    assert (unknown["verdict"], unknown["reasons"]) == ("indeterminate", ["seal_unknown"])
    broken = judging.judge(sealed(world, b"not a seal"), trust(world), AT)
    assert (broken["verdict"], outcomes(broken)["format"]) == ("invalid", "failed")


def bomb() -> bytes:
    """A small file that unpacks to a gigabyte where a reader looks for its objects."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        out = io.BytesIO()
        pdf.save(out)
    packed = zlib.compress(bytes(1 << 30), 9)
    head = b"\n900 0 obj\n<< /Type /XRef /Size 900 /W [1 4 2] /Root 1 0 R /Length %d" % len(packed)
    start = len(out.getvalue()) + 1
    return (
        out.getvalue()
        + head
        + b" /Filter /FlateDecode >>\nstream\n"
        + packed
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    )


@pytest.mark.row("SGN-6")
def test_whatever_the_file_is_there_is_an_answer(world: support.World) -> None:
    contract = typeset.render("contract", support.contract_data())
    signed = support.both_signed(world, contract)
    cases = {
        b"": "unreadable",
        b"hello": "unreadable",
        b"%PDF-1.7\n" + bytes(3000): "unreadable",
        contract: "unsigned",
        attacks.revision(signed, attacks.page_content): "invalid",
    }
    for content, wanted in cases.items():
        assert examining.examine(content, trust(world), AT)["verdict"] == wanted
    assert examining.examine(bytes(65 * 1024 * 1024), trust(world), AT)["reasons"] == ["too_large"]
    assert examining.examine(bomb(), trust(world), AT)["verdict"] in ("invalid", "unreadable")


@pytest.mark.row("SGN-6")
def test_a_child_that_does_not_live_is_a_verdict(
    world: support.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = sandbox.Sandbox(
        "engine.verifying.child", sandbox.Limits(cpu_seconds=1, wall_seconds=0.03)
    )
    monkeypatch.setattr(examining, "_sandbox", lambda: small)
    signed = support.both_signed(world, typeset.render("contract", support.contract_data()))
    told = examining.examine(signed, trust(world), AT)
    assert (told["verdict"], told["reasons"]) == ("invalid", ["too_costly"])


def test_the_judgment_is_plain_json(world: support.World) -> None:
    signed = support.both_signed(world, typeset.render("contract", support.contract_data()))
    told = judging.judge(signed, trust(world), AT)
    assert json.loads(json.dumps(told)) == json.loads(json.dumps(told, sort_keys=True))
    assert told["signatures"][0]["details"]["certificate"]["key"] == "EC secp256r1"
