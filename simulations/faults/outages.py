"""First calls that find nobody: the second call of a job always gets through, as after a short outage.

Whether a call fails depends on its idempotency key alone, so that a run is repeatable.
"""

from __future__ import annotations

from engine.kernel import errors
from engine.providers import store


class Outage:
    """Decides which first calls fail."""

    def __init__(self, seed: int, purpose: str, share: float) -> None:
        self._purpose = f"{seed}/{purpose}"
        self._share = share
        self._failed: set[str] = set()

    def strike(self, key: str) -> None:
        """Fail, or let the call through.

        Raises: ProviderUnavailable.
        """
        if key not in self._failed and store.chance(key, self._purpose) < self._share:
            self._failed.add(key)
            raise errors.ProviderUnavailable()
