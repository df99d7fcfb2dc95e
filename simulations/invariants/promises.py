"""The ten promises of the security design under faults (its section 5), and what checks each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulations.invariants import checking, walking


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised, and the invariants that together say so."""

    text: str
    checked_by: tuple[str, ...]


PROMISES: Mapping[str, Promise] = {
    "I1": Promise(
        "An issued certificate has an approved, paid application with as many different approvers as its"
        " platform asks for, one fact that it was issued, and used its order up.",
        (
            "no certificate without payment and every approval",
            "one usable certificate of a usage to an order",
            "an active certificate's order is completed",
            "maker is never checker",
            walking.ONCE_ISSUED,
        ),
    ),
    "I2": Promise("Serials are unique.", ("serials are unique",)),
    "I3": Promise(
        "The ledger is what was paid less what went back, and invoices never exceed it.",
        (
            "a ledger posting adds up to zero",
            "what moved at the provider stands in the ledger",
            "no more goes back than came",
            "a payment's status is what moved",
            "invoices of an order never exceed what was paid and not paid back",
        ),
    ),
    "I4": Promise("No row is in a state that its machine does not have.", (checking.KNOWN_STATE,)),
    "I5": Promise(
        "QR codes and codes by SMS are used once at most.", (walking.ONCE_USED, checking.SPENT)
    ),
    "I6": Promise(
        "Lists, OCSP and the database agree.",
        (checking.LISTED, checking.ANSWERED),
    ),
    "I7": Promise(
        "The chain verifies, the log folds to the tables, and its time never goes back.",
        (checking.CHAIN, checking.FOLD, walking.TOUCHED, walking.BACK),
    ),
    "I8": Promise(
        "What somebody was told has happened is there; what failed left nothing.",
        (checking.TOLD, checking.NOTHING),
    ),
    "I9": Promise("Nobody is told different things of one act.", (checking.SAME,)),
    "I10": Promise(
        "A reserved serial without a certificate is given up in the end, and never used again.",
        (checking.RESERVED, checking.STUCK, "serials are unique"),
    ),
}
