"""The stamp is taken off in a child: pictures as they are kept, documents by their first page."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from engine import uploads
from engine.kernel import files
from engine.ses import drawing, impressions
from engine.uploads import refusals
from tests.support import stamped_forms
from tests.support.stamped_forms import Shot, lower, pressed, shoot

SEAL = drawing.draw_round("江苏东方科技有限公司", line="合同专用章", diameter_mm=38)


def kept(content: bytes) -> uploads.Clean:
    return uploads.clean(content, allowed=uploads.PAPER, field="form")


@pytest.mark.row("SEA-1")
def test_the_stamp_is_taken_off_the_upload_as_it_is_kept():
    form = kept(shoot(lower(pressed(SEAL, degrees=4)), Shot(turn=3, shadow=0.3)))
    found = uploads.impression(form.content, form.media_type)
    assert found.stamp_mm == pytest.approx((38, 38), rel=0.03)
    assert found.skew_degrees == pytest.approx(4, abs=1.5)
    assert stamped_forms.overlap(found, SEAL) > 0.85
    assert (found.in_place, found.findings) == (True, ())
    assert found == uploads.impression(form.content, form.media_type)


@pytest.mark.row("SEA-1")
def test_a_scanned_document_is_looked_at_by_its_first_page():
    out = io.BytesIO()
    pressed(SEAL).save(out, "PDF", resolution=300)
    form = kept(out.getvalue())
    found = uploads.impression(form.content, form.media_type)
    assert (found.source_dpi, found.outline) == (300, "round")
    assert stamped_forms.overlap(found, SEAL) > 0.9


def test_the_largest_picture_that_is_taken_is_worked_on_within_the_limits():
    page = pressed(SEAL).resize((4_200, 5_940))
    out = io.BytesIO()
    page.save(out, "PNG", compress_level=1)
    assert uploads.impression(out.getvalue(), files.PNG).stamp_mm == pytest.approx(
        (38, 38), rel=0.03
    )


def test_refusals_name_the_field():
    blank = shoot(lower(stamped_forms.page()), Shot())
    with pytest.raises(impressions.NoImpression) as refused:
        uploads.impression(blank, files.JPEG, field="paper")
    assert refused.value.field == "paper"
    with pytest.raises(impressions.ScanTooCoarse) as coarse:
        uploads.impression(shoot(pressed(SEAL), Shot(dpi=150)), files.JPEG)
    assert coarse.value.params["least"] == 200
    with pytest.raises(refusals.BrokenPicture):
        uploads.impression(b"\xff\xd8\xff", files.JPEG)
    with pytest.raises(impressions.PictureUnreadable):
        uploads.impression(b"%PDF-1.7 broken", files.PDF)


def test_a_page_as_large_as_a_wall_is_refused():
    document = pypdfium2.PdfDocument.new()
    document.new_page(20_000, 20_000)
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(refusals.HugePicture):
        uploads.impression(out.getvalue(), files.PDF)


def test_a_picture_of_nothing_like_a_form_is_told():
    out = io.BytesIO()
    Image.new("RGB", (900, 900), (200, 30, 30)).save(out, "JPEG")
    with pytest.raises(impressions.FormNotSeen):
        uploads.impression(out.getvalue(), files.JPEG)
