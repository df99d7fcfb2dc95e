"""People at codes in a run: from other PCs, with another contact, overlooked by a second phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.kernel import catalog
from simulations import scenario, shards


def run(folder: Path) -> shards.Outcome:
    """A few days in which everybody signs in elsewhere and half of the contacts are others."""
    busy = scenario.load(catalog.DATA / "scenarios" / "busy.toml")
    behaviour = {
        "gives_up": 0.0,
        "misses_phone": 0.0,
        "sits_elsewhere": 1.0,
        "other_contact": 0.5,
        "overlooked": 1.0,
        "lets_qr_lapse": 0.3,
    }
    plan = busy.model_copy(
        update={
            "shards": 1,
            "horizon_days": 8,
            "arrivals": busy.arrivals.model_copy(update={"within": 0.3}),
            "behaviour": busy.behaviour.model_copy(update=behaviour),
        }
    )
    folder.mkdir()
    spec = shards.Spec(scenario=plan, people=14, seed=6, shard=0, out=folder)
    return shards.compute(spec, lambda progress: None)


@pytest.mark.row("BND-2")
@pytest.mark.row("LOG-1")
@pytest.mark.row("SIM-5")
def test_people_register_wait_and_sign_in_from_pcs_that_are_not_their_own(tmp_path: Path) -> None:
    outcome = run(tmp_path / "one")
    assert [one.name for one in outcome.findings if one.violations] == []
    seen = outcome.counts
    assert seen["signed in by scan"] >= 4
    assert seen["second scan"] >= 1
    assert seen["QR lapsed"] >= 1
    assert not [step for step in seen if "refused" in step and "binding" in step]
