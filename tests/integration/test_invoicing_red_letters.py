"""Red letters: by a refund, asked for by the buyer, proposed by staff; whole and in part (INV-2)."""

from __future__ import annotations

import pytest

from engine.invoicing import actions, model, queries
from engine.kernel import clock, errors
from engine.ordering import actions as ordering_actions
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from tests.support import fold, invoicing, malls, ordering, parties, services, worlds
from tests.support.worlds import SYSTEM


@pytest.fixture
def party(any_world):
    return parties.certified(any_world, parties.Reviewers.of(any_world))


def stands(world):
    """Nothing is wrong with the books, and the log tells the tables."""
    assert parties.violations(world) == {}
    fold.require(world)


def ask(world, party, invoice_id, reason="03", **given):
    return invoicing.do(
        world, actions.ask_red_letter, party.person, invoice_id=invoice_id, reason=reason, **given
    )


def service(world, party, **given):
    """A paid service order of the party's enterprise for three months."""
    chosen = {"months": 3, "enterprise_id": party.enterprise_id, **given}
    return services.paid(world, party.person, **chosen)


# -- money that went back ------------------------------------------------------------------------


@pytest.mark.row("INV-2")
@pytest.mark.row("PAY-1")
def test_a_part_that_goes_back_after_the_invoice_gets_its_red_letter(any_world, party):
    issued = invoicing.issued(any_world, party)
    invoicing.give_back(any_world, party, 1_000)
    invoicing.run(any_world)
    [red] = invoicing.reds(any_world, issued.id)
    assert (red["status"], red["total_fen"], red["reason"], red["asked_by"]) == (
        "issued",
        -1_000,
        "04",
        "refund",
    )
    assert (red["amount_fen"], red["tax_fen"]) == (-943, -57)
    assert red["number"] != issued.number
    after = invoicing.shown(any_world, party, issued.id)
    assert (after.status, after.reversed_fen) == ("partly_reversed", 1_000)
    assert after.reversed_by == (red["id"],)
    ticked = invoicing.candidate(any_world, party)
    assert (ticked.refused, ticked.invoiced_fen) == ("invoice.invoiced", 19_000)
    messages = worlds.rows(any_world, "SELECT kind FROM message WHERE subject = ?", issued.id)
    assert "invoice.was_reversed_in_part" in {row["kind"] for row in messages}
    stands(any_world)


@pytest.mark.row("INV-2")
@pytest.mark.row("PAY-2")
def test_a_service_that_is_given_up_before_it_begins_is_reversed_wholly(any_world):
    party = parties.enterprise(any_world, parties.Reviewers.of(any_world))
    running = service(any_world, party)
    ahead = service(any_world, party)
    issued = invoicing.issued(
        any_world, party, order_ids=(running.id, ahead.id), order_kind="information"
    )
    services.give_up(any_world, party.person, ahead.id)
    invoicing.run(any_world)
    [red] = invoicing.reds(any_world, issued.id)
    assert (red["status"], red["total_fen"], red["reason"]) == ("issued", -ahead.amount_fen, "03")
    lines = any_world.engine.ask(queries.invoice, party.person, red["id"]).lines
    assert [(one.order_id, one.quantity) for one in lines] == [(ahead.id, -3)]
    assert invoicing.shown(any_world, party, issued.id).status == "partly_reversed"
    stands(any_world)


@pytest.mark.row("INV-2")
def test_several_partial_refunds_come_to_nothing_together_net_and_tax(any_world, party):
    issued = invoicing.issued(any_world, party)
    for number, fen in enumerate((1, 3_333, 7, 16_659)):
        invoicing.give_back(any_world, party, fen, number=f"rfd_{number}")
    invoicing.run(any_world)
    reds = invoicing.reds(any_world, issued.id)
    assert sum(one["total_fen"] for one in reds) == -20_000
    assert sum(one["amount_fen"] for one in reds) == -issued.amount_fen
    assert sum(one["tax_fen"] for one in reds) == -issued.tax_fen
    assert invoicing.shown(any_world, party, issued.id).status == "reversed"
    assert invoicing.candidate(any_world, party).refused == "invoice.refunded"
    stands(any_world)


@pytest.mark.row("INV-2")
def test_money_that_goes_back_while_the_invoice_is_numbered_is_taken_off_once_it_is(
    any_world, party
):
    applied = invoicing.apply(any_world, party)
    # The tax service is asked later: the refund overtakes it.
    worlds.run_sql(
        any_world, "UPDATE job SET due_at = due_at + 86400000 WHERE kind = 'issue_invoice'"
    )
    invoicing.give_back(any_world, party, 1_000)
    [red] = invoicing.reds(any_world, applied.id)
    assert red["status"] == "awaiting_issue"
    worlds.clock_of(any_world).advance(clock.DAY)
    parties.settle(any_world)
    [red] = invoicing.reds(any_world, applied.id)
    assert red["status"] == "issued"
    after = invoicing.shown(any_world, party, applied.id)
    assert (after.status, after.reversed_fen) == ("partly_reversed", 1_000)
    stands(any_world)


@pytest.mark.row("INV-2")
def test_money_that_goes_back_while_the_tax_service_refuses_ends_both(any_world, party):
    applied = invoicing.apply(any_world, party)
    worlds.run_sql(
        any_world, "UPDATE job SET due_at = due_at + 86400000 WHERE kind = 'issue_invoice'"
    )
    invoicing.give_back(any_world, party, 1_000)
    invoicing.refused_by_tax(any_world, applied.id)
    [red] = invoicing.reds(any_world, applied.id)
    after = invoicing.shown(any_world, party, applied.id)
    assert (red["status"], after.status) == ("withdrawn", "withdrawn")
    assert invoicing.candidate(any_world, party).left_fen == 19_000
    stands(any_world)


@pytest.mark.row("INV-2")
def test_an_application_in_review_or_refused_ends_when_money_goes_back(any_world, party):
    held = invoicing.apply(any_world, party, kind="special")
    invoicing.give_back(any_world, party, 1_000)
    assert invoicing.shown(any_world, party, held.id).status == "withdrawn"
    assert (
        worlds.rows(
            any_world, "SELECT id FROM review_case WHERE status = 'waiting' AND kind = 'invoice'"
        )
        == []
    )
    again = invoicing.apply(any_world, party)
    assert again.total_fen == 19_000
    invoicing.refused_by_tax(any_world, again.id)
    invoicing.give_back(any_world, party, 500, number="rfd_more")
    assert invoicing.shown(any_world, party, again.id).status == "withdrawn"
    assert invoicing.issued(any_world, party).total_fen == 18_500
    told = worlds.rows(any_world, "SELECT subject FROM message WHERE kind = 'invoice.was_dropped'")
    assert [row["subject"] for row in told] == [held.id, again.id]
    stands(any_world)


@pytest.mark.row("INV-2")
def test_a_cancelled_orders_invoice_is_reversed_in_the_same_act(any_world):
    """Where the platform lets a paid order be invoiced at once, what goes back takes its invoice along."""
    invoicing.set_policy(any_world, "platform", "guangzheng", invoice_after="payment")
    party = parties.order(any_world, parties.enterprise(any_world, parties.Reviewers.of(any_world)))
    parties.pay(any_world, party)
    issued = invoicing.issued(any_world, party)
    given = {"order_id": party.order_id}
    any_world.engine.perform(
        ordering_actions.cancel, given, actor=ordering.fresh(any_world, party.person)
    )
    [red] = invoicing.reds(any_world, issued.id)
    assert (red["status"], red["total_fen"]) == ("applied", -20_000)
    parties.settle(any_world)
    assert invoicing.shown(any_world, party, issued.id).status == "reversed"
    stands(any_world)


# -- asked for by the buyer ----------------------------------------------------------------------


@pytest.mark.row("INV-2")
def test_a_wrong_invoice_is_taken_back_and_made_anew(any_world, party):
    issued = invoicing.issued(any_world, party, title=invoicing.title())
    asked = ask(any_world, party, issued.id, reason="01", remarks="抬头选错了")
    assert (asked.status, asked.total_fen, asked.reverses_number) == (
        "in_review",
        -20_000,
        issued.number,
    )
    assert invoicing.candidate(any_world, party).refused == "invoice.invoiced"
    invoicing.approve(any_world, "red_letter", asked.id)
    # Not before the red letter has its number is the order free again.
    assert invoicing.candidate(any_world, party).refused == "invoice.invoiced"
    invoicing.run(any_world)
    red = any_world.engine.ask(queries.invoice, party.person, asked.id)
    assert (red.status, len(red.number)) == ("issued", 20)
    assert invoicing.shown(any_world, party, issued.id).status == "reversed"
    assert invoicing.candidate(any_world, party).refused == ""
    anew = invoicing.issued(any_world, party)
    assert (anew.title_name, anew.total_fen) == (party.name, 20_000)
    told = [step.code for step in any_world.engine.ask(queries.history, party.person, issued.id)]
    assert told[-3:] == ["red_letter.asked", "red_letter.approved", "red_letter.issued"]
    stands(any_world)


@pytest.mark.row("INV-2")
def test_an_amount_is_spread_over_the_lines_and_parts_are_taken_as_given(any_world):
    party, order_ids = invoicing.several(any_world, 3)
    issued = invoicing.issued(any_world, party, order_ids=order_ids, order_kind="information")
    asked = ask(any_world, party, issued.id, reason="04", amount_fen=1_000)
    assert [-line.gross_fen for line in asked.lines] == [334, 333, 333]
    assert {line.quantity for line in asked.lines} == {0}
    invoicing.approve(any_world, "red_letter", asked.id)
    invoicing.run(any_world)
    parts = (
        model.RedPart(order_id=order_ids[1], gross_fen=3_000),
        model.RedPart(order_id=order_ids[1], gross_fen=567),
    )
    more = ask(any_world, party, issued.id, parts=parts)
    assert [(one.order_id, -one.gross_fen) for one in more.lines] == [(order_ids[1], 3_567)]
    invoicing.approve(any_world, "red_letter", more.id)
    invoicing.run(any_world)
    # The second order has nothing left in the invoice; the others have.
    too_much = (model.RedPart(order_id=order_ids[1], gross_fen=1),)
    with worlds.unchanged(any_world), pytest.raises(actions.RedTooMuch):
        ask(any_world, party, issued.id, parts=too_much)
    free = [
        one.id
        for one in any_world.engine.ask(queries.candidates, party.person, "information")
        if one.left_fen == 3_900
    ]
    assert free == [order_ids[1]]
    stands(any_world)


@pytest.mark.row("INV-2")
def test_what_a_red_letter_says_wrongly_is_refused(any_world, party):
    issued = invoicing.issued(any_world, party)
    for given, refused in (
        ({"reason": "05"}, actions.ReasonUnknown),
        ({"reason": "01", "amount_fen": 5}, actions.WholeOnly),
        ({"reason": "04", "amount_fen": 20_001}, actions.RedTooMuch),
        ({"reason": "04", "amount_fen": 0}, actions.RedTooLittle),
        ({"reason": "04", "amount_fen": -5}, actions.RedTooLittle),
        ({"reason": "04", "remarks": "长" * 201}, actions.RemarksTooLong),
        (
            {"reason": "04", "parts": (model.RedPart(order_id="ord_x", gross_fen=1),)},
            actions.RedTooMuch,
        ),
        (
            {"reason": "04", "parts": (model.RedPart(order_id=party.order_id, gross_fen=-1),)},
            actions.RedTooLittle,
        ),
    ):
        with worlds.unchanged(any_world), pytest.raises(refused):
            ask(any_world, party, issued.id, **given)
    asked = ask(any_world, party, issued.id)
    with worlds.unchanged(any_world), pytest.raises(actions.RedPending):
        ask(any_world, party, issued.id)
    # A red letter itself is not taken back, nor an invoice without a number.
    with worlds.unchanged(any_world), pytest.raises(actions.NotIssuedYet):
        ask(any_world, party, asked.id)
    other = parties.enterprise(
        any_world, party.reviewers, number=2, name="乌鲁木齐恒基建材有限公司"
    )
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        ask(any_world, other, issued.id)


@pytest.mark.row("INV-2")
def test_a_red_letter_is_rejected_or_taken_back_and_the_invoice_stays(any_world, party):
    issued = invoicing.issued(any_world, party)
    asked = ask(any_world, party, issued.id)
    invoicing.reject(any_world, "red_letter", asked.id, "red_letter_unfounded")
    told = any_world.engine.ask(queries.invoice, party.person, asked.id)
    assert (told.status, [one.code for one in told.reasons]) == (
        "rejected",
        ["red_letter_unfounded"],
    )
    again = ask(any_world, party, issued.id)
    given = {"invoice_id": again.id}
    taken = any_world.engine.perform(actions.withdraw_application, given, actor=party.person)
    assert taken.status == "withdrawn"
    assert invoicing.shown(any_world, party, issued.id).status == "issued"
    assert invoicing.balance(any_world, party.order_id)["reversed_fen"] == 0
    stands(any_world)


@pytest.mark.row("INV-2")
def test_a_refund_overtakes_a_red_letter_that_the_desk_has_not_decided(any_world, party):
    issued = invoicing.issued(any_world, party)
    asked = ask(any_world, party, issued.id, reason="04", amount_fen=5_000)
    invoicing.give_back(any_world, party, 1_000)
    invoicing.run(any_world)
    assert any_world.engine.ask(queries.invoice, party.person, asked.id).status == "withdrawn"
    assert invoicing.shown(any_world, party, issued.id).reversed_fen == 1_000
    with any_world.engine.reader(SYSTEM) as q:
        [case] = cases.of_subject(q, asked.id)
    assert case.status == "withdrawn"
    stands(any_world)


# -- the buyer's word, and staff -----------------------------------------------------------------


@pytest.mark.row("INV-2")
def test_who_deducted_a_special_invoice_confirms_its_red_letter(any_world, party):
    issued = invoicing.issued(any_world, party, kind="special")
    door = invoicing.door(any_world, party)
    door.perform("invoicing.declare_deducted", {"invoice_id": issued.id}, key="deducted-1")
    with worlds.unchanged(any_world), pytest.raises(errors.Conflict):
        door.perform("invoicing.declare_deducted", {"invoice_id": issued.id}, key="deducted-2")
    invoicing.give_back(any_world, party, 1_000)
    [red] = invoicing.reds(any_world, issued.id)
    assert red["status"] == "awaiting_buyer"
    assert "confirm_red_letter" in door.ask("invoicing.invoice", {"invoice_id": red["id"]})["can"]
    todo = "SELECT kind FROM message WHERE subject = ? AND todo = 1 AND done_at IS NULL"
    assert [row["kind"] for row in worlds.rows(any_world, todo, red["id"])] == [
        "red_letter.confirm_wanted"
    ]
    given = {"invoice_id": red["id"]}
    assert (
        door.perform("invoicing.decline_red_letter", given, key="decline-1")["status"] == "declined"
    )
    staff = invoicing.finance(any_world)
    # The money went back: such a red letter is never given up.
    with worlds.unchanged(any_world), pytest.raises(actions.MoneyWentBack):
        any_world.engine.perform(actions.drop_red_letter, given, actor=staff)
    any_world.engine.perform(actions.ask_buyer_again, given, actor=staff)
    door.perform("invoicing.confirm_red_letter", given, key="confirm-1")
    invoicing.run(any_world)
    assert invoicing.shown(any_world, party, issued.id).reversed_fen == 1_000
    assert worlds.rows(any_world, todo, red["id"]) == []
    stands(any_world)


@pytest.mark.row("INV-2")
@pytest.mark.row("OPS-3")
def test_staff_propose_a_red_letter_and_another_one_decides(any_world, party):
    issued = invoicing.issued(any_world, party, kind="special")
    given = {"invoice_id": issued.id}
    any_world.engine.perform(actions.declare_deducted, given, actor=party.person)
    one, other = invoicing.finance(any_world), invoicing.finance(any_world)
    wanted = {**given, "reason": "02"}
    asked = any_world.engine.perform(actions.propose_red_letter, wanted, actor=one)
    assert (asked.asked_by, asked.status) == ("seller", "in_review")
    case_id = parties.open_case(any_world, "red_letter", asked.id)
    with worlds.unchanged(any_world), pytest.raises(errors.EngineError) as told:
        any_world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=one)
    assert told.value.code == "reviewing.maker_is_not_checker"
    invoicing.approve(any_world, "red_letter", asked.id, other)
    # The buyer has deducted it, and did not ask: they confirm.
    red = {"invoice_id": asked.id}
    assert any_world.engine.ask(queries.invoice, party.person, asked.id).status == "awaiting_buyer"
    any_world.engine.perform(actions.decline_red_letter, red, actor=party.person)
    dropped = any_world.engine.perform(actions.drop_red_letter, red, actor=one)
    assert dropped.status == "withdrawn"
    assert invoicing.shown(any_world, party, issued.id).status == "issued"
    stands(any_world)


@pytest.mark.row("INV-2")
def test_staff_without_the_right_or_the_place_touch_no_invoice(any_world, party):
    issued = invoicing.issued(any_world, party)
    wanted = {"invoice_id": issued.id, "reason": "02"}
    for who in (
        worlds.staff(any_world, Role.PLATFORM_REVIEWER),
        worlds.staff(any_world, Role.AUDITOR),
    ):
        with worlds.unchanged(any_world), pytest.raises(staffing.MayNot):
            any_world.engine.perform(actions.propose_red_letter, wanted, actor=who)
    elsewhere = worlds.staff(any_world, Role.FINANCE, scope_kind="platform", scope_id="yangguang")
    with worlds.unchanged(any_world), pytest.raises(staffing.MayNot):
        any_world.engine.perform(actions.propose_red_letter, wanted, actor=elsewhere)


@pytest.mark.row("INV-2")
def test_a_red_letter_that_the_tax_service_refuses_is_sent_again_by_finance(any_world, party):
    issued = invoicing.issued(any_world, party)
    invoicing.give_back(any_world, party, 1_000)
    invoicing.run(any_world)
    [red] = invoicing.reds(any_world, issued.id)
    assert red["status"] == "issued"
    asked = ask(any_world, party, issued.id, reason="04", amount_fen=2_000)
    invoicing.approve(any_world, "red_letter", asked.id)
    invoicing.refused_by_tax(any_world, asked.id, "tax.busy_period")
    failed = any_world.engine.ask(queries.invoice, party.person, asked.id)
    assert (failed.status, failed.problem) == ("failed", "tax.busy_period")
    worlds.run_sql(any_world, "DELETE FROM job WHERE subject = ?", asked.id)
    staff = invoicing.finance(any_world)
    sent = any_world.engine.perform(actions.retry_invoice, {"invoice_id": asked.id}, actor=staff)
    assert (sent.status, sent.problem) == ("applied", "")
    invoicing.run(any_world)
    assert invoicing.shown(any_world, party, issued.id).reversed_fen == 3_000
    stands(any_world)


@pytest.mark.row("INV-2")
def test_only_an_issued_special_invoice_is_deducted(any_world, party):
    issued = invoicing.issued(any_world, party)
    with worlds.unchanged(any_world), pytest.raises(actions.OnlySpecial):
        invoicing.do(any_world, actions.declare_deducted, party.person, invoice_id=issued.id)
    order = service(any_world, party)
    waits = invoicing.apply(
        any_world, party, order_ids=(order.id,), order_kind="information", kind="special"
    )
    with worlds.unchanged(any_world), pytest.raises(actions.NotIssuedYet):
        invoicing.do(any_world, actions.declare_deducted, party.person, invoice_id=waits.id)
    assert malls.facts(any_world, "invoice.deducted") == []
