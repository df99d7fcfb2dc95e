"""What an order waits with while its certification authority issues nothing."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class WaitsWith(enum.StrEnum):
    """The step that comes next and is held."""

    PAYING = "paying"
    DOWNLOADING = "downloading"
    ISSUING = "issuing"  # asked for: it goes on by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An order that waits until its authority issues again: `since` when that has stopped (ms).

    Why it stopped is not told: that is in the record of an incident.
    """

    order_id: str
    number: str
    since: int
    step: WaitsWith
