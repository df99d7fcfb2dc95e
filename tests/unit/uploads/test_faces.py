"""The look at a face picture before a provider is asked (IDV-4)."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from engine import uploads
from engine.kernel import files
from engine.uploads import refusals
from simulations import papers


def look(content):
    return uploads.clean(content, allowed=uploads.PICTURE, field="face", face=True)


@pytest.mark.row("IDV-4")
@pytest.mark.parametrize("number", range(16))
def test_a_face_from_the_front_is_good(number):
    assert look(papers._face(number)).media_type == files.PNG


@pytest.mark.row("IDV-4")
@pytest.mark.parametrize(
    ("picture", "refusal"),
    [
        (papers.dark, refusals.FaceTooDark),
        (papers.blurred, refusals.FaceBlurred),
        (papers.small, refusals.FaceTooSmall),
        (papers.no_face, refusals.NoFrontalFace),
        (papers.profile, refusals.NoFrontalFace),
        (papers.several_faces, refusals.SeveralFaces),
        (papers.far, refusals.FaceTooSmall),
        (lambda: papers.picture("an identity card"), refusals.NoFrontalFace),
        (lambda: papers.face()[:3000], refusals.BrokenPicture),
    ],
)
def test_what_can_be_mended_is_told(picture, refusal):
    with pytest.raises(refusal) as refused:
        look(picture())
    assert refused.value.field == "face"


@pytest.mark.parametrize("quality", [95, 75, 45])
@pytest.mark.parametrize("side", [300, 480, 1600])
def test_a_cameras_jpeg_is_good_in_any_size(quality, side):
    image = Image.open(io.BytesIO(papers.face("camera"))).resize((side, side * 4 // 3))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    clean = look(out.getvalue())
    assert (clean.media_type, clean.facts.width) == (files.JPEG, side)


def test_a_picture_that_lies_on_its_side_is_set_upright():
    image = Image.open(io.BytesIO(papers.face("upright"))).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by 270 degrees to see it upright
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=90)
    clean = look(out.getvalue())
    assert (clean.facts.width, clean.facts.height) == (300, 400)
    assert b"Exif" not in clean.content
