"""PI-2 and PI-5: what personal values are found by, and all of a person's data, for them to take along."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from typing import Any

import pytest

from engine.boot import World, tables, telling
from engine.http import arguments
from engine.http.doors import DirectDoor
from engine.kernel import actors, database, errors, migrating
from engine.kernel.engine import SECOND_FACTOR_MS, SecondFactorNeeded
from engine.registration import queries
from engine.registration.store import closing as store
from engine.staffing.model import Role
from simulations.people import Person
from tests.support import registering, sources, worlds
from tests.support.line import Line

# What can be looked for: nearly every person's own. Nothing that a few hundred tries would guess.
FINDS_BY = {
    "account.phone",
    "account.resident_id",
    "account.name",
    "account.bank_elements",
    "invitation.phone",
    "representative.phone",
    "call.phone",
    "claim.representative_id",
    "code.phone",
    "code.address",
    "code.browser",
    # An address, counted for a minute as that of a code is.
    "ticket.opened",
}
# Tables with a person's id whose rows are not theirs to take along, and why.
NOT_TAKEN = {
    "account_credential": "the hash of a password is a secret, not a particular",
    "one_tap": "a secret that lives for minutes",
    "picture_print": "derived from a picture to find the same one handed in twice",
    "archive": "it is made when there is no account any more",
}
# Columns of taken tables that are not taken: secrets, and what is the platform's own or somebody else's.
SECRETS = {"token_hash", "nonce_hash", "result", "begun_with", "code_request_id", "request_id"}
OF_OTHERS = {
    *("legal_representative", "legal_representative_id", "first_approved_by", "reviewed_by"),
    *("platform_approved_by", "agency_approved_by", "proposed_by", "decided_by", "requester"),
    *("invited_by", "note", "staff_id", "approved_by", "granted_by"),
    # Of the enterprise, under its own key.
    "particulars",
}
OF_THE_PLATFORM = {
    *("subject_id", "policy_version", "platform_version", "prepared_blob_id"),
    *("holder", "platform_reviews", "agency_reviews"),
    *("svg_blob_id", "png_blob_id", "ses", "width_mm", "height_mm", "certificates"),
}
OWNED = {one.table: one for one in (*store.OWNED, *telling.OWNED)}


def _kinds_in_the_code() -> set[str]:
    """The kinds of blind index that the engine makes, as literals or as the patterns that make them."""
    found = set()
    for path in sources.files("engine"):
        for node in ast.walk(sources.tree(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            place = {"index": 0, "blind": 1}.get(node.func.attr)
            if place is None or len(node.args) != 3:
                continue
            kind = node.args[place]
            if isinstance(kind, ast.Constant):
                found.add(str(kind.value))
            elif isinstance(kind, ast.JoinedStr):
                found.add(str(kind.values[0].value) + "*")  # type: ignore[attr-defined]
    return found


@pytest.mark.row("S-PI-2")
def test_nothing_of_few_values_can_be_looked_for():
    kinds = _kinds_in_the_code()
    assert {"account.phone", "account.resident_id", "account.name"} <= kinds
    assert {kind for kind in kinds if not kind.endswith("*")} <= FINDS_BY
    # The patterns: sources of requests, by address, browser and account, counted for minutes.
    patterns = {"code.*", "pin.foreign.*", "ticket.unknown.*"}
    assert {kind for kind in kinds if kind.endswith("*")} <= patterns


def test_every_table_with_a_person_s_id_is_taken_along_or_says_why_not():
    db = database.SqliteDatabase(None)
    migrating.migrate(db, tables.STAGES)
    with db.read() as connection:
        columns = {
            name: {
                row["name"]
                for row in connection.rows(f"SELECT name FROM pragma_table_info('{name}')")
            }
            for name in database.tables(connection, "sqlite")
        }
    db.close()
    theirs = {name for name, found in columns.items() if "account_id" in found} | {"account"}
    assert theirs == OWNED.keys() | NOT_TAKEN.keys()
    for name, owned in OWNED.items():
        taken = {"id", owned.by, *owned.columns, *owned.sealed}
        assert taken <= columns[name], name
        left = columns[name] - taken - SECRETS - OF_OTHERS - OF_THE_PLATFORM
        assert left == set(), f"{name}: {left}"


@dataclass
class Walked:
    """A world in which two people have gone all the way."""

    world: World
    people: tuple[Person, Person]


@pytest.fixture
def walked(any_world: World) -> Walked:
    """Two people who have gone all the way."""
    line = Line.on(any_world)
    one, other = line.person(0), line.person(1)
    line.bound(one)
    line.bound(other)
    contract_id = line.contract(one, other)
    one.submit(contract_id)
    line.approve_all()
    one.invoice()
    line.work()
    return Walked(world=any_world, people=(one, other))


@pytest.mark.row("S-PI-5")
def test_a_person_takes_along_all_that_is_theirs_and_nothing_of_anybody_else(
    walked: Walked,
) -> None:
    world = walked.world
    accounts = {
        person.identity.phone: _account(world, person.identity.phone) for person in walked.people
    }
    taken = {phone: _taken(world, account) for phone, account in accounts.items()}
    for person, other in (walked.people, walked.people[::-1]):
        mine = taken[person.identity.phone]
        text = json.dumps(mine, ensure_ascii=False)
        (account,) = mine["sections"]["account"]
        assert account["phone"] == person.identity.phone
        assert account["name"] == person.identity.name
        assert account["resident_id"] == person.identity.resident_id
        for value in (other.identity.phone, other.identity.name, other.identity.resident_id):
            assert value not in text
        for name, owned in OWNED.items():
            sql = f"SELECT id, {owned.by} AS owner FROM {name} WHERE id IS NOT NULL"
            rows = worlds.rows(world, sql)
            expected = {row["id"] for row in rows if row["owner"] == account["id"]}
            assert {row["id"] for row in mine["sections"][name]} == expected, name
    assert all(taken[phone]["sections"]["certificate"] for phone in accounts)


def _account(world: World, phone: str) -> str:
    with world.engine.reader(worlds.SYSTEM) as q:
        return q.find("account.phone", phone)[0]


def _taken(world: World, account_id: str) -> dict[str, Any]:
    device = worlds.rows(world, "SELECT id FROM device WHERE account_id = ?", account_id)[0]["id"]
    person = actors.Person(
        account_id=account_id, device_id=device, second_factor_at=registering.ALWAYS
    )
    found: dict[str, Any] = arguments.to_json(world.engine.ask(queries.my_data, person))
    return found


def test_it_takes_a_fresh_second_factor(world: World) -> None:
    session = registering.enter_code(world, registering.ask_for_code(world, "13800138000"))
    door = DirectDoor(world.engine)
    door.sign_in(session.token)
    assert door.ask("registration.my_data", {})["sections"]["account"][0]["phone"] == "13800138000"
    worlds.clock_of(world).advance(SECOND_FACTOR_MS)
    with pytest.raises(SecondFactorNeeded):
        door.ask("registration.my_data", {})


def test_only_a_person_has_data_to_take_along(world: World) -> None:
    registering.sign_up(world)
    officer = worlds.staff(world, Role.ACCOUNT_OFFICER)
    with pytest.raises(errors.NotPermitted):
        world.engine.ask(queries.my_data, officer)
