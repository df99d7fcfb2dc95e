"""What a sandboxed child does with a paper: `python -m engine.uploads.child <descriptor> <limits>`."""

from __future__ import annotations

import json
import sys
from typing import Any

import PIL.JpegImagePlugin
import PIL.PngImagePlugin  # noqa: F401
from PIL import Image

from engine.kernel import errors, files
from engine.uploads import documents, kinds, pictures, sandbox, word, word_reading


def work(task: dict[str, Any], content: bytes) -> sandbox.Answer:
    """The clean content and its facts, or the refusal."""
    try:
        if task.get("read"):
            blocks, changed = word_reading.read(content, contract=bool(task.get("contract")))
            return {"changed": changed}, json.dumps(blocks).encode()
        return _clean(task["media_type"], content)
    except errors.EngineError as refusal:
        return refused(refusal)


def refused(refusal: errors.EngineError) -> sandbox.Answer:
    """A refusal as the caller reads it."""
    return {"refused": refusal.code, "params": refusal.params}, b""


def _clean(media_type: str, content: bytes) -> sandbox.Answer:
    if media_type == files.PDF:
        made, pages = documents.rebuild(content)
        return {"pages": pages}, made
    if media_type == kinds.DOCX:
        return {}, word.rebuild(content)
    return picture(pictures.load(content, media_type), media_type)


def picture(image: Image.Image, media_type: str) -> sandbox.Answer:
    """A loaded picture, made anew."""
    facts = {"width": image.width, "height": image.height, "print": pictures.print_of(image)}
    return facts, pictures.rebuild(image, media_type)


if __name__ == "__main__":
    sandbox.serve(sys.argv[1:], work, lambda: None)
