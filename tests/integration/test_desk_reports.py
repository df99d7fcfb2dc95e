"""The reports on bulk acts, incidents, stops, deliveries and looks behind masks, of what really happened.

In each world the copy follows step by step, is then the one made anew, and says what pandas says of it.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from engine import worker
from engine.boot import World
from engine.bulk import actions as bulk
from engine.incidents import actions as incidents
from engine.incidents import model as stopping
from engine.integrating import actions as integrating
from engine.integrating import jobs as outbox
from engine.kernel import clock
from engine.policies import model as policies
from engine.policies import queries as settings
from engine.records import actions as records
from engine.reports import catalog, scope
from engine.reports.filters import Filters
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from tests.support import (
    bulking,
    certifying,
    deciding,
    machines,
    parties,
    registering,
    worlds,
)
from tests.support.followed import Copied, Row

FLAKY = "https://receiver.example/flaky"


@pytest.fixture
def copied(any_world: World, tmp_path: Path) -> Copied:
    return Copied(any_world, tmp_path)


def later(world: World, ms: int) -> None:
    worlds.clock_of(world).advance(ms)


@pytest.mark.row("OPS-4")
def test_lists_and_their_items_are_counted_as_they_ended(copied: Copied) -> None:
    world = copied.world
    desk = bulking.Desk.of(world)
    cases = [deciding.bare_case(world, "ord_1"), deciding.bare_case(world, "ord_2")]
    cases.append(deciding.bare_case(world, "ord_3", platform_id="yangguang"))
    copied.refresh()
    held = desk.rehearsed("hold", reason="applicant_asked")
    # Somebody else is faster with one of them.
    deciding.take(world, desk.third, cases[0])
    copied.refresh()
    later(world, 4 * clock.MINUTE)
    desk.start(held)
    copied.refresh()
    worker.run_due(world)
    stopped = desk.rehearsed("approve")
    later(world, 10 * clock.MINUTE)
    desk.agree(stopped)
    copied.refresh()
    desk.start(stopped)
    desk.steer(bulk.stop, stopped)
    later(world, clock.MINUTE)
    desk.steer(bulk.drop, desk.rehearsed("hold", reason="applicant_asked"))
    lists = {row["act"]: row for row in copied.rows("bulk_acts", "act")}
    counts = (
        *("lists", "listed_items", "agreed_lists"),
        *("finished_lists", "stopped_lists", "dropped_lists"),
    )
    assert [lists["hold"][one] for one in counts] == [2, 6, 0, 1, 0, 1]
    assert [lists["approve"][one] for one in counts] == [1, 3, 1, 0, 1, 0]
    assert lists["approve"]["second_person_p50_min"] == 10.0
    assert lists["hold"]["to_end_p50_min"] == 4.0
    ended = {
        (row["act"], row["ended_as"]): row["items"]
        for row in copied.rows("bulk_items", "act", "ended_as")
    }
    refused = {code: n for (act, code), n in ended.items() if act == "hold" and code != "done"}
    assert ended["hold", "done"] == 2
    assert ended["approve", "left_alone"] == 3
    assert list(refused.values()) == [1]
    (whole,) = copied.rows("bulk_items")
    assert (whole["items_left"], whole["as_foreseen"], whole["as_foreseen_percent"]) == (3, 2, 66.7)
    copied.check("bulk_acts", "bulk_items")


@pytest.mark.row("OPS-4")
@pytest.mark.row("OPS-7")
def test_staff_of_one_platform_see_its_items_and_the_lists_that_are_all_its_own(
    copied: Copied,
) -> None:
    world = copied.world
    desk = bulking.Desk.of(world)
    deciding.bare_case(world, "ord_1")
    mine = worlds.staff(world, Role.LEAD, scope_kind="platform", scope_id="yangguang")
    deciding.bare_case(world, "ord_2", platform_id="yangguang")
    for wanted in ({}, {"who": mine}):
        found = desk.rehearsed("hold", reason="applicant_asked", **wanted)
        desk.start(found, wanted.get("who"))
        worker.run_due(world)

    def seen(name: str) -> list[Row]:
        filters = scope.narrowed(mine, catalog.load(name), Filters())
        return copied.rows(name, "platform", filters=filters)

    assert [(row["platform"], row["lists"]) for row in seen("bulk_acts")] == [("yangguang", 1)]
    assert [(row["platform"], row["items"]) for row in seen("bulk_items")] == [("yangguang", 2)]
    assert copied.rows("bulk_acts")[0]["lists"] == 2
    for name in ("incidents", "issuing_stops", "deliveries", "reveals"):
        with pytest.raises(scope.ReportBeyondScope):
            seen(name)


@pytest.mark.row("OPS-6")
def test_hours_without_issuing_are_counted_once_for_each_ca(copied: Copied) -> None:
    world = copied.world
    one, other = worlds.staff(world, Role.LEAD), worlds.staff(world, Role.AGENCY_REVIEWER)

    def do(action: Any, who: Any = one, **given: Any) -> Any:
        return world.engine.perform(action, given, actor=who)

    party = certifying.approved(world, parties.Reviewers.of(world))
    certifying.request(world, party)
    found = do(incidents.open_incident, kind="misissuance", title="签发前的材料与登记不符")
    copied.refresh()
    given = {"reason": "密钥核查", "incident_id": found.id}
    first = do(incidents.stop_issuing, agency_id="dongfang", **given)
    later(world, clock.HOUR)
    second = do(incidents.stop_issuing, agency_id=stopping.ALL, **given)
    copied.refresh()
    for stop in (second, first):
        later(world, clock.HOUR)
        do(incidents.ask_to_lift, stop_id=stop.id, reason="核查完成")
        do(incidents.lift_stop, other, stop_id=stop.id)
    parties.settle(world)
    do(incidents.contain_incident, incident_id=found.id)
    told = {"summary": "核查", "cause": "规则有漏", "lessons": "双人复核"}
    do(incidents.describe_incident, incident_id=found.id, **told)
    do(incidents.close_incident, incident_id=found.id)
    do(incidents.open_incident, other, kind="service_down", title="签发服务中断")
    later(world, 5 * clock.HOUR)
    registering.sign_up(world)
    hours = {row["agency"]: row for row in copied.rows("issuing_stops", "agency")}
    assert (
        hours.keys()
        == world.engine.ask(settings.all_in_force, worlds.SYSTEM, policies.CertificateAgency).keys()
    )
    for agency, row in hours.items():
        own = agency == "dongfang"
        assert (row["stops"], row["hours_stopped"]) == ((2, 3.0) if own else (1, 1.0)), agency
        assert row["orders_waited"] == (2 if own else 0), agency
    kinds = {row["incident_kind"]: row for row in copied.rows("incidents", "incident_kind")}
    assert (kinds["misissuance"]["closed"], kinds["misissuance"]["contain_p50_h"]) == (1, 3.0)
    assert kinds["misissuance"]["contained_in_time_percent"] == 100.0
    # Four hours are over.
    assert kinds["service_down"]["contained_in_time_percent"] == 0.0
    limited = Filters(agencies=("nanfang",))
    assert [row["hours_stopped"] for row in copied.rows("issuing_stops", filters=limited)] == [1.0]
    copied.check("incidents", "issuing_stops")


@pytest.mark.row("OPS-6")
def test_a_stop_that_holds_counts_up_to_the_end_of_the_span(copied: Copied) -> None:
    world = copied.world
    lead = worlds.staff(world, Role.LEAD)
    given = {"agency_id": "dongfang", "reason": "密钥核查"}
    begun = world.engine.perform(incidents.stop_issuing, given, actor=lead).stopped_at
    later(world, 9 * clock.HOUR)
    registering.sign_up(world)
    (row,) = copied.rows("issuing_stops", filters=Filters(to_ms=begun + 2 * clock.HOUR))
    assert (row["stops"], row["stops_lifted"], row["hours_stopped"]) == (1, 0, 2.0)
    assert copied.rows("issuing_stops")[0]["hours_stopped"] == 9.0


@pytest.mark.row("API-1")
def test_deliveries_are_followed_although_the_log_tells_nothing_of_them(copied: Copied) -> None:
    world = copied.world
    office = machines.office(world)
    client = office.client()
    steady = office.endpoint(client, kinds=("account.registered",))
    later(world, clock.MINUTE)
    office.endpoint(client, FLAKY, kinds=("account.registered",))
    office.test(steady.endpoint_id)
    for number in range(6):
        registering.sign_up(world, f"1390013900{number}")
    (row,) = copied.rows("deliveries")
    assert (row["sent"], row["delivered_events"], row["waiting_deliveries"]) == (12, 0, 12)
    assert row["within_a_minute_percent"] is None
    head = worlds.rows(world, "SELECT MAX(seq) AS seq FROM event")
    machines.run_until(world, world.engine.now() + clock.DAY)
    assert worlds.rows(world, "SELECT MAX(seq) AS seq FROM event") == head
    by_endpoint = {row["endpoint"]: row for row in copied.rows("deliveries", "endpoint")}
    first, second = (by_endpoint[f"receiver.example #{number}"] for number in (1, 2))
    assert (first["delivered_events"], first["first_try"], first["tries_made"]) == (6, 6, 6)
    assert first["within_a_minute_percent"] == 100.0
    tries = worlds.rows(
        world,
        "SELECT COUNT(*) AS n FROM webhook_attempt a JOIN webhook_delivery d ON d.id = a.delivery_id"
        f" WHERE d.endpoint_id <> '{steady.endpoint_id}'",
    )[0]["n"]
    assert (second["sent"], second["delivered_events"], second["tries_made"]) == (6, 6, tries)
    assert tries > 6
    # What is sent once more was taken when it was taken.
    delivery = office.deliveries(steady.endpoint_id)[-1]
    given = {"delivery_id": delivery.id}
    world.engine.perform(integrating.replay, given, actor=office.maker)
    copied.refresh()
    worker.tick(world, owner="test")
    copied.check("deliveries")
    assert copied.rows("deliveries")[0]["delivered_events"] == 12
    # Thirty days after their end they are forgotten; what came later stays.
    later(world, 20 * clock.DAY)
    registering.sign_up(world, "13900139008")
    machines.run_until(world, world.engine.now() + clock.DAY)
    later(world, 10 * clock.DAY)
    assert outbox.look_after(world) > 0
    registering.sign_up(world, "13900139009")
    assert copied.rows("deliveries")[0]["sent"] == 2
    copied.check("deliveries")


@pytest.mark.row("API-1")
def test_what_is_given_up_is_counted_as_that(copied: Copied) -> None:
    world = copied.world
    office = machines.office(world)
    made = office.endpoint(office.client(), kinds=("account.registered",))
    registering.sign_up(world, "13900139000")
    copied.refresh()
    world.engine.perform(
        integrating.remove_endpoint, {"endpoint_id": made.endpoint_id}, actor=office.maker
    )
    (row,) = copied.rows("deliveries", "tries_needed")
    assert (row["tries_needed"], row["given_up"]) == ("5_not_taken", 1)
    assert (row["within_a_minute_percent"], row["tries_made"]) == (0.0, 0)
    copied.check("deliveries")


@pytest.mark.row("OPS-6")
@pytest.mark.row("SEC-1")
def test_looks_behind_masks_are_counted_and_name_nobody(copied: Copied) -> None:
    world = copied.world
    person = registering.sign_up(world, "13800138000")
    registering.prove(world, person)
    account = person.account_id
    both = worlds.staff(world, Role.LEAD, Role.AUDITOR)
    plain = worlds.staff(world, Role.PLATFORM_REVIEWER)

    def look(who: Any, column: str, ground: str) -> None:
        given = {"record_id": account, "place": f"account|{column}|{account}", "ground": ground}
        world.engine.perform(records.reveal, given, actor=who)

    look(both, "phone", "customer_call")
    copied.refresh()
    # A role that is granted afterwards was not theirs when they looked.
    later(world, clock.MINUTE)
    administrator = worlds.staff(world, Role.ADMINISTRATOR)
    administrator = dataclasses.replace(administrator, second_factor_at=world.engine.now())
    given = {"staff_id": plain.staff_id, "role": Role.FINANCE}
    look(plain, "phone", "customer_call")
    look(plain, "name", "customer_call")
    later(world, clock.MINUTE)
    world.engine.perform(staffing.grant_role, given, actor=administrator)
    told = {
        (row["field"], row["record_kind"], row["staff_role"]): row["reveals"]
        for row in copied.rows("reveals", "field", "record_kind", "staff_role")
    }
    roles = "|".join(sorted((Role.LEAD, Role.AUDITOR)))
    assert told == {
        ("column.phone", "acc", roles): 1,
        ("column.phone", "acc", str(Role.PLATFORM_REVIEWER)): 1,
        ("column.person_name", "acc", str(Role.PLATFORM_REVIEWER)): 1,
    }
    copied.check("reveals")
    with copied.open() as copy:
        columns = [row[0] for row in copy.execute("DESCRIBE reveal_fact").fetchall()]
        kept = copy.execute("SELECT * FROM reveal_fact").fetchall()
        cases = catalog.cases(copy, catalog.load("reveals"))
    assert columns == ["id", "field", "ground", "record_kind", "roles", "revealed_at"]
    for said in (repr(kept), repr(cases.rows)):
        for secret in (account, both.staff_id, plain.staff_id, "13800138000"):
            assert secret not in said
