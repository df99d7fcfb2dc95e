"""What-ifs of the review desk, asked of its fast model: rosters that are tried, and what comes by tonight.

A what-if is work of its own (`simulations.background`): a plan and a folder that keeps each replication
when it is done. Whoever comes back finds how far it is, can stop it and has what is there.
"""

from __future__ import annotations

from simulations.studies.answers import case_ids, forecast, table
from simulations.studies.folder import NoStudy, Study, StudyProgress
from simulations.studies.plan import Rosters, StudyWrong, Tonight
from simulations.studies.working import begun, carry_out, listed, place, resume, start, tonight

__all__ = [
    "NoStudy",
    "Rosters",
    "Study",
    "StudyProgress",
    "StudyWrong",
    "Tonight",
    "begun",
    "carry_out",
    "case_ids",
    "forecast",
    "listed",
    "place",
    "resume",
    "start",
    "table",
    "tonight",
]
