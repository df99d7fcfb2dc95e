"""Making a shipment and moving it on: what the other actions about shipments are made of (INV-2)."""

from __future__ import annotations

from typing import Any

from engine.delivering import model
from engine.delivering.store import shipments as store
from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.registration import queries as people


def prepare(
    op: Operation,
    *,
    subject: str,
    account_id: str,
    platform_id: str,
    agency_id: str,
    address_id: str,
) -> model.Shipment:
    """Keep a copy of the address that something will be posted to. Composed by the stage whose it is.

    Emits: shipment.prepared. Raises: NotFound for an address that is not that person's.
    """
    kept = op.get(model.KeptAddress, "delivery_address", address_id)
    if kept.account_id != account_id:
        raise errors.NotFound(what="delivery address")
    shipment_id = op.new_id("shp")
    one = made(
        shipment_id,
        subject=subject,
        account_id=account_id,
        platform_id=platform_id,
        agency_id=agency_id,
        attempt=1,
        created_at=op.now,
        to=copied(op, account_id, shipment_id, texts_of(op, kept)),
    )
    op.insert("shipment", one)
    op.record("shipment.prepared", one.id, about=subject, account_id=account_id)
    return one


def made(
    shipment_id: str,
    *,
    subject: str,
    account_id: str,
    platform_id: str,
    agency_id: str,
    attempt: int,
    created_at: int,
    to: dict[str, bytes],
) -> model.Shipment:
    return model.Shipment(
        id=shipment_id,
        subject=subject,
        account_id=account_id,
        platform_id=platform_id,
        agency_id=agency_id,
        attempt=attempt,
        status=model.SHIPMENT.initial,
        recipient=to["recipient"],
        phone=to["phone"],
        region=to["region"],
        detail=to["detail"],
        contents="",
        courier="",
        tracking_no="",
        problem="",
        created_at=created_at,
        packed_at=None,
        handed_over_at=None,
        heard_at=None,
        ended_at=None,
        reported_at=None,
        replaced_by=None,
    )


def texts_of(op: Operation, kept: model.KeptAddress) -> dict[str, str]:
    subject_id = people.account(op, kept.account_id).subject_id
    sealed = {
        "recipient": kept.recipient,
        "phone": kept.phone,
        "region": kept.region,
        "detail": kept.detail,
    }
    return {
        column: op.open(subject_id, f"delivery_address|{column}|{kept.id}", text)
        for column, text in sealed.items()
    }


def copied(
    op: Operation, account_id: str, shipment_id: str, texts: dict[str, str]
) -> dict[str, bytes]:
    subject_id = people.account(op, account_id).subject_id
    return {
        column: op.seal(subject_id, f"shipment|{column}|{shipment_id}", text)
        for column, text in texts.items()
    }


def move(
    op: Operation, found: model.Shipment, act: str, fact: str, /, **changes: Any
) -> model.Shipment:
    """Move a shipment on, with its fact."""
    status = model.SHIPMENT.advance(found.status, act)
    op.update("shipment", found.id, {"status": status, **changes}, was={"status": found.status})
    op.record(fact, found.id, about=found.subject, account_id=found.account_id)
    return op.get(model.Shipment, "shipment", found.id)


def tell(op: Operation, found: model.Shipment, kind: str, *, todo: bool = False) -> None:
    params = {"courier": found.courier, "tracking_no": found.tracking_no}
    messaging.notify(
        op,
        account_id=found.account_id,
        kind=kind,
        subject=found.subject,
        params={name: text for name, text in params.items() if text},
        todo=todo,
    )


def pack(op: Operation, *, shipment_id: str, contents: str) -> model.Shipment:
    """What goes into a shipment is there: the courier is asked to fetch it. Composed.

    Emits: shipment.packed.
    """
    op.require_system()
    found = op.get(model.Shipment, "shipment", shipment_id)
    moved = move(
        op, found, "pack", "shipment.packed", contents=contents, packed_at=op.now, problem=""
    )
    op.enqueue("post_shipment", moved.id)
    return moved


def hold(op: Operation, *, shipment_id: str) -> None:
    """What goes into a shipment could not be made: it stands still until staff send it again. Composed.

    Emits: shipment.held.
    """
    op.require_system()
    found = op.get(model.Shipment, "shipment", shipment_id)
    model.SHIPMENT.advance(found.status, "pack")
    op.update("shipment", found.id, {"problem": model.NOT_MADE}, was={"status": found.status})
    op.record("shipment.held", found.id, about=found.subject, account_id=found.account_id)


def cancel(op: Operation, *, subject: str) -> None:
    """What waits for its contents is not posted, because there will be none. Composed.

    Emits: shipment.cancelled.
    """
    found = next(iter(store.of_subject(op, subject)), None)
    if found is not None and found.status is model.ShipmentStatus.WAITING:
        move(op, found, "cancel", "shipment.cancelled", ended_at=op.now)
