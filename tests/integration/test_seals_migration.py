"""Seals and applications from before there were other kinds keep everything; what points at them too."""

from __future__ import annotations

import pytest

from engine.boot import tables
from engine.kernel import migrating, records
from engine.sealing import model

BEFORE = (
    "INSERT INTO data_subject (id, kind, created_at) VALUES ('s', 'person', 1)",
    "INSERT INTO account (id, subject_id, phone, status, terms_version, terms_digest, created_at)"
    " VALUES ('acc', 's', 'x', 'active', '1', 'd', 1)",
    "INSERT INTO enterprise (id, subject_id, name, uscc, entity_class, status, created_at)"
    " VALUES ('ent', 's', 'n', 'u', 'company', 'active', 1)",
    "INSERT INTO seal_application (id, enterprise_id, account_id, kind, name, agency_id, status,"
    " reasons, created_at) VALUES ('sap', 'ent', 'acc', 'company', 'n', 'huayin', 'made', '[]', 1)",
    "INSERT INTO seal (id, application_id, enterprise_id, account_id, kind, name, code, agency_id,"
    " status, ses, width_mm, height_mm, certificates, valid_from, valid_to, created_at, made_at)"
    " VALUES ('sea', 'sap', 'ent', 'acc', 'company', 'n', '6501020000001', 'huayin', 'active',"
    " 'y', 42, 42, '[\"00\"]', 1, 2, 1, 1)",
)


@pytest.mark.row("SEA-3")
def test_a_seal_of_the_release_before_is_a_drawn_one_of_its_kinds_first_size(
    empty_database, monkeypatch
):
    every = migrating.of_stage

    def up_to(last):
        def found(stage, dialect):
            return [one for one in every(stage, dialect) if one.name < last]

        monkeypatch.setattr(migrating, "of_stage", found)

    up_to("0112")
    migrating.migrate(empty_database, tables.STAGES)
    raw = empty_database.dialect == "sqlite"
    with empty_database.write() as connection:
        for statement in BEFORE:
            for text, blob in (("'x'", "x'00'"), ("'y'", "x'01'")):
                statement = statement.replace(text, blob if raw else text)
            connection.run(statement)
    up_to("0114")
    migrating.migrate(empty_database, tables.STAGES)
    with empty_database.read() as connection:
        (asked,) = connection.rows("SELECT * FROM seal_application")
        (seal,) = connection.rows("SELECT * FROM seal")
    assert (asked["purpose"], asked["picture"], asked["impression"]) == ("new", "drawn", "{}")
    assert (seal["size"], seal["colour"], seal["filing_number"]) == ("", "red", "")
    assert (seal["name"], seal["status"], seal["application_id"]) == ("n", "active", "sap")
    assert records.make(model.Seal, seal).usable(1)
    with pytest.raises(Exception) as refused, empty_database.write() as connection:
        connection.run("DELETE FROM seal_application")
    assert "foreign key" in str(refused.value).lower()
