"""A contract's pages as a browser shows them, and where a seal would lie on them (SGN-3).

Nothing has to be installed to look at a document: the server draws its pages.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import placing, typeset
from engine.pdf.rebuilding import Finding
from engine.sealing import model as sealing
from engine.sealing import queries as seals
from engine.signing import model, parties, places, queries
from engine.signing.queries import forms
from engine.uploads import viewing

# How many pages are drawn before a document is kept, and how wide: it goes to the browser in one answer.
MOST_PICTURES, PREVIEW_WIDTH = 20, 900


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSize:
    """A page as a reader sees it, in tenths of a millimetre."""

    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkShown:
    """A box on a page, in tenths of a millimetre from its top left corner.

    It shows the whole seal, or the slice with this number (from 0) of so many `slices` from the left.
    """

    page: int
    left: int
    top: int
    width: int
    height: int
    slice_number: int
    slices: int


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
        PageSize(width=round(10 * width), height=round(10 * height))
        for width, height in viewing.page_sizes(queries.document(q, contract_id))
    ]


def marks(
    q: Reader, contract_id: str, seal_id: str, placements: tuple[placing.Placing, ...]
) -> list[MarkShown]:
    """Every box in which a seal would be shown on a contract's newest document.

    Without placements: where the contract keeps room for the account's seal. Raises: NotFound, TooHeavy,
    TooBusy, and those of the placements.
    """
    seal = seals.seal(q, seal_id)
    contract = queries.contract(q, contract_id)
    document = queries.document(q, contract_id)
    role = parties.of_account(q, contract, mall.signed_in(q).id).role
    wanted = placements or places.stated(contract.placements, role)
    if wanted:
        found = viewing.marks(document, wanted, seal.width_mm, seal.height_mm)
        return [_shown(one) for one in found]
    room = parties.places(q, contract)[role]
    last = queries.newest(q, contract_id).pages
    return [_within(room, seal, last)]


def _within(room: typeset.Placement, seal: sealing.Seal, last: int) -> MarkShown:
    """The seal in the middle of the room that is kept for it, smaller where it would not fit."""
    scale = min(1.0, room.width_mm / seal.width_mm, room.height_mm / seal.height_mm)
    width, height = seal.width_mm * scale, seal.height_mm * scale
    return MarkShown(
        page=room.page if room.page > 0 else last + 1 + room.page,
        left=round(10 * (room.x_mm + (room.width_mm - width) / 2)),
        top=round(10 * (room.y_mm + (room.height_mm - height) / 2)),
        width=round(10 * width),
        height=round(10 * height),
        slice_number=0,
        slices=1,
    )


def _shown(mark: placing.Mark) -> MarkShown:
    box = mark.placement
    return MarkShown(
        page=box.page,
        left=round(10 * box.x_mm),
        top=round(10 * box.y_mm),
        width=round(10 * box.width_mm),
        height=round(10 * box.height_mm),
        slice_number=mark.part.number if mark.part else 0,
        slices=mark.part.count if mark.part else 1,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturesBefore:
    """What a form would make, as pictures (PNG) of its first pages; `preview` without the document."""

    pages: int
    pictures: tuple[bytes, ...]
    confirm: str
    findings: tuple[Finding, ...]
    needs_confirming: bool
    warnings: tuple[str, ...]


def preview_pictures(
    q: Reader,
    purchase_order_id: str,
    terms: model.ContractTerms,
    upload: bytes = b"",
    parties: tuple[str, ...] = (),
    template_id: str = "",
    fields: dict[str, str] | None = None,
    attachments: tuple[model.Attached, ...] = (),
) -> PicturesBefore:
    """A form's document as it would be kept, drawn for a browser that keeps nothing of it (SGN-2).

    Raises: those of `preview_contract`, TooHeavy, TooBusy.
    """
    made = forms.preview_contract(
        q,
        purchase_order_id,
        terms,
        upload=upload,
        parties=parties,
        template_id=template_id,
        fields=fields,
        attachments=attachments,
    )
    shown = range(1, min(made.pages, MOST_PICTURES) + 1)
    return PicturesBefore(
        pages=made.pages,
        pictures=tuple(
            viewing.page_picture(made.document, page, width=PREVIEW_WIDTH) for page in shown
        ),
        confirm=made.confirm,
        findings=made.findings,
        needs_confirming=made.needs_confirming,
        warnings=made.warnings,
    )
