"""What is said of paper invoices in the post to who calls about them, state by state (OPS-8, INV-2)."""

from __future__ import annotations

import pytest

from engine import worker
from engine.calls import queries as calls
from engine.delivering import actions
from engine.kernel import clock
from engine.kernel.notes import Mover
from engine.staffing.model import Role
from tests.support import invoicing, parties, posting, worlds


@pytest.fixture
def party(world):
    return parties.certified(world, parties.Reviewers.of(world))


def posted(world, party, detail=posting.FORM["detail"]):
    """A paper invoice that waits for its number, and the parcel that waits for the paper."""
    address = posting.add_address(world, party.person, detail=detail)
    made = invoicing.apply(world, party, medium="paper", address_id=address.id)
    sql = "SELECT id FROM shipment WHERE subject = ?"
    [row] = worlds.rows(world, sql, made.id)
    return posting.Posted(world, party.person, made.id, row["id"])


def told(world, party):
    """What is unfinished of the post to the party's person, by code, every saying being whole."""
    agent = worlds.staff(world, Role.AGENT)
    with world.engine.reader(agent) as q:
        found = calls.matters(q, party.person.account_id)
    for one in found:
        for both in (one.title, one.stands, one.next, one.say):
            assert both.zh
            assert both.en
            assert not set(both.zh + both.en) & set("{}"), both
            assert "“”" not in both.zh + both.en
    return {one.matter.code: one for one in found if one.matter.kind == "shipment"}


def movers(world, party):
    """Code of what is unfinished of the post → whose move it is."""
    return {code: one.mover for code, one in told(world, party).items()}


def finance_does(world, sent, name):
    """Finance settles what became of a parcel."""
    given = {"shipment_id": sent.row().id}
    invoicing.do(world, getattr(actions, name), invoicing.finance(world), **given)


@pytest.mark.row("OPS-8", "INV-2")
def test_a_paper_on_its_way_from_the_printer_to_the_door(world, party):
    # Nobody hears that the courier took the order, so it is asked once more a little later.
    world = posting.with_faults(world, reply_lost=1.0)
    sent = posted(world, party)
    assert movers(world, party) == {}
    worker.run_due(world)
    [ready] = told(world, party).values()
    assert (ready.matter.code, ready.mover) == ("shipment_ready", Mover.OUTSIDE)
    worlds.clock_of(world).advance(clock.MINUTE)
    worker.run_due(world)
    [out] = told(world, party).values()
    assert (out.matter.code, out.mover) == ("shipment_handed_over", Mover.OUTSIDE)
    # The courier and its number are what a caller can follow it by.
    assert out.matter.number == sent.shown().tracking_no
    for said in (out.say.zh, out.say.en):
        assert sent.shown().courier in said
        assert sent.shown().tracking_no in said
    sent.later(16)
    assert movers(world, party) == {"shipment_in_transit": Mover.OUTSIDE}
    sent.later(50)
    assert movers(world, party) == {}


@pytest.mark.row("OPS-8", "INV-2")
@pytest.mark.parametrize(
    ("detail", "code"),
    [
        ("快递丢失路 1 号", "shipment_lost"),
        ("快递退回路 1 号", "shipment_returned"),
        ("快递拒收路 1 号", "shipment_refused"),
    ],
)
def test_a_paper_that_did_not_arrive_is_for_staff_until_it_is_sent_again(
    world, party, detail, code
):
    sent = posted(world, party, detail)
    worker.run_due(world)
    sent.later(90)
    assert movers(world, party) == {code: Mover.STAFF}
    other = posting.add_address(world, party.person)
    given = {"subject": sent.subject, "address_id": other.id}
    invoicing.do(world, actions.redirect, party.person, **given)
    finance_does(world, sent, "send_again")
    worker.run_due(world)
    # What was sent before is replaced, and not told of any more.
    assert movers(world, party) == {"shipment_handed_over": Mover.OUTSIDE}


@pytest.mark.row("OPS-8", "INV-2")
def test_a_paper_that_its_person_reports_lost_is_for_staff_until_it_is_found(world, party):
    sent = posted(world, party, "快递误签路 1 号")
    worker.run_due(world)
    sent.later(121)
    assert movers(world, party) == {}
    invoicing.do(world, actions.report_lost, party.person, subject=sent.subject)
    assert movers(world, party) == {"shipment_lost": Mover.STAFF}
    finance_does(world, sent, "find")
    assert movers(world, party) == {}
