"""Requesting, recording, activating and revoking certificates."""

from engine.issuing.actions.activating import activate
from engine.issuing.actions.ending import (
    NotDelegated,
    ReasonInvalid,
    end,
    revoke,
    revoke_one,
    withdraw_delegation,
)
from engine.issuing.actions.enrolling import (
    KeyNotProved,
    NotReady,
    RequestedAlready,
    request_certificate,
)
from engine.issuing.actions.holding import HeldByStaff, NameNotProvedAnew, resume, suspend
from engine.issuing.actions.pairing import (
    NotForDecryption,
    NotPaired,
    ShareNotHeld,
    ShareNotThere,
    ask_encryption_key,
    confirm_encryption_share,
    encryption_missing,
    open_envelope,
    record_encryption_key,
    take_encryption_share,
)
from engine.issuing.actions.pins import (
    DeviceNotProved,
    NameNotFresh,
    NotLocked,
    TooManyForeignTries,
    change_pin,
    open_try,
    unlock_pin,
)
from engine.issuing.actions.recovering import (
    NeverRecovered,
    NoCertificateHere,
    NotYours,
    ask_recovery,
    move_recovery,
    record_recovered_key,
    withdraw_recovery,
)
from engine.issuing.actions.requesting import (
    YEAR_MS,
    NotWhatWasRequested,
    abandon,
    record_issuance,
    record_issuances,
)
from engine.issuing.actions.upkeep import look_after_certificates

__all__ = [
    "YEAR_MS",
    "DeviceNotProved",
    "HeldByStaff",
    "KeyNotProved",
    "NameNotFresh",
    "NameNotProvedAnew",
    "NeverRecovered",
    "NoCertificateHere",
    "NotDelegated",
    "NotForDecryption",
    "NotLocked",
    "NotPaired",
    "NotReady",
    "NotWhatWasRequested",
    "NotYours",
    "ReasonInvalid",
    "RequestedAlready",
    "ShareNotHeld",
    "ShareNotThere",
    "TooManyForeignTries",
    "abandon",
    "activate",
    "ask_encryption_key",
    "ask_recovery",
    "change_pin",
    "confirm_encryption_share",
    "encryption_missing",
    "end",
    "look_after_certificates",
    "move_recovery",
    "open_envelope",
    "open_try",
    "record_encryption_key",
    "record_issuance",
    "record_issuances",
    "record_recovered_key",
    "request_certificate",
    "resume",
    "revoke",
    "revoke_one",
    "suspend",
    "take_encryption_share",
    "unlock_pin",
    "withdraw_delegation",
    "withdraw_recovery",
]
