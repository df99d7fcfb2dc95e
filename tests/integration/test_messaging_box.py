"""The message box: every kind in its drawer with its link, read, counted, and to-dos that end (MSG-1)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.binding import actions as bindings
from engine.boot import World, tables
from engine.issuing import actions as issuing
from engine.kernel import actors, errors, texts
from engine.messaging import actions, model, queries
from engine.ordering import actions as ordering
from simulations.people import Person
from tests.support import malls, parties, registering, sources, trading, worlds
from tests.support.line import Line
from tools import locales

CODE = re.compile(r"[a-z_]+\.[a-z_]*")


def _wrappers(trees: dict[Path, ast.Module]) -> set[str]:
    """`notify` and the functions that pass a kind on to it."""
    found = {"notify"}
    for tree in trees.values():
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            taken = {one.arg for one in (*function.args.args, *function.args.kwonlyargs)}
            if "kind" in taken and any(
                isinstance(call, ast.Call) and locales._name(call) in found | {"tell"}
                for call in ast.walk(function)
            ):
                found.add(function.name)
    return found


def _told(call: ast.Call, function: ast.FunctionDef) -> Iterator[str]:
    """The kinds that a call tells: literals in it, or in what its `kind` was set to before."""
    given: list[ast.expr] = [*call.args, *(one.value for one in call.keywords)]
    names = {one.id for one in given if isinstance(one, ast.Name)}
    for statement in ast.walk(function):
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if isinstance(target, ast.Name) and target.id in names & {"kind"}:
            given.append(statement.value)
    for value in given:
        for constant in locales._constants(value):
            if CODE.fullmatch(constant):
                yield constant


def _whole(codes: set[str]) -> set[str]:
    """The codes, those that are filled in later with every end they can have."""
    whole = {code for code in codes if not code.endswith(".")}
    for begun in codes - whole:
        whole |= {begun + end for end in locales.ENDS[begun]}
    return whole


def calls() -> Iterator[tuple[ast.Call, set[str]]]:
    """Every call of the engine's source that sends a message, with the kinds it can send."""
    trees = {path: sources.tree(path) for path in sources.files("engine")}
    wrappers = _wrappers(trees)
    for tree in trees.values():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and locales._name(call) in wrappers:
                        yield call, _whole(set(_told(call, function)))


def kinds_told() -> set[str]:
    """Every kind of message that the engine's source sends."""
    return {kind for _, kinds in calls() for kind in kinds}


@pytest.mark.row("MSG-1")
def test_every_to_do_ends_with_some_fact():
    closable = {closing.kind for closing in model.CLOSINGS}
    for call, kinds in calls():
        asks = {one.arg: one.value for one in call.keywords}.get("todo")
        if kinds and asks is not None and not (isinstance(asks, ast.Constant) and not asks.value):
            assert kinds & closable, kinds


@pytest.mark.row("MSG-1")
def test_every_kind_of_message_has_its_drawer_its_link_and_its_chinese():
    told = kinds_told()
    assert {"order.rejected", "contract.passed", "real_name.matched", "seal.made"} <= told
    assert told - model.KINDS.keys() == set()
    assert model.KINDS.keys() - locales.catalogue().keys() == set()
    assert {place.category for place in model.KINDS.values()} >= set(model.Category) - {
        model.Category.SYSTEM
    }
    drawers = {f"message.category.{category}" for category in model.Category}
    assert drawers <= locales.catalogue().keys()


@pytest.mark.row("MSG-1")
def test_a_fact_that_closes_to_dos_is_joined_to_them():
    for closing in model.CLOSINGS:
        assert closing.kind in model.KINDS
        assert closing.fact in tables.REACTIONS


def tell(
    world: World, person: actors.Person, kind: str, *, todo: bool = False, **about: Any
) -> str:
    """A message, as a stage sends it."""
    given = {"account_id": person.account_id, "kind": kind, "todo": todo, "subject": kind, **about}
    return world.engine.perform(actions.notify, given, actor=worlds.SYSTEM).id


def counts(world: World, person: actors.Person) -> dict[str, tuple[int, int]]:
    """Unread and open to-dos of the drawers that hold any."""
    found = world.engine.ask(queries.summary, person)
    assert list(found) == [category.value for category in model.Category]
    return {name: (one.unread, one.todo) for name, one in found.items() if one != model.Counts()}


@pytest.mark.row("MSG-1")
def test_messages_lie_in_drawers_are_counted_and_read_one_by_one_or_all(any_world):
    person, other = (registering.sign_up(any_world, f"1380013800{n}") for n in (1, 2))
    worlds.run_sql(any_world, "DELETE FROM message")
    first = tell(any_world, person, "order.rejected", todo=True, subject="ord_1")
    tell(any_world, person, "order.paid")
    tell(any_world, person, "seal.made", subject="sea_1")
    tell(any_world, other, "seal.made", subject="sea_2")
    assert counts(any_world, person) == {"order": (2, 1), "seal": (1, 0)}
    shown = any_world.engine.ask(queries.mine, person, category="order")
    assert {one.link for one in shown} == {"orders/ord_1", "orders/order.paid"}
    assert [one.id for one in shown if one.open_todo] == [first]
    any_world.engine.perform(actions.read, {"message_id": first}, actor=person)
    assert counts(any_world, person)["order"] == (1, 1)
    assert any_world.engine.perform(actions.read_all, {"category": "order"}, actor=person) == 1
    assert any_world.engine.perform(actions.read_all, {}, actor=person) == 1
    assert any_world.engine.perform(actions.read_all, {}, actor=person) == 0
    assert counts(any_world, person) == {"order": (0, 1)}
    assert counts(any_world, other) == {"seal": (1, 0)}


@pytest.mark.row("MSG-1")
def test_nobody_reads_somebody_elses(world):
    person, other = (registering.sign_up(world, f"1380013800{n}") for n in (1, 2))
    message = tell(world, person, "seal.made")
    for actor in (other, worlds.SYSTEM):
        with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
            world.engine.perform(actions.read, {"message_id": message}, actor=actor)
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        world.engine.perform(actions.read_all, {}, actor=worlds.SYSTEM)
    assert world.engine.ask(queries.mine, worlds.SYSTEM) == []
    assert world.engine.ask(queries.mine, other, category="no such drawer") == []


@pytest.mark.row("MSG-1")
def test_a_to_do_about_a_thing_is_done_once(world):
    person = registering.sign_up(world)
    tell(world, person, "order.papers_wanted", todo=True, subject="ord_1")
    tell(world, person, "order.paid", subject="ord_1")
    given = {"subject": "ord_1"}
    assert world.engine.perform(actions.done, given, actor=worlds.SYSTEM) == 1
    assert world.engine.perform(actions.done, given, actor=worlds.SYSTEM) == 0
    assert [event.facts["code"] for event in malls.facts(world, "message.done")] == [
        "order.papers_wanted"
    ]


# Fact → the message that goes out in the same operation to somebody whom it concerns.
MUST_TELL = {
    "proof.matched": "real_name.matched",
    "claim.approved": "claim.approved",
    "order.approved_by_agency": "certificate.ready",
    "binding.bound": "binding.bound",
    "binding.unbound": "binding.unbound",
    "seal.made": "seal.made",
    "purchase_order.placed": "purchase_order.placed",
    "contract.passed": "contract.passed",
    "certificate.revoked": "certificate.revoked",
}
AT_A_BAD_END = {
    "order.cancelled": "order.cancelled",
    "order.rejected": "order.rejected",
    "order.refunded": "order.refunded",
}


def require_told(world: World, table: dict[str, str]) -> None:
    """Each of these facts happened, and whenever it did somebody was told of it at once."""
    told: dict[str, set[str]] = {}
    for event in malls.facts(world, "message.sent"):
        told.setdefault(event.facts["code"], set()).add(event.operation)
    for fact, message in table.items():
        done = {event.operation for event in malls.facts(world, fact)}
        assert done, fact
        assert done <= told.get(message, set()), fact


def open_todos(world: World, person: actors.Person) -> list[str]:
    return [one.kind for one in world.engine.ask(queries.mine, person) if one.open_todo]


@pytest.mark.row("MSG-1")
def test_an_orders_to_dos_follow_its_steps(world):
    party = parties.order(world, parties.enterprise(world, parties.Reviewers.of(world)))
    parties.pay(world, party)
    assert open_todos(world, party.person) == ["order.papers_wanted"]
    parties.hand_in(world, party)
    assert open_todos(world, party.person) == []
    parties.approve_order(world, party)
    assert open_todos(world, party.person) == ["certificate.ready"]
    parties.download(world, party)
    assert open_todos(world, party.person) == []


@pytest.mark.row("MSG-1")
def test_a_cancelled_or_repeated_order_leaves_no_to_do(world):
    reviewers = parties.Reviewers.of(world)
    party = parties.order(world, parties.enterprise(world, reviewers))
    parties.pay(world, party)
    world.engine.perform(ordering.cancel, {"order_id": party.order_id}, actor=party.person)
    assert open_todos(world, party.person) == []
    party = parties.order(world, party)
    parties.pay(world, party)
    parties.hand_in(world, party)
    parties.reject(world, "certificate_platform", party.order_id, reviewers.platform)
    assert open_todos(world, party.person) == ["order.rejected"]
    parties.order(world, party)
    assert open_todos(world, party.person) == []
    parties.settle(world)
    require_told(world, AT_A_BAD_END)


@pytest.mark.row("MSG-1")
def test_another_try_closes_the_to_do_of_a_name_that_did_not_match(world):
    person = registering.sign_up(world)
    registering.prove(world, person, registering.resident_id(sequence="404"))
    assert open_todos(world, person) in ([], ["real_name.mismatched"])
    tell(world, person, "real_name.mismatched", todo=True)
    registering.prove(world, person, registering.resident_id())
    assert open_todos(world, person) == []


@pytest.mark.row("MSG-1")
def test_every_change_that_concerns_somebody_is_told_in_the_same_operation(world):
    deal = trading.trade(world)
    contract = trading.draft(world, deal)
    trading.sign(world, deal.purchaser, contract.id)
    assert open_todos(world, deal.supplier.person) == ["contract.to_sign"]
    trading.sign(world, deal.supplier, contract.id)
    assert open_todos(world, deal.supplier.person) == []
    given = {"contract_id": contract.id}
    world.engine.perform(trading.signing.submit, given, actor=deal.purchaser.mall)
    parties.approve(world, "contract", contract.id, deal.reviewers.contract)
    world.engine.perform(bindings.unbind, {}, actor=deal.purchaser.mall)
    given = {"certificate_id": deal.supplier.certificate_id, "reason": "cessationOfOperation"}
    world.engine.perform(issuing.revoke, given, actor=deal.supplier.person)
    require_told(world, MUST_TELL)


@pytest.mark.row("MSG-1")
@pytest.mark.guide("G-certificate-6")
def test_the_phone_gets_a_to_do_that_the_certificate_was_approved(world):
    line = Line.on(world)
    person: Person = line.person(0)
    line.onboarded(person)
    person.order(agency_id="dongfang")
    line.work()
    person.pay()
    line.work(70)
    person.attach()
    assert "certificate.ready" not in [one["kind"] for one in _box(person)]
    line.approve_all()
    [told] = [one for one in _box(person) if one["kind"] == "certificate.ready"]
    assert (told["open_todo"], told["category"]) == (1, "certificate")
    assert told["link"] == f"orders/{person.order_id}"
    assert "审核通过" in texts.of_code(told["kind"], "zh_CN", told["params"])
    assert malls.facts(world, "message.sent")[-1].facts["code"]


def _box(person: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.handset.door.ask("messaging.mine", {})
    return found
