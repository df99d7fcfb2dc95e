"""Signatures and where they show: fields with one and the same value are one signature in several places.

Only what was filled together with the signature counts: a field that takes up an old signature's value
later shows something that nobody signed.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Sequence

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from engine.pdf import details

Places = dict[str, tuple[details.Place, ...]]


class FilledLater(Exception):
    """A field shows a signature that was made before it."""


def distinct(
    reader: PdfFileReader, found: Sequence[EmbeddedPdfSignature]
) -> tuple[list[EmbeddedPdfSignature], Places]:
    """Each signature once, in order, and where each shows by the name of its field.

    Raises: FilledLater.
    """
    groups: dict[object, list[EmbeddedPdfSignature]] = {}
    for one in found:
        value = one.sig_field.raw_get("/V")
        key = value.reference if isinstance(value, generic.IndirectObject) else object()
        groups.setdefault(key, []).append(one)
    known = details.pages(reader)
    firsts, places = [], {}
    for together in groups.values():
        # The signature's own field has the shortest name: the others are called after it.
        together.sort(key=lambda one: (len(str(one.field_name)), str(one.field_name)))
        if len(together) > 1:
            _require_at_once(reader, together)
        shown = (details.place(one.sig_field, known) for one in together)
        firsts.append(together[0])
        places[str(together[0].field_name)] = tuple(one for one in shown if one is not None)
    return firsts, places


def _require_at_once(reader: PdfFileReader, together: Sequence[EmbeddedPdfSignature]) -> None:
    signed = int(together[0].signed_revision)
    then = reader.get_historical_resolver(signed)
    filled = {str(name) for name, _, _ in enumerate_sig_fields(then, filled_status=True)}
    if not {str(one.field_name) for one in together} <= filled:
        raise FilledLater
