"""Binding by scan, and signing in by scan: the QR on the PC, the PIN on the phone."""

from engine.binding.actions.confirming import (
    NeverBound,
    NotThisCertificate,
    OtherEnterprise,
    OtherPlatform,
    WrongCertificateKind,
    confirm_binding,
    confirm_login,
    finish_login,
    require_fits,
)
from engine.binding.actions.ending import NothingBound, end, unbind
from engine.binding.actions.opening import (
    BoundAlready,
    InReviewAlready,
    open_binding_ticket,
    open_login_ticket,
)
from engine.binding.entities import ParticularInvalid, ParticularMissing, ParticularUnknown
from engine.issuing.coverage import OutOfScope

__all__ = [
    "BoundAlready",
    "InReviewAlready",
    "NeverBound",
    "NotThisCertificate",
    "NothingBound",
    "OtherEnterprise",
    "OtherPlatform",
    "OutOfScope",
    "ParticularInvalid",
    "ParticularMissing",
    "ParticularUnknown",
    "WrongCertificateKind",
    "confirm_binding",
    "confirm_login",
    "end",
    "finish_login",
    "open_binding_ticket",
    "open_login_ticket",
    "require_fits",
    "unbind",
]
