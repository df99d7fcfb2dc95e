"""Applying for, making and ending seals."""

from __future__ import annotations

from cryptography import x509

from engine.kernel import actors, clock, errors, files, ids
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.registration import model as registration
from engine.registration import queries as people
from engine.reviewing import actions as reviewing
from engine.sealing import model, queries, store
from engine.ses import structures

YEAR_MS = 365 * clock.DAY


class SealExists(errors.Conflict):
    """The enterprise has a seal of this kind, or an application for one, already."""


class NotTheSealOrdered(errors.Conflict):
    """The seal agency's answer does not fit what was ordered. It was put aside."""


def apply_for_seal(
    op: Operation, *, enterprise_id: str, kind: model.SealKind, form: bytes
) -> model.SealApplication:
    """Apply for a seal with the stamped form; administrators only (SEA-1).

    Emits: seal.applied_for, case.opened. Raises: NotAMember, KindNotOffered, SealExists, errors of `files`.
    """
    people.require_member(op, enterprise_id, (registration.MemberRole.ADMINISTRATOR,))
    if kind not in model.APPLIED_FOR:
        raise queries.KindNotOffered(field="kind")
    media_type = files.require(form, files.PDF, files.PNG, files.JPEG, field="form")
    enterprise = people.enterprise(op, enterprise_id)
    blob_id = op.put_blob(
        form, media_type=media_type, subject_id=enterprise.subject_id, purpose="evidence"
    )
    return open_application(
        op, enterprise, people.person(op).account_id, kind, form_blob_id=blob_id
    )


def open_application(
    op: Operation,
    enterprise: registration.Enterprise,
    account_id: str,
    kind: model.SealKind,
    *,
    form_blob_id: str | None,
) -> model.SealApplication:
    """An application with its review. Composed by `apply_for_seal` and by reactions.

    Emits: seal.applied_for, case.opened. Raises: SealExists.
    """
    if store.living(op, enterprise.id, kind) is not None:
        raise SealExists()
    application = model.SealApplication(
        id=op.new_id("sap"),
        enterprise_id=enterprise.id,
        account_id=account_id,
        kind=kind,
        name=enterprise.name,
        agency_id=next(iter(op.policies(policies.SealAgency))),
        status=model.APPLICATION.initial,
        form_blob_id=form_blob_id,
        reviewed_by=None,
        reasons=(),
        created_at=op.now,
        ended_at=None,
    )
    try:
        op.insert("seal_application", application)
    except errors.Conflict:
        raise SealExists() from None
    op.record("seal.applied_for", application.id, enterprise_id=enterprise.id, seal_kind=kind)
    reviewing.open_case(
        op,
        kind="seal",
        subject_id=application.id,
        title=enterprise.name,
        maker=f"person:{account_id}",
        agency_id=application.agency_id,
    )
    return application


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
    if not isinstance(op.actor, actors.System):
        raise errors.NotPermitted()
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
    if queries.unlisted(op, found.enterprise_id, certificates):
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
    if queries.unlisted(op, found.enterprise_id, found.certificates):
        op.enqueue("make_seal", found.id)
    return found


def _change(op: Operation, seal_id: str, verb: str, fact: str) -> model.Seal:
    found = queries.seal(op, seal_id)
    people.require_member(op, found.enterprise_id, (registration.MemberRole.ADMINISTRATOR,))
    status = model.SEAL.advance(found.status, verb)
    op.update("seal", found.id, {"status": status}, was={"status": found.status})
    op.record(fact, found.id)
    return op.get(model.Seal, "seal", seal_id)
