"""The port to receivers of webhooks: machines of others, each at an address of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came back: the status code and the beginning of the answer, or why nobody answered.

    `problem` is empty, or `unreachable`, `timed_out`, `not_trusted` (TLS), `not_public`, and `code` None.
    """

    code: int | None
    took_ms: int
    problem: str = ""
    answer: bytes = b""


class WebhookSender(Protocol):
    """Hands messages to receivers. It follows no redirect, and waits for ten seconds at most."""

    def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, idempotency_key: str
    ) -> Received:
        """Send one message; `idempotency_key` is its `webhook-id`, by which a receiver knows it again."""
