"""Every state that a step of the guide needs is reached on a stage, and its screen opens there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.boot import World
from simulations import guide, stages, stories
from simulations.guide import opening
from tests.support import on_stage

pytestmark = pytest.mark.row("DEM-4")
STEPS = guide.load_guide().step
STORIES = sorted({one.state.partition("/")[0] for one in STEPS})


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The process's own world."""
    with (
        pytest.MonkeyPatch.context() as patch,
        on_stage.process_of(tmp_path_factory.mktemp("own") / "demo", patch) as world,
    ):
        yield world


@pytest.mark.parametrize("story", STORIES)
def test_every_step_of_the_guide_opens_where_its_story_stands(own: World, story: str):
    """One stage goes through all states of its story, in their order."""
    wanted = sorted(
        (found[1], step.id, found[2])
        for step in STEPS
        if (found := opening.place(step))[0] == story
    )
    assert wanted
    stage = stages.begin(story, seed=5)
    for at, _id, shown in wanted:
        stage = stage.jump(at)
        assert stage.step == stories.shipped()[story].steps[at]
        stage.show(at, shown)
        seen = stage.state.view
        assert seen["who"] == stage.step.who
        for told, where in ((seen["phone"], shown.phone), (seen["pc"], shown.pc)):
            assert "{" not in told
            # An id that the address names is there by now.
            assert not where.endswith("}") or not told.endswith(("/", "="))
    stage.end()


def test_a_step_is_opened_as_somebody_new_and_a_state_that_is_nowhere_opens_nothing(own: World):
    step = next(one for one in STEPS if one.id == "G-zhongjin-4")
    stage = guide.opened(step, seed=5)
    assert stage.step is not None
    assert stage.step.id == "real_name"
    assert stage.state.view["phone"] == "real-name"
    assert stages.listed() == [stage.id]
    stage.end()
    with pytest.raises(guide.NoWay):
        guide.opened(step.model_copy(update={"state": "first_certificate/gone"}))
    assert stages.listed() == []
