"""What a sandboxed child does with a document that is looked at: a page as a picture, sizes, marks.

The library that draws pages is not for several threads, and the document came from outside: a process of
its own for each look.
"""

from __future__ import annotations

import io
import sys
from dataclasses import asdict
from typing import Any

import pypdfium2

from engine.kernel import errors
from engine.pdf import geometry, placing
from engine.uploads import child, refusals, sandbox

# The tallest picture of a page: a page can be a hundred times as long as wide.
_TALLEST = 8_000


def work(task: dict[str, Any], content: bytes) -> sandbox.Answer:
    """The picture of a page (PNG), the sizes of all, or the marks of placings."""
    try:
        return {"page": _picture, "sizes": _sizes, "marks": _marks}[task["wanted"]](task, content)
    except errors.EngineError as refusal:
        return child.refused(refusal)
    except geometry.PagesUnreadable:
        return child.refused(placing.DocumentUnreadable())


def _picture(task: dict[str, Any], content: bytes) -> sandbox.Answer:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as problem:
        raise placing.DocumentUnreadable from problem
    # Signature fields are drawn like forms: without this no seal would be seen.
    document.init_forms()
    pages = len(document)
    if not 1 <= task["page"] <= pages:
        raise refusals.NoSuchPage(page=task["page"], pages=pages)
    page = document[task["page"] - 1]
    width, height = page.get_size()
    scale = min(task["width"] / max(width, 1), _TALLEST / max(height, 1))
    made = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    out = io.BytesIO()
    made.save(out, "PNG", compress_level=4)
    return {"pages": pages}, out.getvalue()


def _sizes(task: dict[str, Any], content: bytes) -> sandbox.Answer:
    return {"sizes": [one.size_mm for one in geometry.pages(content)]}, b""


def _marks(task: dict[str, Any], content: bytes) -> sandbox.Answer:
    placings = [placing.parse(one) for one in task["placings"]]
    found = placing.marks(content, placings, task["width_mm"], task["height_mm"])
    return {"marks": [asdict(one) for one in found]}, b""


if __name__ == "__main__":
    sandbox.serve(sys.argv[1:], work, lambda: None)
