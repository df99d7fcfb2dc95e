"""Pictures made anew, and the print by which a copy is known (`security.md` 3.5, d)."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from engine import uploads
from engine.kernel import files, ids
from engine.uploads import refusals
from simulations import papers


def clean(content):
    return uploads.clean(content, allowed=uploads.PICTURE, field="paper")


def saved(image, kind="PNG", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def licence(number):
    """A licence of one form: frame, title and layout are the same, the particulars are not."""
    return papers.form("营业执照", str(number))


def copied(content, number):
    """The same picture in another size and another compression."""
    chance = ids.Stream(b"copy%03d" % number)
    share = 0.4 + 1.2 * chance(1)[0] / 255
    image = Image.open(io.BytesIO(content))
    size = (round(image.width * share), round(image.height * share))
    return saved(
        image.resize(size, Image.Resampling.LANCZOS), "JPEG", quality=35 + chance(1)[0] % 56
    )


@pytest.mark.row("S-UPL-2")
def test_a_picture_handed_in_again_is_known_in_any_size_or_compression(count):
    size = count(100, 1_000)
    found = missed = false = 0
    prints = []
    for number in range(size):
        content = licence(number)
        own = clean(content).facts.print
        if uploads.alike(own, clean(copied(content, number)).facts.print):
            found += 1
        else:
            missed += 1
        false += any(uploads.alike(own, other) for other in prints[-100:])
        prints.append(own)
    assert found >= 0.95 * size, (found, missed)
    assert false <= 0.01 * size


@pytest.mark.parametrize(
    ("image", "mode"),
    [
        (Image.new("RGBA", (40, 30), (200, 30, 30, 120)), "RGBA"),
        (Image.new("L", (40, 30), 120), "L"),
        (Image.new("P", (40, 30), 3), "RGB"),
        (Image.new("1", (40, 30), 1), "RGB"),
        (Image.new("I;16", (40, 30), 40_000), "RGB"),
    ],
)
def test_every_colour_mode_comes_out_as_an_ordinary_picture(image, mode):
    made = Image.open(io.BytesIO(clean(saved(image)).content))
    assert (made.mode, made.size) == (mode, (40, 30))


def test_a_jpeg_for_print_is_taken_as_rgb():
    content = saved(Image.new("CMYK", (40, 30), (10, 90, 0, 0)), "JPEG")
    made = clean(content)
    assert made.media_type == files.JPEG
    assert Image.open(io.BytesIO(made.content)).mode == "RGB"


def test_an_animation_becomes_its_first_picture():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    content = saved(frames[0], save_all=True, append_images=frames[1:])
    made = Image.open(io.BytesIO(clean(content).content))
    assert getattr(made, "n_frames", 1) == 1
    assert made.getpixel((5, 5)) == (255, 0, 0)


def test_twenty_five_million_pixels_are_the_most():
    at_most = clean(saved(Image.new("L", (5_000, 5_000))))
    assert at_most.facts.width * at_most.facts.height == 25_000_000
    with pytest.raises(refusals.HugePicture) as refused:
        clean(saved(Image.new("L", (5_000, 5_001))))
    assert refused.value.params == {"megapixels": 26, "limit": 25}


def test_cleaning_twice_changes_nothing_more():
    once = clean(papers.picture("twice"))
    assert clean(once.content).content == once.content
