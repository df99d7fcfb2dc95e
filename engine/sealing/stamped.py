"""What is taken off an uploaded form before an application is opened: the stamp, measured and cut out.

Long work, done in an action's preparation; nothing here writes.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine import uploads
from engine.kernel import errors, files
from engine.sealing import model
from engine.ses import handwriting, impressions

# What kept the machine from seeing a stamp, as a finding of the reviewer's sheet. Nothing is refused for it
# where the seal is drawn to rule: a person looks at the form.
UNSEEN: dict[type[errors.EngineError], str] = {
    impressions.NoImpression: "no_impression",
    impressions.FormNotSeen: "no_form",
    impressions.ScanTooCoarse: "too_coarse",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A clean form, and the impression on it: its pictures and measures (whole numbers, for the log)."""

    paper: uploads.Clean
    before: bytes = b""
    impression: bytes = b""
    measures: dict[str, object] | None = None


def specimen(content: bytes, *, field: str) -> Form:
    """A specimen of a signature, which must show one.

    Raises: handwriting.SignatureUnreadable, errors of `uploads`.
    """
    paper = uploads.clean(content, allowed=uploads.PICTURE, field=field)
    handwriting.draw(paper.content)
    return Form(paper=paper)


def form(content: bytes, *, picture: model.Picture) -> Form:
    """A stamped form (PDF, PNG, JPEG) and its impression.

    Where the impression becomes the seal's picture, a form without a readable one is refused; where the
    seal is drawn to rule, that is told to the reviewer. Raises: errors of `uploads`, NoImpression,
    FormNotSeen, ScanTooCoarse.
    """
    paper = uploads.clean(content, allowed=uploads.PAPER, field="form")
    try:
        found = uploads.impression(paper.content, paper.media_type)
    except errors.InvalidInput as problem:
        if picture == "impression":
            raise
        unseen = UNSEEN.get(type(problem), "unreadable")
        return Form(paper=paper, measures={"findings": [unseen]})
    return Form(paper=paper, before=found.before, impression=found.png, measures=_measures(found))


def _measures(found: impressions.Impression) -> dict[str, object]:
    width, height = found.stamp_mm
    return {
        "width_um": round(width * 1000),
        "height_um": round(height * 1000),
        "picture_width_um": round(found.width_mm * 1000),
        "picture_height_um": round(found.height_mm * 1000),
        "dpi": found.source_dpi,
        "skew_centidegrees": round(found.skew_degrees * 100),
        "in_place": found.in_place,
        "ink": found.ink,
        "outline": found.outline,
        "findings": list(found.findings),
        "form_number": found.form_number,
    }


MEDIA_BEFORE, MEDIA_IMPRESSION = files.JPEG, files.PNG
