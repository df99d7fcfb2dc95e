"""How often a source may ask what anybody may ask and what costs something: per address and per browser.

A question writes nothing, so it cannot be counted in the database as a request for a code is. It is
counted here, in the process, within the present minute, under a digest that a key of this process
makes; several processes allow as many times as much, which still is a bound.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType

from engine.kernel import actors, errors, ids

_MINUTE_S = 60
# A household or an office shares an address; one person looks at a picture and repeats.
EACH_MINUTE: Mapping[str, int] = MappingProxyType({"address": 120, "browser": 30})
# So many sources within one minute are a flood, which gets no more memory than this.
_MOST_SOURCES = 20_000


class AskedTooOften(errors.PolicyRefused):
    """This was asked too often from here. Wait a minute and try again."""

    http_status = 429
    wait_s = 60


class Pace:
    """What was asked within the present minute, by source."""

    def __init__(
        self,
        now_s: Callable[[], float] = time.monotonic,
        each_minute: Mapping[str, int] = EACH_MINUTE,
    ) -> None:
        self._now_s = now_s
        self._each_minute = each_minute
        self._key = ids.system_entropy(32)
        self._minute = -1
        self._asked: Counter[bytes] = Counter()
        self._guard = threading.Lock()

    def count(self, source: actors.Source) -> None:
        """Count a question under its address and its browser.

        Raises: AskedTooOften.
        """
        digests = [
            (
                hmac.digest(self._key, f"{kind}|{value}".encode(), hashlib.sha256),
                self._each_minute[kind],
            )
            for kind, value in (("address", source.address), ("browser", source.browser))
            if value
        ]
        with self._guard:
            minute = int(self._now_s() // _MINUTE_S)
            if minute != self._minute:
                self._minute = minute
                self._asked.clear()
            full = len(self._asked) >= _MOST_SOURCES
            for digest, most in digests:
                if self._asked[digest] >= most or (full and digest not in self._asked):
                    raise AskedTooOften()
            self._asked.update(digest for digest, _ in digests)


HERE = Pace()
