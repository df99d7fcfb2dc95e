"""Requesting, recording, activating and revoking certificates."""

from engine.issuing.actions.activating import activate
from engine.issuing.actions.ending import ReasonInvalid, end, revoke
from engine.issuing.actions.holding import resume, suspend
from engine.issuing.actions.requesting import (
    YEAR_MS,
    KeyKindRefused,
    KeyNotProved,
    NotReady,
    NotWhatWasRequested,
    RequestedAlready,
    abandon,
    record_issuance,
    request_certificate,
)

__all__ = [
    "YEAR_MS",
    "KeyKindRefused",
    "KeyNotProved",
    "NotReady",
    "NotWhatWasRequested",
    "ReasonInvalid",
    "RequestedAlready",
    "abandon",
    "activate",
    "end",
    "record_issuance",
    "request_certificate",
    "resume",
    "revoke",
    "suspend",
]
