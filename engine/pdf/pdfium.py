"""pdfium, by one thread at a time: it keeps state of its own that threads must not share.

Files that a stranger chose are drawn in a process apart (`engine.uploads.viewing`, `engine.verifying`).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import pypdfium2

PdfiumError = pypdfium2.PdfiumError
_ONE = threading.RLock()


@contextlib.contextmanager
def opened(document: bytes, *, with_fields: bool = False) -> Iterator[pypdfium2.PdfDocument]:
    """A document while nobody else has one; seals are drawn `with_fields` alone.

    Raises: PdfiumError.
    """
    with _ONE:
        pdf = pypdfium2.PdfDocument(document)
        try:
            if with_fields:
                pdf.init_forms()
            yield pdf
        finally:
            pdf.close()
