"""What the seal reviewer and the seal maker compare."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel import catalog, identifiers
from engine.kernel.reader import Reader
from engine.registration import model as registration
from engine.registration import pictures
from engine.registration import queries as people
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases
from engine.sealing import model, store
from engine.sealing.queries import forms, offers

SPECIMEN = "signature_specimen"
# A stamp and a picture of it are as large as the rules say, give or take so much.
_TOLERANCE_UM = 1_500
# What the machine found about the stamp, by the check that it belongs to.
_CHECKED = (
    ("The stamp lies inside the marked place", ("no_form", "outside_place", "touches_frame")),
    ("There is one whole and clear stamp on the form", (
        "no_impression", "several_impressions", "on_print", "faint", "incomplete", "no_clear_shape",
        "tilted",
    )),
    ("The stamp is red", ("not_red",)),
    ("The scan is fine and flat enough", ("too_coarse", "unreadable", "coarse", "not_flat")),
)  # fmt: skip


def review_sheet_seal(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the seal reviewer compares."""
    return _sheet(q, subject_id)


def review_sheet_seal_making(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the seal maker compares before making."""
    return _sheet(q, subject_id)


def _sheet(q: Reader, application_id: str) -> reviewing.Sheet:
    found = q.get(model.SealApplication, "seal_application", application_id)
    return reviewing.Sheet(
        fields=(*_fields(q, found), *_measures(found)),
        papers=tuple(_papers(q, found)),
        checks=tuple(_checks(q, found)),
    )


def _field(name: str, label: str, value: str | catalog.Text) -> reviewing.SheetField:
    return reviewing.SheetField(name=name, label=label, value=value)


def _fields(q: Reader, found: model.SealApplication) -> Iterator[reviewing.SheetField]:
    rule = offers.rule_of(q, found.kind)
    if found.enterprise_id is not None:
        enterprise = people.enterprise(q, found.enterprise_id)
        yield _field("enterprise", "Enterprise name", enterprise.name)
        yield _field("uscc", "Unified social credit code", enterprise.uscc)
    yield _field("kind", "Kind of seal", rule.label)
    yield _field("name", "Name on the seal", found.name)
    yield _field("size", "Regulated size", f"{found.size or rule.sizes_mm[0]} mm")
    yield reviewing.coded("picture", "Picture of the seal", f"seal.picture.{found.picture}")
    if found.purpose != "new":
        yield reviewing.coded("purpose", "Purpose", f"seal.purpose.{found.purpose}")
    if found.why:
        yield reviewing.coded("why", "Reason", f"seal.remake.{found.why}")
    if found.replaces is not None:
        before = q.get(model.Seal, "seal", found.replaces)
        size = f"{before.size or rule.sizes_mm[0]} mm"
        yield _field("before", "In the place of", f"{before.name} · {before.code} · {size}")
    yield cases.masked(
        q,
        "applicant",
        label="Applicant",
        whole=people.person_name(q, found.account_id),
        mask=identifiers.masked_name,
    )
    if rule.bears == "representative" and found.enterprise_id is not None:
        person = identifiers.masked_name(people.representative(q, found.enterprise_id))
        yield _field("legal_representative", "Legal representative", person)


def _measures(found: model.SealApplication) -> Iterator[reviewing.SheetField]:
    """What was measured on the form: the stamp's own size, the scan's resolution, how far it was turned."""
    told = found.impression
    if "width_um" not in told:
        return
    width, height = _mm(told["width_um"]), _mm(told["height_um"])
    yield _field("stamp_size", "Size of the stamp", f"{width} × {height} mm")
    yield _field("scan_dpi", "Resolution of the scan", f"{told['dpi']} dpi")
    turned = int(str(told["skew_centidegrees"])) / 100
    yield _field("stamp_turn", "The stamp was turned by", f"{turned:.1f}°")


def _mm(micrometres: object) -> str:
    return f"{int(str(micrometres)) / 1000:.1f}"


def _papers(q: Reader, found: model.SealApplication) -> Iterator[reviewing.Paper]:
    if found.kind == model.SealKind.SIGNATURE:
        kept = found.form_blob_id or registration.blob_of(
            people.particulars(q, found.enterprise_id or "").papers, SPECIMEN
        )
        if kept:
            yield cases.paper(q, SPECIMEN, "Specimen of the signature", kept)
        return
    if found.form_blob_id:
        yield cases.paper(q, "form", "Stamped application form", found.form_blob_id)
    if found.before_blob_id:
        yield cases.paper(q, "stamp", "The stamp on the form", found.before_blob_id)
    if found.impression_blob_id:
        label = "The stamp cut out: the picture of the seal"
        yield cases.paper(q, "impression", label, found.impression_blob_id)


def _checks(q: Reader, found: model.SealApplication) -> Iterator[reviewing.Check]:
    rule = offers.rule_of(q, found.kind)
    if found.enterprise_id is not None and found.kind == model.SealKind.COMPANY:
        name = people.enterprise(q, found.enterprise_id).name
        yield reviewing.Check(
            label="The name on the seal is the enterprise's own", ok=found.name == name
        )
    owner = found.enterprise_id or ""
    others = offers.present(q, owner, found.account_id, found.kind)
    if found.purpose == "new":
        room = len([one for one in others if one.id != found.id]) < rule.at_most
        yield reviewing.Check(label="There are no more seals of this kind than may be", ok=room)
    taken = [
        one.name
        for one in (
            store.living(q, owner) if owner else store.living_of_person(q, found.account_id)
        )
        if found.replaces not in (one.id, one.replaces) or found.replaces is None
    ]
    yield reviewing.Check(label="No other seal has this name", ok=found.name not in taken)
    if found.form_blob_id:
        yield pictures.check(q, [found.form_blob_id])
    if found.form_blob_id and found.kind != model.SealKind.SIGNATURE:
        yield from _of_the_stamp(q, found)


def _of_the_stamp(q: Reader, found: model.SealApplication) -> Iterator[reviewing.Check]:
    """What the machine saw on the form; it flags, and the reviewer decides."""
    told = found.impression
    findings = [str(one) for one in _listed(told.get("findings"))]
    for label, codes in _CHECKED:
        here = tuple(f"seal.finding.{one}" for one in findings if one in codes)
        yield reviewing.Check(label=label, ok=not here, detail=here)
    if "width_um" not in told:
        return
    asked = offers.size_of(q, found.kind, found.size)
    regulated = (asked.width_mm * 1000, asked.height_mm * 1000)
    seen = (int(str(told["width_um"])), int(str(told["height_um"])))
    fits = all(abs(a - b) <= _TOLERANCE_UM for a, b in zip(regulated, seen, strict=True))
    yield reviewing.Check(label="The stamp has the regulated size", ok=fits)
    number = str(told.get("form_number", ""))
    ends = forms.form_number_ends(q, found.enterprise_id, found.account_id, found.kind)
    yield reviewing.Check(
        label="The form is the one for this seal",
        ok=number.endswith(ends),
        detail=() if number else ("seal.finding.no_number",),
    )


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
