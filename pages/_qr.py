"""QR pictures: made for the PC's screen, read by the phone's camera."""

from __future__ import annotations

import io

import qrcode
import zxingcpp
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M


def png(text: str) -> bytes:
    """A QR (level M) as PNG."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=5, border=3)
    code.add_data(text)
    out = io.BytesIO()
    code.make_image().save(out)
    return out.getvalue()


def read(picture: bytes) -> str:
    """The text of the QR in a picture, or empty when there is none that can be read."""
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))
    return found[0].text if found else ""
