"""Simulated administrators bring colleagues in, by number and by QR (ENT-2)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.boot import tables
from engine.kernel import catalog
from simulations import runs, scenario
from simulations.personas import Casting
from simulations.population import Population

QUIET = scenario.load(catalog.DATA / "scenarios" / "quiet_day.toml")


def inviting(share: float) -> scenario.Scenario:
    behaviour = QUIET.behaviour.model_copy(update={"invites": share})
    return QUIET.model_copy(update={"behaviour": behaviour})


@pytest.mark.row("ENT-2")
def test_colleagues_join_by_number_and_by_qr(tmp_path: Path) -> None:
    result = runs.run(inviting(1.0), 4, 7, 1, tmp_path)
    shard = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["shards"][0]
    assert (result.violations, shard["finished"]) == (0, 4)
    assert shard["counts"]["colleague joined"] == 4
    assert not [step for step in shard["counts"] if step.startswith("stopped")]


def test_who_invites_is_drawn_and_changes_nothing_else_of_anybody() -> None:
    everybody = Population(7, QUIET.reference)
    none, half = (Casting(inviting(share), 7, everybody) for share in (0.0, 0.5))
    assert all(none.persona(index).colleague is None for index in range(50))
    bring = [half.persona(index) for index in range(200)]
    assert 70 < sum(one.colleague is not None for one in bring) < 130
    for index in range(50):
        one, other = none.persona(index), half.persona(index)
        assert (one.person, one.enterprise, one.role) == (
            other.person,
            other.enterprise,
            other.role,
        )
        assert (one.arrives_at, one.truth) == (other.arrives_at, other.truth)
    phones = {one.colleague.phone for one in bring if one.colleague}
    assert phones.isdisjoint(one.person.phone for one in bring)


def test_every_invariant_of_enterprises_is_asked() -> None:
    assert {
        "a claim is approved by two people",
        "an approved claim is in the register",
        "an enterprise that is active has an administrator",
    } <= tables.INVARIANTS.keys()
