"""INV-2: what the tax service numbered before it had books of its own is in them afterwards."""

from __future__ import annotations

import dataclasses

import pytest

from engine.boot import tables
from engine.kernel import database, migrating, ports
from tests.support import invoicing, worlds


@pytest.mark.row("INV-2")
def test_numbers_of_the_release_before_are_in_the_books_and_can_be_taken_back(any_world):
    """The old table is put back beside a numbered invoice, and its migration done once more."""
    world = any_world
    party, _orders = invoicing.several(world, 1)
    issued = invoicing.issued(world, party, order_kind="information")
    drop = ("sim_tax_invoice", "sim_tax_paper", "sim_parcel")
    for table in drop:
        worlds.run_sql(world, f"DROP TABLE {table}")
    worlds.run_sql(
        world, "CREATE TABLE sim_invoice (invoice_id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE)"
    )
    sql = "INSERT INTO sim_invoice (invoice_id, number) VALUES (?, ?)"
    worlds.run_sql(world, sql, issued.id, issued.number)
    worlds.run_sql(world, "DELETE FROM migration WHERE name LIKE '%0172_tax_and_courier%'")
    migrating.migrate(world.engine.parts.db, tables.STAGES)
    told = world.ports.tax.outcome(issued.id)
    assert dataclasses.replace(told, issued_at=0) == ports.TaxOutcome(
        invoice_id=issued.id, status="issued", number=issued.number, total_fen=issued.total_fen
    )
    with world.engine.parts.db.read() as connection:
        assert "sim_invoice" not in database.tables(connection, world.engine.parts.db.dialect)
