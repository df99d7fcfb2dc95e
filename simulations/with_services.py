"""What a person does with services on the phone: the catalogue, ordering, paying, giving up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.boot import World
    from engine.handset.handset import Handset


class WithServices:
    """The part of a person that orders information and platform services."""

    world: World
    handset: Handset
    enterprise_id: str
    platform_id: str

    def key(self) -> str:
        """A fresh idempotency key."""
        raise AssertionError("a person makes their keys from their own entropy")

    def _services(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.handset.door.perform(
            f"subscribing.{name}", given, key=self.key()
        )
        return found

    def services_for(self, category: str, buyer: str) -> list[dict[str, Any]]:
        """What is offered at this person's platform to an enterprise or a person."""
        asked = {"category": category, "platform_id": self.platform_id}
        found = self.handset.door.ask("subscribing.catalogue", asked)
        return [one for one in found if buyer in one["buyers"]]

    def order_service(
        self, service_id: str, months: int, *, own: bool = False, quantity: int = 1
    ) -> str:
        """Order a service for the enterprise, or for oneself; the order's id."""
        given = {
            "service_id": service_id,
            "platform_id": self.platform_id,
            "months": months,
            "quantity": quantity,
            "enterprise_id": "" if own else self.enterprise_id,
        }
        return str(self._services("place_order", given)["id"])

    def pay_service(self, order_id: str, account: str = "") -> None:
        """Pay at the provider's cashier."""
        self.world.bank.pay(self._services("pay", {"order_id": order_id})["id"], account)

    def cancel_service(self, order_id: str) -> None:
        """Take an unpaid order back."""
        self._services("cancel", {"order_id": order_id})

    def give_up_service(self, order_id: str) -> None:
        """Give a paid service up, for the months that have not begun."""
        self._services("ask_refund", {"order_id": order_id})

    def service_status(self, order_id: str) -> str:
        """Where an order stands."""
        found = self.handset.door.ask("subscribing.order", {"order_id": order_id})
        return str(found["status"])
