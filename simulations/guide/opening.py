"""A step of the guide on the screen where it is done: somebody in that state, phone and PC handed over."""

from __future__ import annotations

from engine.kernel import errors
from simulations import stages, stories
from simulations.guide.catalog import Step
from simulations.stages import Stage
from simulations.stories.catalog import Shown

# Where the mall has what `steps.toml` calls by another name.
_MALL = {"login": "/sign-in", "user-center": "/user"}


class NoWay(errors.ConfigurationError):
    """{step} of the guide is to be opened at {state}, and no story has that."""


def place(step: Step) -> tuple[str, int, Shown]:
    """The story, the number of its step before which this one is done, and where the apps stand then.

    Where the story's own step is this very one, it knows the place better: it names ids.

    Raises: NoWay.
    """
    story_id, _, name = step.state.partition("/")
    story = stories.shipped().get(story_id)
    ids = [one.id for one in story.steps] if story else []
    if story is None or name not in ids:
        raise NoWay(step=step.id, state=step.state)
    at = ids.index(name)
    own = story.steps[at]
    if step.id in own.guide and own.at != Shown():
        return story_id, at, own.at
    app, _, screen = step.screen.partition("/")
    if app == "handset":
        return story_id, at, Shown(phone=screen)
    return story_id, at, Shown(pc=_MALL.get(screen, f"/{screen}"))


def opened(step: Step, *, seed: int = 0) -> Stage:
    """A stage on which somebody stands before a step, with its screen open on phone or PC.

    Raises: NoWay; as `stages.begin` and `Stage.jump`.
    """
    story_id, at, shown = place(step)
    stage = stages.begin(story_id, seed=seed)
    try:
        stage = stage.jump(at)
        stage.show(at, shown)
    except BaseException:
        stage.end()
        raise
    return stage
