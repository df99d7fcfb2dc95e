"""The simulated mobile network: which number the SIM in a phone has (ACC-2).

The phone asks its network for a token, which says nothing to anybody else and lives two minutes; the
platform asks the network what number it stands for. Sandbox numbers force a refusal or an outage.
"""

from __future__ import annotations

import base64
import binascii
from typing import Literal

from engine.kernel import catalog, clock, errors, identifiers, vault
from engine.providers.messages import require_simulated
from engine.providers.store import Memory


class NoSim(errors.PolicyRefused):
    """There is no SIM in this phone. Sign in with a code by SMS instead."""


class Sandbox(catalog.Declared):
    """The last digits of a number, and what they bring about."""

    digits: str
    outcome: Literal["refused", "unavailable"]


class Rules(catalog.Declared):
    """data/providers/carrier.toml."""

    token_seconds: int
    sandbox: tuple[Sandbox, ...]


def load_rules() -> Rules:
    """The network's rules as declared."""
    return catalog.load(catalog.DATA / "providers" / "carrier.toml", Rules)


class SimulatedCarrier:
    """`ports.CarrierGateway`, and the network's side of the phone."""

    def __init__(self, memory: Memory, rules: Rules) -> None:
        require_simulated(memory.parts.kind)
        self._memory = memory
        self._rules = rules

    def token_for(self, number: str) -> str:
        """What the network gives the phone that holds this SIM; an empty number is no SIM.

        Raises: NoSim, PhoneInvalid.
        """
        if not number:
            raise NoSim()
        place = f"sim_carrier|{self._memory.next_number('carrier')}"
        until = self._memory.now() + self._rules.token_seconds * clock.SECOND
        sealed = self._memory.seal(f"{identifiers.phone(number)}\n{until}", place)
        return f"{place.split('|')[1]}.{base64.urlsafe_b64encode(sealed).decode()}"

    def number_of(self, token: str, *, idempotency_key: str) -> str:
        """The number that a token stands for; empty for one that is not the network's or has lapsed.

        Raises: ProviderUnavailable for the sandbox number that asks for it.
        """
        counted, _, sealed = token.partition(".")
        try:
            raw = base64.urlsafe_b64decode(sealed)
            number, until = self._memory.open(raw, f"sim_carrier|{counted}").split("\n")
        except (vault.Unreadable, binascii.Error, ValueError):
            return ""
        outcomes = {rule.digits: rule.outcome for rule in self._rules.sandbox}
        outcome = outcomes.get(number[-4:])
        if outcome == "unavailable":
            raise errors.ProviderUnavailable()
        return "" if outcome == "refused" or self._memory.now() >= int(until) else number
