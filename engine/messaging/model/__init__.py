"""A message tells a person of a change that concerns them; a to-do also asks for a step.

Stored as a code and parameters, rendered in the reader's language when read. What category a kind belongs
to, which screen of the phone it leads to, and which fact means that a to-do's step was taken, stands in
literal tables here, so that no screen decides it (MSG-1).
"""

from engine.messaging.model.closings import CLOSINGS, Closing, Whose
from engine.messaging.model.help import Download, Guide, Help, Hours, Notice
from engine.messaging.model.messages import Counts, Message, Shown
from engine.messaging.model.places import ELSEWHERE, FIELD, KINDS, Category, Place, place_of

__all__ = [
    "CLOSINGS",
    "ELSEWHERE",
    "FIELD",
    "KINDS",
    "Category",
    "Closing",
    "Counts",
    "Download",
    "Guide",
    "Help",
    "Hours",
    "Message",
    "Notice",
    "Place",
    "Shown",
    "Whose",
    "place_of",
]
