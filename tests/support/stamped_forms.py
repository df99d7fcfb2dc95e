"""Stamped forms as cameras and scanners see them, with what was really stamped known to a hair."""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from engine.pdf import typeset
from engine.ses import drawing, form_marks, impressions
from simulations import stamped

PLACE = form_marks.APPLICATION_FORM
MIDDLE = (PLACE.x_mm + PLACE.width_mm / 2, PLACE.y_mm + PLACE.height_mm / 2)
NUMBER = "YZ-20261128-00002Y"


@functools.cache
def form() -> bytes:
    """The real form, printed from its template."""
    return typeset.render(
        "seal_application",
        {
            "issued_at": 1_795_000_000_000,
            "number": NUMBER,
            "enterprise": "江苏东方科技有限公司",
            "uscc": "91440300MA5D00002Y",
            "seal_kind": "合同专用章",
            "seal_name": "江苏东方科技有限公司合同专用章",
            "applicant": "李雯",
            "phone": "13800000000",
            "reason": "电子合同签署",
            "applied_on": "2026年11月28日",
            "qr_text": NUMBER,
        },
    )


@functools.cache
def page() -> Image.Image:
    """The printed form, empty."""
    return stamped.printed(form())


def pressed(
    seal: drawing.SealPicture,
    *,
    at: tuple[float, float] = MIDDLE,
    degrees: float = 0.0,
    onto: Image.Image | None = None,
    uneven: float = 0.0,
    strength: float = 1.0,
    seed: int = 0,
) -> Image.Image:
    """The form with a seal pressed onto it."""
    return stamped.press(
        onto or page(),
        seal,
        middle_mm=at,
        degrees=degrees,
        uneven=uneven,
        strength=strength,
        seed=seed,
    )


def lower(stamped_page: Image.Image) -> Image.Image:
    """The lower half of a page, as somebody photographs it who is in a hurry."""
    return stamped_page.crop((0, round(stamped_page.height * 0.42), *stamped_page.size))


@dataclass(frozen=True, kw_only=True)
class Shot:
    """How a stamped page is photographed or scanned."""

    dpi: int = 300
    turn: float = 0.0
    tilt: float = 0.0
    paper: tuple[int, int, int] = (255, 255, 255)
    shadow: float = 0.0
    blur: float = 0.5
    noise: float = 0.0
    quality: int = 90
    seed: int = 0


def shoot(stamped_page: Image.Image, shot: Shot, page_dpi: int = stamped.DPI) -> bytes:
    """The page as JPEG: paper and lamp, a turn and a tilt, blur and noise."""
    chance = np.random.default_rng(shot.seed)
    light = np.asarray(stamped_page, dtype=np.float32) * (np.array(shot.paper) / 255)
    height, width = light.shape[:2]
    scale = shot.dpi / page_dpi
    wide, high = round(width * scale), round(height * scale)
    border = round(0.06 * wide + abs(np.sin(np.radians(shot.turn))) * high / 2)
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    placed = corners * scale + border
    middle = placed.mean(axis=0)
    angle = np.radians(shot.turn)
    spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    placed = (placed - middle) @ spin.T + middle
    # Seen from one side: what is farther is smaller.
    placed[:2] = middle + (placed[:2] - middle) * (1 - shot.tilt)
    matrix = cv2.getPerspectiveTransform(corners, placed.astype(np.float32))
    size = (wide + 2 * border, high + 2 * border)
    interpolation = cv2.INTER_AREA if scale < 0.9 else cv2.INTER_LINEAR
    if scale < 0.9:
        light = cv2.resize(light, None, fx=scale, fy=scale, interpolation=interpolation)
        matrix = matrix @ np.diag([1 / scale, 1 / scale, 1])
    table = (96, 84, 70)
    seen = cv2.warpPerspective(light, matrix, size, borderValue=table)
    seen *= _lamp(size, shot.shadow, chance)[:, :, None]
    if shot.blur:
        seen = cv2.GaussianBlur(seen, (0, 0), shot.blur)
    if shot.noise:
        seen += chance.normal(0, shot.noise, seen.shape).astype(np.float32)
    made = Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8))
    out = io.BytesIO()
    made.save(out, "JPEG", quality=shot.quality)
    return out.getvalue()


def _lamp(size: tuple[int, int], shadow: float, chance: np.random.Generator) -> np.ndarray:
    """Light from one side, and the soft shadow of a hand that holds the phone."""
    width, height = size
    if not shadow:
        return np.ones((height, width), dtype=np.float32)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    towards = chance.uniform(0, 2 * np.pi)
    slope = np.cos(towards) * columns / width + np.sin(towards) * rows / height
    lit = 1 - shadow * (slope - slope.min()) / np.ptp(slope)
    centre = chance.uniform(0.2, 0.8, 2) * (width, height)
    reach = 0.3 * width
    hand = np.exp(-(((columns - centre[0]) ** 2 + (rows - centre[1]) ** 2) / (2 * reach**2)))
    return np.asarray(lit * (1 - 0.6 * shadow * hand), dtype=np.float32)


def overlap(found: impressions.Impression, seal: drawing.SealPicture) -> float:
    """How far the picture taken off and the stamped seal cover the same (intersection over union)."""
    taken = np.asarray(Image.open(io.BytesIO(found.png)).getchannel("A"))
    width = round(seal.width_mm * found.dpi / 25.4)
    drawn = np.asarray(Image.open(io.BytesIO(seal.to_png(width))).getchannel("A"))
    sides = [max(one, other) for one, other in zip(taken.shape, drawn.shape, strict=True)]
    one, other = _middled(taken, sides), _middled(drawn, sides)
    best = 0.0
    # A turn within the tolerance of the skew is not another picture.
    for turn in (-1.0, -0.5, 0.0, 0.5, 1.0):
        turned = cv2.warpAffine(
            other, cv2.getRotationMatrix2D((sides[1] / 2, sides[0] / 2), turn, 1), sides[::-1]
        )
        (right, down), _ = cv2.phaseCorrelate(turned, one)
        moved = cv2.warpAffine(
            turned, np.array([[1, 0, right], [0, 1, down]], dtype=np.float64), sides[::-1]
        )
        a, b = moved > 0.5, one > 0.5
        best = max(best, float((a & b).sum() / max(1, (a | b).sum())))
    return best


def _middled(picture: np.ndarray, sides: list[int]) -> np.ndarray:
    made = np.zeros(sides, dtype=np.float32)
    top, left = (sides[0] - picture.shape[0]) // 2, (sides[1] - picture.shape[1]) // 2
    made[top : top + picture.shape[0], left : left + picture.shape[1]] = picture / 255.0
    return made
