"""Four processes issue certificates at once: every one once, no serial twice, none lost (PKI-1)."""

from __future__ import annotations

import dataclasses
import os
import traceback

import pytest

from engine import boot, worker
from engine.issuing import actions
from engine.kernel import database, ids
from engine.kernel.engine import Engine
from engine.ordering import model as ordering
from engine.pki import keys
from engine.providers import escrow, store
from tests.support import fold, key_proofs, pairing, parties, worlds
from tests.support.worlds import SYSTEM

PROCESSES = 4


def copies(op, *, order_id: str, count: int) -> list[str]:
    """As many orders like this one, approved and paid, each for a holder of its own."""
    order = op.get(ordering.Order, "certificate_order", order_id)
    made = []
    for number in range(count):
        one = dataclasses.replace(
            order,
            id=op.new_id("ord"),
            number=f"{order.number}-{number}",
            holder=f"{order.holder}-{number}",
        )
        op.insert("certificate_order", one)
        made.append(one.id)
    op.record("order.placed", order_id, count=count)
    return made


def of_its_own(world: boot.World, number: int) -> boot.World:
    """The world as another process has it: its own connections and chance, one database."""
    db = world.engine.parts.db
    own: database.Database = (
        database.SqliteDatabase(vars(db)["_path"])
        if isinstance(db, database.SqliteDatabase)
        else database.PostgresqlDatabase(vars(db)["_address"])
    )
    parts = dataclasses.replace(world.engine.parts, db=own, entropy=ids.seeded(number, "process"))
    engine = Engine(parts)
    centre = escrow.SimulatedKeyCentre(store.Memory(parts, engine.now))
    return dataclasses.replace(
        world, engine=engine, ports=dataclasses.replace(world.ports, key_centre=centre)
    )


def issue(world: boot.World, number: int, person, orders: list[str]) -> None:
    """Ask for a certificate of each order, and work at whatever anybody asked for meanwhile."""
    own = of_its_own(world, number)
    for place, order_id in enumerate(orders):
        key = keys.generate(ids.seeded(place, f"process {number}"))
        arguments = key_proofs.request_arguments(order_id, key)
        own.engine.perform(
            actions.request_certificate, arguments, actor=person, key=f"{number}/{place}"
        )
        worker.run_due(own, limit=3, owner=f"process {number}")
    while worker.run_due(own, limit=20, owner=f"process {number}"):
        pass


@pytest.mark.row("PKI-1")
@pytest.mark.row("CRT-6")
def test_four_processes_issue_each_certificate_once_and_lose_none(any_world, count):
    each = count(15, 1_000)
    party = pairing.approved(any_world)
    orders = any_world.engine.perform(
        copies, {"order_id": party.order_id, "count": PROCESSES * each}, actor=SYSTEM
    )
    children = []
    for number in range(PROCESSES):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                issue(any_world, number, party.person, orders[number::PROCESSES])
                status = 0
            finally:
                # Nothing of the test's own goes on in a child.
                if status:
                    traceback.print_exc()
                os._exit(status)
        children.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0] * PROCESSES
    # What another process had in hand when the last one looked.
    while worker.run_due(any_world, owner="afterwards"):
        pass
    rows = worlds.rows(
        any_world, "SELECT order_id, usage, status, serial_hex, public_key FROM certificate"
    )
    assert len(rows) == 2 * PROCESSES * each
    assert {row["status"] for row in rows} == {"issued"}
    for column in ("serial_hex", "public_key"):
        assert len({bytes(str(row[column]), "utf-8") for row in rows}) == len(rows), column
    assert {(row["order_id"], row["usage"]) for row in rows} == {
        (order_id, usage) for order_id in orders for usage in ("signing", "encryption")
    }
    [archived] = worlds.rows(any_world, "SELECT COUNT(*) AS n FROM sim_encryption_key")
    assert archived["n"] == PROCESSES * each
    assert parties.violations(any_world) == {}
    assert not fold.differences(any_world)
