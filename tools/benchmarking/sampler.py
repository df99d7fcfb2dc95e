"""Synthetic people per second, beside Faker's for the same fields, and how many of each the registers take.

Both in turn in one process: name, resident ID number, mobile number, bank card and sex. Ours are columns
(and, told beside, Python objects of them); each person's draws are their own SHA-256 stream, so that
somebody is the same alone and among many. Faker's are drawn one after the other from one generator.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable

from faker import Faker
from stdnum.cn import ric, uscc

from simulations import columns, population
from tools.benchmarking import results

ROUNDS = 5
OURS, THEIRS, LOOKED_AT = 200_000, 2_000, 5_000
_REFERENCE = datetime.date(2026, 6, 1)
_ABOUT = (
    "synthetic people per second as columns: name, resident ID number (GB 11643), mobile number, bank card,"
    " sex; baseline: Faker zh_CN making the same fields, one person after the other; one core, processor"
    " time"
)


def measure() -> list[results.Result]:
    """All in turn, in one process."""
    everybody, faker = population.Population(1, _REFERENCE), Faker("zh_CN")
    faker.seed_instance(1)
    turns: dict[str, tuple[int, Callable[[], object]]] = {
        "columns": (OURS, lambda: everybody.people_columns(range(OURS))),
        "objects": (OURS, lambda: everybody.people(range(OURS))),
        "enterprise columns": (OURS, lambda: everybody.enterprise_columns(range(OURS))),
        "enterprise objects": (OURS, lambda: everybody.enterprises(range(OURS))),
        "Faker": (THEIRS, lambda: [_of_faker(faker) for _ in range(THEIRS)]),
    }
    rates: dict[str, list[float]] = {name: [] for name in turns}
    for turn in range(ROUNDS + 1):
        for name, (count, run) in turns.items():
            begin = time.process_time()
            run()
            if turn:
                rates[name].append(count / (time.process_time() - begin))
    return [_result(rates, everybody, faker)]


def _of_faker(faker: Faker) -> tuple[object, ...]:
    number = faker.ssn()
    return (
        faker.name(),
        number,
        faker.phone_number(),
        faker.credit_card_number(),
        int(number[16]) % 2,
    )


def _result(
    rates: dict[str, list[float]], everybody: population.Population, faker: Faker
) -> results.Result:
    medians = {name: results.median(found) for name, found in rates.items()}
    ours = columns.texts_of(everybody.people_columns(range(LOOKED_AT)).resident_ids)
    codes = columns.texts_of(everybody.enterprise_columns(range(LOOKED_AT)).credit_codes)
    theirs = [faker.ssn() for _ in range(LOOKED_AT)]
    return results.Result(
        name="sampler_people",
        value=medians["columns"],
        unit="people/s",
        baseline=medians["Faker"],
        options={
            "about": _ABOUT,
            "rounds": ROUNDS,
            "clock": "processor time",
            "people_a_round": {"columns": OURS, "Faker": THEIRS},
            "rates": {name: results.rounded(found) for name, found in medians.items()},
            "spread": results.spread(rates["columns"]),
            "valid_of_100": {
                "resident ID numbers": _valid(ric, ours),
                "credit codes": _valid(uscc, codes),
                "resident ID numbers of Faker": _valid(ric, theirs),
            },
        },
    )


def _valid(register: object, numbers: list[str]) -> float:
    good = 0
    for number in numbers:
        try:
            good += bool(register.is_valid(number))  # type: ignore[attr-defined]
        except KeyError:
            # stdnum does not know some areas' names and raises instead of saying no.
            continue
    return round(100 * good / len(numbers), 1)
