"""The benchmarks' results are well formed, their page is fresh, and their baseline does the same work."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from engine.kernel import database
from tools.benchmarking import actions, features, mix, recording, results

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = {"commit": "abc1234", "dirty": False}


def result(name="engine_actions_memory", value=50.0, **options):
    """A result with a baseline of 100."""
    return results.Result(name=name, value=value, unit="x/s", baseline=100.0, options=options)


@pytest.fixture(scope="module")
def recorded():
    """A ground, the mix for two persons, and what the engine does for it."""
    ground = mix.Ground()
    calls, _ = ground.play(2)
    yield ground, calls, actions.record(ground, calls)
    ground.world.close()


def content(db):
    """Every row of every table."""
    with db.read() as connection:
        return {
            name: database.dump(connection, name) for name in database.tables(connection, "sqlite")
        }


# -- what is stored ------------------------------------------------------------------------------


def test_the_page_is_the_one_that_the_results_make():
    rows = results.load(ROOT / results.STORE)
    assert (ROOT / results.PAGE).read_text(encoding="utf-8") == results.page(rows)


def test_every_stored_result_has_all_its_fields_and_every_promised_name_is_there():
    rows = results.load(ROOT / results.STORE)
    assert set(results.FIXED) <= {row["name"] for row in rows}
    for row in rows:
        assert tuple(row) == results.KEYS
        assert row["ratio"] == pytest.approx(row["value"] / row["baseline"], rel=0.01)
        assert row["options"]["cores"] >= 1
        assert row["options"]["python"].startswith("3.")
        assert row["options"]["about"]


def test_new_results_stand_behind_the_old_ones(tmp_path):
    path = tmp_path / "benchmarks.json"
    results.append(path, [result(value=50.0)], ORIGIN)
    old = path.read_text(encoding="utf-8")
    results.append(path, [result(value=60.0, about="again")], {**ORIGIN, "dirty": True})
    assert path.read_text(encoding="utf-8").startswith(old.rstrip("\n]"))
    first, second = json.loads(path.read_text(encoding="utf-8"))
    assert (first["value"], first["dirty"]) == (50.0, False)
    assert (second["value"], second["ratio"], second["dirty"]) == (60.0, 0.6, True)


def test_the_page_shows_the_newest_of_each_name_and_all_in_the_history(tmp_path):
    path = tmp_path / "benchmarks.json"
    for value in (50.0, 60.0):
        results.append(path, [result(value=value, about="the mix")], ORIGIN)
    newest, history = results.page(results.load(path)).split("## History")
    assert "| 60 |" in newest
    assert "| 50 |" not in newest
    assert "| 50 |" in history
    assert "| 60 |" in history


def test_the_commit_is_the_parent_and_the_results_alone_do_not_make_it_dirty():
    found = results.origin(ROOT)
    assert set(found) == {"commit", "dirty"}
    assert len(found["commit"]) >= 7


# -- what is compared ------------------------------------------------------------------------------


def test_the_bare_loop_leaves_the_same_rows_as_the_engine(recorded):
    ground, calls, notes = recorded
    engine = ground.copy(database.SqliteDatabase(None))
    for call in calls:
        call.on(engine)
    bare = database.SqliteDatabase(None)
    ground.copy(bare)
    assert content(bare) != content(engine.parts.db)
    for function, values in recording.compiled(notes, actions.bare_connection(bare)):
        function(*values)
    assert content(bare) == content(engine.parts.db)


def test_the_bare_loop_opens_wraps_and_verifies_what_the_engine_does(recorded):
    _, calls, notes = recorded
    counts = notes.counts()
    assert counts["begin"] == counts["commit"] == len(calls)
    # Every action's arguments and every event have a MAC, every reply is sealed.
    assert counts["hmac"] > 2 * len(calls)
    assert counts["seal"] > len(calls)
    for kind in ("open", "wrap", "unwrap", "sha256", "qr sign", "qr verify", "verify"):
        assert counts[kind] >= 2, kind


def test_recording_changes_nothing_of_what_the_engine_does(recorded):
    ground, calls, notes = recorded
    again = actions.record(ground, calls)
    assert [kind for kind, _ in again.steps] == [kind for kind, _ in notes.steps]
    assert again.steps == notes.steps


def test_a_feature_is_timed_wherever_it_is_entered(recorded):
    ground, calls, _ = recorded
    found = features.measure(ground, calls)
    assert Counter(one.name for one in found) == {
        f"engine_feature_{name}": 1 for name in features.FEATURES
    }
    for one in found:
        assert 0 < one.value < one.baseline
