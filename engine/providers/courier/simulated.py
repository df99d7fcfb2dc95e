"""The courier as the engine meets it. What happens to a parcel follows from its id, so that runs repeat."""

from __future__ import annotations

import typing
from collections.abc import Sequence

from engine.kernel import clock, database, errors, ports
from engine.providers import health, store
from engine.providers.courier.rules import Fault, Rules
from engine.providers.store import Memory, chance

PROVIDER = "courier"
_NAMES: tuple[Fault, ...] = typing.get_args(Fault)
# How the way of a parcel ends that does not arrive: after which step, and what is told then.
_ENDS: dict[str, tuple[str, str]] = {
    "lost": ("departed", "lost"),
    "returned": ("out_for_delivery", "returned"),
    "silent": ("departed", ""),
}


class SimulatedCourier:
    """`ports.Courier` with parcels of its own; where one goes is kept sealed."""

    def __init__(self, memory: Memory, rules: Rules) -> None:
        self._memory = memory
        self._rules = rules

    def order(self, parcel: ports.Parcel) -> ports.PickUp:
        """Have a parcel fetched. Asking twice has it fetched once.

        Raises: ProviderUnavailable, for the faults that ask for it.
        """
        now = self._memory.now()
        struck = {
            name for name in _NAMES if self._rules.strikes(name, parcel.shipment_id, parcel.place)
        }
        if "unreachable" in struck:
            self._note(parcel.shipment_id, now, answered=False)
            raise errors.ProviderUnavailable()
        if "refused" in struck:
            self._note(parcel.shipment_id, now, answered=True)
            return ports.PickUp(problem="not_served")
        with self._memory.parts.db.write() as connection:
            known = _parcel(connection, parcel.shipment_id)
            number = (
                str(known["tracking_no"])
                if known
                else self._fetched(connection, parcel, struck, now)
            )
        if known is None and "reply_lost" in struck:
            self._note(parcel.shipment_id, now, answered=False)
            raise errors.ProviderUnavailable()
        self._note(parcel.shipment_id, now, answered=True)
        return ports.PickUp(courier=self._rules.label, tracking_no=number)

    def _fetched(
        self,
        connection: database.Connection,
        parcel: ports.Parcel,
        struck: set[Fault],
        now: int,
    ) -> str:
        serial = store.next_number(connection, "parcel")
        number = f"{self._rules.prefix}{serial:012d}"
        connection.run(
            "INSERT INTO sim_parcel (shipment_id, tracking_no, destination, fate, ordered_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                parcel.shipment_id,
                number,
                self._memory.seal(parcel.city, f"sim_parcel|{number}"),
                ",".join(sorted(struck)),
                now,
            ),
        )
        return number

    def track(self, tracking_no: str) -> Sequence[ports.TrackingStep]:
        """Everything that is known of a parcel by now, in any order, some of it perhaps twice.

        Raises: NotFound.
        """
        now = self._memory.now()
        with self._memory.parts.db.read() as connection:
            found = connection.rows(
                "SELECT * FROM sim_parcel WHERE tracking_no = ?", (tracking_no,)
            )
        self._note(tracking_no, now, answered=True)
        if not found:
            raise errors.NotFound(what="parcel")
        parcel = found[0]
        city = self._memory.open(bytes(parcel["destination"]), f"sim_parcel|{tracking_no}")
        steps = [
            one
            for one in self._way(parcel["shipment_id"], parcel["ordered_at"], city, parcel["fate"])
            if one.occurred_at <= now
        ]
        if "repeated" in parcel["fate"]:
            steps = [*steps, *steps[-2:]]
        if "shuffled" in parcel["fate"]:
            steps.reverse()
        return steps

    def _way(
        self, shipment_id: str, ordered_at: int, city: str, fate: str
    ) -> list[ports.TrackingStep]:
        """Every step of a parcel's way, up to its end."""
        slower = self._rules.late_times if "late" in fate else 1.0
        # A tenth earlier or later, by the parcel's id.
        pace = slower * (0.9 + 0.2 * chance(shipment_id, "courier/pace"))
        end = next((_ENDS[name] for name in fate.split(",") if name in _ENDS), None)
        steps: list[ports.TrackingStep] = []
        for leg in self._rules.legs:
            at = ordered_at + round(leg.hours * pace * clock.HOUR)
            place = city if leg.there else self._rules.origin
            steps.append(ports.TrackingStep(code=leg.code, place=place, occurred_at=at))
            if end is not None and leg.code == end[0]:
                if end[1]:
                    code: ports.StepCode = "lost" if end[1] == "lost" else "returned"
                    later = at + round(24 * pace * clock.HOUR)
                    steps.append(ports.TrackingStep(code=code, place=place, occurred_at=later))
                break
        return steps

    def _note(self, key: str, now: int, *, answered: bool) -> None:
        health.note(
            self._memory, PROVIDER, f"{PROVIDER}/{key}/{now}", answered=answered, latency_ms=0
        )


def _parcel(connection: database.Connection, shipment_id: str) -> database.Row | None:
    found = connection.rows("SELECT * FROM sim_parcel WHERE shipment_id = ?", (shipment_id,))
    return found[0] if found else None
