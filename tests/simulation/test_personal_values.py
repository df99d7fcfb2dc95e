"""PI-1: after a whole population went every way, no personal value stands in any byte that was written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from engine import boot
from engine.reports import snapshot
from simulations import demo, personas, population
from tests.support.traces import Traces

NOW = 1_780_545_600_000  # 2026-06-04 12:00 in Shanghai, a Thursday
SEED = 11


def values_of(people: int) -> set[str]:
    """Every true value of the population: names, numbers, phones, cards, representatives' names."""
    plan = demo.plan_until(NOW)
    everybody = population.Population(SEED, plan.reference)
    casting = personas.Casting(plan, SEED, everybody)
    found: set[str] = set()
    for index in range(people):
        persona = casting.persona(index)
        person, enterprise = persona.person, persona.enterprise
        found |= {person.name, person.resident_id, person.wrong_resident_id, person.phone}
        found |= {person.bank_card, enterprise.legal_representative}
    # Staff are named in the clear on purpose: their acts must be attributable.
    return found - {everybody.staff_name(number) for number in range(100)}


@pytest.mark.row("S-PI-1")
@pytest.mark.row("SEC-1")
def test_no_personal_value_stands_in_any_byte_written(
    tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    people = count(40, 1_000)
    folder = tmp_path / "demo"
    made = demo.make(folder, people=people, seed=SEED, now_ms=NOW)
    assert (made.people, made.violations) == (people, 0)
    world = boot.open_world(folder)
    snapshot.refresh(world.engine, folder / "analytics")
    world.close()
    boot.worlds.pop(world.id)
    with duckdb.connect(str(snapshot.newest(folder / "analytics")), read_only=True) as copy:
        # The copy's own pages are compressed.
        copy.execute(f"export database '{tmp_path / 'copy'}' (format csv)")
    traces = Traces(values_of(people))
    read = traces.look_into(tmp_path)
    assert read > people * 100_000
    assert traces.found == {}
