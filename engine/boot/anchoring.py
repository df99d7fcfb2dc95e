"""Who sees to the signed tree heads: every process that serves a world or works for it.

Each looks every few seconds at each world that it has open. The first that finds a head due makes it, and
the others find it made. What stands in the way is logged once, and shown by the console.
"""

from __future__ import annotations

import logging
import threading

from engine.boot.world import World
from engine.boot.worlds import worlds
from engine.evidence import growing
from engine.kernel import errors

_log = logging.getLogger(__name__)


class Keeper:
    """Keeps the heads of every open world in a thread of its own."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._told: dict[str, str] = {}
        self._thread = threading.Thread(target=self._run, name="tree-heads", daemon=True)

    def __enter__(self) -> Keeper:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        """End, and wait for the head in hand."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(growing.LOOK_EVERY_S):
            for world in list(worlds.values()):
                self.look(world)

    def look(self, world: World) -> None:
        """A head where one is due; what stands in the way of it is logged when it begins to."""
        problem = ""
        try:
            growing.keep(world.engine.parts)
        except (errors.EngineError, OSError, ValueError) as found:
            problem = str(found)
        except Exception as bug:  # noqa: BLE001
            # A world that is being closed, or a database that is away: the next look may find it there.
            _log.debug("no look at the heads of %s", world.id, exc_info=bug)
            return
        if problem and self._told.get(world.id) != problem:
            _log.error("No head can be signed over the log of %s: %s", world.id, problem)
        self._told[world.id] = problem


def require_sound(world: World) -> World:
    """A world whose log is the one that was signed: who serves it or works for it asks this first.

    Raises: growing.LogNotSigned.
    """
    growing.require_sound(world.engine.parts)
    return world
