"""The simulated register of enterprises: documented sandbox values force each outcome (IDV-5, IDV-6)."""

from __future__ import annotations

from typing import Literal

from engine.kernel import catalog, errors, ports


class Sandbox(catalog.Declared):
    """A value and what it brings about: the first four of a code's organization, or a part of a name."""

    uscc: str = ""
    name: str = ""
    outcome: Literal["mismatch", "unavailable"]
    reason: str
    fields: tuple[str, ...]


class Rules(catalog.Declared):
    """data/providers/register.toml."""

    sandbox: tuple[Sandbox, ...]


# Which elements are asked about, by their count.
_ASKED = {
    2: ("name", "uscc"),
    3: ("name", "uscc", "legal_representative"),
    4: ("name", "uscc", "legal_representative", "legal_representative_id"),
}


def load_rules() -> Rules:
    """The sandbox values as declared."""
    return catalog.load(catalog.DATA / "providers" / "register.toml", Rules)


class SimulatedRegister:
    """`ports.EnterpriseRegister` with the answers of a sandbox; whatever it does not force, matches."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules.sandbox

    def check(self, query: ports.RegisterQuery, *, idempotency_key: str) -> ports.Verdict:
        """Whether the elements belong together; an element that is not asked about cannot differ.

        Raises: ProviderUnavailable for the sandbox value that asks for it.
        """
        reference = f"REG-{idempotency_key[-12:]}"
        rule = next((rule for rule in self._rules if _forces(rule, query)), None)
        if rule is not None and rule.outcome == "unavailable":
            raise errors.ProviderUnavailable()
        asked = _ASKED[query.elements]
        wrong = () if rule is None else tuple(field for field in rule.fields if field in asked)
        if rule is None or not wrong:
            return ports.Verdict(matched=True, reference=reference)
        return ports.Verdict(
            matched=False, reference=reference, reason=rule.reason, mismatched=wrong
        )


def _forces(rule: Sandbox, query: ports.RegisterQuery) -> bool:
    if rule.uscc:
        return query.uscc[8:12] == rule.uscc
    return rule.name in query.name
