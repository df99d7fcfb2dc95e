"""A contract's pages as a browser shows them, and where a seal would lie on them (SGN-3).

Nothing has to be installed to look at a document: the server draws its pages.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.pdf import placing
from engine.sealing import queries as seals
from engine.signing import queries
from engine.uploads import viewing


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSize:
    """A page as a reader sees it, in millimetres."""

    width_mm: float
    height_mm: float


def page_picture(
    q: Reader, contract_id: str, page: int, document_id: str = "", small: bool = False
) -> bytes:
    """A page of a contract (PNG), of its newest document or of an earlier one, for who may see it.

    Raises: NotFound, MayNot, NoSuchPage, TooHeavy, DocumentUnreadable, TooBusy.
    """
    width = viewing.SMALL if small else viewing.LARGE
    return viewing.page_picture(_document(q, contract_id, document_id), page, width=width)


def _document(q: Reader, contract_id: str, document_id: str) -> bytes:
    if not document_id:
        return queries.document(q, contract_id)
    for one in queries.versions(q, contract_id):
        if one.id == document_id:
            return q.blob(one.blob_id)
    raise errors.NotFound(what="document")


def page_sizes(q: Reader, contract_id: str) -> list[PageSize]:
    """The pages of a contract's newest document.

    Raises: NotFound, TooHeavy, DocumentUnreadable, TooBusy.
    """
    return [
        PageSize(width_mm=round(width, 2), height_mm=round(height, 2))
        for width, height in viewing.page_sizes(queries.document(q, contract_id))
    ]


def marks(
    q: Reader, contract_id: str, seal_id: str, placements: tuple[placing.Placing, ...]
) -> list[placing.Mark]:
    """Every box in which a seal would be shown on a contract's newest document.

    Raises: NotFound, TooHeavy, TooBusy, and those of the placements.
    """
    seal = seals.seal(q, seal_id)
    document = queries.document(q, contract_id)
    return viewing.marks(document, placements, seal.width_mm, seal.height_mm)
