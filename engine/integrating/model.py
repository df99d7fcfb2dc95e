"""Machine clients and their tokens; webhook endpoints, what they are told and how that went."""

from __future__ import annotations

import enum
import functools
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field

from engine.kernel import catalog

TOKEN_PREFIX = "ymt_"
SECRET_PREFIX = "whsec_"
LONGEST_NAME, LONGEST_PURPOSE, LONGEST_URL = 60, 500, 500
MOST_SOURCES = 20
# What a receiver answered is kept for whoever looks for the mistake: so much of it, and cleaned.
LONGEST_ANSWER = 300
# The kind of the event that is sent by hand, to see whether an endpoint answers.
TEST_KIND = "webhook.test"
LISTED = 200


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


class EndpointStatus(enum.StrEnum):
    """`paused` endpoints keep what they would be told, until a person lets them go on."""

    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEndpoint:
    """A webhook endpoint as its row keeps it."""

    id: str
    client_id: str
    url: str
    kinds: tuple[str, ...]
    status: EndpointStatus
    made_by: str
    made_at: int
    paused_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How an endpoint has answered of late."""

    endpoint_id: str
    failing_since: int | None = None
    failures: int = 0
    quiet_until: int = 0
    delivered_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A webhook endpoint as staff see it, with how many deliveries stand at what."""

    id: str
    client_id: str
    client: str
    url: str
    kinds: tuple[str, ...]
    status: EndpointStatus
    paused_why: str
    made_at: int
    health: Health
    waiting: int
    delivered: int
    given_up: int
    secrets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """An endpoint's new signing secret, which is shown this once."""

    endpoint_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one endpoint. `id` is the `webhook-id`; `body` is what is signed."""

    id: str
    endpoint_id: str
    seq: int
    kind: str
    subject: str
    body: str
    made_at: int
    status: str
    job_id: str | None = None
    ended_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try: what the receiver answered with, or why nobody answered."""

    id: str
    delivery_id: str
    number: int
    at: int
    took_ms: int
    code: int | None
    problem: str
    answer: str


class EventKind(catalog.Declared):
    """A published kind of event: which fact it tells, who may hear of it, and what it names."""

    label: catalog.Text
    about: catalog.Text
    fact: str
    version: int = Field(ge=1)
    # A client hears of it that holds this scope.
    scope: str
    # Name in the payload → name in the fact. Ids and states alone: never a value of a person's.
    tells: Mapping[str, str] = Field(default_factory=dict)


class _Catalogue(catalog.Declared):
    scope: Mapping[str, catalog.Text]
    event: Mapping[str, EventKind]


@functools.cache
def _catalogue() -> _Catalogue:
    return catalog.load(catalog.DATA / "webhooks.toml", _Catalogue)


def events() -> Mapping[str, EventKind]:
    """The published kinds of events by their public names (data/webhooks.toml).

    Raises: ConfigurationError naming the key that is wrong.
    """
    return _catalogue().event


def areas() -> Mapping[str, catalog.Text]:
    """The areas of the API that a machine can be let into: the stages of its operations, and what they are.

    Raises: ConfigurationError.
    """
    return _catalogue().scope


def scopes() -> tuple[str, ...]:
    """Every scope there is: reading and writing in each area."""
    return tuple(f"{area}:{act}" for area in areas() for act in ("read", "write"))


@functools.cache
def by_fact() -> Mapping[str, str]:
    """Which published kind tells of a fact."""
    return {kind.fact: name for name, kind in events().items()}
