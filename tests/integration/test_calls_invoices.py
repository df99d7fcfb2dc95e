"""What is said of invoices and red letters to who calls about them, state by state (OPS-8)."""

from __future__ import annotations

import pytest

from engine.calls import queries as calls
from engine.invoicing import actions, model
from engine.kernel.notes import Mover
from engine.staffing.model import Role
from tests.support import invoicing, parties, worlds


@pytest.fixture
def party(world):
    return parties.certified(world, parties.Reviewers.of(world))


def movers(world, party):
    """Code of what is unfinished of the party's person → whose move it is, every saying being whole."""
    agent = worlds.staff(world, Role.AGENT)
    with world.engine.reader(agent) as q:
        found = calls.matters(q, party.person.account_id)
    for one in found:
        for both in (one.title, one.stands, one.next, one.say):
            assert both.zh
            assert both.en
            assert not set(both.zh + both.en) & set("{}"), both
            assert "“”" not in both.zh + both.en
    return {one.matter.code: one.mover for one in found}


def hold_back(world):
    """The tax service is asked tomorrow."""
    sql = "UPDATE job SET due_at = due_at + 86400000 WHERE kind LIKE '%_invoice'"
    worlds.run_sql(world, sql)


@pytest.mark.row("OPS-8")
def test_an_application_in_review_being_issued_and_refused(world, party):
    personal = model.GivenTitle(kind="personal", name="李娜")
    made = invoicing.apply(world, party, title=personal)
    assert movers(world, party)["invoice_in_review"] is Mover.STAFF
    invoicing.approve(world, "invoice", made.id)
    assert movers(world, party)["invoice_applied"] is Mover.OUTSIDE
    hold_back(world)
    invoicing.refused_by_tax(world, made.id)
    assert movers(world, party)["invoice_failed"] is Mover.CALLER
    given = {"invoice_id": made.id}
    world.engine.perform(actions.withdraw_application, given, actor=party.person)
    assert not any(code.startswith("invoice") for code in movers(world, party))


@pytest.mark.row("OPS-8")
def test_a_red_letter_that_is_asked_for_issued_and_refused(world, party):
    issued = invoicing.issued(world, party)
    asked = {"invoice_id": issued.id, "reason": "03"}
    red = world.engine.perform(actions.ask_red_letter, asked, actor=party.person)
    assert movers(world, party)["red_letter_in_review"] is Mover.STAFF
    invoicing.approve(world, "red_letter", red.id)
    assert movers(world, party)["red_letter_applied"] is Mover.OUTSIDE
    hold_back(world)
    invoicing.refused_by_tax(world, red.id)
    assert movers(world, party)["red_letter_failed"] is Mover.STAFF


@pytest.mark.row("OPS-8")
def test_a_red_letter_that_waits_for_its_invoice(world, party):
    invoicing.apply(world, party)
    hold_back(world)
    invoicing.give_back(world, party, 1_000)
    assert movers(world, party)["red_letter_awaiting_issue"] is Mover.OUTSIDE


@pytest.mark.row("OPS-8")
def test_a_red_letter_that_the_buyer_confirms_or_declines(world, party):
    issued = invoicing.issued(world, party, kind="special")
    given = {"invoice_id": issued.id}
    world.engine.perform(actions.declare_deducted, given, actor=party.person)
    invoicing.give_back(world, party, 1_000)
    assert movers(world, party)["red_letter_awaiting_buyer"] is Mover.CALLER
    [red] = invoicing.reds(world, issued.id)
    given = {"invoice_id": red["id"]}
    world.engine.perform(actions.decline_red_letter, given, actor=party.person)
    assert movers(world, party)["red_letter_declined"] is Mover.STAFF
