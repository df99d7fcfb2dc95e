"""The stamp on an uploaded application form, taken off in a child (SEA-1)."""

from __future__ import annotations

import dataclasses
from typing import Any

from engine.kernel import errors, turns
from engine.ses import form_marks, impressions
from engine.uploads import refusals, sandbox

# The child names a refusal by its code; to know the code is to have imported where it is declared.
_DECLARED = (impressions, form_marks, refusals)


def impression(
    content: bytes,
    media_type: str,
    *,
    place: form_marks.StampPlace = form_marks.APPLICATION_FORM,
    field: str = "form",
) -> impressions.Impression:
    """The impression on a clean upload: a picture, or the first page of a document.

    Takes two seconds or so; belongs into an action's `prepare`. Raises: impressions.FormNotSeen,
    ScanTooCoarse, NoImpression, PictureUnreadable; refusals.TooHeavy; turns.TooBusy.
    """
    task: dict[str, object] = {"media_type": media_type, "place": dataclasses.asdict(place)}
    try:
        with turns.DOCUMENTS.one():
            told, pictures = sandbox.IMPRESSIONS.run(task, content)
    except sandbox.Killed as killed:
        raise refusals.TooHeavy(field=field) from killed
    if "refused" in told:
        raise errors.type_of_code[told["refused"]](field=field, **told["params"])
    size = told.pop("png_size")
    facts: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
    }
    return impressions.Impression(png=pictures[:size], before=pictures[size:], **facts)
