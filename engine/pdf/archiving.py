"""Document time-stamps (PAdES B-LTA, ETSI EN 319 142-1): over everything that stands before them.

One proves when all that it covers existed, the revocation data among it, so that it can be judged after
the certificates are over. Before its authority's own certificate lapses another is appended, over newer
revocation data. A signature that was made while no time-stamp could be had gets its time by one too: a
file is only ever added to.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import io
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.fields import InvisSigSettings
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper

from engine.kernel import errors
from engine.pdf import container, increments, tokens

_NAME = "archive"
_UNREADABLE = (PdfError, SigningError, ValueError, TypeError, KeyError, IndexError, AttributeError)


class NotArchivable(errors.InvalidInput):
    """A time-stamp cannot be added to this document: {problem}"""


def add_timestamp(document: bytes, timestamp: tokens.Source) -> bytes:
    """The document with one more time-stamp over all of it, in a revision of its own.

    Raises: NotArchivable, container.TimestampUnusable, and those of the source.
    """
    try:
        writer = increments.writer(document)
        stamper = PdfTimeStamper(
            container.Tokens(timestamp),
            field_name=_free_name(writer),
            readable_field_name="",
            invis_settings=InvisSigSettings(set_print_flag=True),
        )
        out = io.BytesIO()
        increments.run(
            stamper.async_timestamp_pdf(
                writer, "sha256", bytes_reserved=container.TOKEN_DIGITS, output=out
            )
        )
    except _UNREADABLE as problem:
        raise NotArchivable(problem=str(problem)) from problem
    return out.getvalue()


def newest(document: bytes) -> tokens.Facts | None:
    """What the last document time-stamp of a document says; None where there is none.

    Raises: NotArchivable.
    """
    try:
        reader = PdfFileReader(io.BytesIO(document), strict=False)
        found = reader.embedded_timestamp_signatures
        return tokens.read(found[-1].signed_data) if found else None
    except _UNREADABLE as problem:
        raise NotArchivable(problem=str(problem)) from problem


def _free_name(writer: Any) -> str:
    taken = {name for name, _, _ in fields.enumerate_sig_fields(writer.prev)}
    number = 1
    while f"{_NAME}-{number}" in taken:
        number += 1
    return f"{_NAME}-{number}"
