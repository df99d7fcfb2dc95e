"""What is unfinished of a person here: post that is under way to them, or did not arrive."""

from __future__ import annotations

from engine.delivering import model, queries
from engine.kernel import events
from engine.kernel.notes import Matter, Matters, Mover
from engine.kernel.reader import Reader

_MOVERS = {
    "shipment_ready": Mover.OUTSIDE,
    "shipment_handed_over": Mover.OUTSIDE,
    "shipment_in_transit": Mover.OUTSIDE,
    "shipment_lost": Mover.STAFF,
    "shipment_returned": Mover.STAFF,
    "shipment_refused": Mover.STAFF,
}
_OUTSIDE = frozenset({model.ShipmentStatus.READY, *model.OUT})


def _of(q: Reader, account_id: str) -> list[Matter]:
    """A person's unfinished matters of this stage."""
    return [
        Matter(
            kind="shipment",
            state=one.status.value,
            subject=one.id,
            since=events.newest(q.connection, one.id) or one.created_at,
            name=one.courier,
            number=one.tracking_no or one.contents,
            lately=events.took(q.connection, began="shipment.packed", ended="shipment.delivered")
            if one.status in _OUTSIDE
            else (),
            platform_id=one.platform_id,
            agency_id=one.agency_id,
        )
        for one in queries.unfinished(q, account_id)
    ]


MATTERS = Matters(movers=_MOVERS, of=_of)
