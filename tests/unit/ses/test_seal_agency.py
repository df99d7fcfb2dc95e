"""A seal agency makes every kind of seal: drawn, taken off a form, written by hand; signed and clean."""

from __future__ import annotations

import functools
import io

import pytest
from PIL import Image

from engine.kernel import clock, ports
from engine.pki import certificates
from engine.providers import seals
from engine.ses import drawing, framing, impressions, linting, outlines, structures, verifying
from simulations import specimens
from tests.support import stamped_forms
from tests.unit.pki import hierarchy
from tests.unit.pki.hierarchy import NOW, YEAR

ENTERPRISE = "江苏东方科技有限公司"


@functools.cache
def world() -> hierarchy.Hierarchy:
    return hierarchy.make()


def request(**changes) -> ports.SealRequest:
    given = {
        "seal_id": "sea_1",
        "kind": "company",
        "line": "",
        "name": ENTERPRISE,
        "enterprise": ENTERPRISE,
        "code": "3201150012345",
        "certificates": (certificates.to_der(world().company.certificate),),
        "created_at": NOW,
        "valid_from": NOW,
        "valid_to": NOW + YEAR,
        "shape": "round",
        "width_mm": 42,
        "height_mm": 42,
    } | changes
    return ports.SealRequest(**given)


def make(**changes) -> ports.MadeSeal:
    return seals.SealAgency(credential=world().maker).make(request(**changes))


def stroke(*places: tuple[int, int]) -> tuple[tuple[int, ...], ...]:
    return tuple((x, y, 10 * n, 500) for n, (x, y) in enumerate(places))


WRITTEN = (stroke((1000, 1000), (5000, 1500), (9000, 900)), stroke((4000, 300), (4200, 4000)))


@pytest.mark.row("SEA-4")
@pytest.mark.parametrize(
    ("changes", "size"),
    [
        ({}, (42, 42)),
        ({"kind": "contract", "line": "合同专用章", "width_mm": 38, "height_mm": 38}, (38, 38)),
        (
            {"line": "财务专用章", "shape": "square", "width_mm": 22, "height_mm": 22},
            (22, 22),
        ),
        (
            {
                "line": "发票专用章",
                "shape": "oval",
                "width_mm": 40,
                "height_mm": 30,
                "tax_number": "91320105MA7HY0NG1M",
            },
            (40, 30),
        ),
        ({"person": "王小明", "shape": "square", "width_mm": 20, "height_mm": 20}, (20, 20)),
        ({"person": "王小明", "width_mm": 18, "height_mm": 18, "personal": True}, (18, 18)),
        # A kind that nobody has thought of yet is data alone.
        ({"kind": "customs", "line": "报关专用章", "width_mm": 40, "height_mm": 40}, (40, 40)),
    ],
    ids=["company", "contract", "finance", "invoice", "representative", "personal", "customs"],
)
def test_every_kind_is_drawn_signed_and_clean(changes, size):
    made = make(**changes)
    assert (made.width_mm, made.height_mm) == size
    assert "<image" not in made.svg
    read = structures.parse(made.ses)
    assert (read.width_mm, read.height_mm) == size
    assert read.picture == made.png
    personal = changes.get("personal", False)
    assert read.kind == (structures.SealKind.PERSON if personal else structures.SealKind.UNIT)
    assert linting.lint(made.ses) == []
    results = verifying.verify(
        made.ses,
        roots=[world().root.certificate],
        intermediates=[world().east.authority.certificate],
        at_ms=NOW + clock.HOUR,
        signer_certificate=world().company.certificate,
    )
    assert verifying.first_failure(results) is None
    assert make(**changes) == made


@pytest.mark.row("SEA-1")
def test_what_was_stamped_on_paper_is_the_seals_picture_in_whole_millimetres():
    stamp = drawing.draw_round(ENTERPRISE, line="合同专用章", diameter_mm=38)
    scan = stamped_forms.shoot(
        stamped_forms.lower(stamped_forms.pressed(stamp, degrees=4)), stamped_forms.Shot()
    )
    found = impressions.extract(scan)
    made = make(impression=found.png)
    assert (made.width_mm, made.height_mm) == (40, 40)
    assert linting.lint(made.ses) == []
    image = Image.open(io.BytesIO(made.png))
    assert image.width / found.dpi * 25.4 == pytest.approx(40, abs=0.1)
    ink = image.getchannel("A").getbbox()
    assert (ink[2] - ink[0]) / found.dpi * 25.4 == pytest.approx(38, rel=0.03)
    assert "data:image/png;base64," in made.svg


@pytest.mark.row("SEA-2")
def test_what_was_written_on_the_pad_is_a_seal_in_its_colour_and_size():
    made = make(strokes=WRITTEN, shape="free", width_mm=50, height_mm=20, colour="blue")
    assert made.width_mm <= 50
    assert made.height_mm <= 20
    image = Image.open(io.BytesIO(made.png))
    colours = {pixel[1][:3] for pixel in image.getcolors(100_000) if pixel[1][3] == 255}
    assert colours == {drawing.Colour.BLUE.value}
    assert linting.lint(made.ses) == []


def test_a_photographed_signature_is_a_seal():
    made = make(specimen=specimens.signature("张伟"), shape="free", person="张伟")
    assert linting.lint(made.ses) == []
    assert made.width_mm <= 50


def test_a_seal_that_breaks_a_rule_is_not_handed_out():
    with pytest.raises(linting.SealNotClean) as refused:
        make(certificates=())
    assert refused.value.params["rules"] == "SES-05"


def test_what_cannot_be_drawn_is_refused_by_name():
    with pytest.raises(outlines.CharacterNotDrawable):
        make(enterprise="东方\U0003134a公司")
    with pytest.raises(drawing.ShapeUnknown):
        make(shape="triangle")
    with pytest.raises(impressions.PictureUnreadable):
        framing.framed(b"\x89PNG junk")
    bare = io.BytesIO()
    Image.new("RGBA", (10, 10)).save(bare, "PNG")
    with pytest.raises(impressions.PictureUnreadable):
        framing.framed(bare.getvalue())
