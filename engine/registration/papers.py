"""The papers of a claim or a change: which are asked for, made clean, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine import uploads
from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.registration import model, pictures
from engine.ses import handwriting

SPECIMEN = "signature_specimen"


class PaperNeeded(errors.InvalidInput):
    """One more paper is needed: {label}."""


class PaperNotAsked(errors.InvalidInput):
    """No paper called “{code}” is asked for here."""


class PaperTwice(errors.InvalidInput):
    """The same paper was handed in twice: {label}. Keep one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanPaper:
    """A paper that may be kept."""

    code: str
    clean: uploads.Clean


def _label(rule: policies.PaperRule) -> str:
    return f"{rule.label.zh} / {rule.label.en}"


def _clean(rule: policies.PaperRule, content: bytes) -> uploads.Clean:
    if rule.word:
        return uploads.letter(content, field=rule.code)
    allowed = uploads.PICTURE if rule.picture_only else uploads.PAPER
    return uploads.clean(content, allowed=allowed, field=rule.code)


def clean_all(
    rules: Sequence[policies.PaperRule], papers: Sequence[model.PaperUpload]
) -> tuple[CleanPaper, ...]:
    """What was handed in, made clean; the specimen of a signature must show one.

    Raises: PaperNotAsked, PaperTwice, handwriting.SignatureUnreadable, the errors of `uploads`.
    """
    known = {rule.code: rule for rule in rules}
    found: dict[str, CleanPaper] = {}
    for paper in papers:
        rule = known.get(paper.code)
        if rule is None:
            raise PaperNotAsked(field="papers", code=paper.code[:40])
        if paper.code in found:
            raise PaperTwice(field=paper.code, label=_label(rule))
        clean = _clean(rule, paper.content)
        if paper.code == SPECIMEN:
            handwriting.draw(clean.content)
        found[paper.code] = CleanPaper(code=paper.code, clean=clean)
    return tuple(found.values())


def require(
    rules: Sequence[policies.PaperRule], given: Sequence[CleanPaper], *, changed: str = ""
) -> None:
    """Every paper that is needed was handed in: at a claim, or at a change of this particular.

    Raises: PaperNeeded.
    """
    codes = {paper.code for paper in given}
    for rule in rules:
        asked = changed in rule.changes if changed else True
        if asked and rule.required == "always" and rule.code not in codes:
            raise PaperNeeded(field=rule.code, label=_label(rule))


def keep(op: Operation, papers: Sequence[CleanPaper], subject_id: str) -> tuple[model.Paper, ...]:
    """The papers as blobs of their enterprise; the caller records the fact."""
    return tuple(
        model.Paper(code=paper.code, blob_id=pictures.keep(op, paper.clean, subject_id))
        for paper in papers
    )


def asked(
    rules: Sequence[policies.PaperRule], changed: Sequence[str] = ()
) -> tuple[model.PaperAsked, ...]:
    """The papers to hand in, at a claim or at a change of these particulars."""
    return tuple(
        model.PaperAsked(
            code=rule.code,
            label=rule.label,
            required=rule.required == "always",
            condition="unless_representative" if rule.required == "unless_representative" else "",
            picture_only=rule.picture_only,
            word=rule.word,
        )
        for rule in rules
        if not changed or set(changed) & set(rule.changes)
    )
