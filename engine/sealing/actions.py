"""Applying for, making and ending seals; what opens an application is in `applications`."""

from __future__ import annotations

from cryptography import x509

from engine import uploads
from engine.kernel import clock, errors, ids
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.registration import model as registration
from engine.registration import pictures
from engine.registration import queries as people
from engine.sealing import listed, model, queries, store
from engine.sealing.applications import open_application
from engine.ses import handwriting, structures

YEAR_MS = 365 * clock.DAY


class NotTheSealOrdered(errors.Conflict):
    """The seal agency's answer does not fit what was ordered. It was put aside."""


def _clean_form(
    q: Reader, *, kind: model.SealKind, form: bytes, **_others: object
) -> uploads.Clean:
    if kind is not model.SealKind.SIGNATURE:
        return uploads.clean(form, allowed=uploads.PAPER, field="form")
    specimen = uploads.clean(form, allowed=uploads.PICTURE, field=queries.SPECIMEN)
    handwriting.draw(specimen.content)
    return specimen


@prepared_by(_clean_form)
def apply_for_seal(
    op: Operation,
    *,
    enterprise_id: str,
    kind: model.SealKind,
    form: bytes,
    prepared: uploads.Clean,
) -> model.SealApplication:
    """Apply for a seal with the stamped form, or with a specimen of the signature; administrators only.

    One of the first three is applied for only after its makers rejected it (SEA-1).
    Emits: seal.applied_for, case.opened. Raises: NotAMember, KindNotOffered, SealExists,
    handwriting.SignatureUnreadable, errors of `uploads`.
    """
    people.require_member(op, enterprise_id, (registration.MemberRole.ADMINISTRATOR,))
    queries.require_offered(op, enterprise_id, kind)
    enterprise = people.enterprise(op, enterprise_id)
    blob_id = pictures.keep(op, prepared, enterprise.subject_id)
    return open_application(
        op, enterprise, people.person(op).account_id, kind, form_blob_id=blob_id
    )


def order_seal(op: Operation, application: model.SealApplication) -> model.Seal:
    """Order the seal of a checked application from its agency. Composed by reactions.

    Emits: seal.ordered.
    """
    agency = op.policy(policies.SealAgency, application.agency_id)
    seal = model.Seal(
        id=op.new_id("sea"),
        application_id=application.id,
        enterprise_id=application.enterprise_id,
        account_id=application.account_id,
        kind=application.kind,
        name=application.name,
        code=agency.code_prefix + ids.digits(13 - len(agency.code_prefix), op.entropy),
        # A seal is its enterprise's on every platform; one for a single platform would name it here.
        platform_id=None,
        agency_id=application.agency_id,
        status=model.SEAL.initial,
        ses=None,
        svg_blob_id=None,
        png_blob_id=None,
        width_mm=0,
        height_mm=0,
        certificates=(),
        valid_from=op.now // 1000 * 1000,
        valid_to=op.now // 1000 * 1000 + agency.valid_years * YEAR_MS,
        created_at=op.now,
        made_at=None,
    )
    op.insert("seal", seal)
    op.enqueue("make_seal", seal.id)
    op.record("seal.ordered", seal.id, application_id=application.id, code=seal.code)
    return seal


def record_seal(
    op: Operation,
    *,
    seal_id: str,
    ses: bytes,
    svg: bytes,
    png: bytes,
    width_mm: int,
    height_mm: int,
    certificates: tuple[str, ...],
) -> model.Seal:
    """Record the seal that its agency made or signed anew.

    An answer for a seal that was suspended in the meantime changes nothing; one that was overtaken by
    a new certificate is followed by another order. Emits: seal.made or seal.remade.
    Raises: NotTheSealOrdered.
    """
    op.require_system()
    found = op.get(model.Seal, "seal", seal_id)
    if found.status not in model.MAKEABLE:
        return found
    _require_what_was_ordered(found, ses, certificates)
    first = found.status is model.SealStatus.MAKING
    status = model.SEAL.advance(found.status, "finish" if first else "remake")
    changes: dict[str, object] = {
        "status": status,
        "ses": ses,
        "certificates": certificates,
        "made_at": op.now,
    }
    if first:
        subject_id = people.enterprise(op, found.enterprise_id).subject_id
        changes |= {
            "svg_blob_id": op.put_blob(svg, media_type="image/svg+xml", subject_id=subject_id),
            "png_blob_id": op.put_blob(png, media_type="image/png", subject_id=subject_id),
            "width_mm": width_mm,
            "height_mm": height_mm,
        }
    op.update("seal", found.id, changes, was={"status": found.status})
    op.record("seal.made" if first else "seal.remade", found.id, certificates=list(certificates))
    if listed.unlisted(op, found.enterprise_id, certificates):
        op.enqueue("make_seal", found.id)
    if first:
        messaging.notify(
            op,
            account_id=found.account_id,
            kind="seal.made",
            params={"name": found.name},
            subject=found.id,
        )
    return op.get(model.Seal, "seal", seal_id)


def end(op: Operation, found: model.Seal) -> None:
    """End a seal for good. Composed by reactions.

    Emits: seal.deleted. Raises: NotPossibleNow.
    """
    status = model.SEAL.advance(found.status, "delete")
    op.update("seal", found.id, {"status": status}, was={"status": found.status})
    op.record("seal.deleted", found.id, enterprise_id=found.enterprise_id, seal_kind=found.kind)


def carry_over(op: Operation, kind: model.SealKind, enterprise: registration.Enterprise) -> None:
    """Give what is not made yet the enterprise's new name. Composed by reactions.

    Emits: seal.carried_over.
    """
    name = model.name_of(kind, enterprise.name)
    asked = store.open_application(op, enterprise.id, kind)
    found = store.living(op, enterprise.id, kind)
    if asked is not None:
        op.update("seal_application", asked.id, {"name": name}, was={"status": asked.status})
    elif found is not None:
        op.update("seal", found.id, {"name": name}, was={"status": model.SealStatus.MAKING})
    op.record("seal.carried_over", enterprise.id, seal_kind=kind)


def _require_what_was_ordered(
    ordered: model.Seal, ses: bytes, certificates: tuple[str, ...]
) -> None:
    """Compare the signed object, not what came beside it, with the order."""
    try:
        read = structures.parse(ses)
        maker = x509.load_der_x509_certificate(read.maker_certificate).public_key()
    except (structures.SealUnreadable, ValueError) as problem:
        raise NotTheSealOrdered() from problem
    same = (
        read.seal_id == ordered.code
        and read.name == ordered.name
        and tuple(one.hex() for one in read.listed) == certificates
        and (read.valid_from_ms, read.valid_to_ms) == (ordered.valid_from, ordered.valid_to)
        and structures.INTERNATIONAL.verify(maker, read.signature, read.signed)
    )
    if not same:
        raise NotTheSealOrdered()


def suspend(op: Operation, *, seal_id: str) -> model.Seal:
    """Stop a seal's use for a while, by the enterprise's administrator.

    Emits: seal.suspended.
    """
    return _change(op, seal_id, "suspend", "seal.suspended")


def resume(op: Operation, *, seal_id: str) -> model.Seal:
    """Allow a suspended seal's use again; certificates that came meanwhile are listed next.

    Emits: seal.resumed.
    """
    found = _change(op, seal_id, "resume", "seal.resumed")
    if listed.unlisted(op, found.enterprise_id, found.certificates):
        op.enqueue("make_seal", found.id)
    return found


def _change(op: Operation, seal_id: str, verb: str, fact: str) -> model.Seal:
    found = queries.seal(op, seal_id)
    people.require_member(op, found.enterprise_id, (registration.MemberRole.ADMINISTRATOR,))
    status = model.SEAL.advance(found.status, verb)
    op.update("seal", found.id, {"status": status}, was={"status": found.status})
    op.record(fact, found.id)
    return op.get(model.Seal, "seal", seal_id)
