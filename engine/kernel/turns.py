"""Costly work waits its turn: hashing two at a time in a process, pictures and documents two at a time.

One hash takes 64 MiB and a tenth of a second or more: twenty at once would take 1.3 GB and every core.
Who finds no place within a few seconds is turned away before any work is done (`security.md` AUTH;
ASVS 15.2.2).
The turns are taken where the work is, so that no door can forget them; they are not nested.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from engine.kernel import errors


class TooBusy(errors.PolicyRefused):
    """Very many people are here at this moment. Try again in a few seconds."""

    http_status = 429


class Turns:
    """So many places to work in, and how long somebody waits for one."""

    def __init__(self, places: int, *, patience_s: float) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._patience_s = patience_s

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """A place to work in; also a decorator.

        Raises: TooBusy when none comes free in time.
        """
        if not self._places.acquire(timeout=self._patience_s):
            raise TooBusy()
        try:
            yield
        finally:
            self._places.release()


HASHING = Turns(2, patience_s=3)
# Apart from the hashing, so that who hands in pictures keeps nobody from signing in.
DOCUMENTS = Turns(2, patience_s=5)
