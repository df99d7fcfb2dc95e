"""Every state machine of the engine by a short name, with the table that its status stands in.

The machines are the engine's own literal tables; here they only get a name that can be typed, and the names
that people use for the commonest states.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from engine.binding import model as binding
from engine.boot import tables
from engine.bulk import model as bulk
from engine.calls import model as calls
from engine.delivering import model as delivering
from engine.enveloping import model as enveloping
from engine.incidents import model as incidents
from engine.invoicing import model as invoicing
from engine.issuing import model as issuing
from engine.kernel import errors
from engine.kernel.workflow import Workflow
from engine.mall import model as mall
from engine.ordering import model as ordering
from engine.reconciling import model as reconciling
from engine.registration import model as registration
from engine.reviewing import model as reviewing
from engine.scanning import model as scanning
from engine.sealing import model as sealing
from engine.signing import model as signing
from engine.subscribing import model as subscribing


class NoSuchState(errors.NotFound):
    """There is no state {state}. Name one as machine.status, such as order.agency_review."""


# Whose statuses are told by another word than their subject's.
_LABELLED = {"ticket": "ticket", "proof": "proof"}


@dataclasses.dataclass(frozen=True, slots=True)
class Machine:
    """A state machine by its short name. `where` narrows its table's rows where two machines share it."""

    name: str
    workflow: Workflow[Any]
    table: str
    where: str = ""

    def statuses(self) -> tuple[str, ...]:
        """Every status, in the table's order."""
        return tuple(str(status.value) for status in self.workflow.statuses())

    def leads_to(self, status: str) -> tuple[str, ...]:
        """The statuses that can come next."""
        found = next(one for one in self.workflow.statuses() if str(one.value) == status)
        moves = self.workflow.transitions[found].values()
        return tuple(dict.fromkeys(str(one.value) for one in moves))

    def label(self, status: str) -> str:
        """The coded text of a status."""
        subject = _LABELLED.get(self.name, self.workflow.subject.replace(" ", "_"))
        return f"{subject}.status.{status}"

    def next(self, status: str) -> tuple[str, ...]:
        """What can be done in a status."""
        found = next(one for one in self.workflow.statuses() if str(one.value) == status)
        return self.workflow.verbs(found)


MACHINES: dict[str, Machine] = {
    one.name: one
    for one in (
        Machine("account", registration.ACCOUNT, "account"),
        Machine("proof", registration.PROOF, "real_name_proof"),
        Machine("one_tap", registration.ONE_TAP, "one_tap"),
        Machine("enterprise", registration.ENTERPRISE, "enterprise"),
        Machine("claim", registration.CLAIM, "enterprise_claim"),
        Machine("register_check", registration.REGISTER_CHECK, "register_check"),
        Machine("reverse_payment", registration.REVERSE_PAYMENT, "reverse_payment"),
        Machine("representative", registration.REPRESENTATIVE_REQUEST, "representative_request"),
        Machine("change", registration.CHANGE, "enterprise_change"),
        Machine("membership", registration.MEMBERSHIP, "membership"),
        Machine("invitation", registration.INVITATION, "invitation"),
        Machine("transfer", registration.TRANSFER, "administrator_transfer"),
        Machine("closing", registration.CLOSING, "closing"),
        Machine("archive", registration.ARCHIVE, "archive"),
        Machine("reading", registration.READING, "archive_request"),
        Machine("zone", mall.ZONE_MEMBERSHIP, "zone_membership"),
        Machine("order", ordering.ORDER, "certificate_order"),
        Machine("payment", ordering.PAYMENT, "payment"),
        Machine("refund", ordering.REFUND, "refund"),
        Machine("statement", ordering.STATEMENT, "statement"),
        Machine("money_case", ordering.MONEY_CASE, "money_case"),
        Machine("tax_list", reconciling.TAX_LIST, "tax_list"),
        Machine("certificate", issuing.CERTIFICATE, "certificate"),
        Machine("recovery", issuing.RECOVERY, "key_recovery"),
        Machine("seal_application", sealing.APPLICATION, "seal_application"),
        Machine("seal", sealing.SEAL, "seal"),
        Machine("seal_delegation", sealing.DELEGATION, "seal_delegation"),
        Machine("seal_filing", sealing.FILING, "seal_filing"),
        Machine("ticket", scanning.TICKET, "ticket"),
        Machine("binding", binding.BINDING, "binding"),
        Machine("entity", binding.ENTITY, "entity"),
        Machine("contract", signing.CONTRACT, "contract"),
        Machine("party", signing.PARTY, "contract_party"),
        Machine("signature", signing.SIGNATURE, "contract_signature"),
        Machine("voiding", signing.VOIDING, "contract_voiding"),
        Machine("file", enveloping.FILE, "file_record"),
        Machine("opening", enveloping.OPENING, "file_opening"),
        Machine("service", subscribing.SERVICE_ORDER, "service_order"),
        Machine("invoice", invoicing.INVOICE, "invoice", "reverses IS NULL"),
        Machine("red_letter", invoicing.RED_LETTER, "invoice", "reverses IS NOT NULL"),
        Machine("shipment", delivering.SHIPMENT, "shipment"),
        Machine("call", calls.CALL, "phone_call"),
        Machine("case", reviewing.CASE, "review_case"),
        Machine("difference", reviewing.DIFFERENCE, "case_difference"),
        Machine("bulk", bulk.BULK, "bulk_act"),
        Machine("incident", incidents.INCIDENT, "incident"),
        Machine("action_item", incidents.ITEM, "incident_item"),
        Machine("stop", incidents.STOP, "issuing_stop"),
    )
}
# How people say it: the certificate's way includes the order that it comes from.
_ALSO = {
    "certificate.review_platform": "order.platform_review",
    "certificate.review_ca": "order.agency_review",
    "certificate.to_pay": "order.awaiting_payment",
    "certificate.to_download": "order.awaiting_download",
}


def unlogged() -> list[str]:
    """The tables of machines whose rows the log does not tell of."""
    return sorted({one.table for one in MACHINES.values()} & set(tables.UNLOGGED))


def every() -> list[str]:
    """Every state, as `machine.status`."""
    return [f"{one.name}.{status}" for one in MACHINES.values() for status in one.statuses()]


def also_called(state: str) -> list[str]:
    """The other names of a state."""
    return [name for name, meant in _ALSO.items() if meant == state]


def found(name: str) -> tuple[Machine, str]:
    """The machine and the status that a name means: `order.agency_review`, `certificate.review_ca`.

    Raises: NoSuchState.
    """
    machine_name, _, status = _ALSO.get(name, name).partition(".")
    machine = MACHINES.get(machine_name)
    if machine is None or status not in machine.statuses():
        raise NoSuchState(state=name, what=name)
    return machine, status
