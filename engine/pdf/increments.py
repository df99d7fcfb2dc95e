"""What signing and verification share of pyHanko: a deterministic incremental writer, a runner.

pyHanko takes file identifiers from the operating system's chance; ours follow from the content, so
that equal inputs give equal bytes. Nothing here touches a network.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import asyncio
import concurrent.futures
import hashlib
import io
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

T = TypeVar("T")

# pyHanko logs the subjects of certificates, with tracebacks; findings are returned, names not logged.
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


class DeterministicWriter(IncrementalPdfFileWriter):
    """An incremental writer that reads no clock and no chance."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        prev.stream.seek(0)
        digest = hashlib.sha256(prev.stream.read()).digest()
        try:
            first = generic.ByteStringObject(prev.trailer["/ID"][0].original_bytes)
        except KeyError:
            first = generic.ByteStringObject(digest[16:])
        return generic.ArrayObject([first, generic.ByteStringObject(digest[:16])])

    def _update_meta(self) -> None:
        """The title and dates of the document stay its author's; pyHanko would write the clock."""


def writer(document: bytes) -> DeterministicWriter:
    """A writer that will append one revision to `document`."""
    return DeterministicWriter(io.BytesIO(document))


def written(made: IncrementalPdfFileWriter) -> bytes:
    """The bytes of the document with the new revision."""
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate as pyHanko wants it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, also when the caller's own thread already runs a loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _run(work)
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as apart:
        return apart.submit(_run, work).result()


def _run(work: Coroutine[Any, Any, T]) -> T:
    # Not `asyncio.run`: setting its signal handler back writes the whole result out as text, for an error
    # that it then drops. That is a third of a signature's time.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()
