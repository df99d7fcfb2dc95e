"""The simulated SMS network: messages land in an outbox that the console shows, for ten minutes.

It exists in demo and run worlds only (decision 4); the text is encrypted and then purged.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import clock, errors
from engine.providers.store import Memory

KEPT_MS = 10 * clock.MINUTE


class NoSimulatedSms(errors.ConfigurationError):
    """A production world needs a real SMS gateway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """A message as the phone shows it."""

    phone: str
    text: str
    sent_at: int


def require_simulated(kind: str) -> None:
    """Refuse the simulated network in a production world.

    Raises: NoSimulatedSms.
    """
    if kind == "production":
        raise NoSimulatedSms(file="world.toml", problem="kind is production")


class SimulatedSms:
    """`ports.SmsGateway` with an outbox instead of a network."""

    def __init__(self, memory: Memory) -> None:
        require_simulated(memory.parts.kind)
        self._memory = memory

    def send(self, phone: str, text: str, *, idempotency_key: str) -> None:
        """Put one message into the outbox; the same key puts it there once."""
        now = self._memory.now()
        sealed = self._memory.seal(f"{phone}\n{text}", f"sim_sms|{idempotency_key}")
        with self._memory.parts.db.write() as connection:
            connection.run("DELETE FROM sim_sms WHERE sent_at < ?", (now - KEPT_MS,))
            if not connection.rows("SELECT 1 AS x FROM sim_sms WHERE id = ?", (idempotency_key,)):
                connection.run(
                    "INSERT INTO sim_sms (id, message, sent_at) VALUES (?, ?, ?)",
                    (idempotency_key, sealed, now),
                )

    def outbox(self, phone: str = "") -> list[Sms]:
        """The messages of the last ten minutes (to one number), newest first."""
        since = self._memory.now() - KEPT_MS
        sql = "SELECT * FROM sim_sms WHERE sent_at >= ? ORDER BY sent_at DESC, id DESC"
        with self._memory.parts.db.read() as connection:
            rows = connection.rows(sql, (since,))
        found = []
        for row in rows:
            to, text = self._memory.open(row["message"], f"sim_sms|{row['id']}").split("\n", 1)
            found.append(Sms(phone=to, text=text, sent_at=row["sent_at"]))
        return [sms for sms in found if phone in ("", sms.phone)]
