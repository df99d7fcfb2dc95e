"""Machine clients, what they may, and their tokens."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.integrating.model.published import EventKind

TOKEN_PREFIX = "ymt_"
LONGEST_NAME, LONGEST_PURPOSE = 60, 500
MOST_SOURCES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a machine may: scopes of the API, a role within a scope of the platform, from where, until when.

    `sources` are networks (CIDR); none means from anywhere. `expires_at` is in UTC milliseconds.
    """

    scopes: tuple[str, ...]
    role: str
    scope_kind: str = "all"
    scope_id: str = ""
    sources: tuple[str, ...] = ()
    expires_at: int

    def may_hear(self, kind: EventKind) -> bool:
        """Whether events of a kind are for its scopes, and within a limit that it has."""
        return kind.scope in self.scopes and (self.scope_kind == "all" or not kind.unscoped)

    def covers(self, platform_id: str | None, agency_id: str | None) -> bool:
        """Whether what belongs to a platform and an agency (None: to none) is within its limit."""
        here = {"platform": platform_id, "agency": agency_id}
        return self.scope_kind == "all" or here[self.scope_kind] == self.scope_id

    def within(self, other: Access) -> bool:
        """Whether this allows nothing that the other does not."""
        here = (self.scope_kind, self.scope_id)
        return (
            set(self.scopes) <= set(other.scopes)
            and self.role == other.role
            and (other.scope_kind == "all" or here == (other.scope_kind, other.scope_id))
            and self.expires_at <= other.expires_at
            and (not other.sources or (bool(self.sources) and self._sources_within(other)))
        )

    def _sources_within(self, other: Access) -> bool:
        wide = [ipaddress.ip_network(one) for one in other.sources]
        return all(
            any(_lies_in(ipaddress.ip_network(one), net) for net in wide) for one in self.sources
        )

    def admits(self, address: str) -> bool:
        """Whether a request may come from an address."""
        if not self.sources:
            return True
        try:
            found = ipaddress.ip_network(address)
        except ValueError:
            return False
        return any(_lies_in(found, ipaddress.ip_network(one)) for one in self.sources)


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _lies_in(inner: Network, outer: Network) -> bool:
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, ipaddress.IPv6Network) and isinstance(outer, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False


def access_of(kept: Mapping[str, Any]) -> Access:
    """What a row keeps of an access."""
    return Access(
        scopes=tuple(kept["scopes"]),
        role=kept["role"],
        scope_kind=kept["scope_kind"],
        scope_id=kept["scope_id"],
        sources=tuple(kept["sources"]),
        expires_at=kept["expires_at"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptClient:
    """A machine client as its row keeps it. `staff_id` is the account that it acts under."""

    id: str
    staff_id: str
    name: str
    purpose: str
    owner_id: str
    status: str
    access: Mapping[str, Any]
    made_at: int
    ended_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptProposal:
    """An access that waits for a second person, or waited."""

    id: str
    client_id: str
    access: Mapping[str, Any]
    status: str
    proposed_by: str
    proposed_at: int
    decided_by: str | None = None
    decided_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed access as staff see it. `mine` is of whoever may not approve it."""

    id: str
    access: Access
    proposed_by: str
    proposed_at: int
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A living token without its secret; `last_used_at` is to the hour."""

    id: str
    made_at: int
    expires_at: int
    last_used_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A new token, which is shown this once."""

    id: str
    token: str = field(repr=False)
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A machine client as staff see it."""

    id: str
    name: str
    purpose: str
    owner_id: str
    owner: str
    status: str
    access: Access
    made_at: int
    ended_at: int | None
    tokens: tuple[Token, ...]
    proposal: Proposal | None
    staff_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A machine as its token lets it in."""

    client_id: str
    token_id: str
    staff_id: str
    access: Access
    calls_per_minute: int
    unnoted: bool
