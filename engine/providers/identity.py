"""Simulated identity providers: documented sandbox numbers force each outcome (IDV-5)."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Literal

from engine.kernel import catalog, clock, errors, ports
from engine.providers import health
from engine.providers.store import Memory, chance

Outcome = Literal["mismatch", "unavailable", "timeout", "slow"]
# How far the 90th of 100 lies from the median of a normal distribution, in standard deviations.
_P90 = 1.2816


class Sandbox(catalog.Declared):
    """A value of the three digits before the check character, and what it brings about, in which ways."""

    digits: str
    outcome: Outcome
    reason: str
    fields: tuple[str, ...]
    tells: catalog.Text
    ways: tuple[str, ...] = ()


class Latency(catalog.Declared):
    """Seconds until an answer: half take `median` or less, nine of ten `p90`; log-normal."""

    median: float
    p90: float

    def milliseconds(self, share: float) -> int:
        """The latency that a given share of answers does not exceed."""
        spread = math.log(self.p90 / self.median) / _P90
        # A logistic curve in place of the normal one: closed, and near enough between the tails.
        bounded = min(max(share, 0.001), 0.999)
        deviation = math.log(bounded / (1 - bounded)) / 1.702
        return round(1000 * self.median * math.exp(spread * deviation))


class Conduct(catalog.Declared):
    """How one provider behaves: its latency, and hours of the day (Shanghai) in which it is away."""

    latency: Latency
    outages: tuple[tuple[str, str], ...]

    def is_away(self, now_ms: int) -> bool:
        """Whether an outage's hours hold now."""
        passed = (now_ms - clock.start_of(clock.civil_date(now_ms))) // clock.MINUTE
        return any(_minutes(first) <= passed < _minutes(last) for first, last in self.outages)


def _minutes(hours: str) -> int:
    hour, minute = hours.split(":")
    return int(hour) * 60 + int(minute)


class Rules(catalog.Declared):
    """data/providers/real_name.toml."""

    slow_seconds: int
    ways: dict[str, Conduct]
    sandbox: tuple[Sandbox, ...]


@functools.cache
def load_rules() -> Rules:
    """What is declared of the providers."""
    return catalog.load(catalog.DATA / "providers" / "real_name.toml", Rules)


def sandbox_values() -> list[Sandbox]:
    """Every sandbox value with what it brings about, to be listed for testers."""
    return list(load_rules().sandbox)


@dataclass(frozen=True)
class SimulatedIdentity:
    """`ports.RealNameProvider` with the answers of a sandbox.

    `lifelike` adds latency and outages; without it an answer comes at once, as a demo wants it.
    """

    way: str
    rules: Rules
    memory: Memory
    lifelike: bool = False

    def check(self, identity: ports.Identity, *, idempotency_key: str) -> ports.Verdict:
        """Whether the fields belong together. Asking again with a key gives the same answer.

        Raises: ProviderUnavailable, ports.NotYet.
        """
        now = self.memory.now()
        rule = self._rule(identity.resident_id[14:17])
        outcome = rule.outcome if rule is not None else ""
        asked_at, ready_at = self._asked(idempotency_key, now, slow=outcome == "slow")
        if outcome in ("unavailable", "timeout") or self._is_away(now):
            self._note(idempotency_key, now, answered=False, latency_ms=now - asked_at)
            raise errors.ProviderUnavailable()
        if now < ready_at:
            raise ports.NotYet(ready_at)
        self._note(idempotency_key, now, answered=True, latency_ms=now - asked_at)
        reference = f"{self.way}-{idempotency_key[-12:]}"
        if rule is None or outcome == "slow":
            return ports.Verdict(matched=True, reference=reference)
        return ports.Verdict(
            matched=False, reference=reference, reason=rule.reason, mismatched=rule.fields
        )

    def _rule(self, digits: str) -> Sandbox | None:
        for rule in self.rules.sandbox:
            if rule.digits == digits and (not rule.ways or self.way in rule.ways):
                return rule
        return None

    def _is_away(self, now: int) -> bool:
        return (
            self.lifelike and self.way in self.rules.ways and self.rules.ways[self.way].is_away(now)
        )

    def _asked(self, key: str, now: int, *, slow: bool) -> tuple[int, int]:
        """When this was asked first, and when the answer is there."""
        wait = self.rules.slow_seconds * clock.SECOND if slow else 0
        if self.lifelike and self.way in self.rules.ways and not slow:
            wait = self.rules.ways[self.way].latency.milliseconds(chance(key, "real-name latency"))
        if wait == 0:
            return now, now
        with self.memory.parts.db.write() as connection:
            known = connection.rows("SELECT * FROM sim_real_name WHERE id = ?", (key,))
            if known:
                return known[0]["asked_at"], known[0]["ready_at"]
            connection.run(
                "INSERT INTO sim_real_name (id, way, asked_at, ready_at) VALUES (?, ?, ?, ?)",
                (key, self.way, now, now + wait),
            )
        return now, now + wait

    def _note(self, key: str, now: int, *, answered: bool, latency_ms: int) -> None:
        health.note(
            self.memory,
            f"real_name/{self.way}",
            f"{key}/{now}",
            answered=answered,
            latency_ms=latency_ms,
        )
