"""INV-2, ADR-1: an invoice on paper is numbered, printed, and posted to the address taken for it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field, replace

import pytest

from engine import worker
from engine.boot import World
from engine.delivering import actions as delivering
from engine.delivering import queries as deliveries
from engine.delivering.model import ShipmentStatus
from engine.invoicing import actions, queries
from engine.kernel import jobs, ports
from engine.messaging import queries as messages
from tests.support import calling, fold, invoicing, parties, posting, worlds


@pytest.fixture
def party(any_world: World) -> parties.Party:
    """An enterprise with a certificate of a CA that has paper invoices, and a default address."""
    found = parties.certified(any_world, parties.Reviewers.of(any_world))
    posting.add_address(any_world, found.person, is_default=True)
    return found


def posted(world: World, party: parties.Party, invoice_id: str) -> posting.Posted:
    row = world.engine.ask(deliveries.newest, party.person, invoice_id)
    assert row is not None
    return posting.Posted(world, party.person, invoice_id, row.id)


def read(pdf: bytes) -> str:
    """What is drawn, as `pdftotext` has it."""
    return subprocess.run(
        ["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


@dataclass(frozen=True)
class NoPrinter:
    """A tax service whose sheets cannot be read: everything else is as it was."""

    service: ports.TaxService
    tries: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> object:
        return getattr(self.service, name)

    def print_paper(self, invoice_id: str, *, print_id: str) -> ports.PaperForm:
        self.tries.append(invoice_id)
        return ports.PaperForm(code="0650026", number="?")


def order_number(world: World) -> str:
    """The number of the one order there is, which a caller can read out."""
    return str(worlds.rows(world, "SELECT number FROM certificate_order")[0]["number"])


@pytest.mark.row("INV-2", "ADR-1")
@pytest.mark.guide("G-addresses-5")
def test_the_default_address_is_taken_and_the_paper_arrives_there(any_world, party):
    applied = invoicing.apply(any_world, party, medium="paper")
    assert posted(any_world, party, applied.id).shown().status is ShipmentStatus.WAITING
    worker.run_due(any_world)
    found = invoicing.shown(any_world, party, applied.id)
    assert (found.status, len(found.number)) == ("issued", 20)
    assert (len(found.paper_code), len(found.paper_number)) == (12, 8)
    said = read(any_world.engine.ask(queries.document, party.person, applied.id))
    for figure in (found.number, found.paper_code, found.paper_number, "数电纸质发票"):
        assert figure in said
    sent = posted(any_world, party, applied.id)
    assert sent.shown().status is ShipmentStatus.HANDED_OVER
    assert sent.shown().contents == f"{found.paper_code} {found.paper_number}"
    assert sent.shown().place.endswith(posting.FORM["detail"])
    assert sent.later(60).status is ShipmentStatus.DELIVERED
    told = [one.kind for one in any_world.engine.ask(messages.mine, party.person)]
    assert told[0] == "shipment.delivered"
    assert {"shipment.posted", "invoice.issued"} < set(told)
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("INV-2", "ADR-1")
def test_without_any_address_a_paper_invoice_is_not_applied_for(any_world):
    party = parties.certified(any_world, parties.Reviewers.of(any_world))
    with worlds.unchanged(any_world), pytest.raises(actions.AddressMissing):
        invoicing.apply(any_world, party, medium="paper")


@pytest.mark.row("INV-2")
def test_a_sheet_that_cannot_be_printed_stands_still_until_finance_has_it_printed(any_world, party):
    applied = invoicing.apply(any_world, party, medium="paper")
    printer = NoPrinter(any_world.ports.tax)
    broken = replace(any_world, ports=replace(any_world.ports, tax=printer))
    worker.run_due(broken)
    for pause in jobs.BACKOFF_MS:
        worlds.clock_of(any_world).advance(pause)
        worker.run_due(broken)
    assert len(printer.tries) == 1 + len(jobs.BACKOFF_MS)
    assert worlds.rows(any_world, "SELECT id FROM job WHERE kind = 'post_invoice'") == []
    still = posted(any_world, party, applied.id).shown()
    assert (still.status, still.problem) == (ShipmentStatus.WAITING, "not_made")
    officer = invoicing.finance(any_world)
    (listed,) = any_world.engine.ask(deliveries.in_states, officer, (ShipmentStatus.WAITING,))
    assert listed.can == ("send_again",)
    invoicing.do(any_world, delivering.send_again, officer, shipment_id=still.id)
    with pytest.raises(delivering.NotToBeSentAgain):
        invoicing.do(any_world, delivering.send_again, officer, shipment_id=still.id)
    worker.run_due(any_world)
    sent = posted(any_world, party, applied.id).shown()
    assert (sent.status, sent.problem, sent.attempt) == (ShipmentStatus.HANDED_OVER, "", 1)
    assert sent.contents.split()[1] in read(
        any_world.engine.ask(queries.document, party.person, applied.id)
    )
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("INV-2")
def test_a_lost_paper_is_printed_anew_and_the_sheet_before_is_void(any_world, party):
    other = posting.add_address(any_world, party.person, detail="快递丢失路 1 号")
    applied = invoicing.apply(any_world, party, medium="paper", address_id=other.id)
    worker.run_due(any_world)
    first = invoicing.shown(any_world, party, applied.id)
    assert posted(any_world, party, applied.id).later(60).status is ShipmentStatus.LOST
    lost = posted(any_world, party, applied.id)
    given = {"subject": applied.id, "address_id": posting.add_address(any_world, party.person).id}
    any_world.engine.perform(delivering.redirect, given, actor=party.person)
    officer = invoicing.finance(any_world)
    invoicing.do(any_world, delivering.send_again, officer, shipment_id=lost.id)
    worker.run_due(any_world)
    second = invoicing.shown(any_world, party, applied.id)
    # The 20 digits stay: the invoice is the same, the paper another one.
    assert second.number == first.number
    assert (second.paper_code, second.paper_number) != (first.paper_code, first.paper_number)
    sheets = worlds.rows(any_world, "SELECT number, void_at FROM sim_tax_paper ORDER BY number")
    assert [(one["number"], one["void_at"] is None) for one in sheets] == [
        (first.paper_number, False),
        (second.paper_number, True),
    ]
    assert posted(any_world, party, applied.id).later(60).status is ShipmentStatus.DELIVERED
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("INV-2")
def test_an_application_that_ends_without_a_number_is_not_posted(any_world, party):
    applied = invoicing.apply(any_world, party, medium="paper", kind="special")
    assert applied.status == "in_review"
    given = {"invoice_id": applied.id}
    any_world.engine.perform(actions.withdraw_application, given, actor=party.person)
    assert posted(any_world, party, applied.id).shown().status is ShipmentStatus.CANCELLED
    again = invoicing.apply(any_world, party, medium="paper", kind="special")
    case_id = parties.open_case(any_world, "invoice", again.id)
    assert case_id
    invoicing.approve(any_world, "invoice", again.id)
    worker.run_due(any_world)
    assert posted(any_world, party, again.id).shown().status is ShipmentStatus.HANDED_OVER


@pytest.mark.row("INV-2")
def test_a_rejected_application_is_not_posted(any_world, party):
    applied = invoicing.apply(any_world, party, medium="paper", kind="special")
    invoicing.reject(any_world, "invoice", applied.id, "invoice_title_differs")
    assert posted(any_world, party, applied.id).shown().status is ShipmentStatus.CANCELLED
    assert parties.violations(any_world) == {}


@pytest.mark.row("INV-2", "ACC-6")
def test_an_account_is_not_closed_while_its_paper_is_under_way(any_world, party):
    applied = invoicing.apply(any_world, party, medium="paper")
    worker.run_due(any_world)
    sent = posted(any_world, party, applied.id)
    notes = any_world.engine.ask(deliveries.blockers, party.person, party.person.account_id)
    assert [one.code for one in notes] == ["blocker.shipment_open"]
    sent.later(60)
    notes = any_world.engine.ask(deliveries.blockers, party.person, party.person.account_id)
    assert notes == []


@pytest.mark.row("INV-2", "OPS-8")
def test_who_calls_is_told_where_their_paper_is(any_world, party):
    applied = invoicing.apply(any_world, party, medium="paper")
    worker.run_due(any_world)
    sent = posted(any_world, party, applied.id)
    sent.later(20)
    caller = calling.answer(any_world, calling.agent(any_world), order_number(any_world))
    told = calling.matter(caller, "shipment_in_transit")
    assert sent.shown().tracking_no in told.say.zh
    assert sent.shown().courier in told.say.en
