"""Contracts of the release before keep everything, and have their two parties as rows."""

from __future__ import annotations

import pytest

from engine.boot import tables
from engine.kernel import migrating

_ACCOUNT = (
    "INSERT INTO mall_account (id, platform_id, login, role, enterprise_id, account_id, status, created_at)"
    " VALUES ('{id}', 'p', '{id}', '{role}', 'ent', 'acc', 'active', 1)"
)
BEFORE = (
    "INSERT INTO data_subject (id, kind, created_at) VALUES ('s', 'person', 1)",
    "INSERT INTO account (id, subject_id, phone, status, terms_version, terms_digest, created_at)"
    " VALUES ('acc', 's', 'x', 'active', '1', 'd', 1)",
    "INSERT INTO enterprise (id, subject_id, name, uscc, entity_class, status, created_at)"
    " VALUES ('ent', 's', 'n', 'u', 'company', 'active', 1)",
    _ACCOUNT.format(id="mp", role="purchaser"),
    _ACCOUNT.format(id="ms", role="supplier"),
    "INSERT INTO purchase_order (id, platform_id, number, purchaser_id, supplier_id, awardee, title,"
    " total_fen, lines, created_at) VALUES ('po', 'p', 'CG-1', 'mp', 'ms', '', 't', 100, '[]', 1)",
    "INSERT INTO contract (id, platform_id, number, name, purchase_order_id, purchaser_id, supplier_id,"
    " awardee, signing_date, effective_date, currency, total_fen, payment_terms, place, origin, remarks,"
    " status, version, reasons, created_at) VALUES ('con_a', 'p', 'HT-1', 'n', 'po', 'mp', 'ms', '', 'd',"
    " 'd', '人民币', 100, 't', 'p', 'template', '', 'returned', 2, '[]', 7)",
)


@pytest.mark.row("SGN-3")
def test_contracts_of_the_release_before_have_their_two_parties(empty_database, monkeypatch):
    every = migrating.of_stage

    def up_to(last):
        def found(stage, dialect):
            return [one for one in every(stage, dialect) if stage != "signing" or one.name < last]

        monkeypatch.setattr(migrating, "of_stage", found)

    up_to("0120")
    migrating.migrate(empty_database, tables.STAGES)
    with empty_database.write() as connection:
        for statement in BEFORE:
            connection.run(
                statement.replace("'x'", "x'00'" if empty_database.dialect == "sqlite" else "'x'")
            )
    up_to("9999")
    migrating.migrate(empty_database, tables.STAGES)
    with empty_database.read() as connection:
        parties = connection.rows(
            "SELECT id, version, role, mall_account_id, ordinal, status, asked_at, handled_at"
            " FROM contract_party ORDER BY ordinal"
        )
        (contract,) = connection.rows("SELECT * FROM contract")
    assert [tuple(one.values()) for one in parties] == [
        ("pty_ap", 2, "purchaser", "mp", 1, "asked", 7, None),
        ("pty_as", 2, "supplier", "ms", 2, "asked", 7, None),
    ]
    assert (contract["status"], contract["version"], contract["total_fen"]) == ("returned", 2, 100)
    assert (contract["signing_order"], contract["sign_by"]) == ("any", None)
    assert (contract["level"], contract["placements"]) == ("B-LT", "{}")
    with empty_database.write() as connection:
        connection.run("UPDATE contract SET status = 'voided'")
    with pytest.raises(Exception) as refused, empty_database.write() as connection:
        connection.run("UPDATE contract SET status = 'anything'")
    assert "check" in str(refused.value).lower()
