"""A finished run as a world: to look at in the console's own pages, or to go on from as demo data."""

from __future__ import annotations

from simulations.opening.adopting import Adopted, adopt
from simulations.opening.looking import (
    NothingKept,
    Opened,
    close_all,
    open_read_only,
    opened,
    shards_of,
    spec_of,
)

__all__ = [
    "Adopted",
    "NothingKept",
    "Opened",
    "adopt",
    "close_all",
    "open_read_only",
    "opened",
    "shards_of",
    "spec_of",
]
