"""A look at a face picture before a provider is asked (IDV-4). Runs in the child.

Light, size, one face from the front, sharpness: what a person can mend at once. Whether it is the right
face is the provider's answer. The detector is OpenCV's cascade for frontal faces.
"""

from __future__ import annotations

import functools
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from engine.uploads import refusals

_LONGEST = 640
DARKEST, FLATTEST = 45, 8.0
SMALLEST_SIDE, SMALLEST_FACE = 240, 0.2
# Variance of the Laplacian over the face at 160 pixels: sharp pictures have hundreds.
LEAST_SHARP = 22.0


@functools.cache
def _cascade() -> cv2.CascadeClassifier:
    folder = Path(cv2.__file__).parent / "data"
    return cv2.CascadeClassifier(str(folder / "haarcascade_frontalface_alt2.xml"))


def warm() -> None:
    """Load the detector, so that the children that are forked afterwards have it."""
    cv2.setNumThreads(0)
    _cascade()


def require_frontal(image: Image.Image) -> None:
    """One face, from the front, bright, near and sharp enough.

    Raises: FaceTooSmall, FaceTooDark, NoFrontalFace, SeveralFaces, FaceBlurred.
    """
    if min(image.size) < SMALLEST_SIDE:
        raise refusals.FaceTooSmall
    grey = image.convert("L")
    grey.thumbnail((_LONGEST, _LONGEST), Image.Resampling.BOX)
    cells = np.asarray(grey, dtype=np.uint8)
    if cells.mean() < DARKEST or (cells.mean() < 2 * DARKEST and cells.std() < FLATTEST):
        raise refusals.FaceTooDark
    least = int(min(cells.shape) * 0.1)
    found = _cascade().detectMultiScale(
        cv2.equalizeHist(cells), scaleFactor=1.1, minNeighbors=5, minSize=(least, least)
    )
    if len(found) == 0:
        raise refusals.NoFrontalFace
    if len(found) > 1:
        raise refusals.SeveralFaces
    left, top, width, height = (int(one) for one in found[0])
    if width < SMALLEST_FACE * min(cells.shape):
        raise refusals.FaceTooSmall
    face = cv2.resize(cells[top : top + height, left : left + width], (160, 160))
    if cv2.Laplacian(face, cv2.CV_64F).var() < LEAST_SHARP:
        raise refusals.FaceBlurred
