"""Runs: a plan, its folder, and who carries it out.

`start` begins one as a process of its own, `carry_out` does it here and now, and both leave the same files.
`Folder` is how everybody else looks at a run and tells it to wait, to go on or to stop.
"""

from __future__ import annotations

from simulations.background import RunBusy, RunFolderUnusable
from simulations.runs.executing import ShardFailed, WorkerLost
from simulations.runs.folder import Folder
from simulations.runs.plan import Crypto, Executor, Plan, PlanWrong
from simulations.runs.refusals import (
    ClusterUnreachable,
    CodeChanged,
    NoClusterHere,
    NoRun,
    OtherPlan,
)
from simulations.runs.running import Listener, carry_out, run
from simulations.runs.starting import listed, resume, start
from simulations.runs.summing import RunResult
from simulations.runs.telling import RunProgress
from simulations.shards import Stopped

__all__ = [
    "ClusterUnreachable",
    "CodeChanged",
    "Crypto",
    "Executor",
    "Folder",
    "Listener",
    "NoClusterHere",
    "NoRun",
    "OtherPlan",
    "Plan",
    "PlanWrong",
    "RunBusy",
    "RunFolderUnusable",
    "RunProgress",
    "RunResult",
    "ShardFailed",
    "Stopped",
    "WorkerLost",
    "carry_out",
    "listed",
    "resume",
    "run",
    "start",
]
