"""The invoice of a paid order: numbered by the tax service, drawn, never more than was paid."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import pypdfium2
import pytest

from engine import worker
from engine.invoicing import actions, model, queries
from engine.kernel import errors
from engine.ordering import actions as ordering
from engine.pdf import amounts, intake
from engine.staffing.model import Role
from tests.support import fold, invoicing, parties, registering, worlds
from tests.support.worlds import SYSTEM


@pytest.fixture
def reviewers(world):
    return parties.Reviewers.of(world)


@pytest.fixture
def party(world, reviewers):
    return parties.certified(world, reviewers)


@dataclass(frozen=True)
class Down:
    """A tax service that cannot be reached."""

    def issue(self, request) -> str:
        raise errors.ProviderUnavailable()


def apply(world, party, *, order_ids=None, kind="ordinary", actor=None):
    chosen = (party.order_id,) if order_ids is None else order_ids
    arguments = {"order_ids": chosen, "kind": kind}
    return world.engine.perform(actions.apply_for_invoice, arguments, actor=actor or party.person)


def text_of(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(io.BytesIO(content))
    return "".join(page.get_textpage().get_text_bounded() for page in pdf)


def refused(world, party, refusal, **how):
    with worlds.unchanged(world), pytest.raises(refusal) as told:
        apply(world, party, **how)
    return told.value


def codes(world, party):
    return [one.refused for one in world.engine.ask(queries.candidates, party.person)]


@pytest.mark.parametrize("kind", ["ordinary", "special"])
def test_a_paid_orders_invoice_is_numbered_drawn_and_told(world, party, kind):
    applied = apply(world, party, kind=kind)
    if kind == "special":
        invoicing.approve(world, "invoice", applied.id)
    worker.tick(world, owner="test")
    issued = world.engine.ask(queries.invoice, party.person, applied.id)
    assert (issued.status, len(issued.number)) == (model.InvoiceStatus.ISSUED, 20)
    assert issued.number.isdigit()
    assert issued.total_fen == issued.amount_fen + issued.tax_fen == 20_000
    content = world.engine.ask(queries.document, party.person, issued.id)
    assert intake.inspect(content).pages == 1
    shown = text_of(content)
    for part in (
        issued.number,
        party.name,
        registering.credit_code(),
        amounts.capitals(issued.total_fen).replace("元", "圆"),
        amounts.figures(issued.tax_fen),
    ):
        assert part in shown
    told = worlds.rows(world, "SELECT params FROM message WHERE kind = 'invoice.issued'")
    assert issued.number in told[0]["params"]
    assert parties.violations(world) == {}
    fold.require(world)


def test_an_order_is_invoiced_once(world, party):
    apply(world, party)
    number = worlds.rows(world, "SELECT number FROM certificate_order")[0]["number"]
    problem = refused(world, party, actions.OrderInvoiced)
    assert (problem.field, problem.params["number"]) == ("order_ids", number)
    assert codes(world, party) == ["invoice.invoiced"]


def test_the_same_order_ticked_twice_counts_once(world, party):
    applied = apply(world, party, order_ids=(party.order_id, party.order_id))
    assert len(applied.lines) == 1


def test_the_database_itself_refuses_more_than_was_paid(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    apply(world, party)
    for change in ("invoiced_fen = 20001", "refunded_fen = 1", "reversed_fen = 20001"):
        sql = f"UPDATE invoice_balance SET {change} WHERE id = ?"
        with pytest.raises(Exception, match=r"(?i)check"):
            worlds.run_sql(world, sql, party.order_id)


def test_an_unpaid_order_is_refused(world, reviewers):
    party = parties.order(world, parties.enterprise(world, reviewers))
    refused(world, party, actions.OrderUnpaid)
    assert codes(world, party) == ["invoice.unpaid"]


def test_an_order_in_review_waits_because_its_money_may_go_back(world, reviewers):
    party = parties.order(world, parties.enterprise(world, reviewers))
    parties.pay(world, party)
    parties.hand_in(world, party)
    refused(world, party, actions.OrderStillOpen)
    assert codes(world, party) == ["invoice.in_review"]
    parties.approve_order(world, party)
    # Until its certificate is in use an order can be taken back.
    refused(world, party, actions.OrderNotDelivered)
    assert codes(world, party) == ["invoice.not_delivered"]
    party = parties.download(world, party)
    assert codes(world, party) == [""]
    assert apply(world, party).status is model.InvoiceStatus.APPLIED


def test_a_refunded_order_is_refused(world, reviewers):
    party = parties.order(world, parties.enterprise(world, reviewers))
    parties.pay(world, party)
    parties.hand_in(world, party)
    world.engine.perform(ordering.cancel, {"order_id": party.order_id}, actor=party.person)
    parties.settle(world)
    refused(world, party, actions.OrderRefunded)
    assert codes(world, party) == ["invoice.refunded"]
    assert parties.violations(world) == {}


def test_nothing_ticked_or_an_unknown_kind_is_refused(world, party):
    assert refused(world, party, actions.OrdersMissing, order_ids=()).field == "order_ids"
    assert refused(world, party, queries.KindUnknown, kind="paper").field == "kind"


def test_somebody_elses_order_cannot_be_invoiced(world, reviewers, party):
    other = parties.enterprise(world, reviewers, number=2, name="乌鲁木齐恒基建材有限公司")
    refused(world, party, errors.NotFound, actor=other.person)
    for actor in (party.mall, reviewers.platform, SYSTEM):
        refused(world, party, errors.NotPermitted, actor=actor)


def test_a_tax_service_that_is_down_postpones_the_issue(world, party):
    applied = apply(world, party)
    worker.run_due(replace(world, ports=replace(world.ports, tax=Down())))
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.document, party.person, applied.id)
    assert worlds.rows(
        world, "SELECT status, last_error FROM job WHERE kind = 'issue_invoice'"
    ) == [{"status": "ready", "last_error": "kernel.provider_unavailable"}]
    parties.settle(world, rounds=1)
    issued = world.engine.ask(queries.invoice, party.person, applied.id)
    assert issued.status is model.InvoiceStatus.ISSUED


def test_an_invoice_is_seen_by_its_applicant_and_entitled_staff_alone(world, reviewers, party):
    applied = apply(world, party)
    worker.tick(world, owner="test")
    issued = world.engine.ask(queries.invoice, party.person, applied.id)
    finance = worlds.staff(world, Role.FINANCE)
    elsewhere = worlds.staff(world, Role.FINANCE, scope_kind="platform", scope_id="yangguang")
    other = parties.enterprise(world, reviewers, number=2, name="乌鲁木齐恒基建材有限公司")
    for actor in (party.person, finance, SYSTEM):
        assert world.engine.ask(queries.invoice, actor, issued.id).number == issued.number
        assert world.engine.ask(queries.by_number, actor, issued.number).id == issued.id
        of_enterprise = world.engine.ask(queries.of_enterprise, actor, party.enterprise_id)
        assert [one.id for one in of_enterprise] == [issued.id]
    for actor in (other.person, other.mall, elsewhere):
        for question in (queries.invoice, queries.document):
            with pytest.raises(errors.NotFound):
                world.engine.ask(question, actor, issued.id)
        assert world.engine.ask(queries.by_number, actor, issued.number) is None
        assert world.engine.ask(queries.of_enterprise, actor, party.enterprise_id) == []


def test_nobody_but_the_platform_records_an_invoice(world, party):
    applied = apply(world, party)
    arguments = {
        "invoice_id": applied.id,
        "number": "2" * 20,
        "document": b"%PDF-",
        "issued_at": 0,
    }
    for actor in (party.person, party.mall, party.reviewers.platform):
        with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
            world.engine.perform(actions.record_invoice, arguments, actor=actor)
