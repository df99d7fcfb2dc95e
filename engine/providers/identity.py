"""Simulated identity providers: documented sandbox numbers force each outcome (IDV-5)."""

from __future__ import annotations

from typing import Literal

from engine.kernel import catalog, errors, ports


class Sandbox(catalog.Declared):
    """A value of the three digits before the check character, and what it brings about."""

    digits: str
    outcome: Literal["mismatch", "unavailable"]
    reason: str
    fields: tuple[str, ...]


class Rules(catalog.Declared):
    """data/providers/real_name.toml."""

    sandbox: tuple[Sandbox, ...]


def load_rules() -> Rules:
    """The sandbox values as declared."""
    return catalog.load(catalog.DATA / "providers" / "real_name.toml", Rules)


class SimulatedIdentity:
    """`ports.RealNameProvider` with the answers of a sandbox."""

    def __init__(self, way: str, rules: Rules) -> None:
        self._way = way
        self._rules = {rule.digits: rule for rule in rules.sandbox}

    def check(self, identity: ports.Identity, *, idempotency_key: str) -> ports.Verdict:
        """Whether the fields belong together.

        Raises: ProviderUnavailable for the sandbox value that asks for it.
        """
        rule = self._rules.get(identity.resident_id[14:17])
        reference = f"{self._way}-{idempotency_key[-12:]}"
        if rule is None:
            return ports.Verdict(matched=True, reference=reference)
        if rule.outcome == "unavailable":
            raise errors.ProviderUnavailable()
        return ports.Verdict(
            matched=False, reference=reference, reason=rule.reason, mismatched=rule.fields
        )
