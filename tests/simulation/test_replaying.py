"""A case of a run is played again up to a step: the same log, its world, no personal value told."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from engine.boot import tables
from engine.kernel import database
from engine.reviewing import queries as reviewing
from simulations import opening, personas, population, replaying, runs
from simulations.cli import main
from tests.support import kept_run


@pytest.fixture(scope="module")
def folder() -> Path:
    return kept_run.folder()


def files_of(folder: Path) -> str:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in found).decode("latin-1")


@pytest.mark.row("SIM-4")
def test_a_way_is_everything_that_happened_to_a_person(folder: Path) -> None:
    way = replaying.way(folder, person=1)
    kinds = [fact.kind for step in way.steps for fact in step.facts]
    for kind in ("account.registered", "claim.approved", "order.paid", "certificate.activated"):
        assert kind in kinds
    assert [step.number for step in way.steps] == list(range(1, len(way.steps) + 1))
    assert all(a.last < b.first for a, b in zip(way.steps, way.steps[1:], strict=False))
    # And of nobody else: another person's way shares no account with it.
    other = replaying.way(folder, person=2)
    assert other.start not in way.things


@pytest.mark.row("SIM-4", "SIM-3")
def test_a_person_s_way_is_played_again_up_to_a_step_with_the_very_same_log(
    folder: Path, tmp_path: Path
) -> None:
    way = replaying.way(folder, person=1)
    [decided] = [s for s in way.steps if any(f.kind == "claim.approved" for f in s.facts)]
    done = replaying.replay(folder, person=1, step=decided.number, out=tmp_path / "after")
    log = pq.read_table(folder / "events-0.parquet").to_pylist()
    copy = database.FrozenDatabase(tmp_path / "after" / "world-0.sqlite3")
    with copy.read() as connection:
        assert connection.rows("SELECT * FROM event ORDER BY seq") == log[: decided.last]
    assert done.events == decided.last
    # Every step was done by somebody, with what they gave.
    assert set(done.deeds) == {step.number for step in done.steps}
    world = done.world()
    assert world.engine.now() == decided.at_ms
    [claim] = [one.subject for one in decided.facts if one.kind == "claim.approved"]
    [case] = world.engine.ask(reviewing.of_subject, tables.INSIDE, claim)
    assert case.status == "approved"
    with pytest.raises(database.ReadOnlyWorld):
        world.engine.perform(reviewing.of_subject, {"subject_id": claim}, actor=tables.INSIDE)
    opening.close_all()


@pytest.mark.row("SIM-4")
def test_before_a_step_that_step_has_not_happened(folder: Path, tmp_path: Path) -> None:
    way = replaying.way(folder, person=1)
    [decided] = [s for s in way.steps if any(f.kind == "claim.approved" for f in s.facts)]
    place = tmp_path / "before"
    done = replaying.replay(folder, person=1, step=decided.number, before=True, out=place)
    assert done.events == decided.first - 1
    assert [step.number for step in done.steps] == list(range(1, decided.number))
    [claim] = [one.subject for one in decided.facts if one.kind == "claim.approved"]
    [case] = done.world().engine.ask(reviewing.of_subject, tables.INSIDE, claim)
    assert case.status == "claimed"
    opening.close_all()


@pytest.mark.row("SIM-4", "S-PI-4")
def test_a_trace_tells_what_was_done_and_nobody_s_values(folder: Path, tmp_path: Path) -> None:
    done = replaying.replay(folder, person=0, out=tmp_path / "whole")
    told = json.loads((tmp_path / "whole" / "trace.json").read_text(encoding="utf-8"))
    assert told["steps"][0]["action"] == "registration.sign_in_by_code"
    assert len(told["steps"]) == len(done.way.steps)
    # Whoever pays is asked for a code first, and no fact tells of that.
    assert "kernel.second_factor_needed" in {one["code"] for one in told["refused"]}
    everybody = population.Population(kept_run.SEED, kept_run.quiet().reference)
    casting = personas.Casting(kept_run.quiet(), kept_run.SEED, everybody)
    text = json.dumps(told, ensure_ascii=False)
    for index in range(kept_run.PEOPLE):
        one = casting.persona(index).person
        for value in (one.name, one.phone, one.resident_id, one.bank_card):
            assert value not in text


def test_a_review_case_is_played_with_what_it_is_about(folder: Path, tmp_path: Path) -> None:
    way = replaying.way(folder, person=1)
    case = next(f.subject for s in way.steps for f in s.facts if f.kind == "case.opened")
    narrow = replaying.way(folder, case=case)
    assert 2 <= len(narrow.steps) <= len(way.steps)
    kinds = [fact.kind for step in narrow.steps for fact in step.facts]
    assert kinds.index("case.opened") < kinds.index("case.claimed") < kinds.index("case.approved")


def test_what_is_not_there_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(replaying.CaseNotInRun):
        replaying.way(folder, case="acc_00000000000000000000000000")
    with pytest.raises(replaying.CaseNotInRun):
        replaying.way(folder, case="")
    with pytest.raises(replaying.PersonNotFound):
        replaying.way(folder, person=kept_run.PEOPLE)
    with pytest.raises(replaying.StepUnknown):
        replaying.replay(folder, person=1, step=9_999, out=tmp_path)
    with pytest.raises(runs.NoRun):
        replaying.way(tmp_path, person=0)


@pytest.mark.row("SIM-3")
def test_a_run_that_went_another_way_is_found(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("plan.json", "world-0.sqlite3"):
        (copy / name).write_bytes((folder / name).read_bytes())
    log = pq.read_table(folder / "events-0.parquet")
    rows = log.to_pylist()
    at = next(i for i, row in enumerate(rows) if row["kind"] == "account.registered")
    rows[at]["occurred_at"] += 1
    pq.write_table(log.from_pylist(rows, schema=log.schema), copy / "events-0.parquet")
    with pytest.raises(replaying.Differs, match=str(rows[at]["seq"])):
        replaying.replay(copy, person=1, step=2, out=tmp_path / "out")


@pytest.mark.row("SIM-4")
def test_the_command_plays_a_case_again(folder: Path, tmp_path: Path) -> None:
    call = ["replay", str(folder), "--person", "1", "--step", "2", "--out", str(tmp_path / "x")]
    done = CliRunner().invoke(main, call)
    assert done.exit_code == 0, done.output
    assert "registration.prove_name" in done.output
    assert "proof.requested" in done.output
    assert (tmp_path / "x" / "world-0.sqlite3").is_file()
    lost = CliRunner().invoke(main, ["replay", str(folder), "--person", "99", "--json"])
    assert lost.exit_code == 2
    assert json.loads(lost.stdout)["error"] == "simulations.person_not_found"


def test_arguments_are_told_without_what_could_be_somebody_s() -> None:
    told = replaying.plain(
        {
            "account_id": "acc_06f8cqr0rrjt60euo34dot6hno",
            "pin": "123456",
            "phone": "14212345678",
            "name": "张三",
            "years": 2,
            "number": 13812345678,
            "way": "alipay",
            "note": "alipay",
            "face": b"picture",
            "papers": [{"code": "licence", "file": b"x"}],
            "accept": True,
            "colleague": None,
        }
    )
    assert told == {
        "accept": True,
        "account_id": "acc_06f8cqr0rrjt60euo34dot6hno",
        "colleague": None,
        "face": "7 bytes",
        "name": "text of 2",
        "note": "text of 6",
        "number": "a number",
        "papers": [{"code": "text of 7", "file": "1 bytes"}],
        "phone": "text of 11",
        "pin": "text of 6",
        "way": "alipay",
        "years": 2,
    }
