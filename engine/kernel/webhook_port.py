"""The port to receivers of webhooks: machines of others, each at an address of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

# So long is waited for a receiver's answer; a message that is answered later counts as not taken.
RECEIVER_WAIT_MS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came back: the status code and the beginning of the answer, or why nobody answered.

    `problem` is empty, or `unreachable`, `timed_out`, `not_trusted` (TLS), `not_public`, and `code` None.
    `retry_after_s` is for how long the receiver asks to be left in peace (RFC 9110, Retry-After), or 0.
    """

    code: int | None
    took_ms: int
    problem: str = ""
    answer: bytes = b""
    retry_after_s: int = 0


class WebhookSender(Protocol):
    """Hands messages to receivers. It follows no redirect, and waits no longer than `RECEIVER_WAIT_MS`."""

    def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, idempotency_key: str
    ) -> Received:
        """Send one message; `idempotency_key` is its `webhook-id`, by which a receiver knows it again."""
