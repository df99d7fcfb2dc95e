"""Costly work waits its turn: hashing and picture work for people, two at a time (ASVS 15.2.2)."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from engine.kernel import errors

# Hashing costs 64 MiB and a tenth of a second: a flood must wait, and then be turned away.
_places = threading.BoundedSemaphore(2)
_PATIENCE_S = 5


class TooBusy(errors.PolicyRefused):
    """Too many people are signing in at this moment. Try again in a few seconds."""

    http_status = 429


@contextlib.contextmanager
def costly() -> Iterator[None]:
    """A place to do costly work in.

    Raises: TooBusy when none comes free in time.
    """
    if not _places.acquire(timeout=_PATIENCE_S):
        raise TooBusy()
    try:
        yield
    finally:
        _places.release()
