"""The simulated public security register of seals (备案): documented sandbox values force each outcome.

A seal that is filed gets a number, `GA-` with the six digits of the place in its code, the year and a
serial; a change gets a new one, a cancellation the number of the entry that it ends. Asking twice with a
key gives the same answer.
"""

from __future__ import annotations

from typing import Literal

from engine.kernel import catalog, clock, errors, ports
from engine.providers import health, store
from engine.providers.store import Memory

PROVIDER = "seal_register"


class Sandbox(catalog.Declared):
    """A part of an enterprise's or a seal's name, and what it brings about."""

    name: str
    outcome: Literal["refused", "unavailable"]
    reason: str


class Rules(catalog.Declared):
    """data/providers/seal_register.toml."""

    sandbox: tuple[Sandbox, ...]


def load_rules() -> Rules:
    """The sandbox values as declared."""
    return catalog.load(catalog.DATA / "providers" / "seal_register.toml", Rules)


class SimulatedSealRegister:
    """`ports.SealRegister` with entries of its own; whatever its sandbox does not force, is filed."""

    def __init__(self, rules: Rules, memory: Memory) -> None:
        self._rules = rules.sandbox
        self._memory = memory

    def file(self, filing: ports.SealFiling, *, idempotency_key: str) -> ports.FilingAnswer:
        """The number of the entry, or why there is none.

        Raises: ProviderUnavailable for the sandbox value that asks for it.
        """
        rule = self._rule(filing)
        if rule is not None and rule.outcome == "unavailable":
            self._note(idempotency_key, answered=False)
            raise errors.ProviderUnavailable()
        self._note(idempotency_key, answered=True)
        if rule is not None:
            return ports.FilingAnswer(reason=rule.reason)
        if filing.matter == "cancellation" and filing.number:
            return ports.FilingAnswer(number=filing.number)
        return ports.FilingAnswer(number=self._entered(filing, idempotency_key))

    def _rule(self, filing: ports.SealFiling) -> Sandbox | None:
        names = (filing.enterprise, filing.name)
        return next((one for one in self._rules if any(one.name in name for name in names)), None)

    def _entered(self, filing: ports.SealFiling, key: str) -> str:
        now = self._memory.now()
        place, year = filing.code[:6], clock.civil_date(now).year
        with self._memory.parts.db.write() as connection:
            known = connection.rows("SELECT number FROM sim_seal_entry WHERE id = ?", (key,))
            if known:
                return str(known[0]["number"])
            serial = store.next_number(connection, f"seal_entry/{place}/{year}")
            number = f"GA-{place}-{year}-{serial:06d}"
            connection.run(
                "INSERT INTO sim_seal_entry (id, number, matter, code, entered_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (key, number, filing.matter, filing.code, now),
            )
        return number

    def _note(self, key: str, *, answered: bool) -> None:
        now = self._memory.now()
        health.note(self._memory, PROVIDER, f"{key}/{now}", answered=answered, latency_ms=0)
