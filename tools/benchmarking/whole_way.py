"""The whole way of a certificate through the engine, over an SQLite file (WAL, synchronous=FULL).

From the action that asks for it with a new key's proof to the record of what the CA signed: the key's proof
is checked, the serial reserved and stored, the certificate linted, signed, compared with what was asked for
and recorded, each with its facts in the log and its reply for a repeated request. Every act is committed
before anybody is told of it.

Two ways: one after the other, each certificate recorded before the next is asked for; and many phones at
once, whose acts share commits while they wait (`engine.kernel.gathering`), after which the worker does what
is due together (`engine.worker`). Orders are copies of one that was approved and paid; its agency issues
signing certificates alone, not pairs.
"""

from __future__ import annotations

import dataclasses
import gc
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from engine import boot, worker
from engine.issuing import actions as issuing
from engine.kernel import database, ids
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.ordering import model as ordering
from engine.pki import keys
from engine.policies import actions as settings
from engine.policies import model as policies
from engine.staffing.model import Role
from tests.support import key_proofs, pairing, worlds
from tests.support.worlds import SYSTEM

AGENCY = "dongfang"
PHONES = 32


def copies(op: Operation, *, order_id: str, count: int) -> tuple[str, ...]:
    """As many orders like this one, each for a holder of its own."""
    order = op.get(ordering.Order, "certificate_order", order_id)
    made = []
    for _ in range(count):
        mark = op.new_id("n")
        one = dataclasses.replace(
            order,
            id=op.new_id("ord"),
            number=f"{order.number}-{mark}",
            holder=f"{order.holder}-{mark}",
        )
        op.insert("certificate_order", one)
        made.append(one.id)
    op.record("order.placed", order_id, count=count)
    return tuple(made)


def _agency(q: Reader) -> policies.CertificateAgency:
    return q.policy(policies.CertificateAgency, AGENCY)


class Way:
    """A world in a file with one approved order, of which there are as many copies as are wanted."""

    def __init__(self, path: Path) -> None:
        self.world = boot.memory_world(db=database.SqliteDatabase(path))
        self._alone()
        self._party = pairing.approved(self.world)
        self._round = 0

    def _alone(self) -> None:
        """The agency issues no pairs: a certificate of an order is one certificate."""
        body = self.world.engine.ask(_agency, SYSTEM).model_dump(mode="json") | {"paired": []}
        proposer, approver = (worlds.staff(self.world, Role.LEAD) for _ in range(2))
        proposed = self.world.engine.perform(
            settings.propose,
            {
                "kind": policies.CertificateAgency.KIND,
                "name": AGENCY,
                "body": body,
                "effective_at": 0,
            },
            actor=proposer,
        )
        self.world.engine.perform(settings.approve, {"version_id": proposed.id}, actor=approver)

    def _wanted(self, count: int) -> list[tuple[str, dict[str, object]]]:
        orders = self.world.engine.perform(
            copies, {"order_id": self._party.order_id, "count": count}, actor=SYSTEM
        )
        self._round += 1
        entropy = ids.seeded(self._round, "keys of the whole way")
        return [(one, key_proofs.request_arguments(one, keys.generate(entropy))) for one in orders]

    def _ask(self, wanted: tuple[str, dict[str, object]]) -> str:
        order_id, arguments = wanted
        made = self.world.engine.perform(
            issuing.request_certificate, arguments, actor=self._party.person, key=order_id
        )
        return made.id

    def one_after_the_other(self, count: int) -> dict[str, float]:
        """Each asked for, signed and recorded before the next."""
        wanted = self._wanted(count)

        def work() -> None:
            for one in wanted:
                worker.run_due(self.world, subject=self._ask(one))

        return self._timed(count, work)

    def at_once(self, count: int) -> dict[str, float]:
        """Many phones ask at once, and the worker does what is due."""
        wanted = self._wanted(count)
        with ThreadPoolExecutor(PHONES) as phones:

            def work() -> None:
                list(phones.map(self._ask, wanted))
                while worker.run_due(self.world):
                    pass

            return self._timed(count, work)

    def _timed(self, count: int, work: Callable[[], None]) -> dict[str, float]:
        before = self._issued()
        found = timed(count, work)
        if self._issued() != before + count:
            raise AssertionError("not every certificate was issued")
        return found

    def _issued(self) -> int:
        sql = "SELECT COUNT(*) AS n FROM certificate WHERE status = 'issued' AND der IS NOT NULL"
        return int(worlds.rows(self.world, sql)[0]["n"])

    def close(self) -> None:
        """Give the database's connections back."""
        self.world.close()


# The name of an action is made of its stage's.
copies.__module__ = "tools.whole_way"


def timed(count: int, work: Callable[[], Any]) -> dict[str, float]:
    """`rate` in certificates a second, and `cpu_us` of this process for each."""
    gc.collect()
    begin, cpu = time.perf_counter(), time.process_time()
    work()
    taken, used = time.perf_counter() - begin, time.process_time() - cpu
    return {"rate": count / taken, "cpu_us": used / count * 1_000_000}
