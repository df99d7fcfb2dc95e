"""Stories as data: what comes with it is whole, and what is wrong in a file is said before it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.kernel import errors
from engine.kernel.catalog import Text
from simulations import guide, stories
from simulations.stories import Story

STORIES = stories.shipped()
NINE = (
    *("first_certificate", "signing", "lost_phone", "second_try", "forged_licence", "lapse"),
    *("red_letter", "national", "ca_trouble"),
)
WHOLE = """
id = "one"
order = 1
title = { zh = "一", en = "One" }
about = { zh = "一", en = "One" }
[[personas]]
id = "somebody"
label = { zh = "某人", en = "Somebody" }
role = "purchaser"
phone = "a"
[[steps]]
id = "code"
who = "somebody"
side = "phone"
act = "request_code"
title = { zh = "一", en = "One" }
note = { zh = "一", en = "One" }
button = { zh = "一", en = "One" }
fact = "code.requested"
"""


def guide_steps() -> set[str]:
    """The ids of the user guide's entries."""
    return {one.id for one in guide.load_guide().step}


@pytest.mark.row("DEM-2")
def test_the_nine_stories_come_in_their_order():
    assert tuple(STORIES) == NINE


def texts_of(story: Story) -> list[Text]:
    """Everything that is said in a story."""
    found = [story.title, story.about, *(one.label for one in story.personas)]
    for step in story.steps:
        found += [step.title, step.note, step.button, *(one.label for one in step.fill)]
        found += [step.clause] if step.clause else []
    return found


@pytest.mark.row("DEM-2")
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_everything_is_said_in_both_languages(story: Story):
    for text in texts_of(story):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh), text
        assert text.en.strip()
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in text.en), text


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_every_act_is_one_that_somebody_can_do(story: Story):
    for act in (*(one.act for one in story.before), *(one.act for one in story.steps)):
        assert callable(stories.act_of(act))


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_every_step_rests_on_the_guide_that_there_is(story: Story):
    assert {one for step in story.steps for one in step.guide} <= guide_steps()


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_step_ends_by_a_fact_or_is_the_last_one(story: Story):
    assert [step.id for step in story.steps[:-1] if not step.fact] == []


def wrong(tmp_path: Path, old: str, new: str) -> str:
    """What is said of a file in which something was exchanged."""
    path = tmp_path / "one.toml"
    assert old in WHOLE
    path.write_text(WHOLE.replace(old, new), encoding="utf-8")
    with pytest.raises(errors.ConfigurationError) as refused:
        stories.load(path)
    return str(refused.value.params["problem"])


def test_a_file_that_is_right_is_taken(tmp_path: Path):
    path = tmp_path / "one.toml"
    path.write_text(WHOLE, encoding="utf-8")
    assert stories.load(path).steps[0].fact == "code.requested"


def test_what_is_wrong_in_a_file_is_named(tmp_path: Path):
    assert "nobody is called other" in wrong(tmp_path, 'who = "somebody"', 'who = "other"')
    assert "en" in wrong(tmp_path, 'note = { zh = "一", en = "One" }', 'note = { zh = "一" }')
    assert "side" in wrong(tmp_path, 'side = "phone"', 'side = "roof"')
    assert "colour" in wrong(tmp_path, 'fact = "code.requested"', 'colour = "red"')


def test_two_of_one_name_are_refused(tmp_path: Path):
    again = WHOLE[WHOLE.index("[[steps]]") :]
    assert "steps" in wrong(tmp_path, again, again + again)


def test_an_act_that_nobody_does_is_named():
    with pytest.raises(stories.ActMissing):
        stories.act_of("fly")
