"""Bundles (SIM-9): what is needed to see an error again, in one file, with nobody's values in it.

`save` writes one where an error has happened; `read` opens one and checks that it is whole; `replay` plays
a run's world again from its seed, and says whether the log is the same where the error was.
"""

from simulations.bundles.reading import (
    Bundle,
    BundleChanged,
    BundleUnreadable,
    is_bundle,
    read,
)
from simulations.bundles.replaying import Again, replay
from simulations.bundles.saving import Failure, Run, picture_added, place, save
from simulations.bundles.screens import Box, box, drawn

__all__ = [
    "Again",
    "Box",
    "Bundle",
    "BundleChanged",
    "BundleUnreadable",
    "Failure",
    "Run",
    "box",
    "drawn",
    "is_bundle",
    "picture_added",
    "place",
    "read",
    "replay",
    "save",
]
