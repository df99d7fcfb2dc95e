"""What is planted is acted out through the doors, and found by the rule or the person that can see it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.kernel import catalog
from simulations import answers, scenario, shards
from simulations.answers import Answer
from simulations.shards import Outcome

QUIET = scenario.load(scenario.SHIPPED / "quiet_day.toml")


def lived(folder: Path, count: int, **parts: Any) -> tuple[Outcome, list[Answer]]:
    """A day with some tables changed, and what was answered; nothing is broken by it."""
    told = QUIET.model_dump(mode="json", exclude_defaults=True)
    told |= {"crypto": "none", "contracts": None, "review": {}}
    for name, part in parts.items():
        if name == "reviewers":
            told["reviewers"] = [{**told["reviewers"][0], **part}]
        else:
            told[name] = {**(told.get(name) or {}), **part} if isinstance(part, dict) else part
    plan = catalog.build(told, scenario.Scenario, "planted.toml")
    spec = shards.Spec(scenario=plan, people=count, seed=7, shard=0, out=folder)
    outcome = shards.run_shard(spec)
    assert [one.name for one in outcome.findings if one.violations] == []
    assert [step for step in outcome.counts if step.startswith("stopped")] == []
    return outcome, answers.read(folder / shards.answers_name(0))


def about(rows: list[Answer], truth: str) -> set[tuple[str, bool, str, bool]]:
    """What became of a truth: kind of case, found, by what, and whether the engine warned."""
    return {(one.kind, one.found, one.by, one.flagged) for one in rows if one.truth == truth}


FORGED = {"forged_licence": 1.0, "licence_copied": 0.0, "licence_unregistered": 0.0}


@pytest.mark.row("SIM-1")
@pytest.mark.parametrize(("sees", "found"), [(1.0, True), (0.0, False)])
def test_a_licence_that_is_drawn_well_is_found_by_who_looks_closely(
    tmp_path: Path, sees: float, found: bool
) -> None:
    outcome, rows = lived(tmp_path, 2, planted=FORGED, reviewers={"sees": sees})
    by = "review" if found else ""
    assert about(rows, "forged_licence") == {("enterprise_claim", found, by, False)}
    assert outcome.counts.get("claimed", 0) == (0 if found else 2)
    assert {one.index for one in rows if one.truth == "forged_licence"} == {0, 1}
    # Who came through with it is otherwise like everybody else.
    assert {one.truth for one in rows if one.kind != "enterprise_claim"} <= {"honest"}


@pytest.mark.row("SIM-1")
def test_a_licence_of_no_enterprise_is_what_the_register_warns_of(tmp_path: Path) -> None:
    planted = {**FORGED, "licence_unregistered": 1.0}
    _, heeded = lived(tmp_path / "a", 2, planted=planted, reviewers={"sees": 0.0, "heeds": 1.0})
    assert about(heeded, "forged_licence") == {("enterprise_claim", True, "rule", True)}
    _, ignored = lived(tmp_path / "b", 2, planted=planted, reviewers={"sees": 0.0, "heeds": 0.0})
    # Nobody can let it through: the engine itself asks for the register's yes.
    assert about(ignored, "forged_licence") == {("enterprise_claim", True, "rule", True)}


@pytest.mark.row("SIM-1")
def test_a_copied_licence_is_known_again_by_its_picture(tmp_path: Path) -> None:
    mix = [{"name": "liar", "share": 0.5, "planted": {**FORGED, "licence_copied": 1.0}}]
    _, rows = lived(tmp_path, 4, personas=mix, reviewers={"sees": 0.0, "heeds": 1.0})
    assert about(rows, "forged_licence") == {("enterprise_claim", True, "rule", True)}
    honest = [one for one in rows if one.truth == "honest" and one.kind == "enterprise_claim"]
    assert any(not one.rejected for one in honest)


@pytest.mark.row("SIM-1")
def test_a_wrong_representative_is_found_by_a_register_that_is_not_behind(tmp_path: Path) -> None:
    planted, careless = {"wrong_representative": 1.0}, {"sees": 0.0, "heeds": 1.0}
    _, rows = lived(tmp_path / "a", 2, planted=planted, reviewers=careless)
    assert about(rows, "wrong_representative") == {("enterprise_claim", True, "rule", True)}
    late = {"register_behind": 1.0}
    _, rows = lived(tmp_path / "b", 2, planted=planted, reviewers=careless, providers=late)
    assert about(rows, "wrong_representative") == {("enterprise_claim", False, "", False)}


@pytest.mark.row("SIM-1")
def test_minors_wrong_numbers_and_second_accounts_are_for_the_engine(tmp_path: Path) -> None:
    planted = {"under_age": 0.34, "wrong_id": 0.33, "duplicate_person": 0.33}
    outcome, rows = lived(tmp_path, 7, planted=planted)
    for truth in planted:
        assert about(rows, truth) == {("real_name", True, "rule", False)}, truth
    assert outcome.counts["second account refused"] >= 1
    # Whoever tried for a second account goes on with the first.
    assert outcome.counts["claimed"] == 7 - outcome.counts["under age refused"]


@pytest.mark.row("SIM-1")
def test_a_form_with_somebody_else_s_stamp_is_found(tmp_path: Path) -> None:
    mix = [{"name": "liar", "share": 0.5, "planted": {"stamp_used_before": 1.0}}]
    outcome, rows = lived(
        tmp_path,
        3,
        personas=mix,
        seals={"applies": 1.0},
        reviewers={"sees": 0.0, "heeds": 1.0},
        horizon_days=2,
        arrivals={"within": 0.3},
    )
    assert outcome.counts["stamp of another handed in"] >= 1
    assert about(rows, "stamp_used_before") == {("seal", True, "rule", True)}
    assert any(one.kind == "seal" and one.truth == "honest" for one in rows)


@pytest.mark.row("SIM-1")
def test_somebody_acts_for_several_enterprises_on_one_phone(tmp_path: Path) -> None:
    people = {"further_enterprises": 2, "purchasers": 0.0}
    outcome, _ = lived(tmp_path, 1, people=people, horizon_days=3, invoices={})
    assert outcome.counts["bound"] == 1
    assert outcome.counts["for another enterprise: bound"] == 2


@pytest.mark.row("SIM-1")
def test_who_sees_what_is_drawn_by_case_and_reviewer_and_moves_nothing_else(tmp_path: Path) -> None:
    told = [lived(tmp_path / name, 2, planted=FORGED, reviewers={"sees": 0.5})[0] for name in "ab"]
    assert told[0].digest == told[1].digest
