"""What signing and verification share of pyHanko: a deterministic incremental writer, a runner.

pyHanko takes file identifiers from the operating system's chance; ours follow from the content, so
that equal inputs give equal bytes. Nothing here touches a network.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

T = TypeVar("T")


class DeterministicWriter(IncrementalPdfFileWriter):
    """An incremental writer whose second file identifier is a digest of the former content."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        prev.stream.seek(0)
        digest = hashlib.sha256(prev.stream.read()).digest()
        try:
            first = generic.ByteStringObject(prev.trailer["/ID"][0].original_bytes)
        except KeyError:
            first = generic.ByteStringObject(digest[16:])
        return generic.ArrayObject([first, generic.ByteStringObject(digest[:16])])


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
        return asyncio.run(work)
    results: list[T] = []
    problems: list[BaseException] = []

    def apart() -> None:
        try:
            results.append(asyncio.run(work))
        except BaseException as problem:  # handed to the caller below, not swallowed
            problems.append(problem)

    thread = threading.Thread(target=apart, name="pdf-coroutine")
    thread.start()
    thread.join()
    if problems:
        raise problems[0]
    return results[0]
