"""Papers that simulated people hand in: small, valid files that say they are synthetic."""

from __future__ import annotations

import functools
import io

from PIL import Image, ImageDraw


@functools.cache
def picture(text: str) -> bytes:
    """A small PNG that says what it stands for."""
    image = Image.new("RGB", (480, 320), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((8, 8, 471, 311), outline="black", width=2)
    draw.text((24, 24), f"SYNTHETIC\n{text}", fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
