"""Requesting, recording, activating and revoking certificates."""

from engine.issuing.actions.activating import activate
from engine.issuing.actions.enrolling import (
    KeyNotProved,
    NotReady,
    RequestedAlready,
    request_certificate,
)
from engine.issuing.actions.ending import ReasonInvalid, end, revoke
from engine.issuing.actions.holding import resume, suspend
from engine.issuing.actions.pins import (
    DeviceNotProved,
    NameNotFresh,
    NotLocked,
    TooManyForeignTries,
    change_pin,
    open_try,
    unlock_pin,
)
from engine.issuing.actions.requesting import (
    YEAR_MS,
    NotWhatWasRequested,
    abandon,
    record_issuance,
)

__all__ = [
    "YEAR_MS",
    "DeviceNotProved",
    "KeyNotProved",
    "NameNotFresh",
    "NotLocked",
    "NotReady",
    "NotWhatWasRequested",
    "ReasonInvalid",
    "RequestedAlready",
    "TooManyForeignTries",
    "abandon",
    "activate",
    "change_pin",
    "end",
    "open_try",
    "record_issuance",
    "request_certificate",
    "resume",
    "revoke",
    "suspend",
    "unlock_pin",
]
