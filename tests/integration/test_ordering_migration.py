"""Orders from before there were other kinds keep everything, and what points at them still does."""

from __future__ import annotations

import pytest

from engine.boot import tables
from engine.kernel import migrating

BEFORE = (
    "INSERT INTO data_subject (id, kind, created_at) VALUES ('s', 'person', 1)",
    "INSERT INTO account (id, subject_id, phone, status, terms_version, terms_digest, created_at)"
    " VALUES ('acc', 's', 'x', 'active', '1', 'd', 1)",
    "INSERT INTO enterprise (id, subject_id, name, uscc, entity_class, status, created_at)"
    " VALUES ('ent', 's', 'n', 'u', 'company', 'active', 1)",
    "INSERT INTO policy_version (id, kind, name, version, body, effective_at, author, created_at)"
    " VALUES ('pol', 'k', 'n', 1, '{}', 1, 'a', 1)",
    "INSERT INTO certificate_order (id, number, account_id, enterprise_id, platform_id, agency_id,"
    " seal_agency_id, certificate_kind, years, amount_fen, policy_version, status, papers, reasons,"
    " created_at) VALUES ('ord', 'CA1', 'acc', 'ent', 'p', 'a', 's', 'platform', 1, 20000, 'pol',"
    " 'awaiting_payment', '[]', '[]', 1)",
    "INSERT INTO payment (id, order_id, amount_fen, status, trade_no, created_at)"
    " VALUES ('pay', 'ord', 20000, 'opened', 't', 1)",
)


@pytest.mark.row("CRT-3")
def test_an_order_of_the_release_before_is_an_enterprises_new_one(empty_database, monkeypatch):
    every = migrating.of_stage

    def up_to(last):
        def found(stage, dialect):
            return [one for one in every(stage, dialect) if one.name < last]

        monkeypatch.setattr(migrating, "of_stage", found)

    up_to("0070")
    migrating.migrate(empty_database, tables.STAGES)
    with empty_database.write() as connection:
        for statement in BEFORE:
            connection.run(
                statement.replace("'x'", "x'00'" if empty_database.dialect == "sqlite" else "'x'")
            )
    up_to("0071")
    migrating.migrate(empty_database, tables.STAGES)
    with empty_database.read() as connection:
        (order,) = connection.rows("SELECT * FROM certificate_order")
        (payment,) = connection.rows("SELECT * FROM payment")
    assert (order["product"], order["business"], order["holder"]) == ("enterprise", "new", "ent")
    assert order["price"] == '[{"code":"certificate","amount_fen":20000}]'
    assert (order["platform_reviews"], order["agency_reviews"], order["amount_fen"]) == (
        1,
        1,
        20_000,
    )
    assert payment["order_id"] == "ord"
    with pytest.raises(Exception) as refused, empty_database.write() as connection:
        connection.run("DELETE FROM certificate_order")
    assert "foreign key" in str(refused.value).lower()
