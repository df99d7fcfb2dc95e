"""QR pictures: made for a screen, read out of what a camera took.

A picture comes from outside, so it is small, of two kinds only, and measured before it is unpacked.
"""

from __future__ import annotations

import io

import qrcode
import zxingcpp
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from engine.kernel import errors

LARGEST_PICTURE = 8 * 1024 * 1024
_MOST_PIXELS = 25_000_000


class NoQrInPicture(errors.InvalidInput):
    """No QR code can be read in this picture. Hold the phone still and show the whole code."""


class PictureTooBig(errors.InvalidInput):
    """This picture is too big. Take it again at a lower resolution."""


def png(text: str) -> bytes:
    """A QR (level M) as PNG."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=5, border=3)
    code.add_data(text)
    out = io.BytesIO()
    code.make_image().save(out)
    return out.getvalue()


def in_letters(text: str) -> str:
    """A QR drawn with block letters, for a terminal."""
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    out = io.StringIO()
    code.print_ascii(out=out, invert=True)
    return out.getvalue()


def _pixels(picture: bytes) -> Image.Image:
    try:
        found = Image.open(io.BytesIO(picture), formats=("PNG", "JPEG"))
        size = found.width * found.height
        return found.convert("L") if size <= _MOST_PIXELS else found
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise PictureTooBig(field="picture") from problem
    except Exception as problem:
        # Whatever a hostile file does to the decoder, it is not a picture with a QR in it.
        raise NoQrInPicture(field="picture") from problem


def read(picture: bytes) -> str:
    """The text of the QR in a PNG or JPEG.

    Raises: PictureTooBig, NoQrInPicture.
    """
    if len(picture) > LARGEST_PICTURE:
        raise PictureTooBig(field="picture")
    pixels = _pixels(picture)
    if pixels.width * pixels.height > _MOST_PIXELS:
        raise PictureTooBig(field="picture")
    only = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(pixels, formats=only)
    texts = [one.text for one in found if one.text]
    if not texts:
        raise NoQrInPicture(field="picture")
    return str(texts[0])
