"""Every regulated seal with names of every length: nothing collides, nothing leaves, all can be read."""

from __future__ import annotations

import dataclasses
import io
import re

import numpy
import pypdfium2
import pytest
import resvg_py
from PIL import Image

from engine.ses import arcs, drawing, outlines, round_seals, square_seals
from tests.support.forms_of_pdf import one_page

LONG = (
    "江苏省南京市建邺区长江流域生态环境保护与绿色低碳循环发展技术创新研究中心（集团）"
    "华东分公司供应链管理有限责任公司第三营业部门市场拓展办公室"
)
CODE, TAX = "3201150012345", "91320105MA7HY0NG1M"
LENGTHS = (2, 4, 8, 14, 25, 26, 40, 41, 60)
ODD = (
    "ABB（中国）有限公司",
    "阿里·TCL科技（集团）有限公司",
    "乌鲁木齐·和田𬭩业有限公司",
    "一丨丶公司",
)
PER_MM = 10


def company(name):
    return drawing.draw("round", name, width_mm=42, height_mm=42, code=CODE)


def contract(name):
    return drawing.draw("round", name, width_mm=38, height_mm=38, line="合同专用章", code=CODE)


def finance(name):
    return drawing.draw("square", name, width_mm=22, height_mm=22, line="财务专用章")


def invoice(name):
    return drawing.draw(
        "oval", name, width_mm=40, height_mm=30, line="发票专用章", tax_number=TAX, code=CODE
    )


def wide_oval(name):
    return drawing.draw("oval", name, width_mm=45, height_mm=30, code=CODE)


def oval_with_line(name):
    return drawing.draw("oval", name, width_mm=45, height_mm=30, line="财务专用章（2）")


UNITS = (company, contract, finance, invoice, wide_oval, oval_with_line)


def ink(svg: str, size_mm: tuple[float, float], per_mm: float = PER_MM) -> numpy.ndarray:
    return alpha(svg, size_mm, per_mm) > 127


def opened(picture: drawing.SealPicture) -> tuple[str, list[str], str]:
    """The drawing's head, its paths (the ring or frame comes first) and its end."""
    head, body, tail = re.fullmatch(r"(.*?<g[^>]*>)(.*)(</g></svg>)", picture.svg).groups()
    return head, re.findall(r"<path[^>]*/>", body), tail


def parts(picture: drawing.SealPicture, per_mm: float = PER_MM) -> list[numpy.ndarray]:
    """Each path of the drawing alone."""
    head, paths, tail = opened(picture)
    size = (picture.width_mm, picture.height_mm)
    return [ink(head + path + tail, size, per_mm) for path in paths]


def alpha(svg: str, size_mm: tuple[float, float], per_mm: float) -> numpy.ndarray:
    width, height = (round(side * per_mm) for side in size_mm)
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, height=height, dpi=96))
    return numpy.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))[:, :, 3]


def collisions(picture: drawing.SealPicture) -> int:
    """How many pixels two paths cover: each path is drawn half transparent, so both are darker there."""
    head, paths, tail = opened(picture)
    veiled = "".join(path.replace("<path", '<path opacity="0.5"') for path in paths)
    shown = alpha(head + veiled + tail, (picture.width_mm, picture.height_mm), 2 * PER_MM)
    return int((shown > 150).sum())


def filled(ring: numpy.ndarray) -> numpy.ndarray:
    """What lies within the outer edge of a ring or a frame, row by row (it is convex)."""
    inside = numpy.zeros_like(ring)
    for row, line in enumerate(ring):
        places = numpy.flatnonzero(line)
        if len(places):
            inside[row, places[0] : places[-1] + 1] = True
    return inside


@pytest.mark.row("SEA-3")
@pytest.mark.parametrize("kind", UNITS)
@pytest.mark.parametrize("name", [*(LONG[:length] for length in LENGTHS), *ODD])
def test_nothing_touches_anything_else_and_nothing_leaves_the_ring(kind, name):
    picture = kind(name)
    assert collisions(picture) == 0
    head, paths, tail = opened(picture)
    size = (picture.width_mm, picture.height_mm)
    ring, rest = ink(head + paths[0] + tail, size), ink(head + "".join(paths[1:]) + tail, size)
    assert not (rest & ~filled(ring)).any()
    # Air between the ring and what is in it: grown by a fifth of a millimetre they still don't meet.
    grown = numpy.zeros_like(ring)
    for across in (-2, 0, 2):
        for down in (-2, 0, 2):
            grown |= numpy.roll(ring, (down, across), (0, 1))
    assert not (rest & grown).any()


def test_a_collision_would_be_seen():
    picture = company("东方科技")
    head, paths, tail = opened(picture)
    again = paths[3].replace("M", "M0.1 0.1M")
    touched = dataclasses.replace(picture, svg=head + "".join([*paths, again]) + tail)
    assert collisions(picture) == 0
    assert collisions(touched) > 0


# In millimetres of the paper: below it, strokes of a dense character run together at 600 dots an inch.
LEAST_HIGH, LEAST_WIDE = 1.75, 1.1


@pytest.mark.row("SEA-3")
@pytest.mark.parametrize("kind", UNITS)
@pytest.mark.parametrize("length", LENGTHS)
def test_characters_are_large_enough_to_be_read_on_paper(kind, length):
    name = "鹏" * length
    picture = kind(name)
    first = 1 if kind in (finance, invoice, wide_oval, oval_with_line) else 2
    sizes = []
    head, paths, tail = opened(picture)
    named = paths[first : first + length]
    for path in {named[0], named[length // 2], named[-1]}:
        points = numpy.argwhere(ink(head + path + tail, (picture.width_mm, picture.height_mm), 20))
        spread = numpy.sqrt(numpy.linalg.eigvalsh(numpy.cov(points.T)))
        # A square of side a that is filled evenly has a deviation of a over the root of 12.
        sizes.append(spread[::-1] * numpy.sqrt(12) / 20)
    tall, wide = min(one[0] for one in sizes), min(one[1] for one in sizes)
    print(f"{kind.__name__} of {length}: {tall:.2f} by {wide:.2f} mm")
    assert (tall >= LEAST_HIGH, wide >= LEAST_WIDE) == (True, True)


@pytest.mark.parametrize("kind", UNITS)
def test_the_pdf_form_shows_what_the_svg_shows(kind):
    picture = kind(LONG[:20])
    size = (picture.width_mm, picture.height_mm)
    points = tuple(side * outlines.POINTS_PER_MM for side in size)
    page = pypdfium2.PdfDocument(one_page(picture.pdf_form, *points))[0]
    seen = ink(picture.svg, size)
    rendered = page.render(scale=PER_MM / outlines.POINTS_PER_MM).to_pil().convert("L")
    shown = numpy.asarray(rendered.resize(seen.shape[::-1])) < 140
    differs = shown ^ seen
    block = differs[:-1, :-1] & differs[1:, :-1] & differs[:-1, 1:] & differs[1:, 1:]
    assert block.mean() < 0.002


def middle(part: numpy.ndarray) -> tuple[float, float]:
    rows, columns = part.nonzero()
    return columns.mean(), rows.mean()


def test_the_star_stands_in_the_middle():
    star = parts(company("江苏东方科技有限公司"))[1]
    # A star's middle is that of its five points, which is where its ink is even.
    across, down = middle(star)
    assert (across, down) == pytest.approx((210, 210), abs=1.5)


@pytest.mark.row("SEA-3")
def test_an_invoice_seal_has_name_number_and_line_from_top_to_bottom():
    name = "江苏东方科技有限公司"
    picture = invoice(name)
    assert picture.line == "发票专用章"
    drawn = parts(picture)
    assert len(drawn) == 1 + len(name) + len(TAX) + 5
    heights = [middle(part)[1] for part in drawn[1:]]
    letters, number, line = heights[:10], heights[10:28], heights[28:]
    assert min(letters) < min(number) <= max(number) < min(line)
    # The number's digits are 3.7 mm high and 26 mm wide together, as the tax office has it.
    rows, columns = numpy.logical_or.reduce(drawn[11:29]).nonzero()
    assert numpy.ptp(rows) / PER_MM == pytest.approx(3.7, abs=0.25)
    assert numpy.ptp(columns) / PER_MM == pytest.approx(26, abs=1.5)
    places = [middle(part)[0] for part in drawn[11:29]]
    assert places == sorted(places)


def test_a_finance_seal_is_read_from_the_right_and_its_line_last():
    picture = finance("江苏东方科技公司")
    places = [middle(part) for part in parts(picture)[1:]]
    columns = square_seals.of_unit("江苏东方科技公司", "财务专用章")
    assert columns == ["江苏东方", "科技公司", "财务专用章"]
    found, start = [], 0
    for column in columns:
        here = places[start : start + len(column)]
        start += len(column)
        assert [down for _, down in here] == sorted(down for _, down in here)
        found.append(numpy.mean([across for across, _ in here]))
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize(
    ("name", "line", "columns"),
    [
        ("江苏", "财务专用章", ["江苏", "财务专用章"]),
        ("东方科技", "", ["东方", "科技"]),
        ("江苏东方科技有限公司", "章", ["江苏东方", "科技有限", "公司章"]),
    ],
)
def test_columns_of_a_unit_are_even(name, line, columns):
    assert square_seals.of_unit(name, line) == columns


@pytest.mark.parametrize("name", ["张伟", "王小明", "欧阳修远", "阿卜杜·买买提", LONG[:20]])
def test_a_persons_round_seal_keeps_its_name_within_the_ring(name):
    picture = drawing.draw("round", name, width_mm=18, height_mm=18, person=True)
    assert collisions(picture) == 0
    head, paths, tail = opened(picture)
    ring, rest = (
        ink(head + paths[0] + tail, (18, 18)),
        ink(head + "".join(paths[1:]) + tail, (18, 18)),
    )
    assert not (rest & ~filled(ring)).any()


def test_a_long_name_runs_in_two_arcs_and_is_cut_where_it_can_be():
    name = LONG[:60]
    first = arcs.cut(name, 0.58)
    assert name[first - 1] in "公司心）"
    assert name[first] != "）"
    drawn = parts(company(name))[2 : 2 + len(name)]
    off = [numpy.hypot(*(value - 210 for value in middle(part))) for part in drawn]
    assert min(off[:first]) > max(off[first:])
    assert len(name) > round_seals.LONGEST_IN_ONE_ARC
    one = [numpy.hypot(*(v - 210 for v in middle(p))) for p in parts(company(LONG[:40]))[2:42]]
    assert max(one) - min(one) < 12


def test_narrow_signs_take_less_room_than_ideographs():
    rooms = [one.room for one in arcs.signs("A（·中")]
    assert rooms[-1] == 1
    assert all(0.2 < room < 0.95 for room in rooms[:3])


@pytest.mark.parametrize(
    ("shape", "size", "more", "refusal"),
    [
        ("star", (42, 42), {}, drawing.ShapeUnknown),
        ("free", (42, 42), {}, drawing.ShapeUnknown),
        ("round", (41, 41), {}, drawing.SealSizeUnknown),
        ("oval", (40, 40), {}, drawing.OvalSizeUnknown),
        ("square", (40, 40), {}, drawing.SquareSizeUnknown),
        ("square", (8, 8), {"person": True}, drawing.SquareSizeUnknown),
        ("round", (42, 42), {"person": True}, drawing.SquareSizeUnknown),
        ("oval", (40, 30), {"tax_number": "税号"}, drawing.SealCodeMalformed),
        ("oval", (40, 30), {"line": "用" * 13}, drawing.SealNameLength),
    ],
)
def test_what_no_rule_knows_is_not_drawn(shape, size, more, refusal):
    with pytest.raises(refusal):
        drawing.draw(shape, "东方科技", width_mm=size[0], height_mm=size[1], **more)


@pytest.mark.parametrize("kind", UNITS)
def test_a_character_that_cannot_be_drawn_is_named_on_every_seal(kind):
    with pytest.raises(outlines.CharacterNotDrawable) as refused:
        kind("东方\U0003134a公司")
    assert refused.value.params["character"] == "\U0003134a"


@pytest.mark.parametrize("kind", UNITS)
def test_the_same_name_gives_the_same_bytes(kind):
    assert kind(LONG[:14]) == kind(LONG[:14])
