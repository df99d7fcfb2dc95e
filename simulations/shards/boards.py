"""The live board of a shard: where its people are, what waits, who works, what holds.

Looking at it changes nothing: it asks the database and counts, and no clock or chance is touched.
"""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING, Any

from simulations import invariants, reviewers
from simulations.environment import Stage
from simulations.shards.specs import Spec

if TYPE_CHECKING:
    from simulations.shards.living import Crowd

_QUEUES = (
    "SELECT kind, COUNT(*) AS waiting, MIN(opened_at) AS oldest FROM review_case"
    " WHERE status IN ('waiting', 'claimed', 'held') GROUP BY kind ORDER BY kind"
)


def seen(spec: Spec, stage: Stage, crowd: Crowd, desk: reviewers.Desk) -> dict[str, Any]:
    """What the board of a shard shows now."""
    now = stage.now_ms
    with stage.world.engine.parts.db.read() as connection:
        queues = connection.rows(_QUEUES)
    return {
        "replication": spec.replication,
        "shard": spec.shard,
        "now_ms": now,
        "arrived": crowd.arrived,
        "finished": crowd.finished,
        "actions": stage.actions,
        # By the step they have last come to; who has not come yet is not told of.
        "people": dict(sorted(collections.Counter(stage.places.values()).items())),
        "queues": [
            {
                "kind": row["kind"],
                "waiting": int(row["waiting"]),
                "oldest_waits_ms": now - int(row["oldest"]),
            }
            for row in queues
        ],
        "staff": _staff(stage, desk),
        "steps": dict(sorted(stage.counts.items())),
        "invariants": {
            "checked_at": stage.checked_at,
            "checked": len(stage.findings),
            "broken": [one.as_json() for one in stage.findings if one.violations],
            "violations": invariants.broken(stage.findings),
        },
        "faults": stage.faults_told(),
    }


def _staff(stage: Stage, desk: reviewers.Desk) -> list[dict[str, Any]]:
    """Of each group, who waits for a case, who has one, and who is not on shift."""
    found = []
    for group in stage.scenario.reviewers:
        start, _ = reviewers.next_shift(group, stage.now_ms)
        idle = sum(1 for reviewer, _ in desk.idle.values() if reviewer.group is group)
        busy = group.count - idle if start <= stage.now_ms else 0
        found.append(
            {
                "group": group.group,
                "idle": idle,
                "busy": busy,
                "off": group.count - idle - busy,
            }
        )
    return found
