"""Application forms for seals as people hand them in: printed, stamped with a real seal, and scanned."""

from __future__ import annotations

import functools
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from engine.pdf import pdfium
from engine.ses import drawing, form_marks

DPI = 300
Light = NDArray[np.float32]


def printed(form: bytes, dpi: int = DPI) -> Image.Image:
    """The first page of a form as it comes out of a printer and goes into a scanner."""
    with pdfium.opened(form) as document:
        shown: Image.Image = document[0].render(scale=dpi / 72).to_pil()
        return shown.convert("RGB")


def press(
    page: Image.Image,
    seal: drawing.SealPicture,
    *,
    middle_mm: tuple[float, float],
    degrees: float = 0.0,
    dpi: int = DPI,
    uneven: float = 0.0,
    strength: float = 1.0,
    seed: int = 0,
) -> Image.Image:
    """The page with a seal pressed onto it, turned clockwise; ink lets print shine through.

    `uneven` (0 to 1) is how badly the pad was inked, `strength` how much ink it holds.
    """
    fine = round(seal.width_mm * dpi / 25.4) * 2
    stamp = Image.open(io.BytesIO(seal.to_png(fine)))
    colour = np.array(_colour(stamp), dtype=np.float32) / 255
    alpha = stamp.getchannel("A").rotate(-degrees, resample=Image.Resampling.BICUBIC, expand=True)
    alpha = alpha.resize((alpha.width // 2, alpha.height // 2), Image.Resampling.BOX)
    covered = np.asarray(alpha, dtype=np.float32) / 255
    covered = covered * _inking(covered.shape, uneven, dpi, seed) * strength
    left = round(middle_mm[0] * dpi / 25.4 - alpha.width / 2)
    top = round(middle_mm[1] * dpi / 25.4 - alpha.height / 2)
    # Ink on paper is a filter: what the paper or the print gives back goes through it.
    through = 1 - covered[:, :, None] * (1 - np.clip(colour, 0.06, 0.94))
    under = page.crop((left, top, left + alpha.width, top + alpha.height))
    light = np.asarray(under, dtype=np.float32) * through
    pressed = page.copy()
    pressed.paste(Image.fromarray(np.clip(light, 0, 255).astype(np.uint8)), (left, top))
    return pressed


def _colour(stamp: Image.Image) -> tuple[int, int, int]:
    shown = np.asarray(stamp)
    red, green, blue, _ = shown[shown[:, :, 3] == 255][0]
    return int(red), int(green), int(blue)


def _inking(shape: tuple[int, ...], uneven: float, dpi: int, seed: int) -> Light:
    """How much ink is where: blotches of a few millimetres, and the grain of paper."""
    if not uneven:
        return np.ones(shape, dtype=np.float32)
    chance = np.random.default_rng(seed)
    made = np.zeros(shape, dtype=np.float32)
    for size_mm, share in ((5.0, 0.6), (0.25, 0.4)):
        cells = max(1, round(size_mm * dpi / 25.4))
        coarse = chance.random((shape[0] // cells + 2, shape[1] // cells + 2)) * 255
        smooth = Image.fromarray(coarse.astype(np.uint8)).resize(
            (shape[1], shape[0]), Image.Resampling.BICUBIC
        )
        made += share * np.asarray(smooth, dtype=np.float32) / 255
    return 1 - uneven * made


def scan(page: Image.Image, *, quality: int = 88) -> bytes:
    """A page out of a flatbed scanner (JPEG)."""
    out = io.BytesIO()
    page.filter(ImageFilter.GaussianBlur(0.6)).save(out, "JPEG", quality=quality, dpi=(DPI, DPI))
    return out.getvalue()


@functools.lru_cache(maxsize=64)
def stamped(form: bytes, name: str, line: str = "", degrees: float = 3.0) -> bytes:
    """A form stamped in its box with the round seal of an enterprise, and scanned in colour."""
    seal = drawing.draw_round("".join(name.split()), line=line, diameter_mm=38 if line else 42)
    place = form_marks.APPLICATION_FORM
    middle = (place.x_mm + place.width_mm / 2, place.y_mm + place.height_mm / 2)
    return scan(press(printed(form), seal, middle_mm=middle, degrees=degrees, uneven=0.25))
