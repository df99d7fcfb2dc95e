"""Who comes when: drawn per entity, from the scenario's curve."""

from __future__ import annotations

import collections
import datetime

import pytest

from engine.kernel import catalog, clock
from simulations import personas, population, scenario
from simulations.personas import Truth
from tests.unit.simulations.test_population import REGIONS

BUSY = scenario.load(catalog.DATA / "scenarios" / "busy.toml")
QUIET = scenario.load(catalog.DATA / "scenarios" / "quiet_day.toml")


def casting(plan: scenario.Scenario, seed: int = 7) -> personas.Casting:
    return personas.Casting(plan, seed, population.Population(seed, plan.reference, REGIONS))


def test_people_come_only_in_hours_that_have_a_weight() -> None:
    crowd = casting(QUIET)
    cast = [crowd.persona(index) for index in range(400)]
    for persona in cast:
        moment = clock.to_datetime(persona.arrives_at).astimezone(clock.SHANGHAI)
        assert moment.date() == QUIET.reference
        assert 7 <= moment.hour < 15
    by_hour = collections.Counter(
        clock.to_datetime(one.arrives_at).astimezone(clock.SHANGHAI).hour for one in cast
    )
    assert by_hour[9] > by_hour[7]


def test_shares_are_about_what_the_scenario_says() -> None:
    crowd = casting(BUSY)
    cast = [crowd.persona(index) for index in range(3_000)]
    assert sum(one.role == "purchaser" for one in cast) / 3_000 == pytest.approx(0.35, abs=0.04)
    truths = collections.Counter(one.truth for one in cast)
    assert truths[Truth.UNDER_AGE] / 3_000 == pytest.approx(0.02, abs=0.012)
    assert truths[Truth.WRONG_ID] / 3_000 == pytest.approx(0.06, abs=0.02)
    represents = sum(one.person.name == one.enterprise.legal_representative for one in cast)
    assert represents / 3_000 == pytest.approx(0.55, abs=0.05)
    assert sum(one.conduct.gives_up for one in cast) / 3_000 == pytest.approx(0.12, abs=0.03)


def test_a_knob_moves_only_what_it_is_for() -> None:
    other = BUSY.model_copy(
        update={"behaviour": BUSY.behaviour.model_copy(update={"wrong_pin": 1.0})}
    )
    for index in range(50):
        one, two = casting(BUSY).persona(index), casting(other).persona(index)
        assert (one.person, one.enterprise, one.arrives_at) == (
            two.person,
            two.enterprise,
            two.arrives_at,
        )
        assert two.conduct.wrong_pin
        assert one.conduct.gives_up == two.conduct.gives_up


def test_the_reference_date_is_a_parameter() -> None:
    moved = QUIET.at(QUIET.reference + datetime.timedelta(days=7), 1)
    one, two = casting(QUIET).persona(3), casting(moved).persona(3)
    assert two.arrives_at - one.arrives_at == 7 * clock.DAY
