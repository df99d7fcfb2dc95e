"""The register of enterprises as a run has it: it knows what is not true of those who lie.

Of everybody else it says what the simulated register says. A share of what it should know it does not know
yet, as a real register that is behind.
"""

from __future__ import annotations

import dataclasses

from engine.boot import World
from engine.kernel import ports
from engine.providers import store
from simulations.population import Enterprise


class TrueRegister:
    """`ports.EnterpriseRegister` with the particulars of some enterprises as they really are."""

    def __init__(self, register: ports.EnterpriseRegister, seed: int, behind: float) -> None:
        self._register = register
        self._purpose = f"{seed}/register behind"
        self._behind = behind
        self._known: dict[str, Enterprise | None] = {}

    def knows(self, enterprise: Enterprise) -> None:
        """These are an enterprise's particulars, whatever others say."""
        self._known[enterprise.uscc] = enterprise

    def knows_none(self, uscc: str) -> None:
        """There is no enterprise of this code."""
        self._known[uscc] = None

    def check(self, query: ports.RegisterQuery, *, idempotency_key: str) -> ports.Verdict:
        """Whether the elements belong together, by what is really so."""
        uscc = query.uscc
        if uscc not in self._known or store.chance(uscc, self._purpose) < self._behind:
            return self._register.check(query, idempotency_key=idempotency_key)
        wrong, reason = _wrong(query, self._known[uscc])
        if not wrong:
            return self._register.check(query, idempotency_key=idempotency_key)
        return ports.Verdict(
            matched=False,
            reference=f"REG-{idempotency_key[-12:]}",
            reason=reason,
            mismatched=wrong,
        )


def _wrong(query: ports.RegisterQuery, known: Enterprise | None) -> tuple[tuple[str, ...], str]:
    """Which of the elements that were asked about differ, and how that is called."""
    if known is None:
        return ("uscc",), "no_record"
    if query.name != known.name:
        return ("name",), "name_differs"
    number = query.elements >= 4 and query.legal_representative_id != known.legal_representative_id
    if query.elements >= 3 and query.legal_representative != known.legal_representative:
        fields = ("legal_representative", *(("legal_representative_id",) if number else ()))
        return fields, "representative_differs"
    if number:
        return ("legal_representative_id",), "representative_number_differs"
    return (), ""


def with_register(world: World, register: TrueRegister) -> World:
    """The world with this register in it."""
    return dataclasses.replace(world, ports=dataclasses.replace(world.ports, register=register))
