"""A history has every event, newest first, page by page, each change from old to new, in words (OPS-6)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pytest

from engine import boot
from engine.invoicing import actions as invoices
from engine.kernel import actors, database
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.records import kinds, model, queries, store
from engine.staffing.model import Role
from tests.support import invoicing, parties, registering, trading, worlds

PHONE = "13800138000"
MANY = 10_000
Asked = tuple[str, tuple[object, ...]]


def history(world: boot.World, record_id: str, who: actors.Staff, **given: int) -> model.History:
    return world.engine.ask(queries.history, who, record_id, **given)


def whole(world: boot.World, record_id: str, who: actors.Staff, limit: int) -> list[model.Entry]:
    """All pages of a history one after the other."""
    found, before = [], 0
    while True:
        page = history(world, record_id, who, before=before, limit=limit)
        found += page.entries
        before = page.following
        if not before:
            return found


@pytest.mark.row("OPS-6")
def test_pages_of_any_size_make_the_same_history_with_the_same_values(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    auditor = worlds.staff(world, Role.AUDITOR)
    for record_id in (party.person.account_id, party.order_id, party.certificate_id):
        at_once = whole(world, record_id, auditor, 200)
        assert [one.seq for one in at_once] == sorted({one.seq for one in at_once}, reverse=True)
        for limit in (1, 3, 7):
            assert whole(world, record_id, auditor, limit) == at_once


@pytest.mark.row("OPS-6")
def test_a_change_has_its_old_and_new_value_in_words(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    auditor = worlds.staff(world, Role.AUDITOR)
    entries = history(world, party.order_id, auditor).entries
    moved = [
        (change.before and change.before.text, change.after and change.after.text)
        for one in entries[::-1]
        for change in one.changes
        if (change.table, change.name) == ("certificate_order", "column.status")
    ]
    assert moved[0] == (None, "order.status.awaiting_payment")
    # Each begins where the one before ended.
    assert [before for before, _ in moved[1:]] == [after for _, after in moved[:-1]]
    placed = {change.name: change.after for change in entries[-1].changes}
    assert placed["column.amount"].form == "money"
    assert placed["column.amount"].number > 0
    assert placed["column.enterprise"].record == party.enterprise_id
    assert placed["column.platform"].words.en == "Xinjiang Guangzheng E-Mall"
    paid = next(one for one in entries if one.kind == "order.paid")
    [when] = [one.after for one in paid.changes if one.name == "column.paid"]
    assert (when.form, when.number) == ("time", paid.occurred_at)


@pytest.mark.row("OPS-6", "SEC-1")
def test_protected_values_are_masked_and_what_is_not_to_be_shown_is_not_there(world):
    deal = trading.trade(world)
    contract = trading.draft(world, deal)
    invoicing.do(world, invoices.add_title, deal.supplier.person, kind="personal", name="司徒远航")
    auditor = worlds.staff(world, Role.AUDITOR)
    [page] = worlds.rows(world, "SELECT token FROM contract_page WHERE id = ?", contract.id)
    told = ""
    for record_id in (
        deal.supplier.person.account_id, deal.supplier.enterprise_id, contract.id,
        deal.supplier.certificate_id,
    ):  # fmt: skip
        told += repr(whole(world, record_id, auditor, 200))
    assert registering.NAME not in told
    assert page["token"] not in told
    assert "b'" not in told
    assert "***" in told


@pytest.mark.row("OPS-6")
def test_a_record_with_ten_thousand_events_opens_as_fast_as_one_with_ten(file_world):
    world = file_world
    party = parties.enterprise(world, parties.Reviewers.of(world))
    auditor = worlds.staff(world, Role.AUDITOR)
    few = _time(world, party.enterprise_id, auditor)
    for _ in range(10):
        world.engine.perform(_many, {"subject": party.enterprise_id}, actor=worlds.SYSTEM)
    many = _time(world, party.enterprise_id, auditor)
    found = history(world, party.enterprise_id, auditor)
    assert len(found.entries) == 50
    assert found.following
    # Ten times as long and a fifth of a second on top would be a scan of it all, and then some.
    assert many < 10 * few + 0.2, (few, many)
    last = history(world, party.enterprise_id, auditor, before=found.entries[-1].seq - 9_000)
    assert last.entries


def _many(op: Operation, *, subject: str) -> None:
    for number in range(MANY // 10):
        op.record("enterprise.noted", subject, number=number)


def _time(world: boot.World, record_id: str, who: actors.Staff) -> float:
    """The fastest of three: the record and the first page of its history."""
    found = []
    for _ in range(3):
        began = time.perf_counter()
        world.engine.ask(queries.record, who, record_id)
        history(world, record_id, who)
        found.append(time.perf_counter() - began)
    return min(found)


def _plan(connection: database.Connection, sql: str, given: tuple[object, ...]) -> str:
    rows = connection.rows(f"EXPLAIN QUERY PLAN {sql}", given)
    return "\n".join(str(row["detail"]) for row in rows)


def _listening(ask: Callable[..., object], *given: object) -> Callable[[Reader], list[Asked]]:
    """A question that tells what it asked the database."""

    def told(q: Reader) -> list[Asked]:
        asked: list[Asked] = []
        rows = q.connection.rows

        def listening(sql: str, parameters: Sequence[object] = ()) -> list[database.Row]:
            asked.append((sql, tuple(parameters)))
            return rows(sql, parameters)

        q.connection.rows = listening  # type: ignore[method-assign]
        try:
            ask(q, *given)
        finally:
            q.connection.rows = rows  # type: ignore[method-assign]
        return asked

    return told


@pytest.mark.row("OPS-6")
def test_searching_and_showing_and_paging_ask_indexes_alone(file_world):
    """No table is scanned, whatever is looked for or at: with a million accounts it is as fast."""
    world = file_world
    deal = trading.trade(world)
    contract = trading.draft(world, deal)
    trading.sign(world, deal.purchaser, contract.id)
    invoice = invoicing.apply(world, deal.supplier)
    one, auditor = deal.supplier, worlds.staff(world, Role.AUDITOR)
    asked: list[Asked] = []
    for text in (PHONE, "CA2026112500002", "天山净水", "9165", "acc_06h11af9fnlsrih9gfhkeluais"):
        asked += world.engine.ask(_listening(queries.find, text), auditor)
    for record_id in (
        one.person.account_id, one.enterprise_id, one.order_id, one.certificate_id, one.seal_id,
        contract.id, invoice.id,
    ):  # fmt: skip
        asked += world.engine.ask(_listening(queries.record, record_id), auditor)
        asked += world.engine.ask(_listening(queries.history, record_id), auditor)
        asked += world.engine.ask(_listening(queries.reveals, record_id), auditor)
    for kind in kinds.KINDS:
        wanted = model.Wanted(kind=kind)
        asked += world.engine.ask(_listening(queries.listed, wanted), auditor)
    assert len(asked) > 200
    scanned = {}
    with world.engine.parts.db.read() as connection:
        for sql, given in dict(asked).items():
            for line in _plan(connection, sql, given).splitlines():
                read = line.strip().startswith("SCAN") and "CONSTANT ROW" not in line
                # A list is read along its key, as far as a page goes; settings are few.
                by_key = " ORDER BY id DESC LIMIT" in sql and "USING INDEX" in line
                if read and not by_key and "policy_version" not in sql:
                    scanned[sql] = line
    assert not scanned, "\n".join(f"{line}: {sql}" for sql, line in scanned.items())


@pytest.mark.row("OPS-6")
def test_a_page_of_a_history_reads_only_its_own_rows(file_world):
    world = file_world
    with world.engine.reader(worlds.SYSTEM) as q:
        about = store.subjects(q, kinds.KINDS["order"], "ord_x")
    assert about == ["ord_x"]
    sql = "SELECT seq FROM event WHERE subject IN (?, ?) AND seq < ? ORDER BY seq DESC LIMIT ?"
    with world.engine.parts.db.read() as connection:
        plan = _plan(connection, sql, ("a", "b", 9, 50))
    assert "USING COVERING INDEX event_subject" in plan
