"""INV-2: what is posted goes by courier, is followed, arrives, or is reported, found, and sent again."""

from __future__ import annotations

import pytest

from engine import worker
from engine.boot import World
from engine.delivering import actions, model, queries
from engine.kernel import actors, clock, errors, jobs
from engine.messaging import queries as messages
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from tests.support import fold, malls, posting, registering, worlds
from tests.support.worlds import SYSTEM

STATES = model.ShipmentStatus


def act(world: World, name: str, actor: actors.Actor, **given: object) -> model.ShipmentShown:
    return world.engine.perform(getattr(actions, name), given, actor=actor)


def told(world: World, person: actors.Person) -> list[str]:
    return [one.kind for one in world.engine.ask(messages.mine, person)]


@pytest.mark.row("INV-2")
def test_a_parcel_is_fetched_followed_and_delivered_and_its_person_told(any_world):
    posted = posting.packed(any_world)
    worker.run_due(any_world)
    shown = posted.shown()
    assert (shown.status, shown.courier) == (STATES.HANDED_OVER, "模拟快递")
    assert shown.tracking_no.startswith("MK")
    assert (shown.recipient, shown.phone) == ("古丽努尔·买买提", "13800138111")
    assert shown.place == "新疆维吾尔自治区乌鲁木齐市天山区新华北路 165 号中天广场 2101 室"
    assert posted.later(16).status is STATES.IN_TRANSIT
    shown = posted.later(50)
    assert shown.status is STATES.DELIVERED
    assert [step.code for step in shown.steps] == [
        "signed",
        "out_for_delivery",
        "arrived",
        "departed",
        "picked_up",
    ]
    assert {step.place for step in shown.steps} == {"乌鲁木齐市"}
    assert told(any_world, posted.person) == ["shipment.delivered", "shipment.posted"]
    assert worlds.rows(any_world, "SELECT id FROM job WHERE kind = 'track_shipment'") == []
    fold.require(any_world)


@pytest.mark.row("INV-2")
def test_a_changed_or_deleted_address_does_not_move_what_is_on_its_way(any_world):
    posted = posting.packed(any_world)
    address = any_world.engine.ask(queries.addresses, posted.person)[0]
    change = {**posting.FORM, "address_id": address.id, "detail": "别处 1 号"}
    any_world.engine.perform(actions.change_address, change, actor=posted.person)
    given = {"address_id": address.id}
    any_world.engine.perform(actions.delete_address, given, actor=posted.person)
    worker.run_due(any_world)
    assert posted.shown().place.endswith("新华北路 165 号中天广场 2101 室")


@pytest.mark.row("INV-2")
@pytest.mark.parametrize("fault", ["repeated", "shuffled", "late"])
def test_steps_told_twice_late_or_out_of_order_lead_to_the_same_end(any_world, fault):
    world = posting.with_faults(any_world, **{fault: 1.0})
    posted = posting.packed(world)
    shown = posted.later(200)
    assert shown.status is STATES.DELIVERED
    assert [step.code for step in shown.steps][::-1] == [
        "picked_up",
        "departed",
        "arrived",
        "out_for_delivery",
        "signed",
    ]
    assert len(malls.facts(world, "shipment.delivered")) == 1
    fold.require(world)


@pytest.mark.row("INV-2")
def test_an_answer_that_nobody_heard_fetches_a_parcel_once(any_world):
    world = posting.with_faults(any_world, reply_lost=1.0)
    posted = posting.packed(world)
    worker.run_due(world)
    assert posted.row().status is STATES.READY
    worlds.clock_of(world).advance(clock.MINUTE)
    worker.run_due(world)
    assert posted.row().status is STATES.HANDED_OVER
    assert len(worlds.rows(world, "SELECT tracking_no FROM sim_parcel")) == 1


@pytest.mark.row("INV-2")
def test_a_courier_that_is_never_reached_ends_in_a_state_that_staff_can_act_on(any_world):
    world = posting.with_faults(any_world, unreachable=1.0)
    posted = posting.packed(world)
    for wait in (0, *jobs.BACKOFF_MS):
        worlds.clock_of(world).advance(wait)
        worker.run_due(world)
    assert (posted.row().status, posted.row().problem) == (STATES.REFUSED, "unreachable")
    assert worlds.rows(world, "SELECT id FROM job WHERE kind = 'post_shipment'") == []
    officer = worlds.staff(any_world, Role.FINANCE)
    again = act(any_world, "send_again", officer, shipment_id=posted.id)
    assert (again.attempt, again.status) == (2, STATES.WAITING)
    posting.pack(posted, "065002600001 00000002")
    worker.run_due(any_world)
    assert posted.row().status is STATES.HANDED_OVER


@pytest.mark.row("INV-2")
def test_where_no_courier_goes_its_person_names_another_address(any_world):
    posted = posting.packed(any_world, detail="快递拒收路 1 号")
    worker.run_due(any_world)
    shown = posted.shown()
    assert (shown.status, shown.problem, shown.can) == (STATES.REFUSED, "not_served", ("redirect",))
    todo = any_world.engine.ask(messages.mine, posted.person)[0]
    assert (todo.kind, todo.open_todo) == ("shipment.address_wanted", 1)
    assert todo.link == f"invoices/{posted.subject}"
    other = posting.add_address(any_world, posted.person, detail="友好路 9 号")
    shown = act(any_world, "redirect", posted.person, subject=posted.subject, address_id=other.id)
    assert shown.place.endswith("友好路 9 号")
    assert any_world.engine.ask(messages.mine, posted.person)[0].open_todo == 0
    officer = worlds.staff(any_world, Role.FINANCE)
    act(any_world, "send_again", officer, shipment_id=posted.id)
    posting.pack(posted, "065002600001 00000002")
    assert posted.later(60).status is STATES.DELIVERED
    assert posted.shown().place.endswith("友好路 9 号")
    fold.require(any_world)


@pytest.mark.row("INV-2")
@pytest.mark.parametrize(
    ("detail", "status", "message"),
    [
        ("快递丢失路 1 号", STATES.LOST, "shipment.was_lost"),
        ("快递退回路 1 号", STATES.RETURNED, "shipment.address_wanted"),
    ],
)
def test_what_the_courier_loses_or_brings_back_is_told_and_sent_again(
    any_world, detail, status, message
):
    posted = posting.packed(any_world, detail=detail)
    shown = posted.later(90)
    assert shown.status is status
    assert told(any_world, posted.person)[0] == message
    officer = worlds.staff(any_world, Role.FINANCE)
    (listed,) = any_world.engine.ask(queries.in_states, officer, (status,))
    assert "send_again" in listed.can
    again = act(any_world, "send_again", officer, shipment_id=posted.id)
    assert any_world.engine.ask(queries.in_states, officer, (status,)) == []
    before = [one.status for one in any_world.engine.ask(queries.shipments, posted.person, "inv_1")]
    assert before == [STATES.WAITING, status]
    with worlds.unchanged(any_world), pytest.raises(actions.NotToBeSentAgain):
        act(any_world, "send_again", officer, shipment_id=posted.id)
    with worlds.unchanged(any_world), pytest.raises(actions.NotToBeSentAgain):
        act(any_world, "send_again", officer, shipment_id=again.id)
    fold.require(any_world)


@pytest.mark.row("INV-2")
def test_a_parcel_that_did_not_come_is_reported_when_it_is_overdue_and_not_before(any_world):
    posted = posting.packed(any_world, detail="快递失联路 1 号")
    posted.later(100)
    assert "report_lost" not in posted.shown().can
    with worlds.unchanged(any_world), pytest.raises(actions.NotYetOverdue):
        act(any_world, "report_lost", posted.person, subject=posted.subject)
    posted.later(22)
    assert "report_lost" in posted.shown().can
    shown = act(any_world, "report_lost", posted.person, subject=posted.subject)
    assert (shown.status, shown.problem) == (STATES.LOST, "reported")
    with worlds.unchanged(any_world), pytest.raises(actions.NotOnItsWay):
        act(any_world, "report_lost", posted.person, subject=posted.subject)


@pytest.mark.row("INV-2")
def test_a_report_comes_too_late_after_the_days_of_the_rules(any_world):
    posted = posting.packed(any_world, detail="快递失联路 1 号")
    worker.run_due(any_world)
    worlds.clock_of(any_world).advance(90 * clock.DAY)
    with worlds.unchanged(any_world), pytest.raises(actions.TooLateToReport):
        act(any_world, "report_lost", posted.person, subject=posted.subject)
    worker.run_due(any_world)
    assert worlds.rows(any_world, "SELECT id FROM job WHERE kind = 'track_shipment'") == []


@pytest.mark.row("INV-2")
def test_what_is_called_delivered_and_did_not_come_is_lost_until_staff_settle_it(any_world):
    posted = posting.packed(any_world, detail="快递误签路 1 号")
    posted.later(121)
    assert posted.shown().status is STATES.DELIVERED
    shown = act(any_world, "report_lost", posted.person, subject=posted.subject)
    assert shown.status is STATES.LOST
    # The courier says the same once more, and that settles nothing.
    step = model.Step(code="signed", place="乌鲁木齐市", occurred_at=any_world.engine.now())
    given = {"shipment_id": posted.id, "steps": (step,)}
    any_world.engine.perform(actions.record_steps, given, actor=SYSTEM)
    assert posted.shown().status is STATES.LOST
    officer = worlds.staff(any_world, Role.FINANCE)
    found = act(any_world, "find", officer, shipment_id=posted.id)
    assert (found.status, found.problem) == (STATES.DELIVERED, "")
    fold.require(any_world)


@pytest.mark.row("INV-2")
def test_what_turns_up_after_a_report_is_delivered_unless_another_was_sent(any_world):
    posted = posting.packed(any_world, detail="快递延误路 1 号")
    posted.later(121)
    act(any_world, "report_lost", posted.person, subject=posted.subject)
    assert posted.later(60).status is STATES.DELIVERED
    fold.require(any_world)


@pytest.mark.row("INV-2")
def test_what_turns_up_after_another_was_sent_changes_nothing(any_world):
    posted = posting.packed(any_world, detail="快递延误路 1 号")
    posted.later(121)
    act(any_world, "report_lost", posted.person, subject=posted.subject)
    officer = worlds.staff(any_world, Role.FINANCE)
    act(any_world, "send_again", officer, shipment_id=posted.id)
    step = model.Step(code="signed", place="乌鲁木齐市", occurred_at=any_world.engine.now())
    given = {"shipment_id": posted.id, "steps": (step,)}
    before = any_world.engine.perform(actions.record_steps, given, actor=SYSTEM)
    assert before.status is STATES.LOST
    assert posted.shown().status is STATES.WAITING
    fold.require(any_world)


@pytest.mark.row("INV-2")
def test_a_parcel_nobody_hears_of_is_written_off_by_staff_once_it_is_silent(any_world):
    posted = posting.packed(any_world, detail="快递失联路 1 号")
    posted.later(24)
    officer = worlds.staff(any_world, Role.FINANCE)
    with worlds.unchanged(any_world), pytest.raises(actions.NotSilent):
        act(any_world, "write_off", officer, shipment_id=posted.id)
    posted.later(96)
    assert posted.shown().silent
    shown = act(any_world, "write_off", officer, shipment_id=posted.id)
    assert (shown.status, shown.problem) == (STATES.LOST, "silent")
    assert told(any_world, posted.person)[0] == "shipment.was_lost"


@pytest.mark.row("INV-2")
def test_what_has_no_contents_any_more_is_not_posted(any_world):
    posted = posting.prepared(any_world)
    assert posted.shown().can == ("redirect",)
    any_world.engine.perform(actions.cancel, {"subject": posted.subject}, actor=SYSTEM)
    assert posted.shown().status is STATES.CANCELLED
    with pytest.raises(errors.EngineError):
        posting.pack(posted)


@pytest.mark.row("INV-2", "OPS-7")
def test_staff_see_nobody_s_name_number_and_house_and_only_within_their_scope(any_world):
    posted = posting.packed(any_world)
    worker.run_due(any_world)
    officer = worlds.staff(any_world, Role.FINANCE)
    (listed,) = any_world.engine.ask(queries.in_states, officer, (STATES.HANDED_OVER,))
    assert listed.recipient == "古******提"
    assert listed.phone == "138****8111"
    assert listed.place == "新疆维吾尔自治区乌鲁木齐市天山区****"
    elsewhere = worlds.staff(any_world, Role.FINANCE, scope_kind="platform", scope_id="guangzheng")
    assert any_world.engine.ask(queries.in_states, elsewhere, (STATES.HANDED_OVER,)) == []
    with pytest.raises(errors.NotFound):
        any_world.engine.ask(queries.shipment, elsewhere, posted.subject)
    for name in ("write_off", "send_again", "find"):
        with worlds.unchanged(any_world), pytest.raises(staffing.MayNot):
            act(any_world, name, elsewhere, shipment_id=posted.id)
    stranger = registering.sign_up(any_world, "13900139000")
    with pytest.raises(errors.NotFound):
        any_world.engine.ask(queries.shipment, stranger, posted.subject)
    with worlds.unchanged(any_world), pytest.raises(actions.NothingPosted):
        act(any_world, "report_lost", stranger, subject=posted.subject)


@pytest.mark.row("INV-2", "S-PI-1")
def test_nothing_of_who_and_where_is_at_rest_in_the_clear(any_world):
    posted = posting.packed(any_world)
    posted.later(60)
    kept = repr(worlds.content(any_world, without=("sim_sms",)))
    for value in ("古丽努尔", "13800138111", "新华北路", "中天广场"):
        assert value not in kept
        assert value.encode().hex() not in kept


@pytest.mark.row("INV-2")
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("signed", STATES.DELIVERED),
        ("lost", STATES.LOST),
        ("returned", STATES.RETURNED),
    ],
)
def test_the_first_thing_that_is_heard_of_a_parcel_may_be_its_end(any_world, code, status):
    posted = posting.packed(any_world)
    worker.run_due(any_world)
    step = model.Step(code=code, place="乌鲁木齐市", occurred_at=any_world.engine.now())
    given = {"shipment_id": posted.id, "steps": (step, step)}
    any_world.engine.perform(actions.record_steps, given, actor=SYSTEM)
    assert posted.shown().status is status
    # What is told of the way after its end is written down, and changes nothing.
    late = model.Step(code="arrived", place="乌鲁木齐市", occurred_at=step.occurred_at - 1)
    given = {"shipment_id": posted.id, "steps": (late,)}
    any_world.engine.perform(actions.record_steps, given, actor=SYSTEM)
    assert posted.shown().status is status
    assert len(posted.shown().steps) == 2
    fold.require(any_world)


@pytest.mark.row("INV-2")
def test_every_move_of_a_shipment_is_in_the_table_and_no_other(world):
    every = {(status.value, verb) for status in STATES for verb in model.SHIPMENT.verbs(status)}
    assert every == {
        ("waiting", "pack"),
        ("waiting", "cancel"),
        ("ready", "hand_over"),
        ("ready", "refuse"),
        *(
            (out, end)
            for out in ("handed_over", "in_transit")
            for end in ("deliver", "lose", "return")
        ),
        ("handed_over", "move"),
        ("delivered", "lose"),
        ("lost", "deliver"),
    }
    posted = posting.prepared(world)
    for name in ("record_pick_up", "record_refusal"):
        given = {"shipment_id": posted.id, "problem": "x"}
        if name == "record_pick_up":
            given = {"shipment_id": posted.id, "courier": "x", "tracking_no": "x"}
        with worlds.unchanged(world), pytest.raises(errors.EngineError):
            world.engine.perform(getattr(actions, name), given, actor=SYSTEM)
