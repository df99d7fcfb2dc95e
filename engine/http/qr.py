"""QR pictures for a screen. Who scans one reads it: a phone's browser (`pages/apps/handset/codes.js`)."""

from __future__ import annotations

import io

import qrcode
from qrcode.constants import ERROR_CORRECT_M


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
