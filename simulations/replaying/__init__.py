"""Playing a run again up to one step of one case: the very same log, and the world as it was there."""

from __future__ import annotations

from simulations.replaying.again import PLACE, Differs, Replayed, as_json, replay
from simulations.replaying.traces import Deed, Refused, plain
from simulations.replaying.ways import CaseNotInRun, PersonNotFound, Step, StepUnknown, Way, way

__all__ = [
    "PLACE",
    "CaseNotInRun",
    "Deed",
    "Differs",
    "PersonNotFound",
    "Refused",
    "Replayed",
    "Step",
    "StepUnknown",
    "Way",
    "as_json",
    "plain",
    "replay",
    "way",
]
