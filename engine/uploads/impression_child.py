"""What a sandboxed child does with a stamped form (SEA-1): the stamp on its first page is taken off.

A process of its own, for the same reason as `face_child`: the library for pictures makes forks dear.
"""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

import cv2
import pypdfium2

from engine.kernel import errors, files
from engine.ses import form_marks, impressions
from engine.ses.inks import Picture
from engine.uploads import child, pictures, refusals, sandbox

_DPI = 300


def work(task: dict[str, Any], content: bytes) -> sandbox.Answer:
    """The impression: its facts, and its two pictures one after the other."""
    try:
        place = form_marks.StampPlace(**task["place"])
        made = impressions.taken_off(_pixels(task["media_type"], content), place)
    except errors.EngineError as refusal:
        return child.refused(refusal)
    facts = dataclasses.asdict(made)
    png, before = facts.pop("png"), facts.pop("before")
    return {**facts, "png_size": len(png)}, png + before


def _pixels(media_type: str, content: bytes) -> Picture:
    if media_type == files.PDF:
        return _first_page(content)
    return impressions.pixels(pictures.load(content, media_type))


def _first_page(content: bytes) -> Picture:
    """The first page of a document at 300 dpi, or at what the largest picture allows.

    Raises: impressions.PictureUnreadable, refusals.HugePicture.
    """
    try:
        document = pypdfium2.PdfDocument(content)
        page = document[0]
        width, height = page.get_size()
        wanted = width * height * (_DPI / 72) ** 2
        if wanted > pictures.MAX_PIXELS:
            raise refusals.HugePicture(
                megapixels=round(wanted / 1_000_000), limit=pictures.MAX_PIXELS // 1_000_000
            )
        return impressions.pixels(page.render(scale=_DPI / 72).to_pil())
    except (pypdfium2.PdfiumError, ValueError, MemoryError) as problem:
        raise impressions.PictureUnreadable from problem


def warm() -> None:
    """Keep the library to one thread, as the limits of a child count all of them."""
    cv2.setNumThreads(0)


if __name__ == "__main__":
    sandbox.serve(sys.argv[1:], work, warm)
