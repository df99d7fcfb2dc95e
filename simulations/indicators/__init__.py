"""The indicators of a run: what each replication came to, by names that `data/indicators` defines.

A shard leaves sums and spreads (`of_shard`), which add up; a replication's numbers come of all its shards
together (`of_replication`), and intervals of the replications (`simulations.comparing`).
"""

from __future__ import annotations

from simulations.indicators.definitions import Indicator, definition, known
from simulations.indicators.figures import Figures, of_replication, of_run, with_outcome
from simulations.indicators.spreads import Spread
from simulations.indicators.tallies import of_shard

__all__ = [
    "Figures",
    "Indicator",
    "Spread",
    "definition",
    "known",
    "of_replication",
    "of_run",
    "of_shard",
    "with_outcome",
]
