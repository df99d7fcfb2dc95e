"""The revocation lists that an authority has published, and when it publishes anew.

A publication is a complete list and its delta under one number. It is made when a status changed since
the last one, or when a day has passed, and then stays the same bytes for everybody, in every process.
Numbers rise strictly: one that was made beside another which came first is thrown away and made again
from what is so by then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cryptography import x509

from engine.kernel import clock, database, ports
from engine.pki import revocation
from engine.pki.authority import IssuingAuthority
from engine.providers.store import Memory

PERIOD_MS = clock.DAY
COMPLETE_LIFETIME_MS = 7 * clock.DAY
# Twice the period: a delta that was fetched just before the next is not yet over.
DELTA_LIFETIME_MS = 2 * clock.DAY
_TRIES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A complete list and its delta (DER). `fresh_until`: then the next is made at the latest."""

    number: int
    revision: int
    this_update: int
    complete: bytes
    delta: bytes

    @property
    def fresh_until(self) -> int:
        """When the next one comes, if no status changes before."""
        return self.this_update + PERIOD_MS


RevocationsOf = Callable[[str, int], ports.Revocations]
RevisionOf = Callable[[str], int]


class Lists:
    """The published lists of a world's authorities."""

    def __init__(
        self, memory: Memory, revocations_of: RevocationsOf, revision_of: RevisionOf
    ) -> None:
        self._memory = memory
        self._revocations_of = revocations_of
        self._revision_of = revision_of

    def newest(self, issuer: IssuingAuthority) -> Published:
        """The list that tells of every change so far; made now where the last one does not."""
        label, key_id = issuer.label, _key_id(issuer.certificate)
        for _ in range(_TRIES):
            number, latest = self._latest(label, key_id)
            now = self._memory.now()
            # The revision is asked for after the list was read: a change since then has its own reader.
            if (
                latest is not None
                and now < latest.fresh_until
                and self._revision_of(label) <= latest.revision
            ):
                return latest
            made = self._make(issuer, key_id, number + 1, now)
            if self._keep(label, key_id, made, after=number):
                return made
        raise database.DatabaseBusy()

    def _latest(self, label: str, key_id: str) -> tuple[int, Published | None]:
        with self._memory.parts.db.read() as connection:
            number = _highest(connection, label)
            rows = connection.rows(
                "SELECT * FROM published_list WHERE authority = ? AND key_id = ?"
                " AND complete IS NOT NULL ORDER BY number DESC LIMIT 1",
                (label, key_id),
            )
        if not rows:
            return number, None
        [row] = rows
        return number, Published(
            number=row["number"],
            revision=row["revision"],
            this_update=row["this_update"],
            complete=bytes(row["complete"]),
            delta=bytes(row["delta"]),
        )

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

    def _make(self, issuer: IssuingAuthority, key_id: str, number: int, now: int) -> Published:
        base, since = self._base(issuer.label, key_id, now) or (number, _EVER)
        known = self._revocations_of(issuer.label, since)
        listed = {
            one.serial: revocation.Revoked(
                serial=one.serial,
                revoked_at_ms=one.revoked_at,
                reason=revocation.Reason(one.reason),
            )
            for one in known.listed
        }
        complete = issuer.crl(
            revoked=tuple(listed.values()),
            number=number,
            this_update_ms=now,
            next_update_ms=now + COMPLETE_LIFETIME_MS,
        )
        delta = revocation.delta(
            issuer.certificate,
            issuer.key,
            revoked=[listed[serial] for serial in known.changed if serial in listed],
            released=[serial for serial in known.changed if serial not in listed],
            number=number,
            base_number=base,
            period=revocation.Period(this_update_ms=now, next_update_ms=now + DELTA_LIFETIME_MS),
        )
        return Published(
            number=number,
            revision=known.revision,
            this_update=now,
            complete=complete,
            delta=delta,
        )

    def _keep(self, label: str, key_id: str, made: Published, *, after: int) -> bool:
        """Store what was made, unless another one was published since number `after`."""
        base = self._base(label, key_id, made.this_update)
        with self._memory.parts.db.write() as connection:
            if _highest(connection, label) != after:
                return False
            connection.run(
                "INSERT INTO published_list"
                " (authority, number, key_id, revision, this_update, complete, delta)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    label, made.number, key_id, made.revision, made.this_update,
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
        return True


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
