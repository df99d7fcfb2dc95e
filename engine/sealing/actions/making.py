"""Ordering a seal, recording what its agency made, and what ends one."""

from __future__ import annotations

from cryptography import x509

from engine.kernel import clock, errors, ids
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.registration import model as registration
from engine.sealing import applications, listed, model, store
from engine.sealing.actions import delegating, reporting
from engine.sealing.actions.applying import withdraw
from engine.sealing.queries import offers
from engine.ses import asn1, structures

YEAR_MS = 365 * clock.DAY


class NotTheSealOrdered(errors.Conflict):
    """The seal agency's answer does not fit what was ordered. It was put aside."""


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
        # A seal is its owner's on every platform; one for a single platform would name it here.
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
        size=application.size,
        colour=application.colour,
        picture=application.picture,
        replaces=application.replaces,
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
    a new certificate is followed by another order. A seal that was made in another one's place takes it
    now. Emits: seal.made or seal.remade, seal.replaced, seal_delegation.ended, seal_filing.sent,
    message.sent. Raises: NotTheSealOrdered.
    """
    op.require_system()
    found = op.get(model.Seal, "seal", seal_id)
    if found.status not in model.MAKEABLE:
        return found
    _require_what_was_ordered(found, offers.full_name(op, found), ses, certificates)
    first = found.status is model.SealStatus.MAKING
    status = model.SEAL.advance(found.status, "finish" if first else "remake")
    changes: dict[str, object] = {
        "status": status,
        "ses": ses,
        "certificates": certificates,
        "made_at": op.now,
    }
    if first:
        subject_id = applications.subject_of(op, found.enterprise_id, found.account_id)
        changes |= {
            "svg_blob_id": op.put_blob(svg, media_type="image/svg+xml", subject_id=subject_id),
            "png_blob_id": op.put_blob(png, media_type="image/png", subject_id=subject_id),
            "width_mm": width_mm,
            "height_mm": height_mm,
        }
    op.update("seal", found.id, changes, was={"status": found.status})
    op.record("seal.made" if first else "seal.remade", found.id, certificates=list(certificates))
    made = op.get(model.Seal, "seal", seal_id)
    if listed.unlisted(op, made):
        op.enqueue("make_seal", found.id)
    if first:
        _first_made(op, made)
    return op.get(model.Seal, "seal", seal_id)


def _first_made(op: Operation, made: model.Seal) -> None:
    """What follows once a seal is in use: the one before it gives way, it is filed, people are told."""
    if made.replaces is not None:
        _give_way(op, op.get(model.Seal, "seal", made.replaces))
    reporting.send(op, made, "change" if made.replaces else "making")
    reporting.remind_later(op, made)
    messaging.notify(
        op,
        account_id=made.account_id,
        kind="seal.made",
        params={"name": made.name},
        subject=made.id,
    )


def _give_way(op: Operation, before: model.Seal) -> None:
    if before.status not in model.MADE:
        return
    status = model.SEAL.advance(before.status, "replace")
    op.update(
        "seal", before.id, {"status": status, "ended_at": op.now}, was={"status": before.status}
    )
    op.record("seal.replaced", before.id, enterprise_id=before.enterprise_id, seal_kind=before.kind)
    messaging.done(op, subject=before.id)
    delegating.end_all(op, store.active_delegations(op, before.id), "seal_replaced")


def end(op: Operation, found: model.Seal) -> None:
    """End a seal for good, with what hangs on it. Composed by reactions and by deleting.

    Emits: seal.deleted, seal_delegation.ended, seal.withdrawn, case.withdrawn, seal_filing.sent,
    message.sent. Raises: NotPossibleNow.
    """
    status = model.SEAL.advance(found.status, "delete")
    op.update(
        "seal", found.id, {"status": status, "ended_at": op.now}, was={"status": found.status}
    )
    op.record("seal.deleted", found.id, enterprise_id=found.enterprise_id, seal_kind=found.kind)
    delegating.end_all(op, store.active_delegations(op, found.id), "seal_deleted")
    for asked in store.open_for(op, found.id):
        withdraw(op, asked)
    in_place = store.in_place_of(op, found.id)
    if in_place is not None and in_place.status is model.SealStatus.MAKING:
        end(op, in_place)
    if found.status in model.MADE:
        reporting.send(op, found, "cancellation")


def carry_over(op: Operation, follow: model.Follow, enterprise: registration.Enterprise) -> None:
    """Give what is not made yet the enterprise's new name. Composed by reactions.

    What was stamped bears the old particulars: such a seal is drawn to rule from the new ones.
    Emits: seal.carried_over.
    """
    table, cls = _table_of(follow)
    found = op.get(cls, table, follow.subject)
    rule = offers.rule_of(op, follow.kind)
    by_enterprise = rule.route == "first" and rule.bears == "enterprise"
    changes: dict[str, object] = {"picture": "drawn"}
    if by_enterprise:
        changes["name"] = enterprise.name
    op.update(table, found.id, changes, was={"status": found.status})
    op.record("seal.carried_over", enterprise.id, seal_kind=follow.kind)


def _table_of(follow: model.Follow) -> tuple[str, type[model.Seal] | type[model.SealApplication]]:
    if follow.subject.startswith("sap_"):
        return "seal_application", model.SealApplication
    return "seal", model.Seal


def _require_what_was_ordered(
    ordered: model.Seal, name: str, ses: bytes, certificates: tuple[str, ...]
) -> None:
    """Compare the signed object, not what came beside it, with the order."""
    try:
        read = structures.parse(ses)
        maker = x509.load_der_x509_certificate(read.maker_certificate).public_key()
    except (structures.SealUnreadable, ValueError) as problem:
        raise NotTheSealOrdered() from problem
    kind = asn1.SealKind.UNIT if ordered.enterprise_id else asn1.SealKind.PERSON
    same = (
        read.seal_id == ordered.code
        and read.name == name
        and read.kind == int(kind)
        and tuple(one.hex() for one in read.listed) == certificates
        and (read.valid_from_ms, read.valid_to_ms) == (ordered.valid_from, ordered.valid_to)
        and structures.INTERNATIONAL.verify(maker, read.signature, read.signed)
    )
    if not same:
        raise NotTheSealOrdered()
