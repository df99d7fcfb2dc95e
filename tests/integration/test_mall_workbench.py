"""The workbench: what opens when, the step that is missing, and where binding is found (MAL-3)."""

from __future__ import annotations

from typing import Any

import pytest

from engine import home
from engine.boot import World
from engine.handset.store import KeyMissing
from engine.kernel import clock, texts
from simulations.people import Person
from tests.support import binding, malls, parties, worlds
from tests.support.line import Line

GUARDED = ("contracts", "procurement")


def entries(person: Person) -> dict[str, dict[str, Any]]:
    return {one["code"]: one for one in person.browser.ask("home.workbench", {})["entries"]}


def steps(person: Person) -> dict[str, bool]:
    return {one["code"]: one["done"] for one in person.browser.ask("home.workbench", {})["steps"]}


def missing(person: Person) -> tuple[str, str]:
    """The step that keeps the contracts closed, and where it is taken."""
    found = entries(person)
    [told] = {(found[code]["step"], found[code]["fix"]) for code in GUARDED}
    assert not any(found[code]["enabled"] for code in GUARDED)
    return told


@pytest.mark.row("MAL-3")
@pytest.mark.guide("G-notice-1")
def test_each_missing_step_is_named_until_the_certificate_is_bound(world):
    line = Line.on(world)
    person = line.person(0)
    line.onboarded(person)
    person.sign_in_by_password()
    assert missing(person) == ("apply", "handset/certificates")
    person.order(agency_id="dongfang")
    assert missing(person) == ("download", f"handset/orders/{person.order_id}")
    line.work()
    person.pay()
    line.work(70)
    person.attach()
    line.approve_all()
    person.request_certificate()
    line.work()
    assert person.activate()
    assert missing(person) == ("bind", "mall/binding")
    person.scan_and_confirm(person.show_binding_qr())
    assert all(entries(person)[code]["enabled"] for code in GUARDED)
    assert steps(person)["scan_login"] is False
    ticket_id, qr_text = person.show_login_qr()
    person.scan_and_confirm(qr_text)
    person.finish_login(ticket_id)
    assert all(steps(person).values())
    assert malls.facts(world, "binding.bound")


@pytest.mark.row("MAL-3")
def test_an_expired_certificate_closes_the_workbench_again(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    binding.bind(world, party)
    assert not _closed(world, party)
    worlds.clock_of(world).advance(366 * clock.DAY)
    closed = {"contracts": "apply", "files": "apply", "procurement": "apply"}
    assert _closed(world, party) == closed


def _closed(world: World, party: parties.Party) -> dict[str, str]:
    found = world.engine.ask(home.workbench, party.mall)
    return {one.code: one.step for one in found.entries if not one.enabled}


def labels(person: Person) -> dict[str, str]:
    return {code: texts.text(one["label"], "zh_CN") for code, one in entries(person).items()}


@pytest.mark.row("MAL-3")
@pytest.mark.guide("G-binding-3", "G-binding-6")
def test_purchaser_and_supplier_find_binding_in_their_own_places(world):
    line = Line.on(world)
    purchaser, supplier = line.person(0), line.person(1)
    for one in (purchaser, supplier):
        line.onboarded(one)
        one.sign_in_by_password()
    bought, sold = labels(purchaser), labels(supplier)
    assert bought["user_information"] == "用户信息"
    assert (bought["user_center"], bought["binding_by_scan"]) == ("用户中心", "标证通扫码绑定")
    assert (sold["personal_center"], sold["supplier_binding"]) == (
        "用户中心（个人中心）",
        "扫码绑定",
    )
    assert "supplier_binding" not in bought
    assert "binding_by_scan" not in sold
    for one in (purchaser, supplier):
        assert one.show_binding_qr()
    assert len(malls.facts(world, "ticket.opened")) == 2


@pytest.mark.row("ACC-5", "MAL-3")
@pytest.mark.guide("G-notice-2")
def test_the_certificate_is_on_the_phone_of_who_keeps_it_and_on_no_other(world):
    line = Line.on(world)
    person = line.person(1)
    line.certified(person)
    other = Person(world, person.identity, person.entropy, role=person.role)
    worlds.clock_of(world).advance(2 * clock.HOUR)
    request_id = other.request_code()
    line.work()
    other.sign_in(request_id, other.read_code())
    person.sign_in_by_password()
    qr_text = person.show_binding_qr()
    ticket = other.handset.scan(qr_text)
    with worlds.unchanged(world), pytest.raises(KeyMissing):
        other.handset.confirm(ticket, person.certificate_id, person.identity.pin)
    person.scan_and_confirm(person.show_binding_qr())
    assert malls.facts(world, "binding.bound")
