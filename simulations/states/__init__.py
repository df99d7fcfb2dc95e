"""States on demand (SIM-9): any state of any state machine, made through real actions alone."""

from simulations.states.going import Wrong
from simulations.states.machines import MACHINES, NoSuchState, found
from simulations.states.making import (
    CannotBeMade,
    Made,
    NotReached,
    OnlyInSandbox,
    State,
    each,
    listed,
    make,
)
from simulations.states.scene import Party, TakesTime

__all__ = [
    "MACHINES",
    "CannotBeMade",
    "Made",
    "NoSuchState",
    "NotReached",
    "OnlyInSandbox",
    "Party",
    "State",
    "TakesTime",
    "Wrong",
    "each",
    "found",
    "listed",
    "make",
]
