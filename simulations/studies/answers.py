"""What the replications of a what-if that are done come to, be it finished or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from engine.boot import World, tables
from simulations.forking import forecasting
from simulations.forking.counting import Figures
from simulations.forking.forecasting import Forecast
from simulations.forking.snapshot import Snapshot
from simulations.studies.folder import Study
from simulations.studies.plan import Tonight


def table(study: Study) -> pd.DataFrame:
    """One row for each roster and replication, as `sweeping.sweep` has them."""
    return pd.DataFrame([row for rows in study.found() for row in rows])


def forecast(study: Study, plan: Tonight, case_ids: Sequence[str] = ()) -> Forecast | None:
    """What is foretold; None while fewer than two replications are done. `case_ids` as `case_ids` tells."""
    found = [[Figures.from_json(row) for row in rows] for rows in study.found()]
    if len(found) < 2:
        return None
    made = forecasting.summed(plan.snapshot, plan.until, plan.extra, found, plan.seed)
    return forecasting.with_ids(made, tuple(case_ids))


_OPENED = (
    "SELECT id, kind, opened_at FROM review_case WHERE opened_at <= ?"
    " AND (decided_at IS NULL OR decided_at > ?) ORDER BY id"
)


def case_ids(world: World, snapshot: Snapshot) -> tuple[str, ...]:
    """Which case each number of a copy stands for, asked of the world that was copied; empty if unsure.

    A copy names no case, so that its file tells nobody anything: who may read the world finds them again.
    """
    with world.engine.reader(tables.INSIDE) as q:
        rows = q.rows(_OPENED, (snapshot.at_ms, snapshot.at_ms))
    there, copied = defaultdict(list), defaultdict(list)
    for row in rows:
        there[row["kind"], row["opened_at"]].append(row["id"])
    # Cases of one instant are numbered by their ids.
    for case in snapshot.cases:
        copied[case.kind, case.opened_at].append(case.number)
    found = {
        number: name
        for key, numbers in copied.items()
        if len(numbers) == len(there[key])
        for number, name in zip(numbers, there[key], strict=True)
    }
    return tuple(found.get(case.number, "") for case in snapshot.cases)
