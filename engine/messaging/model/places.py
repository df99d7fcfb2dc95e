"""Where messages of each kind belong: their drawer, and the screen of the phone that they lead to."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Category(enum.StrEnum):
    """The drawers of the message box."""

    ACCOUNT = "account"
    ENTERPRISE = "enterprise"
    ORDER = "order"
    CERTIFICATE = "certificate"
    SEAL = "seal"
    CONTRACT = "contract"
    INVOICE = "invoice"
    MALL = "mall"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where messages of a kind belong: their category, and the phone's screen that shows the thing.

    `with_subject` says that the screen takes the message's subject: the link ends with its id.
    `correction` is the form that opens at the field which a rejection points at, where it names one.
    """

    category: Category
    screen: str
    with_subject: bool = False
    correction: str = ""

    def link(self, subject: str, params: Mapping[str, str]) -> str:
        """The path on the phone of a message of this kind."""
        field = params.get(FIELD, "")
        if self.correction and field:
            return f"{self.correction}/{subject}/{field}"
        return f"{self.screen}/{subject}" if self.with_subject else self.screen


# The parameter of a message that names the field to correct first.
FIELD = "field"


def _at(
    category: Category, screen: str, *, with_subject: bool = False, correction: str = ""
) -> Place:
    return Place(category=category, screen=screen, with_subject=with_subject, correction=correction)


_C = Category


KINDS: Mapping[str, Place] = {
    "real_name.matched": _at(_C.ACCOUNT, "real-name"),
    "real_name.mismatched": _at(_C.ACCOUNT, "real-name"),
    "real_name.awaiting_code": _at(_C.ACCOUNT, "real-name"),
    "account.new_device": _at(_C.ACCOUNT, "security"),
    "account.password_changed": _at(_C.ACCOUNT, "security"),
    "account.number_changed": _at(_C.ACCOUNT, "security"),
    "account.frozen": _at(_C.ACCOUNT, "security"),
    "account.unfrozen": _at(_C.ACCOUNT, "security"),
    "cancellation.rejected": _at(_C.ACCOUNT, "closing"),
    "termination.noticed": _at(_C.ACCOUNT, "closing"),
    "termination.lifted": _at(_C.ACCOUNT, "closing"),
    "termination.appeal_dismissed": _at(_C.ACCOUNT, "closing"),
    "claim.approved": _at(_C.ENTERPRISE, "enterprise"),
    "claim.rejected": _at(_C.ENTERPRISE, "claims", with_subject=True, correction="claim"),
    "claim.authorization_wanted": _at(_C.ENTERPRISE, "claims", with_subject=True),
    "claim.authorized": _at(_C.ENTERPRISE, "claims", with_subject=True),
    "claim.payment_failed": _at(_C.ENTERPRISE, "claims", with_subject=True),
    "claim.payment_matched": _at(_C.ENTERPRISE, "claims", with_subject=True),
    "change.was_rejected": _at(_C.ENTERPRISE, "enterprise", correction="change"),
    "enterprise.was_changed": _at(_C.ENTERPRISE, "enterprises", with_subject=True),
    "member.invited": _at(_C.ENTERPRISE, "invitations"),
    "member.invitation_declined": _at(_C.ENTERPRISE, "members", with_subject=True),
    "member.applied": _at(_C.ENTERPRISE, "enterprise"),
    "member.application_accepted": _at(_C.ENTERPRISE, "enterprises", with_subject=True),
    "member.application_declined": _at(_C.ENTERPRISE, "enterprise"),
    "member.has_joined": _at(_C.ENTERPRISE, "members", with_subject=True),
    "member.has_left": _at(_C.ENTERPRISE, "members", with_subject=True),
    "member.removed": _at(_C.ENTERPRISE, "enterprise"),
    "member.role_changed": _at(_C.ENTERPRISE, "enterprises", with_subject=True),
    "member.transfer_offered": _at(_C.ENTERPRISE, "invitations"),
    "member.transfer_accepted": _at(_C.ENTERPRISE, "members", with_subject=True),
    "member.transfer_declined": _at(_C.ENTERPRISE, "members", with_subject=True),
    "order.paid": _at(_C.ORDER, "orders", with_subject=True),
    "order.payment_wanted": _at(_C.ORDER, "orders", with_subject=True),
    "order.papers_wanted": _at(_C.ORDER, "orders", with_subject=True),
    "order.rejected": _at(_C.ORDER, "orders", with_subject=True, correction="apply"),
    "order.cancelled": _at(_C.ORDER, "orders", with_subject=True),
    "order.refunded": _at(_C.ORDER, "payments"),
    "payment.came_twice": _at(_C.ORDER, "payments"),
    "payment.given_back": _at(_C.ORDER, "payments"),
    "refund.late": _at(_C.ORDER, "payments"),
    "order.paused": _at(_C.ORDER, "orders", with_subject=True),
    "order.resumed": _at(_C.ORDER, "orders", with_subject=True),
    "order.taken_back": _at(_C.ORDER, "orders", with_subject=True),
    "certificate.delegated": _at(_C.CERTIFICATE, "orders", with_subject=True),
    "certificate.delegation_ready": _at(_C.CERTIFICATE, "orders", with_subject=True),
    "certificate.delegation_withdrawn": _at(_C.CERTIFICATE, "certificates"),
    "certificate.ends_soon": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "certificate.has_expired": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "certificate.ready": _at(_C.CERTIFICATE, "orders", with_subject=True),
    "certificate.abandoned": _at(_C.CERTIFICATE, "orders", with_subject=True),
    "certificate.revoked": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "certificate.finished": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "certificate.suspended": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "pin.locked": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "pin.unlocked": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "pin.changed": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "certificate.resumed": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "encryption_key.missing": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "encryption_key.waits": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "key_recovery.was_rejected": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "ticket.second_scan": _at(_C.ACCOUNT, "security"),
    "binding.bound": _at(_C.MALL, "certificates"),
    "binding.in_review": _at(_C.MALL, "certificates"),
    "binding.rejected": _at(_C.MALL, "scan"),
    "binding.moved": _at(_C.MALL, "certificates"),
    "binding.rebind": _at(_C.MALL, "scan"),
    "mall_account.new_browser": _at(_C.MALL, "security"),
    "mall_account.new_browser_at": _at(_C.MALL, "security"),
    "binding.unbound": _at(_C.MALL, "certificates"),
    "mall_account.opened": _at(_C.MALL, "onboard"),
    "mall_account.password_changed": _at(_C.MALL, "security"),
    "purchase_order.placed": _at(_C.MALL, "messages"),
    "seal.made": _at(_C.SEAL, "seals", with_subject=True),
    "seal.rejected": _at(_C.SEAL, "seals", correction="seal-form"),
    "seal.entrusted": _at(_C.SEAL, "seals", with_subject=True),
    "seal.entrusting_withdrawn": _at(_C.SEAL, "seals"),
    "seal.entrusting_ended": _at(_C.SEAL, "seals"),
    "seal.filing_refused": _at(_C.SEAL, "seals", with_subject=True),
    "seal.ends_soon": _at(_C.SEAL, "seals", with_subject=True),
    "seal.has_expired": _at(_C.SEAL, "seals", with_subject=True),
    "contract.to_sign": _at(_C.CONTRACT, "contracts", with_subject=True),
    "contract.confirm_on_phone": _at(_C.CONTRACT, "ticket", with_subject=True),
    "contract.not_signed": _at(_C.CONTRACT, "contracts", with_subject=True),
    "contract.to_submit": _at(_C.CONTRACT, "contracts", with_subject=True),
    "contract.reminder": _at(_C.CONTRACT, "contracts", with_subject=True),
    "contract.was_declined": _at(_C.CONTRACT, "contracts", with_subject=True),
    "contract.was_withdrawn": _at(_C.CONTRACT, "contracts", with_subject=True),
    "contract.was_extended": _at(_C.CONTRACT, "contracts", with_subject=True),
    "contract.ends_soon": _at(_C.CONTRACT, "contracts", with_subject=True),
    "contract.has_expired": _at(_C.CONTRACT, "contracts", with_subject=True),
    "contract.expired_for_you": _at(_C.CONTRACT, "messages"),
    "contract.voiding_asked": _at(_C.CONTRACT, "contracts", with_subject=True),
    "contract.voiding_was_refused": _at(_C.CONTRACT, "contracts", with_subject=True),
    "contract.was_voided": _at(_C.CONTRACT, "contracts", with_subject=True),
    "contract.passed": _at(_C.CONTRACT, "contracts", with_subject=True),
    "contract.returned": _at(_C.CONTRACT, "contracts", with_subject=True),
    "service.paid": _at(_C.ORDER, "services", with_subject=True),
    "service.payment_wanted": _at(_C.ORDER, "services", with_subject=True),
    "service.given_up": _at(_C.ORDER, "services", with_subject=True),
    "service.lapsed": _at(_C.ORDER, "services", with_subject=True),
    "service.ends_soon": _at(_C.ORDER, "services", with_subject=True),
    "service.has_ended": _at(_C.ORDER, "services", with_subject=True),
    "invoice.issued": _at(_C.INVOICE, "invoices", with_subject=True),
    "invoice.was_rejected": _at(_C.INVOICE, "invoices", with_subject=True),
    "invoice.was_refused": _at(_C.INVOICE, "invoices", with_subject=True),
    "invoice.was_dropped": _at(_C.INVOICE, "invoices", with_subject=True),
    "invoice.was_reversed": _at(_C.INVOICE, "invoices", with_subject=True),
    "invoice.was_reversed_in_part": _at(_C.INVOICE, "invoices", with_subject=True),
    "red_letter.confirm_wanted": _at(_C.INVOICE, "invoices", with_subject=True),
    "red_letter.was_rejected": _at(_C.INVOICE, "invoices", with_subject=True),
    "shipment.posted": _at(_C.INVOICE, "invoices", with_subject=True),
    "shipment.delivered": _at(_C.INVOICE, "invoices", with_subject=True),
    "shipment.was_lost": _at(_C.INVOICE, "invoices", with_subject=True),
    "shipment.address_wanted": _at(_C.INVOICE, "invoices", with_subject=True),
}


# Where a message goes whose kind an older version wrote and this one no longer knows.
ELSEWHERE = Place(category=Category.SYSTEM, screen="messages")


def place_of(kind: str) -> Place:
    """Category and screen of a kind of message."""
    return KINDS.get(kind, ELSEWHERE)
