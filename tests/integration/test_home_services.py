"""The services of the phone's home, each open or greyed with its reason, and the payments (ACC-9)."""

from __future__ import annotations

from typing import Any

import pytest

from engine import home
from engine.boot import World
from engine.home import at_pc, on_phone
from engine.kernel import actors, errors, texts
from engine.registration import model as registration
from simulations.people import Person
from tests.support import malls, parties, registering, worlds
from tests.support.line import Line
from tools import docs, locales


def services(world: World, person: actors.Person) -> dict[str, home.Service]:
    return {one.code: one for one in world.engine.ask(home.services, person)}


def reasons(world: World, person: actors.Person) -> dict[str, str]:
    """The services that are greyed for want of something the person can do, and why."""
    return {code: one.reason for code, one in services(world, person).items() if not one.enabled}


@pytest.mark.row("ACC-9")
def test_every_function_of_the_guide_has_a_service_under_its_own_words(world):
    shown = {
        texts.text(one.group_label, "zh_CN")
        for one in services(world, registering.sign_up(world)).values()
    }
    wanted = {
        label
        for step in docs.load_guide().step
        if step.id.startswith("G-service-")
        for label in step.labels
    }
    assert shown == wanted
    assert len(shown) == 15


@pytest.mark.row("ACC-9")
def test_a_service_is_greyed_with_the_first_precondition_that_fails(world):
    reviewers = parties.Reviewers.of(world)
    someone = registering.sign_up(world, "13800139000")
    first = reasons(world, someone)
    assert set(first.values()) == {"home.real_name_missing"}
    assert {"certificates", "seals", "new_seal", "members", "scan_login"} <= first.keys()
    registering.prove(world, someone, registering.resident_id(sequence="444"))
    assert set(reasons(world, someone).values()) == {"home.enterprise_missing"}
    assert services(world, someone)["enterprises"].enabled
    party = parties.enterprise(world, reviewers)
    assert reasons(world, party.person) == {
        "delegation": "home.certificate_missing",
        "scan_decryption": "home.certificate_missing",
        "scan_file": "home.certificate_missing",
        "scan_login": "home.certificate_missing",
        "scan_signing": "home.certificate_missing",
    }
    party = parties.certified(world, reviewers, number=2, name="新疆天池有限公司")
    assert reasons(world, party.person) == {}


@pytest.mark.row("ACC-9")
def test_who_is_no_administrator_applies_for_no_seal(world):
    party = parties.enterprise(world, parties.Reviewers.of(world))
    worlds.run_sql(
        world,
        "UPDATE membership SET role = ? WHERE account_id = ?",
        registration.MemberRole.SEAL_USER.value,
        party.person.account_id,
    )
    found = services(world, party.person)
    assert (found["new_seal"].enabled, found["new_seal"].reason) == (
        False,
        "home.administrator_only",
    )
    assert found["seals"].enabled


@pytest.mark.row("ACC-9")
def test_invoices_titles_addresses_and_services_are_open_to_everybody_at_once(world):
    found = services(world, registering.sign_up(world))
    named = {"invoices", "invoice_titles", "addresses", "services", "service_orders"}
    assert all(found[code].enabled for code in named)
    assert found["addresses"].group == "invoicing"


def test_every_text_of_the_home_has_its_chinese():
    chinese = locales.catalogue()
    told = {check.why for check in on_phone._CHECKS.values()}
    told |= {check.reason for check in on_phone._CHECKS.values()}
    told |= set(on_phone._GROUPS.values()) | {label for _, label, *_ in on_phone._SERVICES}
    told |= {text for pair in at_pc._STEPS.values() for text in pair if text}
    told |= {label for _, label, *_ in at_pc._ENTRIES}
    told |= {f"home.missing_{step}" for step in list(at_pc._STEPS)[:-1]}
    assert told - chinese.keys() == set()


def test_services_are_a_signed_in_persons_and_the_workbench_an_accounts(world):
    party = parties.enterprise(world, parties.Reviewers.of(world))
    with pytest.raises(errors.NotPermitted):
        world.engine.ask(home.services, party.mall)
    with pytest.raises(errors.NotPermitted):
        world.engine.ask(home.workbench, party.person)


# -- the guide's list of what the app offers, through a door ------------------------------------


def offered(person: Person, group: str) -> list[dict[str, Any]]:
    """The services of a function of the guide that are open."""
    found = person.handset.door.ask("home.services", {})
    return [
        one for one in found if texts.text(one["group_label"], "zh_CN") == group and one["enabled"]
    ]


@pytest.mark.row("ACC-1", "IDV-1", "ACC-9")
@pytest.mark.guide("G-service-1", "G-service-2", "G-service-3")
def test_the_app_offers_registration_identity_and_a_home(world):
    line = Line.on(world)
    person = line.person(0)
    line.registered(person)
    assert [one["link"] for one in offered(person, "注册登录")] == ["account"]
    assert [one["link"] for one in offered(person, "身份认证")] == ["real-name"]
    assert [one["code"] for one in offered(person, "移动端首页")] == ["todos", "announcements"]
    assert malls.facts(world, "account.registered")
    assert malls.facts(world, "account.named")


@pytest.mark.row("ACC-9")
@pytest.mark.guide("G-service-10")
def test_payments_tell_amount_state_receipt_and_how_far_a_refund_is(world):
    line = Line.on(world)
    person = line.person(0)
    line.onboarded(person)
    assert [one["link"] for one in offered(person, "支付管理")] == ["payments"]
    assert person.handset.door.ask("ordering.my_payments", {}) == []
    person.order(agency_id="dongfang")
    line.work()
    [asked] = person.handset.door.ask("ordering.my_payments", {})
    assert (asked["status"], asked["receipt"], asked["refund"]) == ("opened", None, "none")
    person.pay()
    line.work(70)
    [paid] = person.handset.door.ask("ordering.my_payments", {})
    assert paid["receipt"]["amount_fen"] == paid["amount_fen"] == 20_000
    assert paid["receipt"]["number"]
    assert "*" in paid["receipt"]["payer"]
    person.handset.door.perform(
        "ordering.cancel", {"order_id": person.order_id}, key="take it back"
    )
    [going] = person.handset.door.ask("ordering.my_payments", {})
    assert (going["refund"], going["order_status"]) == ("running", "cancelled")
    line.work()
    line.work(70)
    line.work(70)
    [gone] = person.handset.door.ask("ordering.my_payments", {})
    assert (gone["refund"], gone["refunded_at"] is not None) == ("done", True)
    assert malls.facts(world, "payment.refunded")


@pytest.mark.row("MSG-1", "ACC-9")
@pytest.mark.guide("G-service-13", "G-service-15")
def test_messages_and_the_services_of_the_app_are_one_tap_away(world):
    line = Line.on(world)
    person = line.person(0)
    line.registered(person)
    assert [one["link"] for one in offered(person, "消息管理")] == ["messages"]
    codes = [one["code"] for one in offered(person, "应用服务")]
    assert codes == ["services", "service_orders", "help", "downloads"]
    [message] = person.handset.door.ask("messaging.mine", {})
    person.handset.door.perform("messaging.read", {"message_id": message["id"]}, key="read it")
    assert malls.facts(world, "message.read")[0].subject == message["id"]
