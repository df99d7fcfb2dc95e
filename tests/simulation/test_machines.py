"""An outside machine in a run: it asks by its token, its receiver fails, and it is told of everything."""

from __future__ import annotations

import functools
import itertools
import json
from pathlib import Path

import pydantic
import pytest

from engine import boot
from engine.http import machine_door
from engine.integrating import model
from engine.kernel import catalog
from simulations import scenario, shards
from simulations.invariants import outside
from simulations.scenario.machines import Machines
from tests.support import machines, registering, worlds
from tests.support.line import Line

pytestmark = pytest.mark.row("API-1")


def run(out: Path, within: str) -> shards.Outcome:
    busy = scenario.load(catalog.DATA / "scenarios" / "busy.toml")
    plan = busy.model_copy(
        update={
            "shards": 1,
            "horizon_days": 5,
            "arrivals": busy.arrivals.model_copy(update={"within": 0.3}),
            "machines": Machines(
                asks_every_minutes=240, receivers=("steady", "flaky"), within=within
            ),
        }
    )
    spec = shards.Spec(scenario=plan, people=8, seed=4, shard=0, out=out)
    return shards.compute(spec, lambda progress: None)


@pytest.mark.parametrize("within", ["", "platform:guangzheng", "agency:dongfang"])
def test_a_machine_asks_and_is_told_of_everything_though_its_receiver_fails(
    tmp_path: Path, within: str
) -> None:
    outcome = run(tmp_path, within)
    assert [(one.name, one.violations) for one in outcome.findings if one.violations] == []
    names = {one.name for one in outcome.findings}
    wanted = {outside.TOLD_OUTSIDE, outside.OVERHEARD, outside.ONE_BODY, outside.RECEIVED}
    assert wanted <= names
    asked = {step: n for step, n in outcome.counts.items() if step.startswith("machine ")}
    # Own SQL sees everything: a machine that is limited may not ask for it.
    refused = {"machine refused: staffing.may_not"} if within else set()
    assert set(asked) == {"machine answered"} | refused
    assert sum(asked.values()) >= 5 * 24 / 4 - 2


@pytest.mark.row("SIM-3")
@pytest.mark.row("SIM-5")
def test_how_often_a_machine_may_ask_is_counted_by_the_runs_time_and_not_by_this_computers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = scenario.load(catalog.DATA / "scenarios" / "everything_fails.toml")
    plan = everything.model_copy(
        update={"horizon_days": 1, "machines": Machines(asks_every_minutes=5)}
    )
    found = []
    # By this computer's time all is asked within one minute, or each within a minute of its own.
    for name, seconds in (("stands", itertools.repeat(30.0)), ("races", itertools.count(0, 3600))):
        monkeypatch.setattr(
            machine_door, "HERE", machine_door.Turnstile(functools.partial(next, seconds))
        )
        where = tmp_path / name
        where.mkdir()
        spec = shards.Spec(scenario=plan, people=1, seed=1, shard=0, out=where)
        found.append(shards.run_shard(spec))
    assert found[0].digest == found[1].digest
    assert found[0].counts["machine answered"] > 240
    assert "machine refused: too_many_calls" not in found[0].counts


def test_what_was_not_told_told_otherwise_or_not_received_is_found(world: boot.World) -> None:
    office = machines.office(world)
    made = office.endpoint(office.client())
    worlds.run_sql(
        world,
        "UPDATE webhook_endpoint SET kinds = ?",
        json.dumps([*model.events()]),
    )
    office.test(made.endpoint_id)
    machines.run_until(world, world.engine.now() + 1000)

    def found() -> tuple[list[str], list[str], list[str]]:
        with world.engine.parts.db.read() as connection:
            return (
                outside.untold(connection),
                outside.bodies(connection),
                outside.unreceived(connection),
            )

    assert found() == ([], [], [])
    asked = registering.ask_for_code(world, "13900139000")
    registering.enter_code(world, asked)
    machines.run_until(world, world.engine.now() + 1000)
    assert found() == ([], [], [])
    last = office.deliveries(made.endpoint_id)[0].id
    worlds.run_sql(world, "UPDATE sim_webhook SET body = '{}' WHERE message_id = ?", last)
    assert found() == ([], [last], [])
    worlds.run_sql(world, "DELETE FROM sim_webhook WHERE message_id = ?", last)
    assert found() == ([], [], [last])
    worlds.run_sql(world, "DELETE FROM webhook_attempt WHERE delivery_id = ?", last)
    worlds.run_sql(world, "DELETE FROM webhook_delivery WHERE id = ?", last)
    untold, _, _ = found()
    assert len(untold) == 1
    assert "account.registered" in untold[0]


def test_what_a_limited_machine_heard_of_others_or_did_not_hear_is_found(world: boot.World) -> None:
    line, office = Line.on(world), machines.office(world)
    client = office.client(scope_kind="agency", scope_id="dongfang")
    made = office.endpoint(client, kinds=("order.placed",)).endpoint_id

    def found() -> tuple[int, int]:
        with world.engine.parts.db.read() as connection:
            return len(outside.untold(connection)), len(outside.overheard(connection))

    for number, agency_id in ((1, "dongfang"), (2, "nanfang")):
        person = line.person(number)
        line.onboarded(person)
        person.order(agency_id=agency_id)
    assert [one.kind for one in office.deliveries(made)] == ["order.placed"]
    assert found() == (0, 0)
    worlds.run_sql(
        world,
        "UPDATE webhook_delivery SET subject = (SELECT id FROM certificate_order WHERE agency_id = ?)",
        "nanfang",
    )
    assert found() == (0, 1)
    worlds.run_sql(world, "DELETE FROM webhook_attempt")
    worlds.run_sql(world, "DELETE FROM webhook_delivery")
    assert found() == (1, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"receivers": ("nobody",)},
        {"events": ("order.lost",)},
        {"asks_every_minutes": 0},
        {"within": "guangzheng"},
    ],
)
def test_a_scenario_with_an_unknown_receiver_or_event_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(pydantic.ValidationError):
        Machines.model_validate(wrong)
