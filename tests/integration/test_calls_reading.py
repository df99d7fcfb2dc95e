"""A caller waits on the line: looking somebody up walks indexes, and never a whole table (OPS-8)."""

from __future__ import annotations

import re

import pytest

from engine.boot import World
from engine.calls import queries
from tests.support import calling, registering, trading, worlds

# Settings and staff: some dozens of rows, whatever the number of customers.
SMALL = {"policy_version", "staff", "staff_grant"}


@pytest.mark.row("OPS-8")
def test_a_look_up_reads_no_whole_table(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = trading.trade(world)
    trading.draft(world, found)
    person = found.purchaser.person
    agent = calling.agent(world)
    caller = calling.answer(world, agent, registering.own_number(world, person))
    asked: list[tuple[str, tuple[object, ...]]] = []
    with world.engine.reader(agent) as q:
        ask = q.connection.rows

        def note(sql: str, parameters: tuple[object, ...] = ()) -> object:
            asked.append((sql, tuple(parameters)))
            return ask(sql, parameters)

        monkeypatch.setattr(q.connection, "rows", note)
        assert queries.caller(q, caller.call.id).matters
    assert len(asked) > 20
    whole = {
        (table, sql)
        for sql, parameters in dict(asked).items()
        for step in worlds.rows(world, f"EXPLAIN QUERY PLAN {sql}", *parameters)
        if step["detail"].startswith("SCAN")
        and (table := _table(sql, step["detail"].split()[1])) not in SMALL
    }
    assert whole == set()


def _table(sql: str, name: str) -> str:
    """The table behind a name of a query plan, which may be an alias."""
    found = re.search(rf"(?:FROM|JOIN) (\w+) (?:AS )?{name}\b", sql)
    return found.group(1) if found else name
