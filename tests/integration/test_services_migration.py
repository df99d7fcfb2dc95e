"""Cases of money from before there were invoices among them keep everything (PAY-1)."""

from __future__ import annotations

import pytest

from engine.boot import tables
from engine.kernel import migrating

BEFORE = (
    "INSERT INTO payment (id, order_id, amount_fen, status, trade_no, created_at)"
    " VALUES ('pay', 'ord', 20000, 'paid', 't', 1)",
    "INSERT INTO money_case (id, kind, subject, payment_id, trade_no, amount_fen, other_fen,"
    " business_date, status, resolution, target, note, opened_at)"
    " VALUES ('mca', 'paid_twice', 't2', 'pay', 't2', 20000, 0, '', 'open', '', '', '', 5)",
)


@pytest.mark.row("PAY-1")
def test_a_case_of_the_release_before_stays_and_new_kinds_are_taken(empty_database, monkeypatch):
    every = migrating.of_stage

    def before_this_release(stage, dialect):
        return [one for one in every(stage, dialect) if one.name < "0160"]

    monkeypatch.setattr(migrating, "of_stage", before_this_release)
    migrating.migrate(empty_database, tables.STAGES)
    with empty_database.write() as connection:
        for statement in BEFORE:
            connection.run(statement)
    monkeypatch.setattr(migrating, "of_stage", every)
    migrating.migrate(empty_database, tables.STAGES)
    with empty_database.write() as connection:
        (case,) = connection.rows("SELECT * FROM money_case")
        assert (case["kind"], case["payment_id"], case["opened_at"]) == ("paid_twice", "pay", 5)
        assert case["invoice_id"] is None
        connection.run(
            BEFORE[1].replace("'mca', 'paid_twice', 't2'", "'mcb', 'invoice_amount', 'n'")
        )
    with pytest.raises(Exception) as refused, empty_database.write() as connection:
        connection.run(BEFORE[1].replace("'mca', 'paid_twice', 't2'", "'mcc', 'nonsense', 'n'"))
    assert "check" in str(refused.value).lower()
