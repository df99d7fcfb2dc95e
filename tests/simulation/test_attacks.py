"""The attack lab: each try is refused by its control and leaves its record alone; its twin goes through."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.boot import World
from engine.kernel import errors, events
from simulations import attacks
from simulations.attacks import DOING, Hall, catalog, running
from simulations.states import machines
from simulations.states.scene import Scene
from tests.support import worlds

pytestmark = pytest.mark.row("SEC-1")
ATTACKS = attacks.shipped()
# What acts leave beside what the log tells of: the log itself, what a call asked again is answered from,
# the counts that make guessing slow; and a CA's list is made anew when it is read after its time.
BOOKKEEPING = {"event", "reply", "pin_try", "pin_guard", "published_list"}


def _changed(before: Mapping[str, list], after: Mapping[str, list]) -> set[str]:
    return {name for name, found in after.items() if found != before[name]}


@pytest.mark.parametrize("name", ATTACKS)
def test_every_try_is_refused_and_leaves_its_record_alone(world: World, name: str) -> None:
    hall = attacks.open_hall(world, name, seed=5)
    tried, before = hall.tried(), worlds.content(world)
    for of in hall.attack.tries:
        one = next(tried)
        after = worlds.content(world)
        assert one.of == of
        assert one.problem == "", (of.id, one.refusal, one.facts, one.written)
        assert one.refusal is not None
        assert one.refusal.code == of.refusal
        assert _changed(before, after) - BOOKKEEPING <= set(of.writes)
        known = {fact.seq: fact.kind for fact in one.facts}
        kinds = {row["seq"]: row["kind"] for row in after["event"]}
        assert known == {seq: kinds[seq] for seq in known}
        assert len(kinds) - len(before["event"]) == len(known)
        before = after


@pytest.mark.parametrize("name", ATTACKS)
def test_the_same_goes_through_without_the_attack(world: World, name: str) -> None:
    attacks.run_twin(world, name, seed=5)


def test_what_is_said_of_attacks_and_what_is_done_name_the_same() -> None:
    assert set(ATTACKS) == set(DOING)
    for name, attack in ATTACKS.items():
        assert [one.id for one in attack.tries] == list(DOING[name].tries)
        assert {one.refusal for one in attack.tries} <= set(errors.type_of_code)
        for text in (attack.title, attack.story, attack.control, attack.clause, attack.twin):
            assert text.zh != text.en
    assert [one.order for one in ATTACKS.values()] == list(range(1, len(ATTACKS) + 1))


def _hall(world: World, **changes: object) -> Hall:
    """A forged payment notice, whose tries are other ones."""
    doing = {"forged_callback": dataclasses.replace(DOING["forged_callback"], **changes)}
    return Hall(world, "forged_callback", doing, 5)


def _tries(act: running.Act) -> dict[str, running.Act]:
    return dict.fromkeys(DOING["forged_callback"].tries, act)


def test_an_attack_that_gets_through_is_told_as_one(world: World) -> None:
    twin = DOING["forged_callback"].twin
    first = next(_hall(world, tries=_tries(twin)).tried())
    assert (first.problem, first.refusal) == ("went_through", None)
    assert "payment.paid" in {one.kind for one in first.facts}
    result = attacks.Result(attack=ATTACKS["forged_callback"], tried=(first,))
    assert not result.refused


def test_a_refusal_by_something_else_is_none(world: World) -> None:
    def unknown(scene: Scene) -> None:
        scene.person("me").handset.door.ask("ordering.order", {"order_id": "ord_none"})

    assert next(_hall(world, tries=_tries(unknown)).tried()).problem == "other_refusal"


def test_what_a_try_wrote_beside_its_record_is_told(world: World) -> None:
    def writes_first(scene: Scene) -> None:
        DOING["forged_callback"].twin(scene)
        DOING["forged_callback"].tries["unsigned"](scene)

    def ready(scene: Scene) -> None:
        DOING["forged_callback"].ready(scene)

    one = next(_hall(world, ready=ready, tries=_tries(writes_first)).tried())
    assert one.problem == "wrote"
    assert "payment" in one.written


def test_a_refusal_that_should_have_been_recorded_and_was_not_is_told(world: World) -> None:
    one = next(attacks.open_hall(world, "forged_callback", seed=5).tried())
    wanted = one.of.model_copy(update={"fact": "payment.notice_refused"})
    assert dataclasses.replace(one, of=wanted).problem == "unrecorded"


def test_a_guessed_attack_and_a_real_world_are_refused(world: World) -> None:
    with pytest.raises(attacks.NoSuchAttack):
        attacks.run(world, "open_sesame")
    with worlds.unchanged(world), pytest.raises(attacks.OnlyInDemo):
        attacks.run(dataclasses.replace(world, kind="production"), "forged_callback")


def test_a_wrong_file_is_told_by_its_name(tmp_path: Path) -> None:
    text = (catalog.FOLDER / "guessed_pin.toml").read_text(encoding="utf-8")
    (tmp_path / "one.toml").write_text(text.replace("[[tries]]", "[[trials]]"), encoding="utf-8")
    with pytest.raises(errors.ConfigurationError, match=r"one\.toml"):
        catalog.load(tmp_path)


def test_the_living_log_is_whole_after_its_copy_was_tampered_with(world: World) -> None:
    attacks.run(world, "tampered_log", seed=5)
    with world.engine.parts.db.read() as connection:
        head = events.head(connection)
        assert events.verify(connection, world.keyring, head) == (head.seq, [])


def test_where_attacks_begin_is_a_state_that_can_be_made() -> None:
    assert {one.way for one in ATTACKS.values()} <= set(machines.every())
