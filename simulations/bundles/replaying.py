"""Playing a bundle again: its run's world is made anew from the seed, and the log compared where it broke.

Only a run can be made again: a demo world's keys and ids are drawn by chance. Of any other bundle the trace
and the log around the error are what there is.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from simulations import shards
from simulations.bundles.reading import Bundle
from simulations.runs import Folder
from simulations.shards import Spec


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """How it went: `same` says whether the log was the bundle's at its place; None: nothing was played."""

    same: bool | None
    seq: int
    folder: Path | None


def replay(bundle: Bundle, out: Path | None = None) -> Again:
    """Make the bundle's world again, where that is possible; `out` keeps the shard's files.

    Raises: PlanWrong.
    """
    run, log = bundle.told["run"], bundle.told["log"]
    if run is None or log is None:
        return Again(same=None, seq=0 if log is None else log["seq"], folder=None)
    if out is not None:
        return _played(bundle, out)
    with tempfile.TemporaryDirectory() as folder:
        return dataclasses.replace(_played(bundle, Path(folder)), folder=None)


def _played(bundle: Bundle, out: Path) -> Again:
    spec = _spec(bundle, out)
    outcome = shards.run_shard(spec)
    seq, mac = bundle.told["log"]["seq"], bundle.told["log"]["mac"]
    place = spec.out / shards.events_name(outcome.shard)
    found = pq.read_table(place, columns=["seq", "mac"], filters=[("seq", "=", seq)]).to_pylist()
    return Again(same=[one["mac"].hex() for one in found] == [mac], seq=seq, folder=out)


def _spec(bundle: Bundle, out: Path) -> Spec:
    run = bundle.told["run"]
    wanted = (run["replication"], run["shard"])
    out.mkdir(parents=True, exist_ok=True)
    (out / "plan.json").write_text(json.dumps(run["plan"]), encoding="utf-8")
    specs = Folder(out).plan().specs(out)
    found = next(one for one in specs if (one.replication, one.shard) == wanted)
    return dataclasses.replace(found, out=out)
