"""National certificates are sold, and taken by a national QR, by one rule: the trust list (PKI-4)."""

from __future__ import annotations

import json

import pytest

from engine import worker
from engine.binding import actions as binding_actions
from engine.kernel import clock, ids, texts
from engine.ordering import actions, queries
from engine.pki import keys
from engine.policies import checking
from engine.policies import model as policies
from engine.trusting import queries as trusting
from tests.integration.test_ordering_products import OWN
from tests.integration.test_trust_list import change
from tests.support import binding, ordering, parties, registering, worlds
from tests.support.worlds import SYSTEM


def offering(world, who, product="enterprise"):
    with world.engine.reader(who) as q:
        return queries.offers(q, platform_id="yangguang", product=product)


def recognise(world, agency_id, status):
    change(world, agency_id, status=status)
    worker.run_due(world)


@pytest.mark.row("CRT-1")
@pytest.mark.row("PKI-4")
@pytest.mark.parametrize(
    ("status", "zh"), [("suspended", "全国互认资格已暂停"), ("withdrawn", "全国互认资格已取消")]
)
def test_ordering_and_binding_ask_the_same_list_and_both_say_why(any_world, status, zh):
    world = any_world
    reviewers = parties.Reviewers.of(world)
    party = binding.certified(world, reviewers, kind="national")
    before = {one.agency_id: one for one in offering(world, party.person).offers}
    assert before["dongfang"].certificate_kinds == ("platform", "national")
    assert before["dongfang"].national_refused is None
    recognise(world, "dongfang", status)
    after = {one.agency_id: one for one in offering(world, party.person).offers}
    assert after["dongfang"].certificate_kinds == ("platform",)
    assert not after["dongfang"].country_wide
    assert after["dongfang"].national_refused.zh == zh
    assert after["huaxia"].certificate_kinds == ("platform", "national")
    # The certificate that was sold before is refused by the very same entry of the list.
    opened = binding.binding_qr(world, party, binding.NATIONAL)
    binding.scan(world, party, opened)
    refusals = (trusting.RecognitionSuspended, trusting.RecognitionWithdrawn)
    with binding.untouched(world), pytest.raises(refusals):
        binding.confirm(world, party, opened)
    # And so is an order for a new one, whoever sells what: the other CA sells it.
    other = parties.enterprise(
        world, reviewers, number=2, name="新疆昆仑商贸有限公司", platform_id="yangguang"
    )
    choice = {
        "enterprise_id": other.enterprise_id,
        "platform_id": "yangguang",
        "seal_agency_id": "huayin",
        "certificate_kind": "national",
        "years": 1,
    }
    arguments = {**choice, "agency_id": "dongfang"}
    with worlds.unchanged(world), pytest.raises(actions.NotCountryWide) as refused:
        world.engine.perform(actions.place_order, arguments, actor=other.person)
    assert zh in texts.of_error(refused.value, "zh_CN")
    arguments = {**choice, "agency_id": "huaxia"}
    assert world.engine.perform(actions.place_order, arguments, actor=other.person).id


@pytest.mark.row("CRT-3")
@pytest.mark.row("PKI-4")
def test_a_national_one_is_not_renewed_by_a_ca_that_lost_its_recognition(world):
    party = binding.certified(world, parties.Reviewers.of(world), kind="national")
    ends = ordering.certificate(world, party.certificate_id)["not_after"]
    worlds.clock_of(world).set(ends - 30 * clock.DAY)
    parties.settle(world, rounds=1)
    recognise(world, "dongfang", "withdrawn")
    arguments = {"certificate_id": party.certificate_id, "years": 1}
    who = ordering.fresh(world, party.person)
    with worlds.unchanged(world), pytest.raises(actions.NotCountryWide):
        world.engine.perform(actions.renew_certificate, arguments, actor=who)
    recognise(world, "dongfang", "granted")
    assert world.engine.perform(actions.renew_certificate, arguments, actor=who).id


@pytest.mark.row("CRT-1")
def test_a_ca_that_does_not_offer_a_kind_is_shown_with_the_reason(any_world):
    world = any_world
    party = parties.enterprise(world, parties.Reviewers.of(world))
    with world.engine.reader(party.person) as q:
        found = queries.offers(
            q, platform_id="guangzheng", product="individual", business="replacement"
        )
    lacking = {one.agency_id: one.why.zh for one in found.lacking}
    assert lacking == {"nanfang": "该 CA 机构不办理此项业务"}
    assert [one.agency_id for one in found.offers] == ["dongfang"]
    [nanfang] = [
        one
        for one in world.engine.ask(queries.offers, party.person, platform_id="guangzheng").offers
        if one.agency_id == "nanfang"
    ]
    assert nanfang.national_refused.zh == "未列入全国互认名录"


def test_a_setting_from_before_that_says_country_wide_is_still_read(world):
    with world.engine.reader(SYSTEM) as q:
        now = q.policy(policies.CertificateAgency, "nanfang")
    older = {**now.model_dump(mode="json"), "country_wide": True}
    assert policies.CertificateAgency.of_body(json.dumps(older)) == now
    assert checking.read("certificate_agency", older) == now


@pytest.mark.row("CRT-2")
@pytest.mark.row("PKI-4")
def test_a_persons_own_certificate_is_recognised_by_a_national_code_though_it_is_kept_sealed(
    any_world,
):
    world = any_world
    reviewers = parties.Reviewers.of(world)
    person = registering.sign_up(world, "13600136000")
    registering.prove(world, person, registering.resident_id(sequence="036"), name="李小红")
    key = keys.generate(ids.seeded(36, "someone"))
    someone = parties.Party(
        name="李小红", person=person, enterprise_id="", mall=None, key=key, reviewers=reviewers
    )
    parties.settle(world, rounds=1)
    choice = {**OWN, "certificate_kind": "national"}
    placed = world.engine.perform(actions.place_order, choice, actor=person)
    held = ordering.complete(world, someone, placed.id, 36)
    opened = binding.login_qr(world, "yangguang", binding.NATIONAL)
    binding.scan(world, held, opened)
    # Recognized, and bound to nothing: that is what it is told, and that alone.
    with pytest.raises(binding_actions.NeverBound):
        binding.confirm(world, held, opened)
    recognise(world, OWN["agency_id"], "suspended")
    again = binding.login_qr(world, "yangguang", binding.NATIONAL)
    binding.scan(world, held, again)
    with binding.untouched(world), pytest.raises(trusting.RecognitionSuspended):
        binding.confirm(world, held, again)
