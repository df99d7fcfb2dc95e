"""Which machines there are and what they may, what they are told, and how that went."""

from __future__ import annotations

from engine.integrating.queries.machines import (
    INVARIANTS,
    admitted,
    client,
    clients,
    is_machine,
    my_client,
    require,
    require_looking,
    scopes,
)
from engine.integrating.queries.webhooks import (
    attempts,
    attention,
    deliveries,
    delivery,
    endpoint,
    endpoints,
    event_kinds,
    listening,
    own_endpoint,
    sending,
)

__all__ = [
    "INVARIANTS",
    "admitted",
    "attempts",
    "attention",
    "client",
    "clients",
    "deliveries",
    "delivery",
    "endpoint",
    "endpoints",
    "event_kinds",
    "is_machine",
    "listening",
    "my_client",
    "own_endpoint",
    "require",
    "require_looking",
    "scopes",
    "sending",
]
