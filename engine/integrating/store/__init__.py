"""The SQL of machine clients and webhooks, by subject."""

from __future__ import annotations

# Tables that the log does not tell of, and why.
UNLOGGED = {
    "machine_token": "digests of secrets; issuing and revoking them are facts",
    "webhook_secret": "signing secrets, sealed; making them is a fact",
    "webhook_health": "how endpoints answered of late; pausing one is a fact",
    "webhook_delivery": "the outbox of what the log tells already",
    "webhook_attempt": "what receivers answered",
}
