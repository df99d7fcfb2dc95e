"""What a person does with invoices, titles and addresses on the phone, step by step as the guide has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.handset.handset import Handset
    from simulations.people import Identity

# Where simulated post goes; there is no such house.
_REGION, _DETAIL = "650102", "示范路 1 号模拟大厦 802 室"


class WithInvoices:
    """The part of a person that has invoices made out."""

    identity: Identity
    handset: Handset
    enterprise_id: str
    order_id: str

    def key(self) -> str:
        """A fresh idempotency key."""
        raise AssertionError("a person makes their keys from their own entropy")

    def _invoice_asked(self, name: str, given: dict[str, Any]) -> Any:
        return self.handset.door.ask(name, given)

    def _invoice_done(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.handset.door.perform(name, given, key=self.key())
        return found

    # -- applying ------------------------------------------------------------------------------

    def order_kinds(self) -> list[str]:
        """The kinds of order of which something can be ticked."""
        found = self._invoice_asked("invoicing.order_kinds", {})
        return [str(one["kind"]) for one in found if one["ready"]]

    def to_tick(self, order_kind: str) -> list[str]:
        """Orders of a kind that can be ticked together: of one payer and one seller."""
        found = self._invoice_asked("invoicing.candidates", {"order_kind": order_kind})
        ready = [one for one in found if not one["refused"] and self._is_mine(one)]
        if not ready:
            return []
        alike = ("enterprise_id", "platform_id", "agency_id")
        first = ready[0]
        return [str(one["id"]) for one in ready if all(one[name] == first[name] for name in alike)]

    def _is_mine(self, order: dict[str, Any]) -> bool:
        """Whether an order is one's own or this enterprise's, and not that of another one they act for."""
        return not self.enterprise_id or order["enterprise_id"] in (None, self.enterprise_id)

    def of_oneself(self, order_kind: str, order_id: str) -> bool:
        """Whether an order is this person's own and no enterprise's."""
        found = self._invoice_asked("invoicing.candidates", {"order_kind": order_kind})
        return any(one["id"] == order_id and one["enterprise_id"] is None for one in found)

    def invoice_preview(
        self, order_kind: str, order_ids: list[str], *, medium: str = "electronic"
    ) -> dict[str, Any]:
        """What an application would be, before it is sent."""
        given = {"order_ids": order_ids, "order_kind": order_kind, "medium": medium}
        found: dict[str, Any] = self._invoice_asked("invoicing.preview", given)
        return found

    def apply_for_invoice(
        self,
        order_kind: str,
        order_ids: list[str],
        *,
        medium: str = "electronic",
        kind: str = "ordinary",
        title: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Confirm an application; without a title the default one is taken."""
        given: dict[str, Any] = {
            "order_kind": order_kind,
            "order_ids": order_ids,
            "medium": medium,
            "kind": kind,
        }
        if title is not None:
            given["title"] = title
        return self._invoice_done("invoicing.apply_for_invoice", given)

    def invoice(self) -> dict[str, Any]:
        """Apply for the invoice of the enterprise's own order, with the title that is there by itself."""
        return self.apply_for_invoice("certificate", [self.order_id])

    def invoice_shown(self, invoice_id: str) -> dict[str, Any]:
        """One invoice as the history shows it."""
        found: dict[str, Any] = self._invoice_asked("invoicing.invoice", {"invoice_id": invoice_id})
        return found

    def invoice_status(self, invoice_id: str) -> str:
        """Where an invoice stands."""
        return str(self.invoice_shown(invoice_id)["status"])

    # -- what becomes of one -------------------------------------------------------------------

    def send_invoice_again(self, invoice_id: str) -> None:
        """Have a refused one numbered once more."""
        self._invoice_done("invoicing.send_again", {"invoice_id": invoice_id})

    def ask_red_letter(self, invoice_id: str, reason: str) -> str:
        """Ask for an invoice to be taken back; the red letter's id."""
        given = {"invoice_id": invoice_id, "reason": reason}
        return str(self._invoice_done("invoicing.ask_red_letter", given)["id"])

    def declare_deducted(self, invoice_id: str) -> None:
        """Say that a special invoice is deducted."""
        self._invoice_done("invoicing.declare_deducted", {"invoice_id": invoice_id})

    def confirm_red_letters(self) -> int:
        """Confirm every red letter that waits for this person; how many."""
        found = self._invoice_asked("invoicing.mine", {"status": "awaiting_buyer"})
        for one in found:
            self._invoice_done("invoicing.confirm_red_letter", {"invoice_id": one["id"]})
        return len(found)

    def parcel(self, invoice_id: str) -> dict[str, Any] | None:
        """How far the post with an invoice is."""
        found: dict[str, Any] | None = self._invoice_asked(
            "delivering.shipment", {"subject": invoice_id}
        )
        return found

    def report_lost_post(self, invoice_id: str) -> None:
        """Say that the post has not come."""
        self._invoice_done("delivering.report_lost", {"subject": invoice_id})

    # -- titles and addresses ------------------------------------------------------------------

    def titles(self) -> list[dict[str, Any]]:
        """The titles that are kept, the enterprise's own among them."""
        found: list[dict[str, Any]] = self._invoice_asked("invoicing.titles", {})
        return found

    def prefer_own_title(self) -> bool:
        """Make the enterprise's own title the default by the switch; whether there is one."""
        own = [one for one in self.titles() if one["own"]]
        if own:
            given = {"title_id": own[0]["id"], "is_default": True}
            self._invoice_done("invoicing.change_title", given)
        return bool(own)

    def tidy_titles(self) -> int:
        """Delete every title that is not the system's own, at once; how many."""
        others = [one["id"] for one in self.titles() if not one["own"]]
        if others:
            self.handset.door.perform(
                "invoicing.delete_titles", {"title_ids": others}, key=self.key()
            )
        return len(others)

    def keep_address(self) -> None:
        """Keep a default address, where there is none yet."""
        if self._invoice_asked("delivering.addresses", {}):
            return
        given = {
            "recipient": self.identity.name,
            "phone": self.identity.phone,
            "region": _REGION,
            "detail": _DETAIL,
            "label": "公司",
            "is_default": True,
        }
        self._invoice_done("delivering.add_address", given)
