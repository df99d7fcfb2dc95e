"""The shelf of scenarios: what is wrong is told by key and line, and one's own never touch what ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulations import shelf
from simulations.scenario import ScenarioWrong

QUIET = shelf.named("quiet_day").text()


def test_a_key_in_a_list_of_tables_is_found_in_its_own_table() -> None:
    text = "a = 1\n[[b]]\nc = 1\n[b.d]\ne = 1\n[[b]]\nc = 2\n[f.g]\nh = 3\n"
    assert shelf.line_of(text, "a") == 1
    assert shelf.line_of(text, "b.0.c") == 3
    assert shelf.line_of(text, "b.1.c") == 7
    assert shelf.line_of(text, "f.g.h") == 9
    # What is missing is told at the table that lacks it.
    assert shelf.line_of(text, "f.g.missing") == 8
    assert shelf.line_of(text, "nowhere") is None


@pytest.mark.row("SIM-1")
def test_everything_that_is_wrong_is_told_at_once() -> None:
    bad = QUIET.replace("count = 4", "count = 0").replace("gives_up = 0.0", 'gives_up = "often"')
    found = shelf.check(bad + "\n[people_who_never_were]\nx = 1\n")
    assert found.scenario is None
    told = {one.key: one for one in found.wrong}
    assert {"reviewers.0.count", "behaviour.gives_up", "people_who_never_were"} <= set(told)
    assert told["reviewers.0.count"].limits["ge"] == 1
    line = told["behaviour.gives_up"].line
    assert line is not None
    assert bad.splitlines()[line - 1].startswith("gives_up")


def test_one_s_own_are_kept_beside_those_that_ship(tmp_path: Path) -> None:
    with pytest.raises(shelf.NameTaken):
        shelf.keep(QUIET, tmp_path)
    copy = shelf.copy_of(shelf.named("quiet_day"), shelf.free_name("my_day", tmp_path))
    kept = shelf.keep(copy, tmp_path)
    assert (kept.name, kept.own) == ("my_day", True)
    assert shelf.free_name("my_day", tmp_path) == "my_day-2"
    with pytest.raises(ScenarioWrong):
        shelf.keep(copy.replace("horizon_days = 1", "horizon_days = 0"), tmp_path)
    assert shelf.named("my_day", tmp_path).text() == copy
    with pytest.raises(shelf.NotKept):
        shelf.delete("quiet_day", tmp_path)
    shelf.delete("my_day", tmp_path)
    assert not [one for one in shelf.listed(tmp_path) if one.own]


def test_drafts_are_each_person_s_and_stay_in_their_folder(tmp_path: Path) -> None:
    shelf.keep_draft("staff-1", "quiet_day", "half a th", tmp_path)
    assert shelf.draft("staff-1", "quiet_day", tmp_path) == "half a th"
    assert shelf.draft("staff-2", "quiet_day", tmp_path) is None
    shelf.drop_draft("staff-1", "quiet_day", tmp_path)
    assert shelf.draft("staff-1", "quiet_day", tmp_path) is None
    for owner, name in (("../x", "quiet_day"), ("staff-1", "../../x")):
        with pytest.raises(shelf.NotKept):
            shelf.keep_draft(owner, name, "x", tmp_path)
