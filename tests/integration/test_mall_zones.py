"""Trading zones: found, joined, preferred and left, each once and each in the log (ACC-9)."""

from __future__ import annotations

import pytest

from engine.boot import World
from engine.kernel import actors, clock, errors
from engine.mall import actions, model, queries
from tests.support import fold, malls, parties, registering, worlds
from tests.support.line import Line


@pytest.fixture
def person(any_world: World) -> actors.Person:
    """Somebody who has just registered."""
    return registering.sign_up(any_world)


def do(world: World, person: actors.Person, action: object, zone_id: str) -> model.ZoneMembership:
    done = world.engine.perform(action, {"zone_id": zone_id}, actor=person)  # type: ignore[arg-type]
    assert isinstance(done, model.ZoneMembership)
    return done


def mine(world: World, person: actors.Person) -> list[tuple[str, bool]]:
    return [(zone.id, zone.default) for zone in world.engine.ask(queries.my_zones, person)]


@pytest.mark.row("ACC-9")
def test_the_first_zone_joined_is_the_default_and_another_can_be_made_it(any_world, person):
    for zone_id in ("xinjiang", "nationwide"):
        do(any_world, person, actions.join_zone, zone_id)
        worlds.clock_of(any_world).advance(clock.MINUTE)
    assert mine(any_world, person) == [("xinjiang", True), ("nationwide", False)]
    do(any_world, person, actions.set_default_zone, "nationwide")
    assert mine(any_world, person) == [("xinjiang", False), ("nationwide", True)]
    do(any_world, person, actions.set_default_zone, "nationwide")
    assert len(malls.facts(any_world, "zone.preferred")) == 1
    fold.require(any_world)


@pytest.mark.row("ACC-9")
def test_who_leaves_the_default_zone_prefers_the_one_joined_first_of_the_others(any_world, person):
    for zone_id in ("xinjiang", "nationwide"):
        do(any_world, person, actions.join_zone, zone_id)
        worlds.clock_of(any_world).advance(clock.MINUTE)
    left = do(any_world, person, actions.leave_zone, "xinjiang")
    assert (left.status, left.preferred, left.left_at) == ("left", 0, any_world.engine.now())
    assert mine(any_world, person) == [("nationwide", True)]
    do(any_world, person, actions.leave_zone, "nationwide")
    assert mine(any_world, person) == []


@pytest.mark.row("ACC-9")
def test_a_row_stays_as_history_and_a_zone_can_be_joined_again(any_world, person):
    do(any_world, person, actions.join_zone, "xinjiang")
    do(any_world, person, actions.leave_zone, "xinjiang")
    do(any_world, person, actions.join_zone, "xinjiang")
    rows = worlds.rows(any_world, "SELECT status FROM zone_membership ORDER BY id")
    assert sorted(row["status"] for row in rows) == ["joined", "left"]


@pytest.mark.row("ACC-9")
def test_zones_are_found_by_their_name_their_platforms_and_in_both_languages(world):
    someone = registering.sign_up(world)

    def found(text: str) -> list[str]:
        return [zone.id for zone in world.engine.ask(queries.zones, someone, text=text)]

    assert found("") == ["xinjiang", "nationwide"]
    assert found("新疆") == found("xinjiang ZONE") == ["xinjiang"]
    assert found("阳光采购平台") == ["nationwide"]
    assert found("没有这样的专区") == []


REFUSED = {
    "join twice": (actions.join_zone, "xinjiang", actions.JoinedAlready),
    "leave what one is not in": (actions.leave_zone, "nationwide", actions.NotInZone),
    "prefer what one is not in": (actions.set_default_zone, "nationwide", actions.NotInZone),
    "join what does not exist": (actions.join_zone, "nowhere", errors.NotFound),
}


@pytest.mark.row("ACC-9")
@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_leaves_no_trace(world, case):
    someone = registering.sign_up(world)
    do(world, someone, actions.join_zone, "xinjiang")
    action, zone_id, refusal = REFUSED[case]
    with worlds.unchanged(world), pytest.raises(refusal):
        do(world, someone, action, zone_id)


@pytest.mark.row("ACC-9")
def test_a_closed_zone_takes_nobody_new_and_keeps_who_is_in(world):
    inside, outside = (registering.sign_up(world, f"1380013800{n}") for n in (1, 2))
    do(world, inside, actions.join_zone, "xinjiang")
    body = {
        "label": {"zh": "新疆专区", "en": "Xinjiang zone"},
        "text": {"zh": "新疆", "en": "Xinjiang"},
        "platforms": ["guangzheng"],
        "open": False,
    }
    malls.put(world, "zone", "xinjiang", body)
    with worlds.unchanged(world), pytest.raises(actions.ZoneClosed):
        do(world, outside, actions.join_zone, "xinjiang")
    assert mine(world, inside) == [("xinjiang", True)]


@pytest.mark.row("ACC-9")
def test_an_account_that_ends_is_in_no_zone(world):
    someone = registering.sign_up(world)
    for zone_id in ("xinjiang", "nationwide"):
        do(world, someone, actions.join_zone, zone_id)
    given = {"account_id": someone.account_id}
    assert world.engine.perform(actions.leave_all_zones, given, actor=worlds.SYSTEM) == 2
    assert mine(world, someone) == []


@pytest.mark.row("ACC-9")
@pytest.mark.guide("G-service-14")
def test_trading_zones_are_managed_on_the_phone(world):
    line = Line.on(world)
    person = line.person(1)
    line.registered(person)
    person.follow_zones()
    [zone] = person.handset.door.ask("mall.my_zones", {})
    assert (zone["id"], zone["default"], zone["platforms"][0]["id"]) == (
        "xinjiang",
        True,
        "guangzheng",
    )
    assert malls.facts(world, "zone.joined")[0].facts["zone_id"] == "xinjiang"


def test_only_a_person_follows_zones(world):
    for actor in (actors.System(job="visitor"), worlds.staff(world)):
        with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
            world.engine.perform(actions.join_zone, {"zone_id": "xinjiang"}, actor=actor)


def test_somebody_in_zones_who_prefers_none_breaks_an_invariant(world):
    someone = registering.sign_up(world)
    do(world, someone, actions.join_zone, "xinjiang")
    assert parties.violations(world) == {}
    worlds.run_sql(world, "UPDATE zone_membership SET preferred = 0")
    assert list(parties.violations(world)) == ["who follows trading zones prefers one of them"]
