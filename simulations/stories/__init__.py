"""Stories that are shown to somebody, as data, and what the people in them do."""

from simulations.stories.catalog import Part, Shown, Step, Story, load, shipped
from simulations.stories.doing import ACTS, ActMissing, act_of
from simulations.stories.persona import Persona
from simulations.stories.play import Play

__all__ = [
    "ACTS",
    "ActMissing",
    "Part",
    "Persona",
    "Play",
    "Shown",
    "Step",
    "Story",
    "act_of",
    "load",
    "shipped",
]
