"""A worker killed at any line of delivering a webhook loses nothing: it is told again, in the same body."""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine import boot, worker
from engine.boot import tables
from engine.kernel import clock, database, jobs
from engine.providers import receivers
from engine.providers.store import Memory
from tests.support import counting, crashing, machines, worlds

pytestmark = pytest.mark.row("API-1")


@contextmanager
def over(world: boot.World, path: Path) -> Iterator[boot.World]:
    """The world over a copy of its database, and its receiver too."""
    with crashing.over(world, path) as own:
        memory = Memory(own.engine.parts, own.engine.now, own.engine.moment)
        receiving = receivers.SimulatedReceivers(memory, receivers.load_rules())
        outside = dataclasses.replace(own.ports, webhooks=receiving)
        yield dataclasses.replace(own, receivers=receiving, ports=outside)


def work(world: boot.World, path: Path, kill_at: int = 0) -> list[crashing.Line]:
    """Work in a child until nothing is due, killed before a line; the lines that it passed."""
    receive, send = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            passed: list[crashing.Line] = []
            with over(world, path) as own:
                sys.settrace(crashing._tracer(passed, kill_at))
                worker.run_due(own, owner="killed")
                sys.settrace(None)
            with os.fdopen(send, "w") as pipe:
                pipe.write("".join(f"{file}\t{line}\n" for file, line in passed))
        finally:
            os._exit(0)
    os.close(send)
    with os.fdopen(receive) as pipe:
        told = pipe.read().splitlines()
    ended = os.waitpid(pid, 0)[1]
    if kill_at:
        assert os.WIFSIGNALED(ended)
        assert os.WTERMSIG(ended) == signal.SIGKILL
    return [(file, int(line)) for file, line in (one.split("\t") for one in told)]


def test_killed_at_each_line_a_delivery_is_made_in_the_end_in_one_body(tmp_path: Path, count):
    base = tmp_path / "base.sqlite3"
    db = database.SqliteDatabase(base)
    world = boot.memory_world(db=db)
    office = machines.office(world)
    made = office.endpoint(office.client())
    message = office.test(made.endpoint_id)
    db.checkpoint()
    db.close()
    # Once in this process first: what is worked out once and kept is worked out in no child.
    with crashing.copy_of(base) as path, over(world, path) as own:
        worker.run_due(own, owner="first")
    with crashing.copy_of(base) as path:
        lines = work(world, path)
    assert {Path(file).name for file, _ in lines} >= {"worker.py", "jobs.py", "deliveries.py"}
    places = crashing.spread(lines, count(40, len(lines)))
    assert len(places) >= len(crashing.moments(lines, every=False)) or not counting.SHARE
    often = []
    for kill_at in places:
        with crashing.copy_of(base) as path:
            work(world, path, kill_at)
            with over(world, path) as left:
                # Whoever was killed holds its lease for a minute; then another one takes over.
                began = left.engine.now()
                worlds.clock_of(left).set(began + jobs.LEASE_MS + clock.SECOND)
                worker.run_due(left, owner="next")
                came = left.receivers.arrived()
                where = lines[kill_at - 1]
                assert {(one.message_id, one.body) for one in came} == {
                    (message.id, message.body)
                }, where
                rows = worlds.rows(left, "SELECT status FROM webhook_delivery")
                assert [row["status"] for row in rows] == ["delivered"], where
                assert worlds.rows(left, "SELECT id FROM job WHERE kind = 'deliver_webhook'") == []
                for name, sql in tables.INVARIANTS.items():
                    assert worlds.rows(left, sql) == [], (name, where)
                often.append(len(came))
                worlds.clock_of(left).set(began)
    # Killed between the receiver and the record it is told twice; killed elsewhere once.
    assert set(often) == {1, 2}
