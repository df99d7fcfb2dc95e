"""Filing a seal with the public security register (备案): its making, its change, its end."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal

from engine.kernel.workflow import Workflow

FilingMatter = Literal["making", "change", "cancellation"]


class FilingStatus(enum.StrEnum):
    """Where a filing stands."""

    SENT = "sent"  # the register answers next
    FILED = "filed"
    REFUSED = "refused"


_F = FilingStatus
FILING = Workflow(
    "seal filing",
    _F.SENT,
    {
        _F.SENT: {"file": _F.FILED, "refuse": _F.REFUSED},
        _F.FILED: {},
        # What kept it out was put right: it is sent once more.
        _F.REFUSED: {"send": _F.SENT},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFiling:
    """One thing that is filed of a seal; `reason` is the register's code where it refused."""

    id: str
    seal_id: str
    matter: FilingMatter
    status: FilingStatus
    number: str
    reason: str
    created_at: int
    answered_at: int | None
