"""PDF documents made anew: what `pdf.intake` lets through, without what nothing refers to. In the child."""

from __future__ import annotations

import io

import pikepdf

from engine.kernel import errors
from engine.pdf import intake


def rebuild(content: bytes) -> tuple[bytes, int]:
    """The document with its reachable objects alone and no metadata, and its number of pages.

    Raises: the refusals of `pdf.intake`.
    """
    facts = intake.inspect(content)
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as pdf:
            for place in ("/Metadata", "/PieceInfo"):
                if place in pdf.Root:
                    del pdf.Root[place]
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            pdf.remove_unreferenced_resources()
            out = io.BytesIO()
            pdf.save(
                out,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                recompress_flate=False,
            )
    except errors.EngineError:
        raise
    except Exception as problem:
        raise intake.BrokenPdf from problem
    return out.getvalue(), facts.pages
