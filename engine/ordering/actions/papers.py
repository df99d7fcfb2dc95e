"""Handing in what the platform asks for."""

from __future__ import annotations

from engine import uploads
from engine.kernel import errors
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.ordering import model, progress, queries
from engine.registration import pictures


class PaperMissing(errors.InvalidInput):
    """The trading platform asks for one more paper: {label}."""


class PaperUnknown(errors.InvalidInput):
    """The trading platform does not ask for a paper called “{code}”."""


def _clean_papers(
    q: Reader, *, order_id: str, papers: tuple[model.PaperUpload, ...]
) -> dict[str, uploads.Clean]:
    asked = progress.asked_of(q, queries.own(q, order_id)).attachments
    words = {paper.code for paper in asked if paper.word}
    return {
        paper.code: uploads.letter(paper.content, field=paper.code)
        if paper.code in words
        else uploads.clean(paper.content, allowed=uploads.PAPER, field=paper.code)
        for paper in papers
    }


@prepared_by(_clean_papers)
def attach_papers(
    op: Operation,
    *,
    order_id: str,
    papers: tuple[model.PaperUpload, ...],
    prepared: dict[str, uploads.Clean],
) -> model.Order:
    """Hand in the papers that the platform asks for; the platform's review begins.

    Emits: order.papers_attached, case.opened. Raises: PaperMissing, PaperUnknown, errors of `uploads`.
    """
    order = queries.own(op, order_id)
    model.ORDER.advance(order.status, "attach")
    asked = progress.asked_of(op, order).attachments
    known = {paper.code: paper.label.zh for paper in asked}
    for code in prepared:
        if code not in known:
            raise PaperUnknown(field="papers", code=code)
    for code, label in known.items():
        if code not in prepared:
            raise PaperMissing(field=code, label=label)
    subject_id = progress.subject_of(op, order)
    kept = [(code, pictures.keep(op, paper, subject_id)) for code, paper in prepared.items()]
    order = progress.move(op, order, "attach", "order.papers_attached", {}, papers=tuple(kept))
    progress.open_platform_review(op, order)
    return order
