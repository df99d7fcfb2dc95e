"""Webhook endpoints, what they are told and how that went."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

SECRET_PREFIX = "whsec_"
LONGEST_URL = 500
# What a receiver answered is kept for whoever looks for the mistake: so much of it, and cleaned.
LONGEST_ANSWER = 300
# The kind of the event that is sent by hand, to see whether an endpoint answers.
TEST_KIND = "webhook.test"
LISTED = 200


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
    tried_at: int
    took_ms: int
    code: int | None
    problem: str
    answer: str
