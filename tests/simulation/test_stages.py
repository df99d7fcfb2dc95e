"""Stages: every story to its end, back and again, several at once, and what a restart finds."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import boot
from engine.boot import World
from engine.http.doors import DirectDoor
from engine.kernel import clock, texts
from simulations import stages, stories
from simulations.stages import keeping
from tests.support import on_stage

STORIES = stories.shipped()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The process's own world."""
    with (
        pytest.MonkeyPatch.context() as patch,
        on_stage.process_of(tmp_path_factory.mktemp("own") / "demo", patch) as world,
    ):
        yield world


@pytest.fixture
def short(own: World) -> Iterator[stages.Stage]:
    """A stage with a story that is short."""
    stage = stages.begin("second_try", seed=7)
    yield stage
    stage.end()


def _named(one: stages.Happened) -> set[str]:
    rows = {row.table for row in one.rows}
    names = {*one.values, *(name for row in one.rows for name in row.values)}
    return rows | {f"fact.{name}" for name in names}


@pytest.mark.row("DEM-2")
@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_played_to_its_end(own: World, story: str):
    stage = stages.begin(story, seed=11)
    before = on_stage.rows(own)
    for number, step in enumerate(stage.story.steps):
        stage.play(number)
        told = stages.happened(stage, number)
        assert not step.fact or [one.kind for one in told].count(step.fact) >= step.times
        assert "{" not in "".join(stage.state.view.values())
        # What the drawer calls it is a word, not the name of a column.
        for name in {name for one in told for name in _named(one)}:
            assert re.search("[\u4e00-\u9fff]", texts.of_code(name, "zh_CN")), name
    assert stage.step is None
    assert on_stage.rows(own) == before
    with pytest.raises(stages.StoryOver):
        stage.play(len(stage.story.steps))
    if story == "signing":
        assert stage.state.kept["verdict"] == "valid"
    if story == "ca_trouble":
        assert stage.state.kept["verdict"] == "in the log"
    stage.end()


@pytest.mark.row("DEM-2")
def test_a_second_click_on_a_step_does_nothing(short: stages.Stage):
    short.play(0)
    before = on_stage.kinds(short.world)
    short.play(0)
    assert on_stage.kinds(short.world) == before
    assert short.state.at == 1


@pytest.mark.row("DEM-2")
def test_back_puts_everything_as_it_was(short: stages.Stage):
    tables, state = on_stage.rows(short.world), short.state
    phones = {one.name: one.read_bytes() for one in (short.folder / "handsets").glob("*.sqlite3")}
    short.play(0)
    short.play(1)
    again = short.back()
    assert again.state.at == 1
    began = again.reset()
    assert began.state.at == 0
    assert on_stage.rows(began.world) == tables
    assert began.state.cast == state.cast
    # Browsers draw everything anew.
    assert began.state.turns > state.turns
    assert set(phones) == {one.name for one in (began.folder / "handsets").glob("*.sqlite3")}
    began.play(0)
    assert began.state.at == 1


@pytest.mark.row("DEM-2")
def test_a_jump_plays_what_is_missing_and_goes_back_by_a_mark(short: stages.Stage):
    there = short.jump(4)
    assert there.state.at == 4
    assert "claim.in_second_review" in on_stage.kinds(there.world)
    back = there.jump(1)
    assert back.state.at == 1
    assert "claim.rejected" not in on_stage.kinds(back.world)
    assert back.jump(5).step is None


@pytest.mark.row("DEM-2")
def test_a_reset_takes_less_than_two_seconds_of_work(short: stages.Stage):
    there = short.jump(5)
    began = time.process_time()
    assert there.reset().state.at == 0
    assert time.process_time() - began < 2


@pytest.mark.row("DEM-2")
def test_a_step_that_was_done_by_hand_counts(short: stages.Stage):
    state = short.state
    with short.playing(state) as play:
        play.cast["purchaser"].claim()
    assert short.look() == 1
    assert (short.state.at, short.state.by_hand) == (1, [0])
    # The staff's pane: another way than the story's own.
    short.decide("reject")
    assert (short.state.at, short.state.by_hand) == (2, [0, 1])
    short.play(2)
    assert short.back().state.at == 2


@pytest.mark.row("DEM-2")
def test_a_step_that_was_overtaken_counts(own: World):
    stage = stages.begin("first_certificate", seed=5)
    with stage.playing(stage.state) as play:
        person = play.cast["purchaser"]
        # One tap in the place of a code that is asked for and entered.
        token = stage.world.carrier.token_for(person.identity.phone)
        person.handset.one_tap(token, "模拟手机", terms_accepted=True, wait=play.settle)
    assert stage.look() == 2
    assert stage.step is not None
    assert stage.step.id == "real_name"
    stage.play(2)
    assert stage.state.at == 3
    stage.end()


def test_what_is_done_by_hand_stays_where_it_is_on_the_screens(short: stages.Stage):
    turns = short.state.turns
    with short.playing(short.state) as play:
        play.cast["purchaser"].claim()
    short.look()
    assert short.state.turns == turns
    short.show_where(1)
    assert short.state.turns == turns + 1


@pytest.mark.row("DEM-1")
def test_two_stages_and_the_process_share_no_row(own: World, short: stages.Stage):
    other = stages.begin("second_try", seed=8)
    before, untouched = on_stage.rows(own), on_stage.rows(other.world)
    short.jump(5)
    assert on_stage.rows(own) == before
    assert on_stage.rows(other.world) == untouched
    other.play(0)
    assert other.state.at == 1
    assert short.state.at == 5
    assert short.world.keyring.mac("handset", b"x") != other.world.keyring.mac("handset", b"x")
    other.end()
    assert not other.folder.exists()
    assert short.folder.exists()


@pytest.mark.row("DEM-1")
def test_a_session_of_one_stage_opens_no_other(short: stages.Stage):
    other = stages.begin("second_try", seed=7)
    with short.playing(short.state) as play:
        token = play.cast["purchaser"].handset.store.get("session")
    assert token
    door = DirectDoor(other.world.engine)
    door.sign_in(token.decode())
    with pytest.raises(Exception, match="Sign in first"):
        door.ask("registration.me", {})
    other.end()


@pytest.mark.row("DEM-2")
def test_a_stage_is_found_after_a_restart(short: stages.Stage):
    short.play(0)
    # As after a restart: nothing is open.
    boot.worlds.pop(short.id).close()
    again = stages.find(short.id)
    assert again.world is not short.world
    assert again.state.at == 1
    again.play(1)
    assert again.state.at == 2


def test_what_is_older_than_a_day_goes(own: World):
    stage = stages.begin("second_try", seed=9)
    state = stage.state
    stages.sweep(state.made_at + clock.DAY - 1)
    assert stage.id in stages.listed()
    assert stages.sweep(state.made_at + clock.DAY + 1) == 1
    assert stage.id not in stages.listed()
    with pytest.raises(stages.NoSuchStage):
        stages.find(stage.id)


def test_so_many_at_once_and_no_more(own: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("simulations.stages.opening.MOST", 1)
    stage = stages.begin("second_try", seed=9)
    with pytest.raises(stages.TooManyStages):
        stages.begin("second_try")
    stage.end()


def test_a_beginning_that_fails_leaves_nothing(own: World, monkeypatch: pytest.MonkeyPatch):
    def fail(*given: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(keeping, "mark", fail)
    with pytest.raises(OSError, match="full"):
        stages.begin("second_try")
    assert stages.listed() == []
    place = boot.current().path
    assert place is not None
    assert list((place.parent / "stages" / "demo").iterdir()) == []


def test_names_that_are_none_find_nothing(own: World, tmp_path: Path):
    for name in ("demo", "stage-", "stage-../../demo", "stage-aaaaaaaaaaaa"):
        with pytest.raises(stages.NoSuchStage):
            stages.find(name)
    with pytest.raises(stages.NoSuchStory):
        stages.begin("nothing")


def test_only_a_demo_world_has_stages(monkeypatch: pytest.MonkeyPatch):
    world = boot.memory_world(world_id="no-stages")
    monkeypatch.setattr(boot, "current", lambda: world)
    with pytest.raises(stages.NoStages):
        stages.begin("signing")
    boot.worlds.pop(world.id)
