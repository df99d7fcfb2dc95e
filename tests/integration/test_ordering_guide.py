"""The guide's preconditions of an application, walked through the phone's door, each with its twin."""

from __future__ import annotations

import pytest

from engine.kernel import errors
from tests.support import worlds
from tests.support.line import Line


@pytest.fixture
def line(world):
    return Line.on(world)


@pytest.mark.row("CRT-1")
@pytest.mark.guide("G-notice-4")
def test_who_is_onboarded_applies_and_who_is_not_is_led_to_onboarding(line):
    person = line.person(1)
    line.registered(person)
    person.claim()
    line.approve_all()
    person.know_enterprise()
    with pytest.raises(errors.EngineError) as refused, worlds.unchanged(line.world):
        person.order(agency_id="dongfang")
    assert refused.value.code == "ordering.not_onboarded"
    assert refused.value.params == {
        "enterprise_id": person.enterprise_id,
        "platform_id": person.platform_id,
    }
    person.onboard()
    person.order(agency_id="dongfang")
    assert "order.placed" in worlds.kinds(line.world)


@pytest.mark.row("CRT-1")
@pytest.mark.guide("G-certificate-2")
def test_without_a_certificate_at_the_platform_one_applies_and_with_one_not(line):
    person = line.person(1)
    line.certified(person)
    assert worlds.kinds(line.world).count("order.placed") == 1
    with pytest.raises(errors.EngineError) as refused, worlds.unchanged(line.world):
        person.order(agency_id="dongfang")
    assert refused.value.code == "ordering.holds_certificate"
