"""Sessions of staff, the steps of signing in, and second factors."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal

# What is still missing before a sign-in is a session: a code, a password of one's own, a second factor.
Step = Literal["", "code", "password", "enrol"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session, or what it lacks. The token goes into an HttpOnly cookie and is kept only as its hash."""

    token: str
    staff_id: str
    step: Step = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A living session as its owner and administrators see it."""

    id: str
    staff_id: str
    step: Step
    way: str
    network: str
    browser: str
    second_factor_at: int | None
    created_at: int
    last_seen_at: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A new second factor, to be read into an authenticator app and confirmed with its first code."""

    secret: str
    # What the QR code says (`otpauth://…`).
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodes:
    """Codes that each stand in once for a lost authenticator; shown once, kept as digests."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A sign-in that set up its second factor on the way."""

    session: SignedIn
    recovery: RecoveryCodes


_BROWSERS = (
    ("Edg/", "Edge"),
    ("MicroMessenger/", "WeChat"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    (r"Android", "Android"),
    (r"HarmonyOS|OpenHarmony", "HarmonyOS"),
    (r"iPhone|iPad", "iOS"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"Linux|X11", "Linux"),
)


def browser_of(agent: str) -> str:
    """What a browser calls itself, in two words: enough to recognize one's own, no fingerprint."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if re.search(mark, agent)), "")
    return " · ".join(part for part in (browser, system) if part)


def network_of(address: str) -> str:
    """The network that an address lies in, coarse: `203.0.113.9` is `203.0.*.*`."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.is_loopback:
        return "localhost"
    if isinstance(found, ipaddress.IPv4Address):
        return ".".join([*str(found).split(".")[:2], "*", "*"])
    return ":".join([*found.exploded.split(":")[:2], "*"])
