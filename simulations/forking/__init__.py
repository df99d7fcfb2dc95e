"""Fork now: today's open cases and roster in a model run, and what breaches by tonight.

States, times and roster are copied, never people: cases and staff have numbers, and nothing that a
forecast keeps names anybody.
"""

from __future__ import annotations

from simulations.forking.forecasting import (
    Forecast,
    KindForecast,
    OpenForecast,
    Outlook,
    fork_now,
    tonight,
)
from simulations.forking.keeping import as_json, kept, write
from simulations.forking.playing import Played, play
from simulations.forking.snapshot import (
    Member,
    NobodyWorks,
    OpenCase,
    Snapshot,
    taken,
    to_text,
)

__all__ = [
    "Forecast",
    "KindForecast",
    "Member",
    "NobodyWorks",
    "OpenCase",
    "OpenForecast",
    "Outlook",
    "Played",
    "Snapshot",
    "as_json",
    "fork_now",
    "kept",
    "play",
    "taken",
    "to_text",
    "tonight",
    "write",
]
