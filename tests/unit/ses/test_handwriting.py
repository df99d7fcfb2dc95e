"""A signature is taken off its paper: ink stays, paper, shadow and noise go."""

from __future__ import annotations

import io

import numpy as np
import pytest
import resvg_py
from PIL import Image, ImageDraw

from engine.ses import handwriting
from simulations import specimens


def png(image: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def strokes(paper: Image.Image, ink: object = 30) -> Image.Image:
    """Three strokes of a pen."""
    draw = ImageDraw.Draw(paper)
    draw.line((80, 60, 420, 120), fill=ink, width=9)
    draw.line((120, 200, 300, 40), fill=ink, width=9)
    draw.line((260, 180, 430, 210), fill=ink, width=7)
    return paper


# Paper under a lamp: from 120 to 250 of 255.
LAMP = Image.linear_gradient("L").point([120 + level * 130 // 255 for level in range(256)])


def alpha(written: handwriting.Handwriting) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(written.png)).convert("RGBA"))[:, :, 3]


@pytest.mark.row("SEA-4")
@pytest.mark.parametrize("name", ["张伟", "李晓东", "欧阳修远", "阿不都热合曼·买买提"])
def test_a_photographed_signature_becomes_ink_on_nothing(name):
    written = handwriting.draw(specimens.signature(name))
    seen = alpha(written)
    assert 0.02 < (seen > 127).mean() < 0.5
    # The corners were paper, light on one side and dark on the other: both are gone.
    assert {int(seen[y, x]) for y in (0, -1) for x in (0, -1)} == {0}
    assert written.width_mm <= handwriting.WIDTH_MM
    assert written.height_mm <= handwriting.HEIGHT_MM
    colours = np.asarray(Image.open(io.BytesIO(written.png)))[:, :, :3][seen > 0]
    assert set(map(tuple, colours.tolist())) == {(16, 16, 20)}


def test_the_svg_shows_what_the_png_shows():
    written = handwriting.draw(specimens.signature("李晓东"))
    drawn = resvg_py.svg_to_bytes(svg_string=written.svg, dpi=96, width=600)
    shown = Image.open(io.BytesIO(bytes(drawn))).convert("RGBA")
    own = Image.open(io.BytesIO(written.png)).resize(shown.size)
    one, other = (np.asarray(image)[:, :, 3] > 127 for image in (shown, own))
    assert (one ^ other).mean() < 0.02


def test_a_shadow_over_half_the_sheet_takes_no_stroke_away():
    paper = Image.new("L", (500, 260), 245)
    clear = alpha(handwriting.draw(png(strokes(paper.copy()))))
    shade = Image.linear_gradient("L").rotate(90).resize(paper.size)
    shadowed = shade.point([110 + level * 135 // 255 for level in range(256)])
    dark = alpha(handwriting.draw(png(strokes(shadowed))))
    assert abs((clear > 127).mean() - (dark > 127).mean()) < 0.02


def test_transparent_pictures_and_jpegs_are_read_too():
    nothing = Image.new("RGBA", (500, 260), (0, 0, 0, 0))
    assert (alpha(handwriting.draw(png(strokes(nothing, (0, 0, 0, 255))))) > 127).any()
    photograph = strokes(Image.new("L", (500, 260), 240))
    assert (alpha(handwriting.draw(png(photograph, "JPEG"))) > 127).any()


def test_dust_does_not_widen_the_signature():
    clean = strokes(Image.new("L", (500, 260), 245))
    dusty = clean.copy()
    dusty.putpixel((3, 3), 0)
    dusty.putpixel((495, 250), 0)
    one, other = (handwriting.draw(png(each)) for each in (clean, dusty))
    assert (one.width_mm, one.height_mm) == (other.width_mm, other.height_mm)


@pytest.mark.parametrize(
    "picture",
    [
        png(Image.new("L", (400, 200), 250)),
        png(Image.new("L", (400, 200), 5)),
        png(LAMP.resize((1_200, 600))),
        b"\x89PNG\r\n\x1a\n broken",
        b"",
    ],
    ids=["white", "black", "shadow alone", "broken", "empty"],
)
def test_what_shows_no_signature_is_refused(picture):
    with pytest.raises(handwriting.SignatureUnreadable):
        handwriting.draw(picture)
