"""ADR-1: addresses are added, changed, labelled and deleted; one at most is taken without asking."""

from __future__ import annotations

import threading

import pytest

from engine.boot import World
from engine.delivering import actions, model, queries
from engine.http.doors import DirectDoor
from engine.kernel import actors, clock, database, errors, identifiers, vault
from engine.policies import model as policies
from engine.registration import queries as people
from tests.support import closing, fold, malls, registering, worlds

PHONE = "13700137000"
FORM = {
    "recipient": "古丽努尔·买买提",
    "phone": "138 0013 8111",
    "region": "650102",
    "detail": "新华北路 165 号  中天广场 2101 室",
}


@pytest.fixture
def person(any_world: World) -> actors.Person:
    return registering.sign_up(any_world)


def add(world: World, person: actors.Person, **changes: object) -> model.Address:
    return world.engine.perform(actions.add_address, {**FORM, **changes}, actor=person)


def mine(world: World, person: actors.Person) -> list[tuple[str, bool]]:
    return [(one.label, one.is_default) for one in world.engine.ask(queries.addresses, person)]


@pytest.mark.row("ADR-1")
@pytest.mark.guide("G-addresses-2", "G-addresses-3", "G-addresses-4")
def test_an_address_is_kept_as_it_was_entered_with_its_label(any_world):
    door = DirectDoor(any_world.engine)
    session = registering.enter_code(any_world, registering.ask_for_code(any_world, PHONE))
    door.sign_in(session.token)
    form = door.ask("delivering.address_form", {})
    assert [label["zh"] for label in form["labels"]] == ["家", "公司"]
    labelled = {**FORM, "label": form["labels"][0]["zh"]}
    home = door.perform("delivering.add_address", labelled, key="first")
    worlds.clock_of(any_world).advance(clock.MINUTE)
    own = door.perform("delivering.add_address", {**FORM, "label": "爸妈家"}, key="second")
    assert home["recipient"] == "古丽努尔·买买提"
    assert home["phone"] == "13800138111"
    assert (home["province"], home["city"], home["district"]) == (
        "新疆维吾尔自治区",
        "乌鲁木齐市",
        "天山区",
    )
    assert home["detail"] == "新华北路 165 号 中天广场 2101 室"
    assert [one["label"] for one in door.ask("delivering.addresses", {})] == ["爸妈家", "家"]
    added = malls.facts(any_world, "address.added")
    assert [fact.subject for fact in added] == [home["id"], own["id"]]
    fold.require(any_world)


@pytest.mark.row("ADR-1")
@pytest.mark.guide("G-addresses-5")
def test_one_address_at_most_is_the_default_by_its_switch(any_world, person):
    first = add(any_world, person, label="家", is_default=True)
    worlds.clock_of(any_world).advance(clock.MINUTE)
    add(any_world, person, label="公司")
    worlds.clock_of(any_world).advance(clock.MINUTE)
    assert mine(any_world, person) == [("家", True), ("公司", False)]
    third = add(any_world, person, label="仓库", is_default=True)
    assert mine(any_world, person) == [("仓库", True), ("公司", False), ("家", False)]
    change = {**FORM, "address_id": first.id, "label": "家", "is_default": True}
    any_world.engine.perform(actions.change_address, change, actor=person)
    default = any_world.engine.ask(queries.default_address, person)
    assert default is not None
    assert default.id == first.id
    switch = {"address_id": first.id, "is_default": False}
    any_world.engine.perform(actions.set_default_address, switch, actor=person)
    assert any_world.engine.ask(queries.default_address, person) is None
    any_world.engine.perform(actions.set_default_address, {"address_id": third.id}, actor=person)
    assert [one for one in mine(any_world, person) if one[1]] == [("仓库", True)]
    assert len(malls.facts(any_world, "address.default_ended")) == 3
    fold.require(any_world)


@pytest.mark.row("ADR-1")
def test_the_database_itself_refuses_a_second_default(any_world, person):
    add(any_world, person, is_default=True)
    other = add(any_world, person)
    sql = "UPDATE delivery_address SET is_default = 1 WHERE id = ?"
    with pytest.raises(database.UniqueViolated):
        worlds.run_sql(any_world, sql, other.id)


@pytest.mark.row("ADR-1")
def test_two_phones_that_set_a_default_at_once_leave_one(any_world, person):
    ids = [add(any_world, person, label=f"第{n}处").id for n in range(6)]
    threads = [
        threading.Thread(
            target=any_world.engine.perform,
            args=(actions.set_default_address, {"address_id": one}),
            kwargs={"actor": person},
        )
        for one in ids
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len([1 for _, default in mine(any_world, person) if default]) == 1
    fold.require(any_world)


@pytest.mark.row("ADR-1")
@pytest.mark.parametrize(
    ("changes", "refused", "field"),
    [
        ({"phone": "12345"}, identifiers.PhoneInvalid, "phone"),
        ({"phone": "+8521380013811"}, identifiers.PhoneInvalid, "phone"),
        ({"recipient": "  "}, actions.RecipientMissing, "recipient"),
        ({"recipient": "长" * 41}, actions.TextTooLong, "recipient"),
        ({"region": ""}, actions.RegionUnknown, "region"),
        ({"region": "650100"}, actions.RegionUnknown, "region"),
        ({"region": "999999"}, actions.RegionUnknown, "region"),
        ({"detail": ""}, actions.DetailMissing, "detail"),
        ({"detail": "路" * 101}, actions.TextTooLong, "detail"),
        ({"detail": "人民路\u202e1 号"}, actions.CharacterRefused, "detail"),
        ({"label": "九个字的标签太长了"}, actions.TextTooLong, "label"),
    ],
)
def test_what_cannot_be_delivered_to_is_refused_by_its_field(world, changes, refused, field):
    person = registering.sign_up(world)
    kept = add(world, person)
    with worlds.unchanged(world), pytest.raises(refused) as told:
        add(world, person, **changes)
    assert told.value.field == field
    given = {**FORM, **changes, "address_id": kept.id}
    with worlds.unchanged(world), pytest.raises(refused):
        world.engine.perform(actions.change_address, given, actor=person)


@pytest.mark.row("ADR-1")
def test_there_are_as_many_as_the_rules_say_and_a_deleted_one_makes_room(any_world, person):
    with any_world.engine.reader(worlds.SYSTEM) as q:
        most = q.policy(policies.DeliveryRules).addresses_at_most
    assert most == 20
    for _ in range(most):
        last = add(any_world, person)
    form = any_world.engine.ask(queries.address_form, person)
    assert form.left == 0
    with worlds.unchanged(any_world), pytest.raises(actions.TooManyAddresses):
        add(any_world, person)
    any_world.engine.perform(actions.delete_address, {"address_id": last.id}, actor=person)
    assert any_world.engine.ask(queries.address_form, person).left == 1
    add(any_world, person)
    fold.require(any_world)


@pytest.mark.row("ADR-1")
def test_somebody_else_s_address_is_not_there(any_world, person):
    kept = add(any_world, person)
    other = registering.sign_up(any_world, "13900139000")
    assert any_world.engine.ask(queries.addresses, other) == []
    with pytest.raises(errors.NotFound):
        any_world.engine.ask(queries.address, other, kept.id)
    for action, more in (
        (actions.change_address, FORM),
        (actions.set_default_address, {}),
        (actions.delete_address, {}),
    ):
        with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
            any_world.engine.perform(action, {**more, "address_id": kept.id}, actor=other)


@pytest.mark.row("ADR-1", "S-PI-1")
def test_nothing_of_an_address_is_at_rest_in_the_clear_and_no_place_fits_another(any_world, person):
    one, two = add(any_world, person, label="爸妈家"), add(any_world, person, detail="另一处 9 号")
    rows = worlds.rows(any_world, "SELECT * FROM delivery_address ORDER BY id")
    bodies = worlds.rows(any_world, "SELECT body FROM event WHERE kind LIKE 'address.%'")
    kept = repr([*rows, *bodies])
    # A number also as it was typed.
    for value in ("古丽努尔", "13800138111", FORM["phone"], "650102", "新华北路", "爸妈家"):
        assert value not in kept
        assert value.encode().hex() not in kept
    taken = {row["id"]: row["detail"] for row in rows}
    sql = "UPDATE delivery_address SET detail = ? WHERE id = ?"
    worlds.run_sql(any_world, sql, taken[one.id], two.id)
    with pytest.raises(vault.Unreadable):
        any_world.engine.ask(queries.address, person, two.id)


@pytest.mark.row("ADR-1", "ACC-6")
def test_a_cancelled_account_leaves_no_address_behind(any_world):
    person = registering.sign_up(any_world)
    registering.prove(any_world, person)
    add(any_world, person, is_default=True)
    add(any_world, person)
    own = any_world.engine.ask(people.my_data, person)
    taken = repr(own)
    assert "新华北路 165 号" in taken
    assert "13800138111" in taken
    officer, *_ = closing.officers(any_world)
    closing.cancel(any_world, person, officer)
    worlds.clock_of(any_world).advance(clock.DAY)
    assert worlds.rows(any_world, "SELECT id FROM delivery_address") == []
    assert len(malls.facts(any_world, "address.deleted")) == 2
    fold.require(any_world)
