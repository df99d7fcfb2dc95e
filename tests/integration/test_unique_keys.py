"""What must not be twice is refused by the database itself, whoever writes it, whatever was looked at."""

from __future__ import annotations

import pytest

from engine.kernel import database
from tests.support import registering, worlds

KIND_OF_INDEX = ("account.phone", "account.resident_id")


@pytest.mark.row("ACC-1")
@pytest.mark.row("SIM-5")
@pytest.mark.parametrize("kind", KIND_OF_INDEX)
def test_the_database_itself_refuses_a_second_account_of_one_number_or_person(any_world, kind):
    one, other = (registering.sign_up(any_world, f"1380013800{place}") for place in (1, 2))
    registering.prove(any_world, one)
    [kept] = worlds.rows(
        any_world,
        "SELECT digest FROM blind_index WHERE kind = ? AND row_id = ?",
        *(kind, one.account_id),
    )
    twice = "INSERT INTO blind_index (kind, digest, row_id) VALUES (?, ?, ?)"
    with pytest.raises(database.UniqueViolated):
        worlds.run_sql(any_world, twice, kind, kept["digest"], other.account_id)
    # Of another kind of value the same digest says nothing.
    worlds.run_sql(any_world, twice, "another.kind", kept["digest"], other.account_id)
