"""Pictures made anew from their pixels: no EXIF, no comment, nothing behind the end. Runs in the child."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from engine.kernel import files
from engine.uploads import refusals

MAX_PIXELS = 25_000_000
_FORMATS = {files.PNG: "PNG", files.JPEG: "JPEG"}
_KEPT_MODES = ("L", "RGB", "RGBA")
_GRID, _CLEARLY = 16, 2
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def load(content: bytes, media_type: str) -> Image.Image:
    """The pixels, upright, in an ordinary colour mode.

    Raises: HugePicture, BrokenPicture.
    """
    try:
        with Image.open(io.BytesIO(content), formats=(_FORMATS[media_type],)) as image:
            pixels = image.width * image.height
            if pixels > MAX_PIXELS:
                raise refusals.HugePicture(
                    megapixels=-(-pixels // 1_000_000), limit=MAX_PIXELS // 1_000_000
                )
            image.load()
            upright = ImageOps.exif_transpose(image)
    except refusals.HugePicture:
        raise
    except Image.DecompressionBombError as bomb:
        raise refusals.HugePicture(megapixels=50, limit=MAX_PIXELS // 1_000_000) from bomb
    except (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError) as problem:
        raise refusals.BrokenPicture from problem
    if upright.mode in _KEPT_MODES:
        return upright
    transparent = upright.mode in ("PA", "LA") or "transparency" in upright.info
    return upright.convert("RGBA" if transparent else "RGB")


def rebuild(image: Image.Image, media_type: str) -> bytes:
    """A new file of the picture's pixels alone."""
    out = io.BytesIO()
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    if media_type == files.JPEG:
        bare.convert("RGB").save(out, "JPEG", quality=85)
    else:
        bare.save(out, "PNG", compress_level=6)
    return out.getvalue()


def print_of(image: Image.Image) -> str:
    """The picture's print: which of two neighbours is clearly brighter, in a 16 by 16 grid (dHash).

    It survives another size and another compression. Sixty-four bits would not tell two papers of one
    form apart: over 100 licences copies differ in at most 5 of 64 bits, and other papers in as few as 0; in
    256 bits it is 9 against 20.
    """
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    small = flat.convert("L").resize((_GRID + 1, _GRID), Image.Resampling.BOX)
    cells = small.tobytes()
    bits = 0
    for row in range(_GRID):
        for column in range(_GRID):
            place = row * (_GRID + 1) + column
            bits = bits << 1 | (cells[place] > cells[place + 1] + _CLEARLY)
    return f"{bits:0{_GRID * _GRID // 4}x}"
