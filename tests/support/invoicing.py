"""Invoices brought to any state through actions: applied for, decided, numbered, refused, reversed."""

from __future__ import annotations

import collections
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from engine import worker
from engine.boot import World
from engine.http.doors import DirectDoor
from engine.invoicing import actions, model, queries
from engine.kernel import actors, clock, errors, ports
from engine.ordering import actions as ordering
from engine.ordering.model import Resolution
from engine.policies import actions as settings
from engine.policies import model as policies
from engine.reviewing import actions as reviewing
from engine.staffing.model import Role
from tests.support import moneys, parties, registering, services, worlds
from tests.support.parties import Party
from tests.support.worlds import SYSTEM

OTHER_CODE = "91650100MA77TE5T1Y"


def do(world: World, action: Callable[..., Any], actor: actors.Actor, **given: Any) -> Any:
    """Perform an action."""
    return world.engine.perform(action, given, actor=actor)


def apply(world: World, party: Party, **given: Any) -> model.InvoiceShown:
    """Apply for the invoice of the party's order, or of others."""
    wanted = {"order_ids": (party.order_id,), **given}
    made: model.InvoiceShown = do(world, actions.apply_for_invoice, party.person, **wanted)
    return made


def shown(world: World, party: Party, invoice_id: str) -> model.InvoiceShown:
    """An invoice as its applicant sees it now."""
    found: model.InvoiceShown = world.engine.ask(queries.invoice, party.person, invoice_id)
    return found


def run(world: World) -> None:
    """Let the jobs that are due be done."""
    worker.run_due(world)


def finance(world: World) -> actors.Staff:
    """A new member of finance."""
    return worlds.staff(world, Role.FINANCE)


def approve(world: World, kind: str, invoice_id: str, who: actors.Staff | None = None) -> None:
    """Somebody of finance says yes at the desk."""
    parties.approve(world, kind, invoice_id, who or finance(world))


def reject(world: World, kind: str, invoice_id: str, reason: str) -> None:
    """Somebody of finance says no at the desk, for a reason of the data."""
    who, case_id = finance(world), parties.open_case(world, kind, invoice_id)
    do(world, reviewing.claim, who, case_id=case_id)
    do(world, reviewing.reject, who, case_id=case_id, reasons=(reason,))


def several(world: World, count: int) -> tuple[Party, tuple[str, ...]]:
    """An enterprise with so many paid orders for tender alerts, of 39 yuan each."""
    party = parties.enterprise(world, parties.Reviewers.of(world))
    enterprise_id = party.enterprise_id
    orders = [
        services.paid(world, party.person, months=1, enterprise_id=enterprise_id).id
        for _ in range(count)
    ]
    return replace(party, order_id=orders[0]), tuple(orders)


def issued(world: World, party: Party, **given: Any) -> model.InvoiceShown:
    """An invoice that has its number; the desk has said yes where it was asked."""
    made = apply(world, party, **given)
    if made.status == "in_review":
        approve(world, "invoice", made.id)
    run(world)
    found = shown(world, party, made.id)
    assert found.status == "issued", found.status
    return found


def refused_by_tax(world: World, invoice_id: str, problem: str = "tax.title_unknown") -> None:
    """The tax service says no, as the job tells it."""
    given = {"invoice_id": invoice_id, "problem": problem}
    world.engine.perform(actions.record_refused, given, actor=SYSTEM)


def give_back(world: World, party: Party, amount_fen: int, number: str = "rfd_theirs") -> None:
    """The provider gives a part back unasked, and finance accepts it: the money is gone."""
    payment = services.payment(world, party.order_id)
    given = ports.Payback(
        refund_no=number,
        payment_id=payment.id,
        trade_no=payment.trade_no,
        amount_fen=amount_fen,
    )
    world.ports.payment.refund(given)
    parties.settle(world)
    for case in moneys.cases(world, kind="refund_unasked"):
        if case["status"] == "open":
            settled = {"case_id": case["id"], "resolution": Resolution.ACCEPT, "note": "已核对"}
            world.engine.perform(ordering.settle_case, settled, actor=finance(world))
    parties.settle(world)


def reds(world: World, invoice_id: str) -> list[dict[str, Any]]:
    """The red letters about an invoice, oldest first."""
    sql = "SELECT * FROM invoice WHERE reverses = ? ORDER BY created_at, id"
    return worlds.rows(world, sql, invoice_id)


def candidate(world: World, party: Party, order_kind: str = "certificate") -> model.Billable:
    """The party's order as it can be ticked, or not."""
    found = world.engine.ask(queries.candidates, party.person, order_kind)
    return next(one for one in found if party.order_id in ("", one.id))


def balance(world: World, order_id: str) -> dict[str, Any]:
    """What the database keeps of an order's invoices."""
    [row] = worlds.rows(world, "SELECT * FROM invoice_balance WHERE id = ?", order_id)
    return row


def door(world: World, party: Party, number: int = 1) -> DirectDoor:
    """A phone of the party's person, signed in by a code."""
    worlds.clock_of(world).advance(2 * clock.MINUTE)
    asked = registering.ask_for_code(world, f"1380013{number:04d}")
    session = registering.enter_code(world, asked)
    found = DirectDoor(world.engine)
    found.sign_in(session.token)
    assert session.account_id == party.person.account_id
    return found


def at_once(
    world: World, count: int, attempt: Callable[[int], Any], *, threads: int = 8
) -> collections.Counter[str]:
    """What came of so many tries at once: `done`, or the name of the refusal."""

    def one(number: int) -> str:
        try:
            attempt(number)
        except errors.EngineError as refused:
            return type(refused).__name__
        return "done"

    with ThreadPoolExecutor(threads) as pool:
        return collections.Counter(pool.map(one, range(count)))


def title(**changes: Any) -> model.GivenTitle:
    """A company's title that is entered in an application."""
    given = {"kind": "company", "name": "印信测试有限公司", "code": OTHER_CODE, **changes}
    return model.GivenTitle(**given)


def set_policy(world: World, kind: str, name: str, **changes: Any) -> None:
    """A setting is changed: proposed by one, approved by another."""
    with world.engine.reader(SYSTEM) as q:
        body = q.policy(policies.KINDS[kind], name).model_dump(mode="json")
    lead, other = (worlds.staff(world, Role.LEAD) for _ in range(2))
    given = {"kind": kind, "name": name, "body": {**body, **changes}, "effective_at": 0}
    proposed = do(world, settings.propose, lead, **given)
    do(world, settings.approve, other, version_id=proposed.id)
