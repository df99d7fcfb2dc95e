"""The revocation lists that an authority has published, and when it publishes anew.

A publication is a complete list and its delta under one number. It is made when a status changed since
the last one, or when a day has passed, and then stays the same bytes for everybody, in every process.
Numbers rise strictly: one that was made beside another which came first is thrown away and made again
from what is so by then.

Once a day a list is made whole, out of the certificates; in between the one before it is amended where a
status changed, so that a revocation costs the same beside a hundred others as beside a million.
"""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography import x509

from engine.kernel import clock, database
from engine.pki import der, listing, revocation
from engine.pki.authority import IssuingAuthority
from engine.providers.store import Memory

PERIOD_MS = clock.DAY
COMPLETE_LIFETIME_MS = 7 * clock.DAY
# Twice the period: a delta that was fetched just before the next is not yet over.
DELTA_LIFETIME_MS = 2 * clock.DAY
_TRIES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A complete list and its delta (DER). `fresh_until`: then the next is made at the latest.

    `whole_at` is when one was last made whole; the tags tell contents apart, worked out once.
    """

    number: int
    revision: int
    this_update: int
    whole_at: int
    complete: bytes
    delta: bytes
    complete_tag: str = field(init=False)
    delta_tag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "complete_tag", hashlib.sha256(self.complete).hexdigest()[:32])
        object.__setattr__(self, "delta_tag", hashlib.sha256(self.delta).hexdigest()[:32])

    @property
    def fresh_until(self) -> int:
        """When the next one comes, if no status changes before."""
        return self.this_update + PERIOD_MS


# (authority, revision after which changes count, whether everything that is listed is wanted too).
RevocationsOf = Callable[[str, int, bool], listing.Standing]
RevisionOf = Callable[[str], int]


class Lists:
    """The published lists of a world's authorities."""

    def __init__(
        self, memory: Memory, revocations_of: RevocationsOf, revision_of: RevisionOf
    ) -> None:
        self._memory = memory
        self._revocations_of = revocations_of
        self._revision_of = revision_of
        # The newest of each authority as it was read last: it may have fifty megabytes.
        self._held: dict[str, Published] = {}
        self._making: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def newest(self, issuer: IssuingAuthority) -> Published:
        """The list that tells of every change so far; made now where the last one does not.

        Threads that find it missing at once wait for one to make it.
        """
        label, key_id = issuer.label, _key_id(issuer.certificate)
        latest = self._latest(label, key_id)[1]
        if latest is not None and self._tells_all(label, latest):
            return latest
        with self._making[label]:
            for _ in range(_TRIES):
                number, latest = self._latest(label, key_id)
                if latest is not None and self._tells_all(label, latest):
                    return latest
                made = self._make(issuer, latest, number + 1)
                if self._keep(label, key_id, made, after=number):
                    return made
        raise database.DatabaseBusy()

    def _tells_all(self, label: str, latest: Published) -> bool:
        """Whether there is nothing to add to a list that was read.

        The revision is asked for after the list was: a change since then has its own reader.
        """
        now = self._memory.now()
        return now < latest.fresh_until and self._revision_of(label) <= latest.revision

    def _latest(self, label: str, key_id: str) -> tuple[int, Published | None]:
        """The highest number that was given, and the newest list under this key."""
        with self._memory.parts.db.read() as connection:
            number = _highest(connection, label)
            rows = connection.rows(
                "SELECT number FROM published_list WHERE authority = ? AND key_id = ?"
                " AND complete IS NOT NULL ORDER BY number DESC LIMIT 1",
                (label, key_id),
            )
            if not rows:
                return number, None
            held = self._held.get(label)
            if held is None or held.number != rows[0]["number"]:
                [row] = connection.rows(
                    "SELECT number, revision, this_update, whole_at, complete, delta"
                    " FROM published_list WHERE authority = ? AND number = ?",
                    (label, rows[0]["number"]),
                )
                held = Published(
                    **{**row, "complete": bytes(row["complete"]), "delta": bytes(row["delta"])}
                )
                self._held[label] = held
        return number, held

    def _base(self, label: str, key_id: str, now: int) -> tuple[int, int] | None:
        """Number and revision of what a delta begins from.

        It is as old as any complete list that somebody may still hold, so that the delta fits all of them.
        """
        with self._memory.parts.db.read() as connection:
            rows = connection.rows(
                "SELECT number, revision, this_update FROM published_list"
                " WHERE authority = ? AND key_id = ? ORDER BY number",
                (label, key_id),
            )
        over = [row for row in rows if row["this_update"] <= now - COMPLETE_LIFETIME_MS]
        found = over[-1] if over else rows[0] if rows else None
        return None if found is None else (found["number"], found["revision"])

    def _make(self, issuer: IssuingAuthority, latest: Published | None, number: int) -> Published:
        now, key_id = self._memory.now(), _key_id(issuer.certificate)
        base, since = self._base(issuer.label, key_id, now) or (number, _EVER)
        whole = latest is None or not 0 <= now - latest.whole_at < PERIOD_MS
        known = self._revocations_of(issuer.label, since, whole)
        complete = None
        if latest is not None and known.table is None:
            complete = _amended(issuer, latest, known, number=number, now=now)
        if complete is None:
            whole = True
            if known.table is None:
                known = self._revocations_of(issuer.label, since, whole)
            complete = _whole(issuer, known, number=number, now=now)
        delta = revocation.delta_of(
            issuer.certificate,
            issuer.key,
            changes=known.changed,
            number=number,
            base_number=base,
            period=revocation.Period(this_update_ms=now, next_update_ms=now + DELTA_LIFETIME_MS),
        )
        return Published(
            number=number,
            revision=known.revision,
            this_update=now,
            whole_at=now if whole or latest is None else latest.whole_at,
            complete=complete,
            delta=delta,
        )

    def _keep(self, label: str, key_id: str, made: Published, *, after: int) -> bool:
        """Store what was made, unless another one was published since number `after`."""
        if self._memory.parts.db.frozen:
            # Whoever looks at a finished run sees what it would publish; nothing is.
            return True
        base = self._base(label, key_id, made.this_update)
        with self._memory.parts.db.write() as connection:
            if _highest(connection, label) != after:
                return False
            connection.run(
                "INSERT INTO published_list"
                " (authority, number, key_id, revision, this_update, whole_at, complete, delta)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    label, made.number, key_id, made.revision, made.this_update, made.whole_at,
                    made.complete, made.delta,
                ),
            )  # fmt: skip
            connection.run(
                "UPDATE published_list SET complete = NULL, delta = NULL"
                " WHERE authority = ? AND key_id = ? AND number < ?",
                (label, key_id, made.number),
            )
            if base is not None:
                connection.run(
                    "DELETE FROM published_list WHERE authority = ? AND key_id = ? AND number < ?",
                    (label, key_id, base[0]),
                )
        self._held[label] = made
        return True


def _period(now: int) -> revocation.Period:
    return revocation.Period(this_update_ms=now, next_update_ms=now + COMPLETE_LIFETIME_MS)


def _whole(issuer: IssuingAuthority, known: listing.Standing, *, number: int, now: int) -> bytes:
    return revocation.of_table(
        issuer.certificate,
        issuer.key,
        table=known.table or listing.Table(),
        number=number,
        period=_period(now),
    )


def _amended(
    issuer: IssuingAuthority,
    latest: Published,
    known: listing.Standing,
    *,
    number: int,
    now: int,
) -> bytes | None:
    """The list before with its changes; None where that one is not what this authority signed."""
    try:
        return revocation.amended(
            issuer.certificate,
            issuer.key,
            before=latest.complete,
            changes=known.changed,
            number=number,
            period=_period(now),
        )
    except der.NotDer:
        return None


# No change has a revision as high: a first publication's delta has no entries.
_EVER = (1 << 62) - 1


def _highest(connection: database.Connection, label: str) -> int:
    """The highest number that was ever given, also by a version that counted them elsewhere."""
    found = connection.rows(
        "SELECT MAX(number) AS number FROM (SELECT number FROM published_list WHERE authority = ?"
        " UNION ALL SELECT value AS number FROM sim_counter WHERE name = ?) AS given",
        (label, f"crl/{label}"),
    )
    return int(found[0]["number"] or 0)


def _key_id(issuer: x509.Certificate) -> str:
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return own.digest.hex()
