"""What is written on a pad becomes ink: smooth, as wide as the hand pressed, without holes."""

from __future__ import annotations

import io
import math

import numpy as np
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.kernel import errors
from engine.ses import outlines, strokes
from tests.support.forms_of_pdf import one_page


def line(x0, y0, x1, y1, *, pressure=(0.5, 0.5), points=30):
    """A straight stroke."""
    shares = np.linspace(0, 1, points)
    return [
        (
            x0 + (x1 - x0) * share,
            y0 + (y1 - y0) * share,
            1000.0 * share,
            pressure[0] + (pressure[1] - pressure[0]) * share,
        )
        for share in shares
    ]


def ring(x, y, radius, *, points=60, turns=1.0):
    angles = np.linspace(0, turns * 2 * math.pi, points)
    return [
        (x + radius * math.cos(a), y + radius * math.sin(a), i * 10.0, 0.5)
        for i, a in enumerate(angles)
    ]


NAME = [line(0.1, 0.1, 0.9, 0.12), ring(0.5, 0.25, 0.12, turns=2.2), line(0.3, 0.05, 0.28, 0.42)]


def ink(picture, per_mm=20):
    image = Image.open(io.BytesIO(picture.to_png(round(picture.width_mm * per_mm))))
    return np.asarray(image.convert("RGBA"))


@pytest.mark.row("SEA-2")
@pytest.mark.parametrize("colour", ["black", "blue", "red", "purple"])
def test_ink_of_the_chosen_colour_on_nothing_trimmed_to_whole_millimetres(colour):
    picture = strokes.draw(NAME, width_mm=50, colour=colour)
    assert picture.width_mm == int(picture.width_mm) <= 50
    assert picture.height_mm == int(picture.height_mm) <= 20
    seen = ink(picture)
    assert set(map(tuple, seen[seen[:, :, 3] == 255][:, :3].tolist())) == {
        strokes.Colour[colour.upper()].value
    }
    solid = np.argwhere(seen[:, :, 3] > 127)
    for least, most, side in zip(solid.min(0), solid.max(0), seen.shape[:2], strict=True):
        # Between 0.7 mm and what rounding up to whole millimetres adds.
        assert 14 <= least <= 26
        assert 14 <= side - 1 - most <= 26
    assert "<image" not in picture.svg


@pytest.mark.row("SEA-2")
@pytest.mark.parametrize(("width", "height"), [(60, 24), (50, 20), (20, 8)])
def test_it_fits_the_size_that_was_chosen(width, height):
    for written in (NAME, [line(0.1, 0.1, 0.9, 0.1)], [line(0.4, 0.02, 0.42, 0.48)]):
        picture = strokes.draw(written, width_mm=width)
        assert picture.width_mm <= width
        assert picture.height_mm <= height
    assert max(picture.width_mm / width, picture.height_mm / height) > 0.9


@pytest.mark.row("SEA-2")
def test_the_line_is_as_wide_as_the_hand_presses():
    picture = strokes.draw([line(0.05, 0.2, 0.95, 0.2, pressure=(0, 1))], pen_mm=1.0)
    rows = (ink(picture)[:, :, 3] > 127).sum(axis=0) / 20
    assert rows[60] == pytest.approx(0.5, abs=0.12)
    assert rows[-60] == pytest.approx(1.3, abs=0.15)
    middle = rows[60:-60]
    assert np.all(np.diff(middle[::20]) >= -0.06)


@pytest.mark.row("SEA-2")
def test_a_coarse_circle_comes_out_round():
    """Twelve points of a circle: the line between them stays on it, as no polygon would."""
    picture = strokes.draw([ring(0.5, 0.3, 0.2, points=13)], width_mm=50, pen_mm=0.5)
    seen = ink(picture)[:, :, 3] > 127
    places = np.argwhere(seen).astype(float)
    middle = (places.max(0) + places.min(0)) / 2
    off = np.linalg.norm(places - middle, axis=1) / 20
    angle = np.degrees(np.arctan2(*(places - middle).T)) % 360
    # Away from where the stroke begins and ends.
    inner = off[(angle > 110) | (angle < 70)]
    assert inner.max() - inner.min() < 0.9
    assert inner.mean() > 6


def test_crossing_and_turning_back_leave_no_hole():
    back = line(0.1, 0.2, 0.8, 0.2) + line(0.8, 0.2, 0.1, 0.203)
    cross = [line(0.1, 0.1, 0.8, 0.3), line(0.1, 0.3, 0.8, 0.1)]
    zigzag = [(0.1 + 0.02 * n, 0.1 + (0.2 if n % 2 else 0.0), n * 20.0, 0.9) for n in range(30)]
    for written in ([back], cross, [zigzag]):
        picture = strokes.draw(written, pen_mm=2.5)
        seen = ink(picture)[:, :, 3] > 127
        for stroke, one in zip(written, _skeletons(picture, written), strict=True):
            assert seen[one[:, 1], one[:, 0]].mean() > 0.995, len(stroke)


def _skeletons(picture, written, per_mm=20):
    """The points between those of the strokes, as pixels of the picture (found by what it spans)."""
    places = np.array([point[:2] for stroke in written for point in stroke])
    seen = np.argwhere(ink(picture, per_mm)[:, :, 3] > 127)[:, ::-1]
    middle, wanted = (seen.max(0) + seen.min(0)) / 2, (places.max(0) + places.min(0)) / 2
    scale = strokes._scale(strokes._checked(written), min(2.5, strokes.PENS_MM[1]) / 50, 50, 20)
    for stroke in written:
        points = np.array([point[:2] for point in stroke])
        yield np.rint((points - wanted) * scale * per_mm + middle).astype(int)


def test_taps_are_dots():
    picture = strokes.draw([*NAME, [(0.95, 0.4, 0, 0.5)], [(0.2, 0.45, 0, 1), (0.2, 0.4501, 5, 1)]])
    body = picture.svg.count("<path")
    assert body == 5
    seen = ink(picture)[:, :, 3] > 127
    corner = seen[-100:, -60:]
    assert 60 < corner.sum() < 900


def test_the_same_writing_gives_the_same_bytes_and_the_pdf_form_shows_it():
    picture, again = strokes.draw(NAME), strokes.draw(NAME)
    assert picture == again
    size = [side * outlines.POINTS_PER_MM for side in (picture.width_mm, picture.height_mm)]
    page = pypdfium2.PdfDocument(one_page(picture.pdf_form, *size))[0]
    seen = ink(picture)[:, :, 3] > 127
    rendered = page.render(scale=20 / outlines.POINTS_PER_MM).to_pil().convert("L")
    shown = np.asarray(rendered.resize(seen.shape[::-1])) < 128
    assert (shown ^ seen).mean() < 0.01


def test_a_signature_stays_small_as_a_file():
    chance = np.random.default_rng(1)
    written = [
        [
            (
                min(1, max(0, 0.05 + 0.1 * n + 0.04 * math.sin(t / 5) + chance.normal(0, 3e-4))),
                min(0.5, max(0, 0.25 + 0.15 * math.sin(t / 9 + n) + chance.normal(0, 3e-4))),
                t * 8.0,
                0.5,
            )
            for t in range(120)
        ]
        for n in range(8)
    ]
    assert len(strokes.draw(written).svg) < 250_000


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        ([], strokes.NothingWritten),
        ([[]], strokes.NothingWritten),
        ([[(0.5, 0.2, 0, 0.5)]], strokes.NothingWritten),
        ([line(0.5, 0.2, 0.52, 0.2)], strokes.NothingWritten),
        ([line(0, 0, 1, 0.4)] * 201, strokes.WritingTooLong),
        ([line(0, 0, 1, 0.4, points=20_001)], strokes.WritingTooLong),
        ([[(0.1, 0.2, 0)]], strokes.WritingMalformed),
        ([[("a", 0.2, 0, 0.5)]], strokes.WritingMalformed),
        ([[(0.1, 0.2, 0, 0.5), (0.1,)]], strokes.WritingMalformed),
        ([[(math.nan, 0.2, 0, 0.5), (0.5, 0.2, 0, 0.5)]], strokes.WritingMalformed),
        ([[(math.inf, 0.2, 0, 0.5), (0.5, 0.2, 0, 0.5)]], strokes.WritingMalformed),
        ([line(0, 0, 7, 0.4)], strokes.WritingMalformed),
        ([line(0, -1, 1, 0.4)], strokes.WritingMalformed),
    ],
)
def test_what_is_no_writing_is_refused_by_name(written, refusal):
    with pytest.raises(refusal):
        strokes.draw(written)


def test_other_sizes_and_inks_are_refused():
    with pytest.raises(strokes.SignatureSizeUnknown):
        strokes.draw(NAME, width_mm=61)
    with pytest.raises(strokes.InkUnknown):
        strokes.draw(NAME, colour="green")


point = st.tuples(st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 10_000), st.floats(-1, 2))


@given(st.lists(st.lists(point, max_size=40), max_size=12), st.sampled_from([20, 50, 60]))
def test_any_writing_is_ink_within_its_box_or_refused_by_name(written, width):
    try:
        picture = strokes.draw(written, width_mm=width)
    except errors.InvalidInput:
        return
    assert picture.width_mm <= width
    assert picture.height_mm <= min(30, width * 0.4)
    numbers = [float(part) for part in picture.pdf_form.split() if part[:1].isdigit()]
    assert all(math.isfinite(number) for number in numbers)
    seen = ink(picture, 4)[:, :, 3]
    assert seen.any()
    assert not seen[0].any()
    assert not seen[-1].any()
