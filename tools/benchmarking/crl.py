"""Revocation lists of a hundred thousand and of a million entries: to make, and to make with one more.

Each is done in a process of its own, so that the peak of its memory is its own. The baseline is the builder
of `cryptography` given a whole list of entries at once (one at a time it copies the list at each, which is
quadratic). Then the same through a world: out of a million revoked rows in SQLite, published, beside a
thread that writes and one that only wakes, to see whom the publication keeps waiting.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from engine import boot
from engine.issuing import actions as issuing
from engine.kernel import clock, database
from engine.pki import certificates, listing, revocation
from tests.support import pki_clients
from tools.benchmarking import actions, results

ROOT = Path(__file__).resolve().parents[2]
SIZES = (100_000, 1_000_000)
ROUNDS = {100_000: 5, 1_000_000: 3}
# Numbers of CRLReason that lists have, and their names in `cryptography`.
_REASONS = {number: reason.value for reason, number in revocation.REASON_NUMBERS.items()}
_NUMBERS = sorted(_REASONS)
_NOW = 1_780_272_000_000
_PERIOD = revocation.Period(this_update_ms=_NOW, next_update_ms=_NOW + 7 * clock.DAY)

Told = dict[str, float]


def measure() -> list[results.Result]:
    """Every size, ways in turn."""
    found: list[results.Result] = []
    for size in SIZES:
        ways = ("joined", "builder", "amended")
        told: dict[str, list[Told]] = {way: [] for way in ways}
        for _ in range(ROUNDS[size]):
            for way in ways:
                told[way].append(_child(way, size))
        found += _results(size, told)
    world = {size: _child("world", size) for size in SIZES}
    return [*found, *_of_world(world, found)]


def _results(size: int, told: dict[str, list[Told]]) -> list[results.Result]:
    middle = {way: _middle(rounds) for way, rounds in told.items()}
    name = "crl_million" if size == 1_000_000 else f"crl_{size // 1000}k"
    options: dict[str, Any] = {"rounds": ROUNDS[size], "clock": "processor time"}
    options |= {
        "peak_mb": {way: round(one["peak_mb"]) for way, one in middle.items()},
        "list_mb": results.rounded(middle["joined"]["size_mb"]),
    }
    whole = (
        f"a complete list of {size:,} entries out of their table, signed, to DER; baseline: the builder of"
        " `cryptography` given all entries at once, building each one included; each in its own process"
    )
    more = f"the list of {size:,} entries amended by one, its old signature checked; same baseline"
    return [
        _result(name, middle["joined"], middle["builder"], {"about": whole, **options}),
        _result(
            f"{name}_one_more", middle["amended"], middle["builder"], {"about": more, **options}
        ),
    ]


def _result(name: str, told: Told, baseline: Told, options: dict[str, Any]) -> results.Result:
    return results.Result(
        name=name, value=told["cpu_s"], unit="s", baseline=baseline["cpu_s"], options=options
    )


def _of_world(world: dict[int, Told], found: list[results.Result]) -> Iterator[results.Result]:
    for size, told in world.items():
        name = "crl_million" if size == 1_000_000 else f"crl_{size // 1000}k"
        [joined] = [one for one in found if one.name == name]
        yield results.Result(
            name=f"{name}_published",
            value=told["again_s"],
            unit="s",
            baseline=told["whole_s"],
            options={
                "about": f"a revocation beside {size:,} others in a world over SQLite: the next list and"
                " its delta made and stored, wall clock; baseline: the first, made whole out of the rows",
                "peak_mb": round(told["peak_mb"]),
                "without_a_world_s": joined.value,
                "longest_wait_of_a_writer_ms": {
                    "whole": round(told["whole_writer_ms"]), "one more": round(told["again_writer_ms"])
                },
                "longest_wait_of_a_thread_ms": {
                    "whole": round(told["whole_thread_ms"]), "one more": round(told["again_thread_ms"])
                },
            },
        )  # fmt: skip


def _middle(rounds: list[Told]) -> Told:
    return {key: results.median([one[key] for one in rounds]) for key in rounds[0]}


def _child(way: str, size: int) -> Told:
    command = "from tools.benchmarking import crl; crl.child()"
    done = subprocess.run(
        [sys.executable, "-c", command, way, str(size)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: Told = json.loads(done.stdout.splitlines()[-1])
    return found


# -- in a process of its own -----------------------------------------------------------------------


def child() -> None:
    """Do one way at one size, and print what it took as a line of JSON."""
    way, size = sys.argv[1], int(sys.argv[2])
    print(json.dumps(_world(size) if way == "world" else _alone(way, size)))


def _peak_mb() -> float:
    # Linux counts in KiB.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _entries(size: int) -> Iterator[listing.Entry]:
    """In order of their serials, as the database gives them."""
    drawn, step = random.Random(1), (1 << 120) // (size + 1)
    for place in range(size):
        serial = (1 << 120) + place * step + drawn.randrange(step)
        yield listing.Entry(serial, _NOW - drawn.randrange(10**10), _NUMBERS[place % len(_NUMBERS)])


def _alone(way: str, size: int) -> Told:
    issuer = boot.memory_world().authorities.agencies[pki_clients.AGENCY].keys.authority
    own = (issuer.certificate, issuer.key)
    # Only who is given objects has objects; the others have columns.
    entries = list(_entries(size)) if way == "builder" else []
    table = listing.Table(() if way == "builder" else _entries(size))
    ways: dict[str, Callable[[], bytes]] = {
        "joined": lambda: revocation.of_table(*own, table=table, number=7, period=_PERIOD),
        "builder": lambda: _built(own[0], own[1], entries),
    }
    if way == "amended":
        before, new = ways["joined"](), (1 << 120) | (1 << 119)
        changes: dict[int, listing.Entry | None] = {new: listing.Entry(new, _NOW, 1)}
        ways["amended"] = lambda: revocation.amended(
            *own, before=before, changes=changes, number=8, period=_PERIOD
        )
    cpu = time.process_time()
    made = ways[way]()
    taken = time.process_time() - cpu
    return {
        "cpu_s": taken,
        "peak_mb": _peak_mb(),
        "size_mb": len(made) / 1e6,
    }


def _built(issuer: x509.Certificate, key: Any, entries: list[listing.Entry]) -> bytes:
    revoked = []
    for one in entries:
        builder = x509.RevokedCertificateBuilder(one.serial, certificates.whole_second(one.at_ms))
        if one.reason:
            flag = x509.ReasonFlags(_REASONS[one.reason])
            builder = builder.add_extension(x509.CRLReason(flag), False)
        revoked.append(builder.build())
    made = x509.CertificateRevocationListBuilder(
        issuer_name=issuer.subject,
        last_update=certificates.whole_second(_PERIOD.this_update_ms),
        next_update=certificates.whole_second(_PERIOD.next_update_ms),
        revoked_certificates=revoked,
    )
    made = made.add_extension(certificates.authority_key_identifier(issuer), False)
    made = made.add_extension(x509.CRLNumber(7), False)
    signed = made.sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    return signed.public_bytes(serialization.Encoding.DER)


def _world(size: int) -> Told:
    place = ROOT / "data" / "var"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".bench-") as folder:
        db = database.SqliteDatabase(Path(folder) / "world.sqlite3")
        world = boot.memory_world(db=db)
        stock = pki_clients.Stock.of(world)
        one_more = stock.issue()
        _fill(db, stock, size)
        told: Told = {}
        for name in ("whole", "again"):
            with _Beside(db) as beside:
                begin = time.perf_counter()
                made = world.authorities.published(pki_clients.AGENCY)
                told[f"{name}_s"] = time.perf_counter() - begin
            told[f"{name}_writer_ms"], told[f"{name}_thread_ms"] = beside.writer, beside.thread
            if name == "whole":
                world.engine.perform(
                    issuing.revoke,
                    {"certificate_id": one_more, "reason": "keyCompromise"},
                    actor=stock.officer,
                )
        told["peak_mb"], told["size_mb"] = _peak_mb(), len(made.complete) / 1e6
        world.close()
    return told


def _fill(db: database.SqliteDatabase, stock: pki_clients.Stock, size: int) -> None:
    """Revoked rows by the hundred thousand, copies of one; nothing but the lists looks at them."""
    row = {**stock.certificate, "status": "revoked", "der": b"\0"}
    names = ", ".join(row)
    sql = f"INSERT INTO certificate ({names}) VALUES ({', '.join('?' for _ in row)})"  # noqa: S608
    raw = actions.bare_connection(db)
    raw.execute("PRAGMA foreign_keys=OFF")
    raw.execute("BEGIN")
    raw.executemany(
        sql,
        (
            tuple(
                {
                    **row,
                    "id": f"crt_{place}",
                    "pair_id": f"crt_{place}",
                    "order_id": f"ord_{place}",
                    "serial_hex": f"{one.serial:x}",
                    "revoked_at": one.at_ms,
                    "revocation_reason": _REASONS[one.reason],
                }.values()
            )
            for place, one in enumerate(_entries(size))
        ),
    )
    raw.execute("COMMIT")
    raw.execute("PRAGMA foreign_keys=ON")


class _Beside:
    """Two threads beside a publication: the longest that a writer and one that only wakes had to wait."""

    def __init__(self, db: database.SqliteDatabase) -> None:
        self._db = db
        self._over = threading.Event()
        self._threads = [threading.Thread(target=one) for one in (self._write, self._wake)]
        self.writer = self.thread = 0.0

    def __enter__(self) -> _Beside:
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for one in self._threads:
            one.join()

    def _write(self) -> None:
        while not self._over.wait(0.01):
            begin = time.perf_counter()
            with self._db.write() as connection:
                connection.run("UPDATE sim_counter SET value = value WHERE name = ?", ("nobody",))
            self.writer = max(self.writer, 1000 * (time.perf_counter() - begin))

    def _wake(self) -> None:
        while not self._over.is_set():
            begin = time.perf_counter()
            self._over.wait(0.001)
            self.thread = max(self.thread, 1000 * (time.perf_counter() - begin) - 1)
