"""Who works here and what they may do; how they sign in and what stays signed in."""

from __future__ import annotations

from engine.policies.model import DECIDES, Right, grants_and_decides
from engine.staffing.model.people import Deed, Profile, Role, Staff, StaffGrant
from engine.staffing.model.sessions import (
    Enrolled,
    Enrolment,
    RecoveryCodes,
    Session,
    SignedIn,
    Step,
    browser_of,
    network_of,
)

__all__ = [
    "DECIDES",
    "Deed",
    "Enrolled",
    "Enrolment",
    "Profile",
    "RecoveryCodes",
    "Right",
    "Role",
    "Session",
    "SignedIn",
    "Staff",
    "StaffGrant",
    "Step",
    "browser_of",
    "grants_and_decides",
    "network_of",
]
