"""A year in which people renew, replace, change, delegate, buy, cancel, and get a key back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.kernel import catalog, clock, database
from simulations import personas, population, runs, scenario

YEAR = scenario.load(catalog.DATA / "scenarios" / "year.toml")
ALL = dict.fromkeys(scenario.Certificates.model_fields, 1.0) | {"remembers_pin": 0.5}
# Everybody does everything; half of the phones that are missed are found.
EVERYTHING = YEAR.model_copy(
    update={
        "certificates": scenario.Certificates(**ALL),
        "behaviour": YEAR.behaviour.model_copy(
            update={"invites": 1.0, "misses_phone": 1.0, "finds_phone": 0.5}
        ),
    }
)


def shards_of(folder: Path) -> list[dict[str, Any]]:
    """What the manifest says of each shard."""
    found: list[dict[str, Any]] = json.loads((folder / "manifest.json").read_text("utf-8"))[
        "shards"
    ]
    return found


def told(folder: Path, sql: str) -> list[database.Row]:
    """What the databases of a run say."""
    found: list[database.Row] = []
    for path in sorted(folder.glob("world-*.sqlite3")):
        copy = database.SqliteDatabase(path)
        with copy.read() as connection:
            found += connection.rows(sql)
        copy.close()
    return found


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[runs.RunResult, Path]:
    """Six people over a year."""
    folder = tmp_path_factory.mktemp("year")
    return runs.run(EVERYTHING, 6, 3, 1, folder), folder


@pytest.mark.row("CRT-3")
@pytest.mark.row("SIM-5")
def test_people_do_all_that_can_be_done_with_certificates(
    year: tuple[runs.RunResult, Path],
) -> None:
    result, folder = year
    assert result.violations == 0
    counts: dict[str, int] = {}
    for shard in shards_of(folder):
        for step, number in shard["counts"].items():
            counts[step] = counts.get(step, 0) + number
    assert not [step for step in counts if step.startswith("stopped")], counts
    for step in (
        *("order taken back", "event certificate in use", "individual certificate in use"),
        *("delegated certificate in use", "delegation withdrawn", "certificate changed"),
        *("PIN locked", "PIN unlocked", "certificate replaced"),
        *("key recovery asked", "key recovered", "certificate renewed", "key brought over"),
    ):
        assert counts.get(step), (step, counts)


@pytest.mark.row("CRT-3")
def test_they_renew_in_the_window_and_the_binding_goes_along(
    year: tuple[runs.RunResult, Path],
) -> None:
    _, folder = year
    renewed = told(
        folder,
        "SELECT o.created_at, b.not_after AS before, n.not_after AS after, d.status FROM"
        " certificate_order o JOIN certificate n ON n.order_id = o.id AND n.usage = 'signing'"
        " JOIN certificate b ON b.id = o.replaces LEFT JOIN binding d ON d.certificate_id = n.id"
        " WHERE o.business = 'renewal' AND o.status = 'completed'",
    )
    assert renewed
    for one in renewed:
        assert 0 < one["before"] - one["created_at"] <= 90 * clock.DAY
        assert one["after"] == one["before"] + 365 * clock.DAY
        assert one["status"] == "bound"


@pytest.mark.row("CRT-5")
@pytest.mark.row("CRT-6")
def test_what_was_taken_back_is_refunded_and_a_key_comes_back_by_two(
    year: tuple[runs.RunResult, Path],
) -> None:
    _, folder = year
    paid = told(
        folder,
        "SELECT p.status FROM certificate_order o JOIN payment p ON p.order_id = o.id"
        " WHERE o.status = 'cancelled'",
    )
    assert paid
    assert {one["status"] for one in paid} == {"refunded"}
    keys = told(folder, "SELECT status, approved_by FROM key_recovery")
    assert keys
    for key in keys:
        assert key["status"] == "taken"
        assert len(set(json.loads(key["approved_by"]))) == 2


@pytest.mark.row("SIM-3")
def test_a_year_is_the_same_for_one_worker_and_for_two(
    year: tuple[runs.RunResult, Path], tmp_path: Path
) -> None:
    assert runs.run(EVERYTHING, 6, 3, 2, tmp_path).digest == year[0].digest


def test_who_does_none_of_it_is_who_they_were() -> None:
    everybody = population.Population(7, YEAR.reference)
    none = YEAR.model_copy(update={"certificates": scenario.Certificates()})
    for index in range(60):
        one, two = (
            personas.Casting(plan, 7, everybody).persona(index) for plan in (none, EVERYTHING)
        )
        assert (one.person, one.enterprise, one.role, one.arrives_at) == (
            two.person,
            two.enterprise,
            two.role,
            two.arrives_at,
        )
        assert one.conduct.patience == two.conduct.patience
        assert one.dealings.waits == two.dealings.waits
        assert not one.dealings.renews
        assert two.dealings.renews


def test_shares_are_about_what_the_scenario_says() -> None:
    casting = personas.Casting(YEAR, 7, population.Population(7, YEAR.reference))
    cast = [casting.persona(index).dealings for index in range(2_000)]
    for name in ("renews", "changes", "cancels", "recovers_key"):
        share = sum(getattr(one, name) for one in cast) / 2_000
        assert share == pytest.approx(getattr(YEAR.certificates, name), abs=0.04), name
