"""Stages: demonstrations in throw-away worlds of their own, with the story that is played on them."""

from simulations.stages.happened import Happened, Row, happened
from simulations.stages.keeping import State
from simulations.stages.opening import (
    NoStages,
    NoSuchStory,
    TooManyStages,
    begin,
    listed,
    sweep,
)
from simulations.stages.stage import NoSuchStage, Stage, StoryBroke, StoryOver, find

__all__ = [
    "Happened",
    "NoStages",
    "NoSuchStage",
    "NoSuchStory",
    "Row",
    "Stage",
    "State",
    "StoryBroke",
    "StoryOver",
    "TooManyStages",
    "begin",
    "find",
    "happened",
    "listed",
    "sweep",
]
