"""INV-2: whatever the tax service does, an invoice is numbered once, or refused for a reason."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from engine import worker
from engine.boot import World
from engine.invoicing import actions, queries
from engine.kernel import clock, jobs, ports
from engine.providers import health, tax
from engine.providers.store import Memory
from tests.support import fold, invoicing, parties, worlds
from tests.support.worlds import SYSTEM


@pytest.fixture
def party(any_world: World) -> parties.Party:
    """An enterprise with one paid order of 39 yuan."""
    found, _orders = invoicing.several(any_world, 1)
    return found


def with_faults(world: World, **shares: float) -> World:
    """The world with a tax service that has these faults."""
    rules = tax.load_rules().model_copy(update={"faults": tax.Faults(**shares)})
    memory = Memory(world.engine.parts, world.engine.now)
    service = tax.SimulatedTaxService(memory, rules)
    return replace(world, ports=replace(world.ports, tax=service))


def apply(world: World, party: parties.Party, **given: Any) -> str:
    return invoicing.apply(world, party, order_kind="information", **given).id


def books(world: World) -> list[dict[str, Any]]:
    return worlds.rows(world, "SELECT * FROM sim_tax_invoice ORDER BY number")


def wait(world: World, milliseconds: int) -> None:
    worlds.clock_of(world).advance(milliseconds)
    worker.run_due(world)


@pytest.mark.row("INV-2")
def test_an_invoice_is_numbered_at_once_where_all_is_well(any_world, party):
    invoice_id = apply(any_world, party)
    worker.run_due(any_world)
    found = invoicing.shown(any_world, party, invoice_id)
    assert found.status == "issued"
    assert found.number == f"26652{1:015d}"
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("INV-2")
def test_an_answer_that_comes_later_is_waited_for_and_costs_no_attempt(any_world, party):
    world = with_faults(any_world, slow=1.0)
    invoice_id = apply(world, party)
    worker.run_due(world)
    assert invoicing.shown(world, party, invoice_id).status == "applied"
    assert world.ports.tax.outcome(invoice_id).status == "accepted"
    (job,) = worlds.rows(world, "SELECT attempts FROM job WHERE kind = 'issue_invoice'")
    assert job["attempts"] == 0
    wait(world, 91 * clock.SECOND)
    found = invoicing.shown(world, party, invoice_id)
    assert found.status == "issued"
    assert found.issued_at == books(world)[0]["ready_at"]
    assert len(books(world)) == 1


@pytest.mark.row("INV-2")
def test_an_application_that_is_never_answered_is_refused_after_a_day_and_finance_sends_it_again(
    any_world, party
):
    world = with_faults(any_world, unanswered=1.0)
    invoice_id = apply(world, party)
    asked = 0
    while invoicing.shown(world, party, invoice_id).status == "applied":
        worker.run_due(world)
        asked += 1
        (job,) = worlds.rows(
            world, "SELECT due_at, attempts FROM job WHERE subject = ?", invoice_id
        ) or [None]
        if job is not None:
            assert job["attempts"] == 0
            worlds.clock_of(world).set(job["due_at"])
    # Ever more rarely: every minute would have been 1,440 times.
    assert 10 < asked < 100
    found = invoicing.shown(world, party, invoice_id)
    assert (found.status, found.problem) == ("failed", "tax.no_answer")
    assert worlds.clock_of(world).now_ms() - found.created_at == clock.DAY
    officer = invoicing.finance(any_world)
    invoicing.do(any_world, actions.retry_invoice, officer, invoice_id=invoice_id)
    worker.run_due(any_world)
    assert invoicing.shown(any_world, party, invoice_id).status == "issued"
    assert len(books(any_world)) == 1
    fold.require(any_world)


@pytest.mark.row("INV-2")
def test_after_a_weekend_without_the_service_its_answer_is_waited_for_as_long_as_ever(
    any_world, party
):
    away = with_faults(any_world, unreachable=1.0)
    invoice_id = apply(away, party)
    begun = away.engine.now()
    worker.run_due(away)
    while away.engine.now() < begun + 2 * clock.DAY:
        (job,) = worlds.rows(away, "SELECT due_at FROM job WHERE kind = 'issue_invoice'")
        worlds.clock_of(away).set(job["due_at"])
        worker.run_due(away)
    back = with_faults(any_world, slow=1.0)
    wait(back, clock.HOUR)
    assert invoicing.shown(back, party, invoice_id).status == "applied"
    assert back.ports.tax.outcome(invoice_id).status == "accepted"
    wait(back, 91 * clock.SECOND)
    assert invoicing.shown(back, party, invoice_id).status == "issued"
    assert len(books(back)) == 1


@pytest.mark.row("INV-2")
def test_an_answer_that_nobody_heard_is_asked_for_again_and_numbered_once(any_world, party):
    world = with_faults(any_world, reply_lost=1.0)
    invoice_id = apply(world, party)
    worker.run_due(world)
    assert invoicing.shown(world, party, invoice_id).status == "applied"
    wait(world, jobs.BACKOFF_MS[0])
    found = invoicing.shown(world, party, invoice_id)
    assert found.status == "issued"
    assert [row["number"] for row in books(world)] == [found.number]


@pytest.mark.row("INV-2")
def test_a_service_that_is_never_reached_ends_in_a_refusal_that_finance_sends_again(
    any_world, party
):
    world = with_faults(any_world, unreachable=1.0)
    invoice_id = apply(world, party)
    worker.run_due(world)
    for pause in jobs.BACKOFF_MS:
        assert invoicing.shown(world, party, invoice_id).status == "applied"
        wait(world, pause)
    found = invoicing.shown(world, party, invoice_id)
    assert (found.status, found.problem) == ("failed", "tax.unreachable")
    assert worlds.rows(world, "SELECT id FROM job WHERE kind = 'issue_invoice'") == []
    told = any_world.engine.ask(health.provider_health, SYSTEM)
    (asked,) = [one for one in told if one.provider == "tax"]
    assert (asked.answers, asked.last_answer_at) == (0, None)
    officer = invoicing.finance(any_world)
    invoicing.do(any_world, actions.retry_invoice, officer, invoice_id=invoice_id)
    worker.run_due(any_world)
    assert invoicing.shown(any_world, party, invoice_id).status == "issued"
    fold.require(any_world)


@pytest.mark.row("INV-2")
@pytest.mark.parametrize("fault", ["wrong_number", "wrong_total"])
def test_an_answer_that_cannot_be_is_not_recorded_as_a_number(any_world, party, fault):
    world = with_faults(any_world, **{fault: 1.0})
    invoice_id = apply(world, party)
    worker.run_due(world)
    found = invoicing.shown(world, party, invoice_id)
    assert (found.status, found.problem, found.number) == ("failed", "tax.answer_wrong", "")
    assert found.blob_id is None
    officer = invoicing.finance(any_world)
    invoicing.do(any_world, actions.retry_invoice, officer, invoice_id=invoice_id)
    worker.run_due(any_world)
    found = invoicing.shown(any_world, party, invoice_id)
    # The number it had all the time: sending again does not number it twice.
    assert [row["number"] for row in books(any_world)] == [found.number]


@pytest.mark.row("INV-2")
def test_a_refusal_is_told_and_a_corrected_application_is_numbered(any_world, party):
    world = with_faults(any_world, refused_once=1.0)
    invoice_id = apply(world, party)
    worker.run_due(world)
    found = invoicing.shown(world, party, invoice_id)
    assert (found.status, found.problem) == ("failed", "tax.held_for_a_check")
    invoicing.do(world, actions.send_again, party.person, invoice_id=invoice_id)
    worker.run_due(world)
    assert invoicing.shown(world, party, invoice_id).status == "issued"
    assert len(books(world)) == 1


@pytest.mark.row("INV-2")
def test_a_service_that_forgets_and_numbers_twice_shows_in_its_list_of_the_day(any_world, party):
    world = with_faults(any_world, reply_lost=1.0, twice=1.0)
    invoice_id = apply(world, party)
    worker.run_due(world)
    wait(world, jobs.BACKOFF_MS[0])
    assert invoicing.shown(world, party, invoice_id).status == "issued"
    day = clock.civil_date(world.engine.now()).isoformat()
    with pytest.raises(ports.NotYet):
        world.ports.tax.list_of(day)
    worlds.clock_of(world).advance(clock.DAY)
    entries = world.ports.tax.list_of(day)
    assert [one.invoice_id for one in entries] == [invoice_id, invoice_id]
    assert len({one.number for one in entries}) == 2


@pytest.mark.row("INV-2")
@pytest.mark.parametrize("one", tax.sandbox_values(), ids=lambda one: one.fault)
def test_each_test_value_forces_its_outcome(world, one):
    party, _orders = invoicing.several(world, 1)
    title = invoicing.title(name=f"新疆{one.name}有限公司")
    invoice_id = apply(world, party, title=title)
    invoicing.approve(world, "invoice", invoice_id)
    worker.run_due(world)
    for pause in jobs.BACKOFF_MS:
        wait(world, pause)
    found = invoicing.shown(world, party, invoice_id)
    expected = {
        "refused": ("failed", "tax.held_for_a_check"),
        "refused_once": ("failed", "tax.held_for_a_check"),
        "unreachable": ("failed", "tax.unreachable"),
        "unanswered": ("failed", "tax.no_answer"),
        "wrong_number": ("failed", "tax.answer_wrong"),
        "wrong_total": ("failed", "tax.answer_wrong"),
    }
    assert (found.status, found.problem) == expected.get(one.fault, ("issued", ""))


@pytest.mark.row("INV-2")
def test_a_worker_killed_between_the_number_and_its_record_numbers_nothing_twice(any_world, party):
    invoice_id = apply(any_world, party)

    @dataclass(frozen=True)
    class Killed:
        """A worker that dies right after the service has answered."""

        service: ports.TaxService
        asked: list[str] = field(default_factory=list)

        def issue(self, request: ports.InvoiceRequest) -> ports.TaxOutcome:
            self.service.issue(request)
            self.asked.append(request.invoice_id)
            raise KeyboardInterrupt

    killed = Killed(any_world.ports.tax)
    dying = replace(any_world, ports=replace(any_world.ports, tax=killed))
    with pytest.raises(KeyboardInterrupt):
        worker.run_due(dying)
    assert invoicing.shown(any_world, party, invoice_id).status == "applied"
    wait(any_world, jobs.LEASE_MS + 1)
    found = invoicing.shown(any_world, party, invoice_id)
    assert found.status == "issued"
    assert [row["number"] for row in books(any_world)] == [found.number]
    fold.require(any_world)


@pytest.mark.row("INV-2")
def test_a_red_letter_is_numbered_drawn_and_taken_off_the_invoice(any_world, party):
    invoice_id = invoicing.issued(any_world, party, order_kind="information").id
    asked = {"invoice_id": invoice_id, "reason": "01"}
    red = invoicing.do(any_world, actions.ask_red_letter, party.person, **asked)
    if red.status == "in_review":
        invoicing.approve(any_world, "red_letter", red.id)
    worker.run_due(any_world)
    found = invoicing.shown(any_world, party, red.id)
    assert (found.status, found.total_fen) == ("issued", -3_900)
    assert found.number == f"26652{2:015d}"
    assert invoicing.shown(any_world, party, invoice_id).status == "reversed"
    assert any_world.engine.ask(queries.document, party.person, red.id).startswith(b"%PDF")
    blue, taken = books(any_world)
    assert (taken["blue_number"], taken["total_fen"]) == (blue["number"], -blue["total_fen"])
    fold.require(any_world)


@pytest.mark.row("INV-2")
def test_what_was_numbered_is_forgotten_with_nobody_s_name_in_the_books(any_world, party):
    title = invoicing.title(kind="personal", name="古丽努尔·买买提", code="")
    invoice_id = apply(any_world, party, title=title)
    invoicing.approve(any_world, "invoice", invoice_id)
    worker.run_due(any_world)
    assert invoicing.shown(any_world, party, invoice_id).status == "issued"
    assert "古丽努尔" not in repr(worlds.content(any_world, without=("sim_sms",)))
