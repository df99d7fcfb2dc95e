"""Pictures of seals before and after they are one: the watermarked preview, and what a scan would give."""

from __future__ import annotations

from dataclasses import dataclass

from engine import uploads
from engine.kernel import clock, errors
from engine.kernel.reader import Reader
from engine.registration import queries as people
from engine.sealing import model, queries
from engine.sealing.queries import offers
from engine.ses import drawing, watermarks

WORDS = "印信 仅供预览"
_PIXELS = 480


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
    return watermarks.marked(q.blob(found.png_blob_id), _words(q))


def as_it_will_look(q: Reader, *, application_id: str) -> bytes | None:
    """The seal that an application asks for, as its maker will have it (PNG with words across it).

    The characters of a person's name after the first are replaced: who makes the seal compares the layout,
    and the name is masked for staff. None where it is made from what lies among the papers.
    Raises: NotFound, MayNot.
    """
    found = queries.application(q, application_id).application
    if found.impression_blob_id is not None and found.picture == "impression":
        return watermarks.marked(q.blob(found.impression_blob_id), _words(q))
    rule = offers.rule_of(q, found.kind)
    if rule.shape == "free":
        return None
    enterprise = people.enterprise(q, found.enterprise_id) if found.enterprise_id else None
    person = _person(q, found, rule.bears)
    size = offers.size_of(q, found.kind, found.size)
    drawn = drawing.draw(
        size.shape,
        "".join((person or (enterprise.name if enterprise else "")).split()),
        width_mm=size.width_mm,
        height_mm=size.height_mm,
        line=rule.line,
        tax_number=enterprise.uscc if enterprise and rule.needs_tax_number else "",
        colour=drawing.Colour[found.colour.upper()],
        person=bool(person),
    )
    return watermarks.marked(drawn.to_png(_PIXELS), _words(q))


def _person(q: Reader, found: model.SealApplication, bears: str) -> str:
    if bears == "holder":
        name = people.person_name(q, found.account_id)
    elif bears == "representative" and found.enterprise_id is not None:
        name = people.representative(q, found.enterprise_id)
    else:
        return ""
    return name[:1] + "某" * (len(name) - 1)


def _words(q: Reader) -> str:
    return f"{WORDS} {clock.civil_date(q.now):%Y-%m-%d}"


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
