"""The pair on the phone: its encryption key comes beside the signing certificate (CRT-6)."""

from __future__ import annotations

from simulations.environment import Steps
from simulations.journeys.way import Way

# So many looks for the encryption certificate; what has not come by then is taken another day.
_LOOKS = 5


def complete(way: Way) -> Steps:
    """The encryption key comes onto the phone beside the signing certificate: the pair is complete."""
    for _ in range(_LOOKS):
        if way.person.complete_pair():
            way.stage.log("pair complete")
            return
        yield way.stage.wait(60)
