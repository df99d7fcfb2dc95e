"""Several processes publish and stamp at once, and some are killed: no number twice, none back (PKI-2)."""

from __future__ import annotations

import hashlib
import os
import signal
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from engine.boot import World
from engine.issuing import actions as issuing
from engine.issuing import queries
from engine.kernel.engine import Engine
from engine.pki import timestamping
from engine.providers import authorities, store
from tests.integration.test_issuing_processes import of_its_own
from tests.integration.test_pki_delegates import QUERY, info
from tests.support import pki_clients, worlds
from tests.support.pki_clients import AGENCY

PROCESSES = 4


def online(world: World, engine: Engine) -> authorities.Authorities:
    """The authorities of a world over a process's own connections."""
    here = world.authorities
    system = worlds.SYSTEM
    return authorities.Authorities(
        roots=here.roots,
        agencies=here.agencies,
        current=here.current,
        memory=store.Memory(engine.parts, engine.now),
        status_of=lambda label, serial: engine.ask(
            queries.status_for_ocsp, system, agency_id=label, serial=serial
        ),
        revocations_of=lambda label, after, whole: engine.ask(
            queries.revocations, system, agency_id=label, after=after, whole=whole
        ),
        revision_of=lambda label: engine.ask(queries.revision, system, agency_id=label),
    )


def work(world: World, number: int, told: Path, rounds: int) -> None:
    """Publish and stamp in turn, and write down what came of it, a line at a time."""
    own = of_its_own(world, number)
    process = online(world, own.engine)
    with told.open("a", buffering=1) as notes:
        for _ in range(rounds):
            found = process.published(AGENCY)
            digest = hashlib.sha256(found.complete + found.delta).hexdigest()
            serial = info(process.timestamp(QUERY))["serial_number"].native
            notes.write(f"{found.number} {digest} {serial}\n")


def begin(world: World, number: int, told: Path, rounds: int) -> int:
    """Start a process; its id."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work(world, number, told, rounds)
            status = 0
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
        finally:
            os._exit(status)
    return pid


def lines(folder: Path) -> Iterator[tuple[str, int, str, int]]:
    for path in sorted(folder.glob("process-*")):
        for line in path.read_text().splitlines():
            parts = line.split()
            # The last line of one that was killed may be half a line.
            if len(parts) == 3 and len(parts[1]) == 64:
                yield path.name, int(parts[0]), parts[1], int(parts[2])


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
def test_processes_that_publish_and_stamp_at_once_and_are_killed(any_world, tmp_path, count):
    stock = pki_clients.Stock.of(any_world)
    rounds, revocations = count(20, 300), count(12, 150)
    certificate_ids = [stock.issue() for _ in range(revocations)]
    before = any_world.authorities.published(AGENCY).number
    any_world.engine.parts.db.checkpoint()
    running = {
        number: begin(any_world, number, tmp_path / f"process-{number}", rounds)
        for number in range(PROCESSES)
    }
    for place, certificate_id in enumerate(certificate_ids):
        arguments = {"certificate_id": certificate_id, "reason": "keyCompromise"}
        any_world.engine.perform(issuing.revoke, arguments, actor=stock.officer)
        if place == revocations // 2:
            # One dies in the middle of whatever it does, and another takes its place.
            os.kill(running[0], signal.SIGKILL)
            os.waitpid(running.pop(0), 0)
            running[9] = begin(any_world, 9, tmp_path / "process-9", rounds)
    for pid in running.values():
        assert os.waitpid(pid, 0)[1] == 0
    last = any_world.authorities.published(AGENCY)
    seen = list(lines(tmp_path))
    assert len(seen) >= PROCESSES * rounds
    contents: dict[int, set[str]] = {}
    for _, number, digest, _ in seen:
        contents.setdefault(number, set()).add(digest)
    assert all(len(found) == 1 for found in contents.values())
    for name in {one[0] for one in seen}:
        numbers = [number for process, number, *_ in seen if process == name]
        assert numbers == sorted(numbers)
    assert before <= min(contents)
    assert max(contents) <= last.number
    serials = [serial for *_, serial in seen]
    assert len(set(serials)) == len(serials)
    listed = {one.serial_number for one in x509.load_der_x509_crl(last.complete)}
    assert {stock.signed(one).serial_number for one in certificate_ids} <= listed
    assert timestamping.token_of(any_world.authorities.timestamp(QUERY))
