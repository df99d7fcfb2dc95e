"""What parties do with a contract besides signing it, as rules of the state machine."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.property.rules_of_people import somebody

# What is done, and what it says besides whose contract it is.
ACTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("read", {}),
    ("remind", {"role": "supplier"}),
    ("remind", {"role": "purchaser"}),
    ("decline", {"opinion": "价格有误"}),
    ("decline", {"opinion": " "}),
    ("withdraw", {"reason": "数量有误"}),
    ("propose_voiding", {"reason": "不再需要"}),
    ("agree_voiding", {}),
    ("refuse_voiding", {"reason": "货已发出"}),
    ("take_back_voiding", {}),
)


class ContractRules:
    """Rules over `people`, `contract` and `world` of the machine that mixes them in."""

    contract: str
    people: list[Any]
    world: Any

    def _attempt(self, act: Any) -> bool:
        """The machine's own: a refusal changes nothing."""
        raise AssertionError("the machine attempts")

    @precondition(lambda self: self.contract)
    @rule(who=somebody, act=st.sampled_from(ACTS))
    def acts_on_the_contract(self, who: int, act: tuple[str, dict[str, Any]]) -> None:
        """Somebody does something with the contract, whether they are a party or may do it or not."""
        name, given = act
        self._attempt(
            lambda: self.people[who].act_on_contract(name, contract_id=self.contract, **given)
        )

    @precondition(lambda self: self.contract)
    @rule(who=somebody, days=st.sampled_from((0, 1, 3)))
    def extends_the_time(self, who: int, days: int) -> None:
        """Somebody gives the parties longer to sign."""
        until = self.world.engine.now() + days * 86_400_000
        self._attempt(
            lambda: self.people[who].act_on_contract(
                "extend", contract_id=self.contract, sign_by=until
            )
        )

    @precondition(lambda self: self.contract)
    @rule(who=somebody)
    def makes_it_anew(self, who: int) -> None:
        """Somebody makes the contract anew."""
        made = {"id": self.contract, "number": "HT"}
        self._attempt(lambda: self.people[who].revise_contract(made, date="2026-06-02"))
