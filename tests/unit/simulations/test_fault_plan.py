"""Which sites a plan switches on, when they fire, and what is counted."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from engine.kernel import catalog, errors
from simulations.faults.injector import Injector
from simulations.faults.plan import FaultPlan, Firing
from simulations.faults.sites import SITES

HALF = Firing(on=1.0, fires=0.5)


def fired(plan: FaultPlan, seed: int, site: str, count: int = 400) -> list[bool]:
    faults = Injector(plan, seed)
    return [faults.strikes(site, f"matter {number}") for number in range(count)]


@pytest.mark.row("SIM-5")
def test_a_plan_has_a_place_for_each_site_and_for_nothing_else() -> None:
    assert set(FaultPlan.model_fields) - {"every"} == set(SITES)
    with pytest.raises(errors.ConfigurationError) as refused:
        catalog.build({"reply_losst": {"fires": 0.5}}, FaultPlan, "plan.toml")
    assert "reply_losst" in refused.value.message()


@pytest.mark.row("SIM-1")
def test_the_same_matters_are_struck_in_every_run_of_a_seed_and_others_in_another() -> None:
    plan = FaultPlan(reply_lost=HALF)
    first = fired(plan, 7, "reply_lost")
    assert 140 < sum(first) < 260
    assert fired(plan, 7, "reply_lost") == first
    assert fired(plan, 8, "reply_lost") != first


@pytest.mark.row("SIM-1")
def test_another_site_moves_no_one_else_s_chance() -> None:
    alone = fired(FaultPlan(reply_lost=HALF), 7, "reply_lost")
    assert fired(FaultPlan(reply_lost=HALF, every=HALF), 7, "reply_lost") == alone


@pytest.mark.row("SIM-5")
def test_a_site_is_switched_on_in_as_many_runs_as_is_asked_for_and_is_silent_in_the_others() -> (
    None
):
    plan = FaultPlan(sms_lost=Firing(on=0.3, fires=1.0))
    runs = [Injector(plan, seed) for seed in range(400)]
    on = [one for one in runs if one.on("sms_lost")]
    assert 80 < len(on) < 160
    for one in runs:
        assert one.strikes("sms_lost", "a message") == (one in on)
        assert bool(one) == (one in on)
        assert one.report()["sms_lost"] == {
            "planned": True,
            "on": one in on,
            "considered": int(one in on),
            "fired": int(one in on),
        }


@pytest.mark.row("SIM-5")
def test_a_matter_that_comes_again_is_another_occasion() -> None:
    faults = Injector(FaultPlan(answer_lost=HALF), 7)
    told = [faults.strikes("answer_lost", "the same") for _ in range(60)]
    assert True in told
    assert False in told


@pytest.mark.row("SIM-5")
def test_what_a_site_did_without_effect_counts_as_not_fired() -> None:
    faults = Injector(FaultPlan(disk_full=Firing(fires=1.0)), 7)
    assert faults.strikes("disk_full", "1")
    faults.spared("disk_full")
    assert faults.report()["disk_full"]["considered"] == 1
    assert faults.report()["disk_full"]["fired"] == 0


@pytest.mark.row("SIM-5")
def test_every_stands_for_the_sites_without_a_table_of_their_own() -> None:
    plan = FaultPlan(every=Firing(fires=0.1), sms_lost=Firing(fires=0.0))
    assert set(plan.firings()) == set(SITES) - {"sms_lost"}
    assert FaultPlan().firings() == {}
    assert not Injector(FaultPlan(), 1)


def test_every_site_is_told_in_both_languages() -> None:
    for site in SITES.values():
        for text in (site.text, site.of):
            assert text.en.isascii()
            assert any("\u4e00" <= character <= "\u9fff" for character in text.zh)


@pytest.mark.row("SIM-1")
def test_the_scenario_in_which_everything_fails_plans_every_site(tmp_path: Path) -> None:
    from simulations import scenario

    found = scenario.load(catalog.DATA / "scenarios" / "everything_fails.toml")
    assert set(found.faults.firings()) == set(SITES)


@pytest.mark.row("SIM-7")
@pytest.mark.parametrize(
    "path", sorted((catalog.DATA / "scenarios").glob("*.toml")), ids=lambda path: path.stem
)
def test_a_scenario_comes_whole_into_another_process_and_out_of_a_file(path: Path) -> None:
    from simulations import scenario

    found = scenario.load(path)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301
    read = scenario.Scenario.model_validate_json(json.dumps(found.model_dump(mode="json")))
    assert read.digest == found.digest
