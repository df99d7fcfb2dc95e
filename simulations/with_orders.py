"""What a person does with orders of every kind on the phone, from placing them to the download."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from engine.kernel import clock
from simulations import papers
from simulations.at_pc import b64

if TYPE_CHECKING:
    from engine.boot import World
    from engine.handset.handset import Handset
    from simulations.people import Identity

# Where a person buys a certificate of their own: nobody has to be onboarded for that.
_OWN_PLATFORM = "yangguang"
_SCOPE = ("login", "contract")
# As the phone has it: so long before its end a certificate can be renewed.
_WINDOW_MS = 90 * clock.DAY


class WithOrders:
    """The part of a person that orders certificates."""

    world: World
    identity: Identity
    handset: Handset
    enterprise_id: str
    platform_id: str
    order_id: str
    certificate_id: str

    def key(self) -> str:
        """A fresh idempotency key."""
        raise AssertionError("a person makes their keys from their own entropy")

    def _orders(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.handset.door.perform(f"ordering.{name}", given, key=self.key())
        return found

    def _place(self, **given: Any) -> str:
        return str(self._orders("place_order", given)["id"])

    # -- placing -------------------------------------------------------------------------------

    def order(self, *, agency_id: str, years: int = 1, kind: str = "platform") -> dict[str, Any]:
        """Order the enterprise's first certificate."""
        order = self._orders(
            "place_order",
            {
                "enterprise_id": self.enterprise_id,
                "platform_id": self.platform_id,
                "agency_id": agency_id,
                "seal_agency_id": "huayin",
                "certificate_kind": kind,
                "years": years,
            },
        )
        self.order_id = order["id"]
        return order

    def order_for_event(self, *, agency_id: str) -> str:
        """Order one for a single bid; the order's id."""
        return self._place(
            enterprise_id=self.enterprise_id,
            platform_id=self.platform_id,
            agency_id=agency_id,
            seal_agency_id="",
            certificate_kind="platform",
            years=0,
            product="event",
            scope=["bid"],
        )

    def order_own(self, *, agency_id: str) -> str:
        """Order one of one's own; the order's id."""
        return self._place(
            platform_id=_OWN_PLATFORM,
            agency_id=agency_id,
            seal_agency_id="",
            certificate_kind="platform",
            years=1,
            product="individual",
        )

    def order_successor(self, business: str, *, confirmed: bool, **more: Any) -> str:
        """Order what takes the certificate's place: `renew`, `replace` or `change`; the order's id."""
        given = {"certificate_id": self.certificate_id, "stranding_confirmed": confirmed, **more}
        return str(self._orders(f"{business}_certificate", given)["id"])

    def delegate(self, account_id: str) -> str:
        """Order one for a colleague; the order's id."""
        given = {
            "certificate_id": self.certificate_id,
            "account_id": account_id,
            "scope": _SCOPE,
            "years": 1,
        }
        return str(self._orders("delegate_certificate", given)["id"])

    def cancel_order(self, order_id: str) -> None:
        """Take an order back."""
        self._orders("cancel", {"order_id": order_id})

    # -- on the way ----------------------------------------------------------------------------

    def status_of(self, order_id: str) -> str:
        """Where an order stands."""
        return str(self.handset.door.ask("ordering.order", {"order_id": order_id})["status"])

    def order_status(self) -> str:
        """Where the enterprise's own order stands."""
        return self.status_of(self.order_id)

    def pay_for(self, order_id: str) -> None:
        """Pay at the provider's cashier."""
        payment = self._orders("pay", {"order_id": order_id})
        self.world.bank.pay(payment["id"])

    def pay(self) -> None:
        """Pay for the enterprise's own order."""
        self.pay_for(self.order_id)

    def attach_to(self, order_id: str) -> None:
        """Hand in whatever the platform asks for with this order."""
        asked = self.handset.door.ask("ordering.detail", {"order_id": order_id})["attachments"]
        enterprise = self.identity.enterprise
        handed_in = [
            {
                "code": one["code"],
                "content": b64(papers.picture(one["code"].replace("_", " "), enterprise)),
            }
            for one in asked
        ]
        self._orders("attach_papers", {"order_id": order_id, "papers": handed_in})

    def attach(self) -> None:
        """Hand in the papers of the enterprise's own order."""
        self.attach_to(self.order_id)

    # -- the download --------------------------------------------------------------------------

    def request_for(self, order_id: str) -> str:
        """Make a key and ask for an approved order's certificate; its id."""
        return str(self.handset.request_certificate(order_id, self.identity.pin)["id"])

    def request_certificate(self) -> None:
        """Make a key and ask for the certificate of the enterprise's own order."""
        self.certificate_id = self.request_for(self.order_id)

    def take(self, certificate_id: str) -> bool:
        """Take a certificate into use, once it has come."""
        found = self.handset.door.ask("issuing.certificate", {"certificate_id": certificate_id})
        if found["der"] is None:
            return False
        self.handset.activate(certificate_id, base64.b64decode(found["der"]), self.identity.pin)
        return True

    def activate(self) -> bool:
        """Take the enterprise's own certificate into use, once it has come."""
        return self.take(self.certificate_id)

    def renewable_from(self) -> int:
        """From when on the certificate can be renewed (UTC milliseconds)."""
        found = self.handset.door.ask(
            "issuing.certificate", {"certificate_id": self.certificate_id}
        )
        return int(found["not_after"]) - _WINDOW_MS
