"""What simulated drivers remember, outside the log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from engine.kernel import database, vault
from engine.kernel.reader import Parts

UNLOGGED = {
    "sim_sms": "the simulated network's outbox",
    "sim_payment": "the simulated bank's books",
    "sim_trade": "the simulated bank's books",
    "sim_refund": "the simulated bank's books",
    "sim_callback": "the simulated bank's notices",
    "sim_transfer": "the simulated bank's notices of transfers",
    "sim_tax_invoice": "the simulated tax service's books",
    "sim_tax_paper": "the sheets that the simulated tax service printed on",
    "sim_parcel": "the simulated courier's parcels",
    "sim_real_name": "when the simulated identity providers were asked",
    "provider_answer": "how outside parties answered of late",
    "sim_encryption_key": "the key management centre's archive, sealed under a key of its own",
    "sim_key_release": "who was given an archived key, as the centre writes it down",
    "sim_seal_entry": "the simulated public security register's entries",
    "sim_slow_call": "when a party answers whose slowness is rehearsed",
    "sim_webhook": "what the simulated receiver of webhooks got",
    "sim_webhook_secret": "what the simulated receiver checks signatures with",
    "sim_counter": "serial numbers of simulated services and of time-stamps",
    "published_list": "what the authorities published, made from the log's tables",
    "responder": "keys of OCSP responders, sealed, and their certificates",
}


class Memory:
    """A driver's way to its tables; `now` is the clock, `moment` the database's version before it."""

    def __init__(
        self,
        parts: Parts,
        now: Callable[[], int],
        moment: Callable[[], tuple[int | None, int]] | None = None,
    ) -> None:
        self.parts = parts
        self.now = now
        self.moment = moment or (lambda: (parts.db.version(), now()))

    def next_number(self, name: str) -> int:
        """The next number of a counter; it only ever rises, across processes and restarts."""
        with self.parts.db.write() as connection:
            return next_number(connection, name)

    def seal(self, text: str, place: str) -> bytes:
        """A text under the simulated network's own key."""
        secret = self.parts.keyring.secret("handset")
        # A nonce derived from the place, which is used once, keeps seeded worlds repeatable.
        nonce = hashlib.sha256(place.encode()).digest()
        return vault.seal(secret, text.encode(), place, lambda n: nonce[:n])

    def open(self, sealed: bytes, place: str) -> str:
        """What `seal` was given."""
        return vault.unseal(self.parts.keyring.secret("handset"), sealed, place).decode()


def next_number(connection: database.Connection, name: str) -> int:
    """The next number of a counter, within a transaction."""
    if connection.run("UPDATE sim_counter SET value = value + 1 WHERE name = ?", (name,)) == 0:
        connection.run("INSERT INTO sim_counter (name, value) VALUES (?, 1)", (name,))
    found = connection.rows("SELECT value FROM sim_counter WHERE name = ?", (name,))
    return int(found[0]["value"])


def chance(key: str, purpose: str) -> float:
    """A number in [0, 1) that depends on a key alone, so that asking twice gives the same."""
    raw = hashlib.sha256(f"{purpose}|{key}".encode()).digest()
    return int.from_bytes(raw[:7], "big") / (1 << 56)
