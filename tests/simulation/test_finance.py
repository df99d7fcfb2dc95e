"""Finance in a run: a provider with every fault, and books that add up at its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.kernel import catalog
from engine.providers import bank
from simulations import scenario, shards


@pytest.mark.row("PAY-1")
@pytest.mark.row("SIM-5")
def test_a_provider_with_every_fault_leaves_cases_that_are_settled_and_books_that_add_up(
    tmp_path: Path,
) -> None:
    busy = scenario.load(catalog.DATA / "scenarios" / "busy.toml")
    faulty = bank.Faults(**dict.fromkeys(bank.Faults.model_fields, 0.3))
    plan = busy.model_copy(
        update={
            "shards": 1,
            "horizon_days": 6,
            "arrivals": busy.arrivals.model_copy(update={"within": 0.3}),
            "providers": busy.providers.model_copy(update={"payment": faulty}),
        }
    )
    spec = shards.Spec(scenario=plan, people=10, seed=4, shard=0, out=tmp_path)
    outcome = shards.compute(spec, lambda progress: None)
    assert [one.name for one in outcome.findings if one.violations] == []
    money = {step: n for step, n in outcome.counts.items() if step.startswith("money ")}
    assert sum(money.values()) >= 3
    assert not [step for step in money if "refused" in step]
