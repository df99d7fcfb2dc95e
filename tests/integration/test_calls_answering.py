"""A caller's number in: each open matter, where it stands, what comes next, and what to say (OPS-8)."""

from __future__ import annotations

import re

import pytest

from engine.boot import World
from engine.boot.matters import MATTERS
from engine.calls import actions, queries
from engine.kernel import actors, clock, codec, errors
from engine.kernel.notes import Mover
from engine.policies import model as policies
from engine.policies import queries as settings
from engine.registration import actions as registration
from engine.registration import queries as people
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import calling, deciding, parties, registering, trading, worlds
from tests.support.line import Line

PHONE = "13800138000"
MOVERS = {code: mover for stage in MATTERS for code, mover in stage.movers.items()}


def test_whatever_can_stand_open_has_its_sentences_and_nothing_else_has():
    said = {name for kind, name, _ in settings.declared() if kind == policies.CallSaying.KIND}
    assert said == MOVERS.keys()


def test_every_matter_has_a_name_without_anybody_s_name():
    for kind, code, saying in settings.declared():
        if isinstance(saying, policies.CallSaying):
            told = [saying.plain_title(language) for language in ("zh_CN", "en")]
            assert all(told), code
            assert not set("".join(told)) & set("（）()：:"), (kind, code)


def test_a_sentence_fills_in_nothing_that_is_not_known():
    body = {"zh": "{name}", "en": "{name}"}
    fields = dict.fromkeys(("title", "stands", "next", "say"), body)
    policies.CallSaying.model_validate_json(_json(fields))
    for wrong in ({"zh": "{pin}", "en": "{pin}"}, {"zh": "{name}", "en": ""}):
        with pytest.raises(ValueError):
            policies.CallSaying.model_validate_json(_json(fields | {"say": wrong}))


def _json(body: dict[str, dict[str, str]]) -> str:
    return codec.canonical(body)


@pytest.mark.row("OPS-8")
def test_an_order_is_told_of_step_by_step(any_world: World) -> None:
    line = Line.on(any_world)
    agent = calling.agent(any_world)
    person = line.person(0)
    seen: list[str] = []

    def call() -> None:
        caller = calling.answer(any_world, agent, person.identity.phone)
        seen.extend(code for code in calling.codes(caller) if code not in seen)
        told = "\n".join(calling.texts(caller))
        assert person.identity.phone not in told
        assert person.identity.name not in told
        assert not re.search(r"[{}]|[a-z]{3}_[0-9a-z]{10}", told)
        assert caller.phone == "139****0000"

    line.registered(person)
    call()
    person.claim()
    call()
    line.approve_all()
    person.know_enterprise()
    person.onboard()
    person.order(agency_id="dongfang")
    line.work()
    call()
    person.pay()
    line.work(70)
    call()
    person.attach()
    call()
    line.approve_all()
    call()
    person.request_certificate()
    call()
    line.work()
    call()
    assert person.activate()
    line.work()
    call()
    assert [code for code in seen if code.startswith(("order", "certificate"))] == [
        "order_awaiting_payment",
        "order_awaiting_papers",
        "order_platform_review",
        "order_awaiting_download",
        "certificate_requested",
        "certificate_issued",
    ]
    assert "claim_in_review" in seen
    assert "seal_certificate_missing" in seen
    # Looking somebody up left a fact each time, by whom and of whom.
    assert worlds.kinds(any_world).count("call.began") == 9


@pytest.mark.row("OPS-8")
def test_a_review_says_when_it_should_be_done_and_when_it_is_late(world: World) -> None:
    person = registering.sign_up(world)
    registering.prove(world, person)
    registering.claim(world, person)
    agent = calling.agent(world)
    told = calling.matter(calling.answer(world, agent, PHONE), "claim_in_review")
    assert told.mover is Mover.STAFF
    assert told.expected_at is not None
    assert not told.late
    assert "预计" in told.say.zh
    assert "answer by" in told.say.en
    worlds.clock_of(world).advance(14 * clock.DAY)
    told = calling.matter(calling.answer(world, agent, PHONE), "claim_in_review")
    assert told.late
    assert "久等" in told.say.zh
    assert "sorry" in told.say.en


def _ask_for_proof(world: World, who: actors.Person, sequence: str) -> None:
    given = {
        "way": "alipay",
        "name": registering.NAME,
        "resident_id": registering.resident_id(sequence=sequence),
        "face": registering.PNG,
    }
    world.engine.perform(registration.prove_name, given, actor=who)


def test_what_a_provider_does_is_expected_as_the_last_ones_were(world: World) -> None:
    agent = calling.agent(world)
    for number in range(6):
        one = registering.sign_up(world, f"1380013900{number}")
        _ask_for_proof(world, one, f"{number + 11:03d}")
        worlds.clock_of(world).advance(90 * clock.SECOND)
        parties.settle(world, rounds=1)
    waiting = registering.sign_up(world, PHONE)
    _ask_for_proof(world, waiting, "018")
    told = calling.matter(calling.answer(world, agent, PHONE), "proof_requested")
    assert told.mover is Mover.OUTSIDE
    assert told.expected_at is not None
    assert told.expected_at - told.matter.since == 90 * clock.SECOND
    # After the usual time nothing is promised any more.
    worlds.clock_of(world).advance(5 * clock.MINUTE)
    told = calling.matter(calling.answer(world, agent, PHONE), "proof_requested")
    assert told.expected_at is None
    assert not told.late


@pytest.mark.row("OPS-8")
def test_a_contract_is_told_to_each_side_as_theirs(world: World) -> None:
    found = trading.trade(world)
    contract = trading.draft(world, found)
    agent = calling.agent(world)
    parts = (found.purchaser, found.supplier)
    numbers = [registering.own_number(world, party.person) for party in parts]

    def told() -> list[str]:
        codes = [calling.codes(calling.answer(world, agent, number)) for number in numbers]
        return [code for side in codes for code in side if code.startswith("contract")]

    assert told() == ["contract_to_sign", "contract_to_sign"]
    trading.sign(world, found.purchaser, contract.id)
    assert told() == ["contract_other_signs", "contract_to_sign"]
    trading.sign(world, found.supplier, contract.id)
    assert told() == ["contract_to_submit", "contract_other_submits"]


@pytest.mark.row("OPS-8")
def test_a_caller_is_found_by_phone_resident_id_and_order_number(world: World) -> None:
    party = parties.order(world, parties.enterprise(world, parties.Reviewers.of(world)))
    (order,) = worlds.rows(world, "SELECT number FROM certificate_order")
    phone = world.engine.ask(people.person_phone, worlds.SYSTEM, party.person.account_id)
    own_number = registering.own_number(world, party.person)
    agent = calling.agent(world)
    for number in (f"+86 {phone[:3]} {phone[3:]}", order["number"].lower(), own_number.lower()):
        caller = calling.answer(world, agent, number)
        assert caller.call.account_id == party.person.account_id
        assert phone not in str(caller)
    with pytest.raises(queries.NumberUnreadable):
        calling.answer(world, agent, "王小明")


def test_a_number_of_nobody_is_written_down_too(world: World) -> None:
    agent = calling.agent(world)
    caller = calling.answer(world, agent, PHONE)
    assert (caller.phone, caller.matters, caller.call.account_id) == ("138****8000", (), None)
    assert calling.answer(world, agent, "CA2026010100001").phone == ""


@pytest.mark.row("OPS-8")
@pytest.mark.row("S-PI-3")
def test_only_who_answers_calls_looks_callers_up(world: World) -> None:
    registering.sign_up(world, PHONE)
    agent, colleague = calling.agent(world), calling.agent(world)
    caller = calling.answer(world, agent, PHONE)
    others = [Role.ENTERPRISE_REVIEWER, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR]
    for role in others:
        stranger = worlds.staff(world, role)
        with pytest.raises(MayNot), worlds.unchanged(world):
            calling.answer(world, stranger, PHONE)
        with pytest.raises(MayNot):
            calling.again(world, stranger, caller)
    with pytest.raises(errors.NotFound):
        calling.again(world, colleague, caller)
    worlds.clock_of(world).advance(clock.HOUR)
    with pytest.raises(queries.CallOver):
        calling.again(world, agent, caller)
    assert world.engine.ask(queries.my_open_call, agent) is None


@pytest.mark.row("OPS-8")
def test_who_answers_for_one_platform_sees_nothing_of_another(world: World) -> None:
    party = parties.order(world, parties.enterprise(world, parties.Reviewers.of(world)))
    phone = registering.own_number(world, party.person)
    here = calling.agent(world, scope_kind="platform", scope_id="guangzheng")
    elsewhere = calling.agent(world, scope_kind="platform", scope_id="yangguang")
    assert "order_awaiting_payment" in calling.codes(calling.answer(world, here, phone))
    assert "order_awaiting_payment" not in calling.codes(calling.answer(world, elsewhere, phone))


@pytest.mark.row("OPS-8")
def test_nobody_answers_themself(world: World) -> None:
    registering.sign_up(world, PHONE)
    agent = calling.agent(world)
    administrator = deciding.reviewer(world, Role.ADMINISTRATOR)
    given = {"staff_id": agent.staff_id, "name": "陈客服", "phone": PHONE}
    world.engine.perform(staffing.change_staff, given, actor=administrator)
    with pytest.raises(actions.OwnAccount), worlds.unchanged(world):
        calling.answer(world, agent, PHONE)


@pytest.mark.row("OPS-8")
def test_nobody_leafs_through_the_customers(world: World) -> None:
    registering.sign_up(world, PHONE)
    agent = calling.agent(world)
    with world.engine.reader(worlds.SYSTEM) as q:
        most = q.policy(policies.CallRules).lookups_per_hour
    for _ in range(most):
        calling.answer(world, agent, PHONE)
    with pytest.raises(actions.TooManyLookups), worlds.unchanged(world):
        calling.answer(world, agent, PHONE)
    worlds.clock_of(world).advance(clock.HOUR)
    assert calling.answer(world, agent, PHONE)
