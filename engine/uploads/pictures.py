"""Pictures made anew from their pixels: no EXIF, no comment, nothing behind the end. Runs in the child."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from engine.kernel import files
from engine.uploads import refusals

MAX_PIXELS = 25_000_000
_FORMATS = {files.PNG: "PNG", files.JPEG: "JPEG"}
_KEPT_MODES = ("L", "RGB", "RGBA")
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


def print_of(image: Image.Image) -> int:
    """The picture's 64-bit print (dHash): which of two neighbours is brighter, in an 8 by 8 grid.

    It survives another size and another compression, so that a picture handed in twice is found.
    """
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    small = flat.convert("L").resize((9, 8), Image.Resampling.BOX)
    cells = small.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            place = row * 9 + column
            bits = bits << 1 | (cells[place] > cells[place + 1])
    return bits
