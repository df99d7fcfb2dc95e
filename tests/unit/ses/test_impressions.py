"""A stamp is taken off the printed form: its size, its turn and its picture are those that were pressed."""

from __future__ import annotations

import dataclasses
import io
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.kernel import errors
from engine.pdf import typeset
from engine.ses import drawing, impressions
from engine.ses.drawing import Colour
from tests.support import stamped_forms
from tests.support.stamped_forms import MIDDLE, PLACE, Shot, lower, pressed, shoot

NAME = "江苏南京东方环境科技服务股份有限公司第一分公司"
COMPANY = drawing.draw_round(NAME[:12], code="3201150012345")
CONTRACT = drawing.draw_round(NAME[:12], line="合同专用章", diameter_mm=38)
PERSON = drawing.draw_square("王小明")
PAPERS = ((255, 255, 255), (244, 232, 205), (226, 206, 168), (225, 228, 235))
PLAIN = Shot(blur=0.3)


def taken(page: Image.Image, shot: Shot = PLAIN) -> impressions.Impression:
    return impressions.extract(shoot(lower(page), shot))


def a_case(seed: int) -> tuple[drawing.SealPicture, float, Image.Image, Shot]:
    """A seal, its turn, the stamped page and how it is photographed."""
    chance = np.random.default_rng(seed)
    inks = [Colour.RED] * 6 + [Colour.BLUE, Colour.PURPLE]
    colour = inks[int(chance.integers(len(inks)))]
    name = NAME[: int(chance.integers(6, 20))]
    seal = (
        drawing.draw_round(name, code="3201150012345", colour=colour),
        drawing.draw_round(name, line="合同专用章", diameter_mm=38, colour=colour),
        drawing.draw_square("欧阳修远", colour=colour),
    )[int(chance.integers(3))]
    degrees = float(chance.uniform(-25, 25))
    at = (MIDDLE[0] + float(chance.uniform(-9, 9)), MIDDLE[1] + float(chance.uniform(-9, 9)))
    page = pressed(
        seal,
        at=at,
        degrees=degrees,
        uneven=float(chance.uniform(0, 0.5)),
        strength=float(chance.uniform(0.6, 1)),
        seed=seed,
    )
    shot = Shot(
        dpi=int(chance.integers(270, 350)),
        turn=float(chance.uniform(-12, 12)),
        tilt=float(chance.uniform(0, 0.06)),
        paper=PAPERS[int(chance.integers(len(PAPERS)))],
        shadow=float(chance.uniform(0, 0.45)),
        blur=float(chance.uniform(0.3, 0.6)),
        noise=float(chance.uniform(0, 5)),
        quality=int(chance.integers(60, 95)),
        seed=seed,
    )
    return seal, degrees, page, shot


@pytest.mark.row("SEA-1")
def test_size_turn_and_picture_come_back_from_photographs_of_every_sort(count):
    cases, good, worst = count(10, 72), 0, [0.0, 0.0, 1.0]
    missed = []
    for seed in range(cases):
        seal, degrees, page, shot = a_case(seed)
        found = taken(page, shot)
        sides = zip(found.stamp_mm, (seal.width_mm, seal.height_mm), strict=True)
        off = max(abs(one / other - 1) for one, other in sides)
        turn, same = abs(found.skew_degrees - degrees), stamped_forms.overlap(found, seal)
        worst = [max(worst[0], off), max(worst[1], turn), min(worst[2], same)]
        if off < 0.03 and turn < 1.5 and same > 0.85 and found.in_place:
            good += 1
        else:
            missed.append((seed, shot, off, turn, same, found.findings))
    print(
        f"impressions: {good} of {cases} within 3 % and 1.5 degrees, overlap over 0.85; worst "
        f"{worst[0]:.2%}, {worst[1]:.2f} degrees, {worst[2]:.3f}"
    )
    assert not missed


@pytest.mark.row("SEA-1")
def test_what_comes_out_is_ink_on_nothing_at_its_true_size():
    found = taken(pressed(COMPANY, degrees=7, uneven=0.3), Shot(paper=PAPERS[2], shadow=0.4))
    image = Image.open(io.BytesIO(found.png))
    assert image.mode == "RGBA"
    assert image.info["dpi"] == pytest.approx((found.dpi, found.dpi), abs=0.1)
    assert 300 <= found.dpi <= 600
    assert (found.width_mm, found.height_mm) == pytest.approx((44, 44), abs=0.4)
    assert found.width_mm == pytest.approx(image.width / found.dpi * 25.4, abs=0.01)
    seen = np.asarray(image)
    assert set(map(tuple, seen[seen[:, :, 3] > 0][:, :3].tolist())) == {Colour.RED.value}
    edge = np.concatenate([seen[0, :, 3], seen[-1, :, 3], seen[:, 0, 3], seen[:, -1, 3]])
    assert not edge.any()
    assert found.form_number == stamped_forms.NUMBER
    assert found.findings == ()
    before = Image.open(io.BytesIO(found.before))
    assert (before.format, before.width > 400) == ("JPEG", True)


@pytest.mark.row("SEA-1")
@pytest.mark.parametrize(
    ("at", "findings"),
    [
        (MIDDLE, ()),
        ((PLACE.x_mm + 21.2, 200), ("touches_frame",)),
        ((PLACE.x_mm, 200), ("outside_place", "touches_frame")),
        ((150, 145), ("outside_place",)),
        ((150, 170), ("outside_place", "touches_frame", "on_print")),
    ],
    ids=["inside", "on the frame", "half outside", "beside", "over a mark"],
)
def test_where_the_stamp_is_is_told(at, findings):
    found = taken(pressed(COMPANY, at=at))
    assert found.findings == findings
    assert found.in_place is ("outside_place" not in findings)
    assert found.stamp_mm == pytest.approx((42, 42), rel=0.03)


@pytest.mark.parametrize("degrees", [178, 60, -90])
def test_a_stamp_upside_down_is_set_upright(degrees):
    found = taken(pressed(CONTRACT, degrees=degrees))
    assert found.skew_degrees == pytest.approx(degrees, abs=1.5)
    assert found.findings == ("tilted",)
    assert stamped_forms.overlap(found, CONTRACT) > 0.93


def test_a_page_that_lies_on_its_head_is_read_all_the_same():
    turned = Image.open(io.BytesIO(shoot(lower(pressed(COMPANY, degrees=5)), PLAIN))).rotate(180)
    out = io.BytesIO()
    turned.save(out, "PNG")
    assert impressions.extract(out.getvalue()).skew_degrees == pytest.approx(5, abs=1)


def _grey(page: Image.Image) -> Image.Image:
    return page.convert("L").convert("RGB")


def _torn(page: Image.Image) -> Image.Image:
    """A stamp of which a part did not print."""
    held = page.copy()
    held.paste(stamped_forms.page().crop((1200, 2300, 1700, 2700)), (1200, 2300))
    return held


@pytest.mark.parametrize(
    ("page", "findings"),
    [
        (lambda: pressed(drawing.draw_round(NAME[:8], colour=Colour.BLUE)), ("not_red",)),
        (lambda: pressed(drawing.draw_square("王小明", colour=Colour.BLACK)), ("not_red",)),
        (lambda: _grey(pressed(COMPANY)), ("not_red",)),
        (lambda: pressed(COMPANY, strength=0.3, uneven=0.3), ("faint",)),
        (lambda: _torn(pressed(COMPANY)), ("no_clear_shape",)),
        (
            lambda: pressed(PERSON, at=(120, 220), onto=pressed(PERSON, at=(90, 185))),
            ("several_impressions",),
        ),
        (lambda: pressed(PERSON, degrees=20), ("tilted",)),
    ],
    ids=["blue", "black", "grey scan", "faint", "torn", "two", "tilted"],
)
def test_what_a_reviewer_should_look_at_is_told(page, findings):
    assert taken(page()).findings == findings


def test_a_scan_below_300_dpi_is_told_and_one_below_200_refused_with_its_figure():
    assert taken(pressed(COMPANY), Shot(dpi=212, blur=0.2)).findings == ("coarse",)
    for dpi in (190, 150):
        with pytest.raises(impressions.ScanTooCoarse) as refused:
            taken(pressed(COMPANY), Shot(dpi=dpi, blur=0.2))
        assert refused.value.params == {"dpi": pytest.approx(dpi, abs=3), "least": 200}


def test_a_coarse_scan_gains_nothing_by_being_made_larger():
    small = Image.open(io.BytesIO(shoot(lower(pressed(COMPANY)), Shot(dpi=120, blur=0))))
    large = small.resize((small.width * 3, small.height * 3), Image.Resampling.BICUBIC)
    out = io.BytesIO()
    large.save(out, "PNG")
    with pytest.raises(impressions.ScanTooCoarse) as refused:
        impressions.extract(out.getvalue())
    assert refused.value.params["dpi"] < 200


@pytest.mark.parametrize(
    ("page", "refusal"),
    [
        (lambda: stamped_forms.page(), impressions.NoImpression),
        (lambda: Image.new("RGB", (1240, 1754), "white"), impressions.FormNotSeen),
        (
            lambda: lower(pressed(COMPANY)).transpose(Image.Transpose.FLIP_LEFT_RIGHT),
            impressions.FormNotSeen,
        ),
    ],
    ids=["not stamped", "another paper", "mirrored"],
)
def test_what_shows_no_stamp_or_no_form_is_refused(page, refusal):
    with pytest.raises(refusal):
        impressions.extract(shoot(page(), PLAIN))


def _bomb() -> bytes:
    out = io.BytesIO()
    Image.new("L", (9_000, 9_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "scan",
    [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n broken", b"GIF89a", _bomb()],
    ids=["empty", "cut JPEG", "broken PNG", "GIF", "bomb"],
)
def test_what_is_no_picture_is_refused(scan):
    with pytest.raises(impressions.PictureUnreadable):
        impressions.extract(scan)


def test_cut_pictures_are_refused_by_name_and_never_crash():
    whole = shoot(lower(pressed(COMPANY)), PLAIN)
    for share in (0.1, 0.5, 0.9):
        with pytest.raises(impressions.PictureUnreadable):
            impressions.extract(whole[: int(len(whole) * share)])


def test_the_place_is_the_forms_own():
    place = typeset.APPLICATION_STAMP
    assert (PLACE.x_mm, PLACE.y_mm, PLACE.width_mm, PLACE.height_mm) == (
        place.x_mm,
        place.y_mm,
        place.width_mm,
        place.height_mm,
    )


def _spoiled(chance: np.random.Generator, page: Image.Image) -> Image.Image:
    """A stamped page with something done to it that nobody foresaw."""
    held = np.asarray(page).copy()
    height, width = held.shape[:2]
    for _ in range(int(chance.integers(1, 5))):
        top, left = int(chance.integers(height - 50)), int(chance.integers(width - 50))
        piece = held[top : top + int(chance.integers(20, 900)), left : left + 600]
        way = int(chance.integers(5))
        if way == 0:
            piece[:] = chance.integers(0, 256, 3)
        elif way == 1:
            piece[:] = chance.integers(0, 256, piece.shape)
        elif way == 2:
            piece[:] = 255 - piece
        elif way == 3:
            other = held[: piece.shape[0], : piece.shape[1]]
            piece[: other.shape[0], : other.shape[1]] = other
        else:
            held = np.rot90(held).copy()
            height, width = held.shape[:2]
    return Image.fromarray(np.ascontiguousarray(held))


def test_spoiled_pages_are_an_impression_or_a_refusal_by_name(count):
    page = lower(pressed(COMPANY, degrees=3)).resize((1_700, 1_395))
    cases, outcomes = count(12, 120), {}
    for seed in range(cases):
        spoiled = _spoiled(np.random.default_rng(seed), page)
        out = io.BytesIO()
        spoiled.save(out, "JPEG", quality=80)
        try:
            found = impressions.extract(out.getvalue())
        except errors.InvalidInput as refused:
            told = type(refused).__name__
        else:
            told = "found"
            assert set(found.findings) <= set(impressions.FINDINGS)
            assert 0 < found.width_mm <= 110
        outcomes[told] = outcomes.get(told, 0) + 1
    print(f"spoiled pages: {cases}, {outcomes}")
    assert sum(outcomes.values()) == cases


def _without_star(seal: drawing.SealPicture) -> drawing.SealPicture:
    star = re.findall(r"<path[^>]*/>", seal.svg)[1]
    return dataclasses.replace(seal, svg=seal.svg.replace(star, ""))


@pytest.mark.parametrize("degrees", [-20, 5, 90, 170])
@pytest.mark.parametrize("seal", [CONTRACT, COMPANY], ids=["by its line", "by its gap"])
def test_a_round_stamp_without_a_star_is_set_upright_too(seal, degrees):
    found = taken(pressed(_without_star(seal), degrees=degrees))
    assert found.outline == "round"
    assert found.skew_degrees == pytest.approx(degrees, abs=1.5)


def _ring_broken(page: Image.Image) -> Image.Image:
    """A stamp whose ring did not print in places, as a worn or badly inked one."""
    held, per_mm = page.copy(), 300 / 25.4
    middle, radius = [side * per_mm for side in MIDDLE], 21.6 * per_mm
    box = [middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius]
    pen = ImageDraw.Draw(held)
    for angle in range(20, 380, 60):
        pen.arc(box, angle, angle + 11, fill="white", width=round(2.1 * per_mm))
    return held


def _bent(scan: bytes) -> bytes:
    """A photograph of a page that is not flat."""
    seen = np.asarray(Image.open(io.BytesIO(scan)))
    rows, columns = np.mgrid[0 : seen.shape[0], 0 : seen.shape[1]].astype(np.float32)
    waved = rows + 30 * np.sin(columns / seen.shape[1] * 4 * np.pi)
    made = cv2.remap(seen, columns, waved.astype(np.float32), cv2.INTER_LINEAR)
    out = io.BytesIO()
    Image.fromarray(made).save(out, "JPEG", quality=92)
    return out.getvalue()


def test_a_broken_ring_and_a_bent_page_are_told():
    assert taken(_ring_broken(pressed(COMPANY))).findings == ("incomplete",)
    found = impressions.extract(_bent(shoot(lower(pressed(COMPANY)), PLAIN)))
    assert "not_flat" in found.findings


def test_every_finding_is_told_in_a_test():
    source = Path(__file__).read_text(encoding="utf-8")
    assert all(source.count(f'"{one}"') for one in impressions.FINDINGS)
