"""A message tells a person of a change that concerns them; a to-do also asks for a step.

Stored as a code and parameters, rendered in the reader's language when read. What category a kind belongs
to, which screen of the phone it leads to, and which fact means that a to-do's step was taken, stands in
literal tables here, so that no screen decides it (MSG-1).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.kernel.catalog import Text


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
    "order.taken_back": _at(_C.ORDER, "orders", with_subject=True),
    "certificate.delegated": _at(_C.CERTIFICATE, "orders", with_subject=True),
    "certificate.delegation_ready": _at(_C.CERTIFICATE, "orders", with_subject=True),
    "certificate.delegation_withdrawn": _at(_C.CERTIFICATE, "certificates"),
    "certificate.expiring": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "certificate.expired": _at(_C.CERTIFICATE, "certificates", with_subject=True),
    "certificate.ready": _at(_C.CERTIFICATE, "orders", with_subject=True),
    "certificate.abandoned": _at(_C.CERTIFICATE, "orders", with_subject=True),
    "certificate.revoked": _at(_C.CERTIFICATE, "certificates", with_subject=True),
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
    "binding.unbound": _at(_C.MALL, "certificates"),
    "mall_account.opened": _at(_C.MALL, "onboard"),
    "mall_account.password_changed": _at(_C.MALL, "security"),
    "purchase_order.placed": _at(_C.MALL, "messages"),
    "seal.made": _at(_C.SEAL, "seals", with_subject=True),
    "seal.rejected": _at(_C.SEAL, "seals", correction="seal-form"),
    "contract.to_sign": _at(_C.CONTRACT, "scan"),
    "contract.passed": _at(_C.CONTRACT, "messages"),
    "contract.returned": _at(_C.CONTRACT, "messages"),
    "invoice.issued": _at(_C.INVOICE, "invoices", with_subject=True),
}
# Where a message goes whose kind an older version wrote and this one no longer knows.
ELSEWHERE = Place(category=Category.SYSTEM, screen="messages")


def place_of(kind: str) -> Place:
    """Category and screen of a kind of message."""
    return KINDS.get(kind, ELSEWHERE)


Whose = Literal["subject", "account", "contract_id", "claim_id", "enterprise_id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A fact that means that a to-do's step was taken.

    `whose` says which to-dos it closes: those about the fact's own subject, those about the id that the
    fact names so, or all of that kind of the account that it names (or whose act it is).
    """

    kind: str
    fact: str
    whose: Whose


def _closed(kind: str, *facts: str, whose: Whose = "subject") -> tuple[Closing, ...]:
    return tuple(Closing(kind=kind, fact=fact, whose=whose) for fact in facts)


# To-do → the facts that close it. A to-do that is not here would stay for ever: a test looks for one.
CLOSINGS: tuple[Closing, ...] = (
    *_closed("real_name.mismatched", "proof.requested", whose="account"),
    *_closed("real_name.awaiting_code", "proof.matched", "proof.mismatched"),
    *_closed("termination.noticed", "termination.appealed", "termination.lifted", "closing.closed"),
    *_closed("termination.appeal_dismissed", "closing.closed"),
    *_closed("claim.rejected", "claim.submitted", whose="account"),
    *_closed("claim.authorization_wanted", "representative.authorized", whose="claim_id"),
    *_closed("claim.authorization_wanted", "claim.approved", "claim.rejected"),
    *_closed("claim.payment_failed", "reverse_payment.started", whose="claim_id"),
    *_closed("claim.payment_failed", "claim.approved", "claim.rejected"),
    *_closed("change.was_rejected", "change.submitted", whose="account"),
    *_closed("member.invited", "invitation.accepted", "invitation.declined"),
    *_closed("member.invited", "invitation.cancelled"),
    *_closed("member.applied", "invitation.accepted", "invitation.declined"),
    *_closed("member.applied", "invitation.cancelled"),
    *_closed("member.transfer_offered", "transfer.accepted", whose="enterprise_id"),
    *_closed("member.transfer_offered", "transfer.declined", whose="enterprise_id"),
    *_closed("member.transfer_offered", "transfer.cancelled", whose="enterprise_id"),
    *_closed("order.payment_wanted", "order.paid", "order.cancelled"),
    *_closed("order.papers_wanted", "order.papers_attached", "order.cancelled"),
    *_closed("certificate.ready", "order.completed", "order.cancelled"),
    *_closed("certificate.delegated", "order.completed", "order.cancelled"),
    *_closed("certificate.expiring", "certificate.revoked", "certificate.expired"),
    *_closed("encryption_key.missing", "encryption_key.asked"),
    *_closed("encryption_key.missing", "encryption_key.taken"),
    *_closed("encryption_key.waits", "encryption_key.taken"),
    *_closed("certificate.abandoned", "order.completed", "order.cancelled"),
    *_closed("binding.rejected", "entity.submitted", whose="account"),
    *_closed("pin.locked", "pin.unlocked", "certificate.revoked"),
    *_closed("order.rejected", "order.placed", whose="account"),
    *_closed("seal.rejected", "seal.applied_for", whose="account"),
    *_closed("contract.to_sign", "signature.signed", whose="contract_id"),
    *_closed("contract.to_sign", "contract.revised"),
    *_closed("contract.returned", "contract.revised"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. `subject` is what it is about. A to-do is `done_at` once its step was taken."""

    id: str
    account_id: str
    kind: str
    params: dict[str, str]
    subject: str
    todo: int
    created_at: int
    read_at: int | None = None
    done_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message as its reader gets it: with its category and its link, `<screen>`, `<screen>/<id>`
    or `<screen>/<id>/<field>`.

    `open_todo` is 1 while a step is asked for.
    """

    id: str
    account_id: str
    kind: str
    category: Category
    link: str
    params: dict[str, str]
    subject: str
    todo: int
    open_todo: int
    created_at: int
    read_at: int | None
    done_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many messages of a category are unread, and how many to-dos are open."""

    unread: int = 0
    todo: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An announcement that holds today."""

    name: str
    title: Text
    text: Text
    starts_on: str
    ends_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A way to get the app on one system: where to look, for what, and which button to press."""

    system: str
    label: Text
    store: Text
    search: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A chapter of the guide, with what it says step by step."""

    slug: str
    title: Text
    steps: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When the hotline answers: ISO weekdays and the times of a day, statutory holidays excepted."""

    weekdays: tuple[int, ...]
    start: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """How to reach us and how to get the app (HLP-1). `site_url` opens the phone of this world."""

    hotline: str
    hours: Hours
    open_now: bool
    next_change_at: int
    downloads: tuple[Download, ...]
    site_button: str
    site_url: str
    guide: tuple[Guide, ...]
