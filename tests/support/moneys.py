"""Money in a test: a paid order, notices of the provider, a provider with faults, the morning after."""

from __future__ import annotations

import dataclasses
import datetime
import json
from typing import Any

from engine import worker
from engine.boot import World
from engine.kernel import actors, clock
from engine.ordering import actions, model, queries
from engine.policies import actions as settings
from engine.providers import bank
from engine.providers.store import Memory
from engine.staffing.model import Role
from tests.support import crashing, parties, worlds
from tests.support.worlds import SYSTEM

BANK = actors.Machine(name="payment")


def payment_of(world: World, party: parties.Party) -> model.Payment:
    """The payment of the party's order as it is now."""
    found = world.engine.ask(queries.payment_of, SYSTEM, party.order_id)
    assert found is not None
    return found


def notice(world: World, payment: model.Payment, **changes: Any) -> dict[str, bytes]:
    """A genuine notice of a payment, with changes (None leaves a field out)."""
    told = {
        "merchant": "yinxin",
        "payment_id": payment.id,
        "trade_no": payment.trade_no,
        "amount_fen": payment.amount_fen,
        "currency": "CNY",
        "status": "paid",
        **changes,
    }
    body = json.dumps({name: value for name, value in told.items() if value is not None}).encode()
    return {"body": body, "signature": world.keyring.mac("payment-callbacks", body)}


def deliver(world: World, arguments: dict[str, bytes]) -> str:
    """Hand a notice in; what it came to."""
    return world.engine.perform(actions.receive_callback, arguments, actor=BANK)


def holds(world: World, account: str) -> int:
    """What the ledger says an account holds, in fen."""
    sql = "SELECT COALESCE(SUM(amount_fen), 0) AS fen FROM ledger_line WHERE account = ?"
    return int(worlds.rows(world, sql, account)[0]["fen"])


def cases(world: World, **wanted: str) -> list[dict[str, Any]]:
    """The cases of money, those that are as wanted."""
    rows = worlds.rows(world, "SELECT * FROM money_case ORDER BY opened_at, kind, id")
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def with_faults(world: World, **shares: float) -> World:
    """The world with a provider whom these faults strike, by their shares."""
    rules = bank.load_rules()
    faulty = rules.model_copy(update={"faults": bank.Faults(**shares)})
    the_bank = bank.SimulatedBank(Memory(world.engine.parts, world.engine.now), faulty)
    return dataclasses.replace(
        world, bank=the_bank, ports=dataclasses.replace(world.ports, payment=the_bank)
    )


def ordered(world: World, *, number: int = 1, reviewers: Any = None) -> parties.Party:
    """A party whose payment is open at the provider."""
    made = parties.enterprise(
        world,
        reviewers or parties.Reviewers.of(world),
        number=number,
        name=f"新疆第{number}商贸有限公司",
    )
    party = parties.order(world, made)
    worker.run_due(world)
    return party


def paid(
    world: World, *, number: int = 1, account: str = "", reviewers: Any = None
) -> parties.Party:
    """A party who went to the cashier, with the notices delivered that come."""
    party = ordered(world, number=number, reviewers=reviewers)
    world.bank.pay(payment_of(world, party).id, account)
    parties.settle(world)
    return party


def next_morning(world: World, days: int = 1) -> None:
    """Go to the morning after, when statements come, and do what is due."""
    for _ in range(days):
        day = clock.civil_date(world.engine.now()) + datetime.timedelta(days=1)
        worlds.clock_of(world).set(clock.start_of(day) + 11 * clock.HOUR)
        worker.tick(world, owner="test")


def limit(world: World, fen: int) -> None:
    """Set the amount up to which one person settles alone: proposed by one, approved by another."""
    managers = [worlds.staff(world, Role.LEAD) for _ in range(2)]
    given = {"statement_hour": 10, "alone_up_to_fen": fen}
    proposed = world.engine.perform(
        settings.propose,
        {"kind": "money_rules", "name": "", "body": given, "effective_at": 0},
        actor=managers[0],
    )
    world.engine.perform(settings.approve, {"version_id": proposed.id}, actor=managers[1])


def a_notice(world: World) -> crashing.Act:
    """A payment's notice, with the order, the ledger and the review that follow from it."""
    payment = payment_of(world, ordered(world))
    return crashing.Act(actions.receive_callback, notice(world, payment), BANK)


def a_statement(world: World) -> crashing.Act:
    """A day's statement with a payment that nobody was told of, one that came twice, and one that fits."""
    reviewers = parties.Reviewers.of(world)
    paid(world, reviewers=reviewers, account="sandbox-paid-twice")
    silent = ordered(world, number=2, reviewers=reviewers)
    world.bank.pay(payment_of(world, silent).id, "sandbox-notice-lost")
    [awaited] = worlds.rows(world, "SELECT id, business_date FROM statement")
    worlds.clock_of(world).advance(2 * clock.DAY)
    content = world.ports.payment.statement(awaited["business_date"])
    arguments = {"statement_id": awaited["id"], "content": content}
    return crashing.Act(actions.record_statement, arguments, actors.System(job="take_statement"))
