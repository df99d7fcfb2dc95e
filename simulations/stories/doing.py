"""Which function of `acts`, `acts_pc`, `acts_later`, `acts_incident` a step of a story names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType

from engine.kernel import errors
from simulations.stories import acts, acts_incident, acts_later, acts_pc
from simulations.stories.persona import Persona
from simulations.stories.play import Play

Act = Callable[[Play, Persona], None]


class ActMissing(errors.ConfigurationError):
    """A story names what nobody does: {problem}"""


def _in(module: ModuleType) -> Mapping[str, Act]:
    found = vars(module).items()
    return {
        name: one
        for name, one in found
        if callable(one) and not name.startswith("_") and one.__module__ == module.__name__
    }


ACTS: Mapping[str, Act] = {**_in(acts), **_in(acts_pc), **_in(acts_later), **_in(acts_incident)}


def act_of(name: str) -> Act:
    """What an act is.

    Raises: ActMissing.
    """
    if name not in ACTS:
        raise ActMissing(file="data/stories", problem=name)
    return ACTS[name]
