"""A QR in a picture, read as a camera would: what stands on a screen is what a person's phone sees."""

from __future__ import annotations

import base64
import io

import zxingcpp
from PIL import Image


def read(picture: bytes) -> str:
    """The text of the only QR in a PNG or JPEG."""
    only = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"), formats=only)
    return str(found.text)


def read_base64(picture: str) -> str:
    """The same of a picture as base64 or a `data:` address."""
    return read(base64.b64decode(picture.rpartition(",")[2]))
