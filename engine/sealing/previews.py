"""Pictures of seals before and after they are one: the watermarked preview, and what a scan would give."""

from __future__ import annotations

from dataclasses import dataclass

from engine import uploads
from engine.kernel import clock, errors
from engine.kernel.reader import Reader
from engine.registration import queries as people
from engine.sealing import queries
from engine.sealing.queries import offers
from engine.ses import watermarks

WORDS = "印信 仅供预览"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpressionShown:
    """An impression before it is handed in: `before` is a JPEG, `png` transparent around the ink.

    Whole numbers: micrometres and hundredths of a degree.
    """

    before: bytes
    png: bytes
    width_um: int
    height_um: int
    dpi: int
    skew_centidegrees: int
    in_place: bool
    findings: tuple[str, ...]


def preview(q: Reader, *, seal_id: str) -> bytes:
    """A seal's picture with words and the day across it (PNG), for whoever may see the seal.

    Raises: NotFound, NotAMember, MayNot.
    """
    found = queries.seal(q, seal_id)
    if found.png_blob_id is None:
        raise errors.NotFound(what="picture")
    day = f"{clock.civil_date(q.now):%Y-%m-%d}"
    return watermarks.marked(q.blob(found.png_blob_id), f"{WORDS} {day}")


def preview_impression(q: Reader, *, enterprise_id: str, form: bytes) -> ImpressionShown:
    """What would be cut out of a stamped form, and what a reviewer would look at; nothing is kept (SEA-1).

    Raises: NotAMember, impressions.NoImpression, FormNotSeen, ScanTooCoarse, errors of `uploads`.
    """
    people.person(q)
    if enterprise_id:
        people.require_member(q, enterprise_id, offers.ADMINISTRATOR)
    clean = uploads.clean(form, allowed=uploads.PAPER, field="form")
    found = uploads.impression(clean.content, clean.media_type)
    return ImpressionShown(
        before=found.before,
        png=found.png,
        width_um=round(found.stamp_mm[0] * 1000),
        height_um=round(found.stamp_mm[1] * 1000),
        dpi=found.source_dpi,
        skew_centidegrees=round(found.skew_degrees * 100),
        in_place=found.in_place,
        findings=found.findings,
    )
