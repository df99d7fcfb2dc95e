"""What must hold in every run: the stages' own questions, the log, the outside world, and what was told.

A violation names its rows, the first twenty, so that somebody can look at them. Checking changes
nothing. `check` asks everything, `quick` what is cheap enough for every simulated day or action.
"""

from simulations.invariants.checking import check, names, quick
from simulations.invariants.findings import SHOWN, Finding, broken
from simulations.invariants.promises import PROMISES
from simulations.invariants.walking import Walk

__all__ = ["PROMISES", "SHOWN", "Finding", "Walk", "broken", "check", "names", "quick"]
