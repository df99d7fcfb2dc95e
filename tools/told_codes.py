"""Codes that people are told and that no literal in the sources shows, for the tool of texts."""

from __future__ import annotations

import typing

from engine.boot import deadlines, duties
from engine.evidence import checking as evidence
from engine.evidence import growing
from engine.pdf import rebuilding
from engine.providers import identity, tax
from engine.records import kinds, protected, shown
from engine.registration.actions import proofs as proving
from engine.registration.model import proofs
from engine.sealing import model as sealing
from engine.sealing import stamped
from engine.ses import impressions
from simulations.invariants import checking

# Codes whose end is filled in when they are recorded: every end they can have.
ENDS = {
    "case.": ("approved", "rejected"),
    "change.": ("approved", "rejected"),
    "consequence.seal_": ("made_anew", "carried_over", "ordered"),
    "invitation.": ("accepted", "declined", "cancelled"),
    "register.": ("matched", "mismatched"),
    "representative.": ("authorized", "cancelled"),
    "reverse_payment.": ("matched", "failed"),
    "seal.kind.": (
        *("company", "representative", "signature", "contract", "finance", "invoice"),
        *("personnel", "custom", "personal"),
    ),
    "seal.picture.": ("drawn", "impression"),
    "seal.purpose.": ("new", "change", "remake"),
    "seal.remake.": ("key_compromise", "worn", "lost", "expiring"),
    "seal_filing.": ("filed", "refused"),
    "voiding.": ("refused", "taken_back"),
    "certificate.held_by.": ("holder", "staff"),
    "claim.authority.": ("representative", "letter", "payment", "app"),
    "contract.origin.": ("template", "uploaded"),
    "contract.signing_order.": ("in_turn", "any"),
    "download.mode.": ("automatic", "manual"),
    "invitation.way.": ("phone", "qr", "hand"),
    "member.role.": ("administrator", "handler", "seal_user"),
    "party.role.": ("purchaser", "supplier", *(f"party{number}" for number in range(3, 7))),
    "proof.purpose.": tuple(proving.OUTCOMES),
    "refund.why.": ("order_ended", "service_given_up", "not_owed", "unasked"),
    "seal.colour.": ("red", "black", "blue"),
    "service.category.": ("information", "platform"),
    "transfer.": ("accepted", "declined", "cancelled"),
    "claim.": ("approved", "rejected"),
    "contract.": ("passed", "returned"),
    "contract.sign_": ("purchaser", "supplier", *(f"party{number}" for number in range(3, 7))),
    "one_tap.": ("confirmed", "refused"),
    "pin.": ("proved", "wrong", "locked"),
    "proof.": ("matched", "mismatched"),
    "real_name.": ("matched", "mismatched"),
    "service_order.step.": (
        *("placed", "paid", "cancelled", "lapsed", "given_up", "service_completed"),
        *("refunding", "refunded"),
    ),
}
# What record pages call columns, tables and kinds.
RECORDS = (
    *(
        protected.name_of(column, table)
        for table, columns in shown.COLUMNS.items()
        for column in columns
    ),
    *(
        protected.name_of(name, table)
        for table, columns in protected.PROTECTED.items()
        for column, how in columns.items()
        for name in (column, *how.parts)
    ),
    *(f"column.{one}" for one in ("called", "created", "looked_at", "ground")),
    *(f"table.{one}" for one in shown.COLUMNS.keys() | protected.PROTECTED.keys()),
    *(f"record.kind.{one}" for one in (*kinds.KINDS, "case")),
    *(f"actor.{one}" for one in ("system", "machine")),
    *(f"paper.{one}" for one in ("stamped_form", "contract_document", "invoice_document")),
)
# Codes that no literal of a recording call shows.
MORE = (
    *RECORDS,
    *checking.names(),
    *(f"job.kind.{kind}" for kind in duties.HANDLERS),
    *(deadlines.code_of(one.kind) for one in deadlines.DEADLINES),
    *(
        "order.status.in_review",
        "ticket.status.expired",
        "service_order.status.to_begin",
        "submitted",
        "not_signed",
        "given_up",
        "expired",
    ),
    # What the form of a contract tells, and the states and opinions of its history.
    *(f"contract.finding.{one}" for one in (*rebuilding.TOLD, "word", "numbers", "page_numbers")),
    *("contract.warning.effective_before_signing", "contract.warning.total_differs"),
    *("contract.status.expired", "declined", "withdrawn", "extended"),
    *(f"voiding_{one}" for one in ("proposed", "agreed", "refused", "taken_back")),
    *(f"contract.voiding_{one}" for one in ("proposed", "agreed", "refused", "taken_back")),
    *(
        "demo role auditor",
        "demo role admin",
        "merchant",
        "currency",
        "amount_fen",
        "status",
        "trade_no",
        "national",
    ),
    # Where the log does not hold.
    *(*evidence.CHAIN.values(), *evidence.HEAD_TEXTS, *(one.value for one in growing.Problem)),
    # What a reviewer reads of a stamp, why a seal is made again or a delegation ended, and what is filed.
    *(f"seal.finding.{one}" for one in impressions.FINDINGS),
    *(f"seal.finding.{one}" for one in (*stamped.UNSEEN.values(), "unreadable", "no_number")),
    *(f"seal.filing.matter.{one}" for one in typing.get_args(sealing.FilingMatter)),
    *("seal.filing.reason.size_not_regulated", "seal.filing.reason.entered_already"),
    *("seal_delegation.status.expired", "seal.status.expired"),
    *("mall_account", "ticket", "demo role lead", "demo role second", "demo role product"),
    *(f"sandbox.{one}" for one in ("mismatch", "unavailable", "timeout", "slow", "refused")),
    *(f"register.{one}" for one in ("no_record", "name_differs", "deregistered")),
    # The steps of a sign-in, its ways, and what the facts about an account name.
    "Enter the code that your authenticator app shows.",
    "Choose a password of your own: the one you were given is for one sign-in.",
    "Your role signs in with a second factor. Set it up now.",
    *("By password", "By one click", "By an outside account"),
    *(f"fact.{one}" for one in ("role", "scope", "fields", "reason", "way", "failures", "left")),
    *("fact.ended", "fact.by", "fact.roles"),
    *("closing.kind.cancellation", "closing.kind.termination"),
    *(f"register.elements_{count}" for count in (2, 3, 4)),
    *("register.representative_differs", "register.representative_number_differs"),
    # What a look at a face finds, why a real-name proof came to nothing, and which field differs.
    *(rule.reason for rule in identity.sandbox_values() if rule.reason),
    *(*proofs.FACE_PROBLEMS.values(), "missing", "unreadable", "bank_card", "resident_id", "face"),
    *(proofs.NOT_PASSED, proofs.UNAVAILABLE, proofs.CODE_NOT_ENTERED, proofs.PERSON_KNOWN),
    # Why the tax service refuses what it is asked to number.
    *(f"tax.{one}" for one in (*tax.PROBLEMS, "unreachable", "answer_wrong", "refused")),
    *("provider.tax", "provider.courier"),
    # What staff read of a parcel that did not arrive.
    *(f"shipment.why.{one}" for one in ("reported", "silent", "unreachable", "not_served")),
    *("shipment.why.address_gone", "shipment.why.answer_wrong"),
)
