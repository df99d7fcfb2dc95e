"""Seals are looked at as pictures: what is drawn, where, and that nothing touches anything else."""

import functools
import io
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy
import pypdfium2
import pytest
import resvg_py
from PIL import Image

from engine.ses import drawing, outlines

LONG = (
    "江苏省南京市建邺区长江流域生态环境保护与绿色低碳循环发展技术创新研究中心（集团）"
    "华东分公司供应链管理有限责任公司第三营业部门市场拓展办公室"
)
CODE = "3201150012345"
PART_PIXELS = 240


def ink(svg: str, pixels: int = 420) -> numpy.ndarray:
    """Where a drawing has ink, as a grid of booleans."""
    png = resvg_py.svg_to_bytes(svg_string=svg, width=pixels, height=pixels, dpi=96)
    alpha = numpy.asarray(Image.open(io.BytesIO(bytes(png))).convert("RGBA"))[:, :, 3]
    return alpha > 127


def parts(picture: drawing.SealPicture) -> list[numpy.ndarray]:
    """Each path of the drawing alone."""
    head, body, tail = re.fullmatch(r"(.*?<g[^>]*>)(.*)(</g></svg>)", picture.svg).groups()
    return [ink(head + path + tail, PART_PIXELS) for path in re.findall(r"<path[^>]*/>", body)]


def alike(one: numpy.ndarray, other: numpy.ndarray) -> bool:
    """Whether two pictures differ by no more than the smoothing of their edges."""
    differs = one ^ other
    block = differs[:-1, :-1] & differs[1:, :-1] & differs[:-1, 1:] & differs[1:, 1:]
    return bool(block.mean() < 0.001)


@pytest.mark.row("SEA-4")
@pytest.mark.parametrize("length", [2, 4, 8, 14, 25, 26, 60])
@pytest.mark.parametrize(
    "more",
    [{}, {"code": CODE}, {"code": CODE * 2, "line": "合同专用章"}, {"line": "合同专用章（十二）"}],
)
def test_nothing_in_a_seal_touches_anything_else(length, more):
    more = {**more, "code": more.get("code", "")[:20]}
    picture = drawing.draw_round(LONG[:length], **more)
    counted = sum(part.astype(int) for part in parts(picture))
    assert counted.max() == 1


def test_a_seal_has_ring_star_and_one_path_for_each_character():
    assert len(parts(drawing.draw_round("东方科技有限公司"))) == 2 + 8
    full = drawing.draw_round("东方科技有限公司", code=CODE, line="合同专用章")
    assert len(parts(full)) == 2 + 8 + 5 + 13
    assert full.line == "合同专用章"


def test_a_long_name_leaves_no_horizontal_line():
    assert drawing.draw_round(LONG[:25], line="合同专用章").line == "合同专用章"
    assert drawing.draw_round(LONG[:26], line="合同专用章").line == ""


@pytest.mark.parametrize("length", [2, 8, 14, 30, 60])
def test_the_name_lies_evenly_left_and_right(length):
    name = parts(drawing.draw_round("田" * length))[2:]
    everything = numpy.logical_or.reduce(name)
    columns = numpy.flatnonzero(everything.any(axis=0))
    assert abs(columns[0] + columns[-1] - (PART_PIXELS - 1)) <= 4


def test_the_characters_are_legible_whatever_the_length():
    smallest = [part.sum() for part in parts(drawing.draw_round("田" * 60, code=CODE))[2:62]]
    # Ink of more than half a square millimetre in each character.
    assert min(smallest) > 0.5 * (PART_PIXELS / 42) ** 2


def test_the_picture_is_transparent_around_the_seal_and_red_in_it():
    image = Image.open(io.BytesIO(drawing.draw_round("东方科技有限公司").png))
    assert image.mode == "RGBA"
    assert image.size == (600, 600)
    assert image.getpixel((0, 0))[3] == 0
    assert image.getpixel((300, 140))[3] == 0
    assert image.getpixel((300, 300)) == (215, 0, 15, 255)
    assert image.getpixel((300, 8)) == (215, 0, 15, 255)


@pytest.mark.parametrize("colour", drawing.Colour)
def test_each_ink_is_drawn(colour):
    picture = drawing.draw_round("东方", colour=colour)
    image = Image.open(io.BytesIO(picture.to_png(600)))
    assert image.getpixel((300, 300))[:3] == colour.value


@pytest.mark.parametrize("size", [38, 40, 42])
def test_regulated_sizes_are_drawn_to_scale(size):
    picture = drawing.draw_round("东方科技有限公司", diameter_mm=size)
    assert (picture.width_mm, picture.height_mm) == (size, size)
    assert f'width="{size}mm"' in picture.svg
    assert alike(ink(picture.svg), ink(drawing.draw_round("东方科技有限公司").svg))


def test_the_pdf_form_shows_what_the_svg_shows():
    picture = drawing.draw_round(LONG[:20], code=CODE)
    side = picture.width_mm * outlines.POINTS_PER_MM
    page = pypdfium2.PdfDocument(_pdf(picture.pdf_form, side))[0]
    shown = numpy.asarray(page.render(scale=420 / side).to_pil().convert("L"))[:420, :420] < 140
    assert alike(shown, ink(picture.svg))
    assert not alike(shown, ink(drawing.draw_round(LONG[1:21], code=CODE).svg))
    assert b"Do" not in picture.pdf_form


def _pdf(content: bytes, side: float) -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>/MediaBox[0 0 %f %f]>>"
        % (side, side),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    ]
    body, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (table, len(body))
    )


def test_the_same_name_gives_the_same_bytes():
    first, again = (drawing.draw_round("东方科技有限公司", code=CODE) for _ in range(2))
    assert first == again
    assert first.png == again.png


@pytest.mark.parametrize("character", ["\U0003134a", "\ue000", "\u3000", " ", "\n", "😀", "\ud800"])
def test_a_character_that_cannot_be_drawn_is_named(character):
    with pytest.raises(outlines.CharacterNotDrawable) as refused:
        drawing.draw_round(f"东方{character}公司")
    assert refused.value.params["character"] in (character, repr(character))
    str(refused.value).encode()


@pytest.mark.parametrize("name", ["", "东", LONG[:60] + "公"])
def test_names_outside_2_to_60_characters_are_refused(name):
    with pytest.raises(drawing.SealNameLength):
        drawing.draw_round(name)


@pytest.mark.parametrize("code", ["1" * 21, "12 34", "１２", "abc", "12\n"])
def test_malformed_codes_are_refused(code):
    with pytest.raises(drawing.SealCodeMalformed):
        drawing.draw_round("东方科技", code=code)


def test_other_sizes_and_long_lines_are_refused():
    with pytest.raises(drawing.SealSizeUnknown):
        drawing.draw_round("东方科技", diameter_mm=50)
    with pytest.raises(drawing.SealNameLength):
        drawing.draw_round("东方科技", line="用" * 13)


def corner(name: str, **more) -> list[tuple[bool, bool]]:
    """For each character: whether it stands right of the middle and above it."""
    found = []
    for part in parts(drawing.draw_square(name, **more))[1:]:
        rows, columns = part.nonzero()
        found.append((bool(columns.mean() > PART_PIXELS / 2), bool(rows.mean() < PART_PIXELS / 2)))
    return found


CLASSICAL = [(True, True), (True, False), (False, True), (False, False)]


@pytest.mark.parametrize("name", ["张伟", "王小明", "欧阳修远"])
def test_a_persons_seal_is_read_from_the_right_column_downwards(name):
    assert corner(name) == CLASSICAL


def test_a_name_may_stand_uncompleted():
    assert [right for right, _ in corner("张伟", complete=False)] == [True, False]
    assert [right for right, _ in corner("王小明", complete=False)] == [True, False, False]


@pytest.mark.parametrize(
    "name",
    ["张伟", "一丁", "欧阳修远", "阿卜杜·买买提", "古丽·阿不都热合曼", "阿不都热合曼·买买提·" * 4],
)
def test_nothing_in_a_persons_seal_touches_anything_else(name):
    counted = sum(part.astype(int) for part in parts(drawing.draw_square(name)))
    assert counted.max() == 1


def test_a_dot_in_a_name_stays_a_dot():
    dot = parts(drawing.draw_square("阿卜杜·买买提"))[1 + 3]
    assert dot.sum() < 0.01 * dot.size


@pytest.mark.parametrize("name", ["张", "王" * 51])
def test_persons_names_of_other_lengths_are_refused(name):
    with pytest.raises(drawing.SealNameLength):
        drawing.draw_square(name)


def test_several_threads_read_glyphs_at_once_and_get_what_one_gets(request):
    characters = "印信仅供预览合同专用章" + "".join(sorted(set(LONG)))[:20]
    alone = [outlines.glyph(one, outlines.SANS) for one in characters]
    outlines.glyph.cache_clear()
    outlines._face.cache_clear()
    # So often do they take turns that each comes between the other's steps.
    request.addfinalizer(functools.partial(sys.setswitchinterval, sys.getswitchinterval()))
    sys.setswitchinterval(1e-6)
    together = threading.Barrier(4)

    def read(_: int) -> list[outlines.Glyph]:
        together.wait()
        return [outlines.glyph(one, outlines.SANS) for one in characters]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(4))) == [alone] * 4
