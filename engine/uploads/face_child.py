"""What a sandboxed child does with a picture of a face (IDV-4): it is looked at, and then made anew.

A process of its own, because the detector's library makes every fork of it four times as dear.
"""

from __future__ import annotations

import sys
from typing import Any

from engine.kernel import errors
from engine.uploads import child, faces, pictures, sandbox


def work(task: dict[str, Any], content: bytes) -> sandbox.Answer:
    """The clean picture of one face from the front, or the refusal."""
    try:
        image = pictures.load(content, task["media_type"])
        faces.require_frontal(image)
        return child.picture(image, task["media_type"])
    except errors.EngineError as refusal:
        return child.refused(refusal)


if __name__ == "__main__":
    sandbox.serve(sys.argv[1:], work, faces.warm)
