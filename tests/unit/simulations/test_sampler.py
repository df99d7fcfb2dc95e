"""A large sample of synthetic people and enterprises: valid by the registers' rules, spread, plausible."""

from __future__ import annotations

import collections
import datetime
from collections.abc import Callable

import numpy as np
import pytest
from stdnum import luhn
from stdnum.cn import ric, uscc

from engine.kernel import identifiers
from simulations import columns, population, words
from tools.benchmarking import sampler

REFERENCE = datetime.date(2026, 6, 1)
Count = Callable[[int, int], int]


@pytest.fixture(scope="module")
def everybody() -> population.Population:
    return population.Population(11, REFERENCE)


@pytest.mark.row("SIM-1")
def test_a_large_sample_passes_the_registers_checks(
    everybody: population.Population, count: Count
) -> None:
    many = range(count(10_000, 200_000))
    people, enterprises = everybody.people_columns(many), everybody.enterprise_columns(many)
    for numbers, register in (
        (people.resident_ids, ric),
        (enterprises.representative_ids, ric),
        (enterprises.credit_codes, uscc),
        (people.bank_cards, luhn),
    ):
        told = columns.texts_of(numbers)
        assert [number for number in told if not register.is_valid(number)] == []
    assert len(set(columns.texts_of(people.resident_ids))) == len(many)
    assert len(set(columns.texts_of(people.phones))) == len(many)
    assert len(set(columns.texts_of(enterprises.credit_codes))) == len(many)


@pytest.mark.row("SIM-1")
def test_people_are_spread_over_regions_ages_and_sexes(everybody: population.Population) -> None:
    found = everybody.people_columns(range(20_000))
    numbers = columns.texts_of(found.resident_ids)
    regions = collections.Counter(number[:6] for number in numbers)
    assert len(regions) == len(everybody.regions)
    assert max(regions.values()) < 4 * len(numbers) / len(regions)
    births = collections.Counter(int(number[6:10]) for number in numbers)
    assert len(births) >= 47
    # All but the first and the last year, which are parts of one.
    assert max(births.values()) < 1.5 * sorted(births.values())[2]
    assert found.male.mean() == pytest.approx(0.5, abs=0.02)
    for number, male in zip(numbers[:500], found.male.tolist(), strict=False):
        assert int(number[16]) % 2 == male


@pytest.mark.row("SIM-1")
def test_names_are_many_plausible_and_now_and_then_rare(everybody: population.Population) -> None:
    people = everybody.people_columns(range(20_000)).names.tolist()
    enterprises = everybody.enterprise_columns(range(20_000)).names.tolist()
    assert len(set(enterprises)) > 0.99 * len(enterprises)
    assert len(set(people)) > 6_000
    for name in enterprises[:2_000]:
        assert name.endswith(tuple(words.FORMS))
        assert any(trade in name for trade in words.TRADES)
        # As long as a certificate's organization may be.
        assert len(name.encode()) <= 64
    rare = [name for name in people if name[-1] in words.RARE_GIVEN]
    parted = [name for name in people if "·" in name]
    assert 0.01 < len(rare) / len(people) < 0.04
    assert 0.01 < len(parted) / len(people) < 0.03
    seats = [region.zh for region in everybody.seats]
    assert {seat for seat in seats if any(name.startswith(seat) for name in enterprises)} == set(
        seats
    )


def test_a_column_is_what_its_people_are(everybody: population.Population) -> None:
    many = range(1_000, 1_300)
    people, found = everybody.people(many), everybody.people_columns(many)
    assert [one.name for one in people] == found.names.tolist()
    assert [one.phone for one in people] == columns.texts_of(found.phones)
    enterprises, told = everybody.enterprises(many), everybody.enterprise_columns(many)
    assert [one.uscc for one in enterprises] == columns.texts_of(told.credit_codes)
    assert [one.legal_representative for one in enterprises] == told.representatives.tolist()
    for one in people[:50]:
        assert identifiers.id_check_character(one.resident_id[:17]) == one.resident_id[17]
        assert identifiers.luhn_digit(one.bank_card[:-1]) == one.bank_card[-1]
    for two in enterprises[:50]:
        assert identifiers.organization_check_character(two.uscc[8:16]) == two.uscc[16]
        assert identifiers.credit_code_check_character(two.uscc[:17]) == two.uscc[17]


def test_minors_are_minors_as_columns_too(everybody: population.Population) -> None:
    found = everybody.people_columns(range(300), under_age=True)
    years = np.array([int(number[6:10]) for number in columns.texts_of(found.resident_ids)])
    assert (REFERENCE.year - years).max() <= 16


def test_the_benchmark_compares_the_same_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ROUNDS", 1), ("OURS", 2_000), ("THEIRS", 100), ("LOOKED_AT", 200)):
        monkeypatch.setattr(sampler, name, value)
    (result,) = sampler.measure()
    assert (result.name, result.unit) == ("sampler_people", "people/s")
    assert result.value > 5 * result.baseline > 0
    valid = result.options["valid_of_100"]
    assert valid["resident ID numbers"] == valid["credit codes"] == 100.0
    # Two of three of Faker's don't pass: that is why we have our own.
    assert valid["resident ID numbers of Faker"] < 60
