"""The clock and the serials of the time-stamping authority (RFC 3161 2.3, `security.md` 3.11).

Instant and serial are taken in one write transaction: no two time-stamps have one serial, in whatever
processes, and none is earlier than the one before. A clock that was set back is not believed: it makes
no time-stamps until it has caught up; nor does one that nothing keeps right, in a production world.
"""

from __future__ import annotations

from engine.kernel import clock, database, events
from engine.kernel.engine import clock_of
from engine.pki import timestamping
from engine.providers.store import Memory, next_number

# Clocks of several machines differ a little; the accuracy that is stated is a second too.
TOLERATED_MS = clock.SECOND
_NEWEST = "timestamp/newest"


class Stamper:
    """What a world's time-stamps are numbered and dated by."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def moment(self) -> tuple[int, int]:
        """The instant and the serial of the next time-stamp.

        Raises: timestamping.TimeNotAvailable, timestamping.OutOfOrder.
        """
        try:
            with self._memory.parts.db.write() as connection:
                return self._take(connection)
        except database.DatabaseBusy as busy:
            raise timestamping.OutOfOrder from busy

    def _take(self, connection: database.Connection) -> tuple[int, int]:
        parts = self._memory.parts
        # A demo's clock is shifted by hand and a run's is its own: nobody relies on their time-stamps.
        if parts.kind == "production" and not parts.clock.synchronised():
            raise timestamping.TimeNotAvailable("nothing keeps the clock right")
        shown = clock_of(parts, connection)
        found = connection.rows("SELECT value FROM sim_counter WHERE name = ?", (_NEWEST,))
        newest = max(int(found[0]["value"]) if found else 0, events.head(connection).occurred_at)
        if shown < newest - TOLERATED_MS:
            raise timestamping.TimeNotAvailable("the clock is behind")
        now = max(shown, newest)
        if connection.run("UPDATE sim_counter SET value = ? WHERE name = ?", (now, _NEWEST)) == 0:
            connection.run("INSERT INTO sim_counter (name, value) VALUES (?, ?)", (_NEWEST, now))
        return now, next_number(connection, "timestamp")
