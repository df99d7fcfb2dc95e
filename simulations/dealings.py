"""What one person will do about certificates beside their first one, drawn up front from one stream.

The stream is the person's own, so that a scenario in which more people renew meets the same people in
everything else.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from simulations import streams
from simulations.scenario import Certificates


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealings:
    """`waits` (0 to 1) says how late in the CA's window somebody renews.

    The acts are drawn in the order in which they stand here, for good: another one comes after these.
    """

    cancels: bool = False
    replaces: bool = False
    forgets_pin: bool = False
    remembers_pin: bool = False
    recovers_key: bool = False
    changes: bool = False
    delegates: bool = False
    withdraws: bool = False
    buys_event: bool = False
    buys_individual: bool = False
    renews: bool = False
    waits: float = 0.0


# Somebody who does none of it.
NONE = Dealings()


def drawn(rules: Certificates, seed: int, index: int) -> Dealings:
    """The dealings of the person of an index."""
    draws = streams.generator(seed, "dealings", index).random(12).tolist()
    acts = [one.name for one in dataclasses.fields(Dealings) if one.name != "waits"]
    taken = {name: draw < getattr(rules, name) for name, draw in zip(acts, draws, strict=False)}
    return Dealings(**taken, waits=draws[11])
