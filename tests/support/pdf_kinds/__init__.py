"""Two hundred PDFs of every kind: each by name, with what the door has to say to it.

A kind's `expected` is "signed", or the class of the refusal.
"""

from __future__ import annotations

from tests import support_pdf as support
from tests.support.pdf_kinds.drawing import drawn
from tests.support.pdf_kinds.elsewhere import made_elsewhere
from tests.support.pdf_kinds.interaction import interactive
from tests.support.pdf_kinds.layout import placed
from tests.support.pdf_kinds.papers import SIGNED, Kind
from tests.support.pdf_kinds.storage import stored
from tests.support.pdf_kinds.trouble import broken, signed_before

__all__ = ["SIGNED", "Kind", "every"]


def every(world: support.World) -> list[Kind]:
    """All of them; no two have one name."""
    found = [
        *stored(),
        *placed(),
        *drawn(),
        *interactive(),
        *made_elsewhere(),
        *signed_before(world),
        *broken(),
    ]
    assert len({(one.family, one.name) for one in found}) == len(found)
    return found
