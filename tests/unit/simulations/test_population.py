"""Synthetic people and enterprises: valid, unique, repeatable, marked."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from stdnum import luhn
from stdnum.cn import ric, uscc

from engine import boot
from engine.kernel import clock, errors, identifiers, ports
from engine.pdf import fonts
from engine.providers import identity
from simulations import population, words

REFERENCE = datetime.date(2026, 6, 1)
NOW = clock.start_of(REFERENCE)
REGIONS = tuple(
    population.Region(code=code, zh=zh, en=en)
    for code, zh, en in (
        ("110101", "北京市", "Beijing"),
        ("310101", "上海市", "Shanghai"),
        ("440304", "深圳市", "Shenzhen"),
        ("650102", "乌鲁木齐市", "Urumqi"),
    )
)
MANY = range(4_000)
GOLDEN_PERSON = ("张冬兰", "310101200304102307", "14327357449")
GOLDEN_ENTERPRISE = ("乌鲁木齐市太泰物流有限公司", "91650102YXALL1K0XC", "王斌")


def everybody(seed: int = 7, reference: datetime.date = REFERENCE) -> population.Population:
    return population.Population(seed, reference, REGIONS)


def test_every_identifier_passes_its_register_s_check() -> None:
    for person in everybody().people(range(1_000)):
        assert identifiers.resident_id(person.resident_id, now=NOW).male is person.male
        assert identifiers.phone(person.phone) == person.phone
        assert identifiers.bank_card(person.bank_card) == person.bank_card
        assert luhn.is_valid(person.bank_card)
        assert identifiers.person_name(person.name) == person.name
    for enterprise in everybody().enterprises(range(1_000)):
        assert uscc.is_valid(enterprise.uscc)
        assert identifiers.credit_code(enterprise.uscc) == enterprise.uscc
        assert identifiers.entity_class(enterprise.uscc) == "company"


def test_nothing_that_must_be_unique_comes_twice() -> None:
    people, enterprises = everybody().people(MANY), everybody().enterprises(MANY)
    assert len({person.phone for person in people}) == len(MANY)
    assert len({person.resident_id for person in people}) == len(MANY)
    assert len({enterprise.uscc for enterprise in enterprises}) == len(MANY)
    assert len({enterprise.name for enterprise in enterprises}) > 0.95 * len(MANY)


def test_somebody_is_the_same_alone_and_among_many() -> None:
    crowd = everybody()
    people, enterprises = crowd.people(MANY), crowd.enterprises(MANY)
    for index in (0, 1, 777, 3_999):
        assert everybody().person(index) == people[index]
        assert everybody().enterprise(index) == enterprises[index]
    assert everybody(seed=8).person(0) != people[0]


def test_people_are_what_they_were_when_the_sampler_was_written() -> None:
    # A change of this line changes every digest ever published: it must be meant.
    person, enterprise = everybody().person(0), everybody().enterprise(0)
    assert (person.name, person.resident_id, person.phone) == GOLDEN_PERSON
    assert (enterprise.name, enterprise.uscc, enterprise.legal_representative) == GOLDEN_ENTERPRISE


def test_ages_are_counted_from_the_reference_date() -> None:
    for reference in (datetime.date(2024, 2, 29), REFERENCE):
        crowd = everybody(reference=reference)
        now = clock.start_of(reference)
        for under_age in (False, True):
            ages = [
                identifiers.resident_id(person.resident_id, now=now).age_on(reference)
                for person in crowd.people(range(500), under_age=under_age)
            ]
            assert (min(ages) >= 18) is not under_age
            assert (max(ages) < 18) is under_age


def test_rare_and_parted_names_are_few_and_can_be_drawn() -> None:
    names = [person.name for person in everybody().people(MANY)]
    parted = [name for name in names if "·" in name]
    rare = [name for name in names if any(c in words.RARE_GIVEN for c in name)]
    assert 0.01 < len(parted) / len(names) < 0.03
    assert 0.01 < len(rare) / len(names) < 0.04
    assert fonts.undrawable("".join(names)) == ()


def test_everybody_bears_the_marks_of_the_synthetic() -> None:
    for person in everybody().people(range(300)):
        assert person.phone.startswith(("142", "143", "154"))
        assert person.bank_card.startswith("620000")
    for enterprise in everybody().enterprises(range(300)):
        assert enterprise.uscc[8:10] == "YX"


def test_a_wrong_number_is_valid_and_on_nobody_s_record(world: boot.World) -> None:
    provider = world.ports.real_name["zhongjin"]
    for person in everybody().people(range(50)):
        wrong = person.wrong_resident_id
        assert identifiers.resident_id(wrong, now=NOW).number == wrong
        for number, matched in ((wrong, False), (person.resident_id, True)):
            asked = ports.Identity(name=person.name, resident_id=number)
            assert provider.check(asked, idempotency_key="k" * 12).matched is matched


def test_nobody_has_a_sandbox_number_by_chance() -> None:
    digits = {rule.digits for rule in identity.sandbox_values()}
    assert not [p for p in everybody().people(range(3_000)) if p.resident_id[14:17] in digits]


def test_more_people_than_there_are_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        everybody().person(population.MOST)


def test_a_regions_file_without_regions_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "regions.toml"
    path.write_text("region = []\n", encoding="utf-8")
    with pytest.raises(errors.ConfigurationError, match=r"regions\.toml"):
        population.load_regions(path)


def test_the_declared_regions_give_numbers_that_the_register_s_table_knows() -> None:
    crowd = population.Population(7, REFERENCE)
    assert all(ric.is_valid(person.resident_id) for person in crowd.people(range(500)))
    assert len({enterprise.name for enterprise in crowd.enterprises(MANY)}) > 0.99 * len(MANY)
