"""Which fact means that a to-do's step was taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Whose = Literal[
    "subject", "account", "contract_id", "claim_id", "enterprise_id", "seal_id", "about"
]


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
    *_closed("certificate.ends_soon", "certificate.revoked", "certificate.expired"),
    *_closed("encryption_key.missing", "encryption_key.asked"),
    *_closed("encryption_key.missing", "encryption_key.taken"),
    *_closed("encryption_key.waits", "encryption_key.taken"),
    *_closed("certificate.abandoned", "order.completed", "order.cancelled"),
    *_closed("binding.rejected", "entity.submitted", whose="account"),
    *_closed("pin.locked", "pin.unlocked", "certificate.revoked"),
    *_closed("pin.locked", "certificate.finished"),
    *_closed("order.rejected", "order.placed", whose="account"),
    *_closed("seal.rejected", "seal.applied_for", whose="account"),
    *_closed("seal.filing_refused", "seal_filing.sent", whose="seal_id"),
    *_closed("seal.filing_refused", "seal.deleted", "seal.replaced"),
    *_closed("seal.ends_soon", "seal.deleted", "seal.replaced", "seal.expired"),
    *_closed("seal.has_expired", "seal.deleted", "seal.replaced"),
    *_closed("shipment.address_wanted", "shipment.redirected", whose="about"),
    *_closed("shipment.address_wanted", "shipment.sent_again", whose="about"),
    *_closed("contract.to_sign", "signature.signed", whose="contract_id"),
    *_closed("contract.to_sign", "contract.revised"),
    *_closed("contract.to_sign", "party.signed", "party.declined"),
    *_closed("contract.not_signed", "party.signed", "party.declined"),
    *_closed("contract.to_submit", "contract.submitted", "contract.withdrawn"),
    *_closed("contract.was_declined", "contract.revised", "contract.withdrawn"),
    *_closed("contract.has_expired", "contract.extended", "contract.withdrawn", "contract.revised"),
    *_closed("contract.returned", "contract.withdrawn"),
    *_closed("contract.voiding_asked", "party.answered_voiding"),
    *_closed("contract.returned", "contract.revised"),
    *_closed("service.payment_wanted", "service_order.paid", "service_order.cancelled"),
    *_closed("service.payment_wanted", "service_order.lapsed"),
    *_closed("service.ends_soon", "service_order.given_up"),
    *_closed("invoice.was_rejected", "invoice.applied_for", whose="account"),
    *_closed("invoice.was_refused", "invoice.sent_again", "invoice.withdrawn", "invoice.dropped"),
    *_closed("red_letter.confirm_wanted", "red_letter.confirmed", "red_letter.declined"),
)
