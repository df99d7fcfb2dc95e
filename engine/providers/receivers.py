"""The simulated receiver of webhooks: it writes down what came, checks signatures, and fails as declared.

It exists in demo and run worlds only, at an address that nobody else has (RFC 2606); in a demo world other
addresses are sent to over HTTP, in a run nobody else is there.
"""

from __future__ import annotations

import hashlib
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from engine.integrating import signing
from engine.kernel import catalog, ports, vault
from engine.providers import store
from engine.providers.messages import require_simulated
from engine.providers.store import Memory

_LISTED = 200
_TOOK_MS = 80
_TIMED_OUT, _UNREACHABLE = "timed_out", "unreachable"
_ANSWERS = {
    200: b"taken",
    401: b"the signature does not fit",
    404: b"no such receiver",
    503: b"come back later",
}


class Receiver(catalog.Declared):
    """How one address behaves."""

    label: catalog.Text
    turned_away: catalog.Share
    unheard: catalog.Share
    asks_to_wait_s: Annotated[int, Field(ge=0, le=86_400)] = 0


class Rules(catalog.Declared):
    """data/providers/receivers.toml."""

    host: str
    receiver: Mapping[str, Receiver]


def load_rules() -> Rules:
    """The receivers as declared.

    Raises: ConfigurationError.
    """
    return catalog.load(catalog.DATA / "providers" / "receivers.toml", Rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A message as the receiver got it; `code` is what it answered."""

    receiver: str
    message_id: str
    received_at: int
    body: str
    verified: bool
    code: int


class SimulatedReceivers:
    """`ports.WebhookSender` with a receiver of its own; `beyond` is whoever is sent to elsewhere."""

    def __init__(
        self, memory: Memory, rules: Rules, beyond: ports.WebhookSender | None = None
    ) -> None:
        require_simulated(memory.parts.kind)
        self._memory = memory
        self._rules = rules
        self._beyond = beyond

    def addresses(self) -> dict[str, catalog.Text]:
        """The addresses that are received at, and what each is like."""
        return {
            f"https://{self._rules.host}/{name}": one.label
            for name, one in self._rules.receiver.items()
        }

    def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, idempotency_key: str
    ) -> ports.Received:
        """Send one message: received here, or handed to who sends elsewhere."""
        parts = urllib.parse.urlsplit(url)
        if parts.hostname != self._rules.host:
            if self._beyond is None:
                return ports.Received(code=None, took_ms=0, problem=_UNREACHABLE)
            return self._beyond.post(url, headers, body, idempotency_key=idempotency_key)
        name = parts.path.strip("/")
        rules = self._rules.receiver.get(name)
        if rules is None:
            return _answered(404)
        # By the try, which its instant tells: the next one may fare otherwise.
        tried = f"{name}|{idempotency_key}|{headers['webhook-timestamp']}"
        if store.chance(tried, "webhook unheard") < rules.unheard:
            return ports.Received(code=None, took_ms=_TOOK_MS, problem=_TIMED_OUT)
        fits = self._fits(name, headers, body)
        turned_away = store.chance(tried, "webhook turned away") < rules.turned_away
        code = 503 if turned_away else 200 if fits else 401
        self._write_down(name, headers, body, code, fits)
        return _answered(code, rules.asks_to_wait_s if turned_away else 0)

    def trust(self, url: str, secret: str) -> None:
        """Have the receiver at an address check with this secret too, as its operator would set it up."""
        parts = urllib.parse.urlsplit(url)
        name = parts.path.strip("/")
        if parts.hostname != self._rules.host or name not in self._rules.receiver:
            return
        own_id = hashlib.sha256(f"{name}|{secret}".encode()).hexdigest()
        sealed = self._memory.seal(secret, f"sim_webhook_secret|{own_id}")
        with self._memory.parts.db.write() as connection:
            sql = "SELECT 1 AS x FROM sim_webhook_secret WHERE id = ?"
            if not connection.rows(sql, (own_id,)):
                connection.run(
                    "INSERT INTO sim_webhook_secret (id, receiver, secret) VALUES (?, ?, ?)",
                    (own_id, name, sealed),
                )

    def arrived(self, receiver: str = "") -> list[Arrived]:
        """What came (to one of the receivers), the newest 200, the newest first."""
        only = " WHERE receiver = ?" if receiver else ""
        sql = f"SELECT * FROM sim_webhook{only} ORDER BY id DESC LIMIT ?"  # noqa: S608
        with self._memory.parts.db.read() as connection:
            found = connection.rows(sql, (*((receiver,) if receiver else ()), _LISTED))
        return [
            Arrived(
                receiver=row["receiver"],
                message_id=row["message_id"],
                received_at=row["received_at"],
                body=row["body"],
                verified=bool(row["verified"]),
                code=row["code"],
            )
            for row in found
        ]

    def _fits(self, name: str, headers: Mapping[str, str], body: bytes) -> bool:
        now = self._memory.now()
        with self._memory.parts.db.read() as connection:
            rows = connection.rows("SELECT * FROM sim_webhook_secret WHERE receiver = ?", (name,))
        secrets = []
        for row in rows:
            try:
                told = self._memory.open(row["secret"], f"sim_webhook_secret|{row['id']}")
            except vault.Unreadable:
                continue
            secrets.append(signing.secret_of(told))
        return signing.verified(headers, body.decode(), secrets, now=now)

    def _write_down(
        self, name: str, headers: Mapping[str, str], body: bytes, code: int, fits: bool
    ) -> None:
        now = self._memory.now()
        with self._memory.parts.db.write() as connection:
            connection.run(
                "INSERT INTO sim_webhook (id, receiver, message_id, received_at, body, verified, code)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    store.next_number(connection, "webhook"),
                    name,
                    headers["webhook-id"],
                    now,
                    body.decode(),
                    int(fits),
                    code,
                ),
            )


def _answered(code: int, wait_s: int = 0) -> ports.Received:
    return ports.Received(code=code, took_ms=_TOOK_MS, answer=_ANSWERS[code], retry_after_s=wait_s)
