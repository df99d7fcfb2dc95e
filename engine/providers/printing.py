"""A demo phone's printer, stamp and scanner: the application form as its applicant hands it in (SEA-1).

Simulated, like the SIM card and the cashier: in demo worlds nobody has the enterprise's engraved seal. The
form is printed, the seal is pressed into its box a little askew, and the page is scanned.
"""

from __future__ import annotations

import io

from PIL import Image, ImageChops, ImageFilter

from engine.pdf import pdfium
from engine.ses.drawing import SealPicture
from engine.ses.form_marks import APPLICATION_FORM

_DPI = 300
_ASKEW = 4.0
_QUALITY = 80


def stamped(form: bytes, seal: SealPicture) -> bytes:
    """A scan (JPEG) of a printed form (PDF) with a seal in its box."""
    page = _printed(form)
    width, height = (round(side / 25.4 * _DPI) for side in (seal.width_mm, seal.height_mm))
    with Image.open(io.BytesIO(seal.to_png(width * 2))) as opened:
        stamp = opened.convert("RGBA").resize((width, height), Image.Resampling.BOX)
    stamp = stamp.rotate(_ASKEW, resample=Image.Resampling.BICUBIC, expand=True)
    place = APPLICATION_FORM
    middle = (place.x_mm + place.width_mm / 2, place.y_mm + place.height_mm / 2)
    corner = tuple(
        round(at / 25.4 * _DPI - side / 2)
        for at, side in zip(middle, (stamp.width, stamp.height), strict=True)
    )
    ink = Image.new("RGBA", page.size, "white")
    ink.alpha_composite(stamp, (corner[0], corner[1]))
    # Ink is a filter: print shines through it.
    shown = ImageChops.multiply(page, ink.convert("RGB")).filter(ImageFilter.GaussianBlur(0.5))
    out = io.BytesIO()
    shown.save(out, "JPEG", quality=_QUALITY, dpi=(_DPI, _DPI))
    return out.getvalue()


def _printed(form: bytes) -> Image.Image:
    with pdfium.opened(form) as document:
        shown: Image.Image = document[0].render(scale=_DPI / 72).to_pil()
        return shown.convert("RGB")
