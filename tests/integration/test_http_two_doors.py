"""One scenario through two doors, in process and over HTTP, ends in the same digest."""

from __future__ import annotations

from typing import Any

import pytest

from engine import boot
from engine.boot import World
from engine.http.doors import DirectDoor
from engine.issuing import proofs
from engine.kernel import actors, ids
from engine.kernel.engine import SecondFactorNeeded
from simulations.people import Identity, Person
from tests.support import parties, registering, web, worlds

SOMEBODY = Identity(
    name=registering.NAME,
    resident_id=registering.resident_id(),
    phone="13800138000",
    bank_card="6222021234567890128",
    enterprise="新疆天山净水科技有限公司",
    uscc=registering.credit_code(),
    legal_representative=registering.NAME,
)


def _person(world: World, door: type[DirectDoor] | None, visitor: Any) -> Person:
    person = Person(world=world, identity=SOMEBODY, entropy=ids.seeded(7, "phone"))
    if door is None:
        person.handset.door = web.HttpDoor(visitor)
        person.browser = web.HttpDoor(visitor)  # type: ignore[assignment]
    else:
        # Both come from one place: limits are counted by it, and the counts are part of the digest.
        here = actors.Source(address=web.LOOPBACK[0])
        assert isinstance(person.handset.door, DirectDoor)
        person.handset.door.source = person.browser.source = here
    return person


def _scenario(world: World, person: Person) -> None:
    """From the first SMS to an active, bound certificate, a scan login and an invoice."""
    reviewers = parties.Reviewers.of(world)
    request_id = person.request_code()
    parties.settle(world, rounds=1)
    person.sign_in(request_id, person.read_code())
    person.prove_name()
    parties.settle(world, rounds=1)
    claim = person.claim()
    parties.settle(world, rounds=1)
    parties.approve_claim(world, claim["id"], reviewers)
    person.know_enterprise()
    person.onboard()
    person.order(agency_id="dongfang")
    parties.settle(world, rounds=1)
    person.pay()
    parties.settle(world)
    person.attach()
    parties.approve(world, "certificate_platform", person.order_id, reviewers.platform)
    parties.approve(world, "certificate_ca", person.order_id, reviewers.agency)
    with pytest.raises(SecondFactorNeeded):
        person.request_certificate()
    request_id = person.request_step_up()
    parties.settle(world, rounds=1)
    person.step_up(request_id)
    person.request_certificate()
    parties.settle(world, rounds=1)
    assert person.activate()
    person.sign_in_by_password()
    qr_text = person.show_binding_qr()
    with pytest.raises(proofs.WrongPin):
        person.scan_and_confirm(qr_text, pin="135790")
    person.scan_and_confirm(qr_text)
    ticket_id, qr_text = person.show_login_qr()
    person.scan_and_confirm(qr_text)
    person.finish_login(ticket_id)
    person.invoice()
    parties.settle(world, rounds=1)


def test_one_scenario_through_both_doors_ends_in_the_same_digest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    digests, kinds = [], []
    for door in (DirectDoor, None):
        world = boot.memory_world()
        visitor = web.browser(web.application(world, monkeypatch))
        _scenario(world, _person(world, door, visitor))
        digests.append(worlds.digest(world))
        kinds.append(worlds.kinds(world))
        world.close()
    assert kinds[0] == kinds[1]
    assert digests[0] == digests[1]
    assert {"certificate.activated", "binding.bound", "mall_account.signed_in"} <= set(kinds[0])
