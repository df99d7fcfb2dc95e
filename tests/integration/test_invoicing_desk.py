"""Applications that the desk looks at, and those that the tax service refuses: corrected and sent again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.boot import reviews
from engine.invoicing import actions, model, queries
from engine.kernel import errors
from engine.registration import queries as people
from engine.reviewing import actions as reviewing
from engine.reviewing import model as cases
from engine.reviewing import queries as desk
from engine.staffing.model import Role
from tests.support import (
    closing,
    fold,
    invoicing,
    malls,
    ordering,
    parties,
    registering,
    services,
    worlds,
)
from tests.support.worlds import SYSTEM


@pytest.fixture
def party(any_world):
    return parties.certified(any_world, parties.Reviewers.of(any_world))


def stands(world):
    """Nothing is wrong with the books, and the log tells the tables."""
    assert parties.violations(world) == {}
    fold.require(world)


def sheet(world, case_id):
    with world.engine.reader(SYSTEM) as q:
        return reviews.review_sheet(q, q.get(cases.Case, "review_case", case_id))


@pytest.mark.row("INV-1")
@pytest.mark.row("OPS-1")
@pytest.mark.parametrize(
    ("given", "because"),
    [
        ({"kind": "special"}, ["special"]),
        ({"title": invoicing.title()}, ["other_title"]),
        ({"kind": "special", "title": invoicing.title()}, ["special", "other_title"]),
        ({}, []),
    ],
)
def test_what_the_rules_name_goes_to_the_desk_and_everything_else_straight_on(
    world, given, because
):
    party = parties.certified(world, parties.Reviewers.of(world))
    made = invoicing.apply(world, party, **given)
    assert made.status == ("in_review" if because else "applied")
    [fact] = malls.facts(world, "invoice.applied_for")
    assert fact.facts["reviewed"] == because


@pytest.mark.row("INV-1")
def test_an_amount_above_the_rules_goes_to_the_desk(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    invoicing.set_policy(world, "invoice_rules", "", review_above_fen=19_999)
    assert invoicing.apply(world, party).status == "in_review"


@pytest.mark.row("INV-1")
@pytest.mark.row("OPS-1")
def test_finance_approves_and_the_invoice_is_issued(any_world, party):
    made = invoicing.apply(any_world, party, kind="special", remarks="合同号 X-1")
    case_id = parties.open_case(any_world, "invoice", made.id)
    shown = {one.name: one.value for one in sheet(any_world, case_id).fields}
    assert shown["title_name"] == shown["payer"] == party.name
    assert (shown["amount"], shown["remarks"]) == ("200.00", "合同号 X-1")
    assert all(check.ok for check in sheet(any_world, case_id).checks)
    invoicing.run(any_world)
    assert invoicing.shown(any_world, party, made.id).number == ""
    invoicing.approve(any_world, "invoice", made.id)
    invoicing.run(any_world)
    assert invoicing.shown(any_world, party, made.id).status == "issued"
    told = [step.code for step in any_world.engine.ask(queries.history, party.person, made.id)]
    assert told == ["invoice.applied_for", "invoice.approved", "invoice.issued"]
    stands(any_world)


@pytest.mark.row("INV-1")
@pytest.mark.row("OPS-5")
def test_a_rejected_application_is_corrected_and_shows_what_changed(any_world, party):
    made = invoicing.apply(any_world, party, title=invoicing.title())
    case_id = parties.open_case(any_world, "invoice", made.id)
    assert [one.ok for one in sheet(any_world, case_id).checks] == [True, False]
    invoicing.reject(any_world, "invoice", made.id, "invoice_title_differs")
    rejected = invoicing.shown(any_world, party, made.id)
    assert (rejected.status, [one.code for one in rejected.reasons]) == (
        "rejected",
        ["invoice_title_differs"],
    )
    todo = "SELECT kind, params FROM message WHERE subject = ? AND todo = 1 AND done_at IS NULL"
    [message] = worlds.rows(any_world, todo, made.id)
    assert (message["kind"], "title_name" in message["params"]) == ("invoice.was_rejected", True)
    assert invoicing.candidate(any_world, party).refused == ""
    # The correction says so at the desk, and answers the reason.
    again = invoicing.apply(any_world, party, title=invoicing.title(name="印信测试二公司"))
    assert again.corrects == made.id
    assert worlds.rows(any_world, todo, made.id) == []
    with any_world.engine.reader(SYSTEM) as q:
        case = q.get(cases.Case, "review_case", parties.open_case(any_world, "invoice", again.id))
        changes = reviews.resubmission(q, case)
    assert case.corrects == case_id
    assert changes is not None
    [changed] = [one for one in changes.fields if one.name == "title_name"]
    assert (changed.before, changed.after) == ("印信测试有限公司", "印信测试二公司")
    invoicing.approve(any_world, "invoice", again.id)
    invoicing.run(any_world)
    assert invoicing.shown(any_world, party, again.id).status == "issued"
    stands(any_world)


@pytest.mark.row("INV-1")
def test_an_application_is_taken_back_and_its_orders_are_free_again(any_world, party):
    made = invoicing.apply(any_world, party, kind="special")
    case_id = parties.open_case(any_world, "invoice", made.id)
    door = invoicing.door(any_world, party)
    given = {"invoice_id": made.id}
    taken = door.perform("invoicing.withdraw_application", given, key="withdraw-1")
    assert (taken["status"], taken["can"]) == ("withdrawn", [])
    with any_world.engine.reader(SYSTEM) as q:
        assert q.get(cases.Case, "review_case", case_id).status == "withdrawn"
    assert invoicing.issued(any_world, party).total_fen == 20_000
    with worlds.unchanged(any_world), pytest.raises(errors.IllegalTransition):
        door.perform("invoicing.withdraw_application", given, key="withdraw-2")
    stands(any_world)


@pytest.mark.row("INV-2")
def test_what_the_tax_service_refuses_is_corrected_and_sent_again(any_world, party):
    made = invoicing.apply(any_world, party)
    worlds.run_sql(any_world, "DELETE FROM job WHERE kind = 'issue_invoice'")
    invoicing.refused_by_tax(any_world, made.id, "tax.title_unknown")
    failed = invoicing.shown(any_world, party, made.id)
    assert (failed.status, failed.problem) == ("failed", "tax.title_unknown")
    assert set(failed.can) == {"send_again", "withdraw_application"}
    assert invoicing.candidate(any_world, party).refused == "invoice.invoiced"
    door = invoicing.door(any_world, party)
    # As it was, once the cause is gone.
    sent = door.perform("invoicing.send_again", {"invoice_id": made.id}, key="send-again-1")
    assert (sent["status"], sent["problem"]) == ("applied", "")
    worlds.run_sql(any_world, "DELETE FROM job WHERE kind = 'issue_invoice'")
    invoicing.refused_by_tax(any_world, made.id)
    # With another e-mail address and remarks: the title is the same, and nobody looks again.
    given = {"invoice_id": made.id, "email": "new@example.cn", "remarks": "更正"}
    sent = door.perform("invoicing.send_again", given, key="send-again-2")
    assert (sent["status"], sent["email"], sent["remarks"]) == ("applied", "new@example.cn", "更正")
    worlds.run_sql(any_world, "DELETE FROM job WHERE kind = 'issue_invoice'")
    invoicing.refused_by_tax(any_world, made.id)
    # With somebody else's title the desk looks at it.
    title = {"kind": "company", "name": "印信测试有限公司", "code": invoicing.OTHER_CODE}
    given = {"invoice_id": made.id, "title": title}
    sent = door.perform("invoicing.send_again", given, key="send-again-3")
    assert (sent["status"], sent["title_name"]) == ("in_review", title["name"])
    invoicing.approve(any_world, "invoice", made.id)
    invoicing.run(any_world)
    assert invoicing.shown(any_world, party, made.id).status == "issued"
    with worlds.unchanged(any_world), pytest.raises(errors.IllegalTransition):
        door.perform("invoicing.send_again", {"invoice_id": made.id}, key="send-again-4")
    stands(any_world)


@pytest.mark.row("INV-2")
def test_a_refused_invoice_is_taken_back_or_sent_again_by_finance(any_world, party):
    made = invoicing.apply(any_world, party)
    worlds.run_sql(any_world, "DELETE FROM job WHERE kind = 'issue_invoice'")
    invoicing.refused_by_tax(any_world, made.id)
    given = {"invoice_id": made.id}
    staff = invoicing.finance(any_world)
    assert any_world.engine.ask(queries.invoice, staff, made.id).can == ("retry_invoice",)
    sent = any_world.engine.perform(actions.retry_invoice, given, actor=staff)
    assert sent.status == "applied"
    worlds.run_sql(any_world, "DELETE FROM job WHERE kind = 'issue_invoice'")
    invoicing.refused_by_tax(any_world, made.id)
    taken = any_world.engine.perform(actions.withdraw_application, given, actor=party.person)
    assert taken.status == "withdrawn"
    assert invoicing.candidate(any_world, party).refused == ""
    stands(any_world)


@pytest.mark.row("INV-2")
def test_a_special_invoice_keeps_its_company_when_it_is_corrected(any_world, party):
    made = invoicing.apply(any_world, party, kind="special")
    invoicing.approve(any_world, "invoice", made.id)
    worlds.run_sql(any_world, "DELETE FROM job WHERE kind = 'issue_invoice'")
    invoicing.refused_by_tax(any_world, made.id)
    personal = model.GivenTitle(kind="personal", name="李娜")
    with worlds.unchanged(any_world), pytest.raises(actions.SpecialNeedsCompany):
        invoicing.do(
            any_world, actions.send_again, party.person, invoice_id=made.id, title=personal
        )


@pytest.mark.row("INV-1")
@pytest.mark.row("SEC-1")
def test_a_personal_title_is_masked_at_the_desk(any_world, party):
    personal = model.GivenTitle(kind="personal", name="阿依古丽·吐尔逊")
    made = invoicing.apply(any_world, party, title=personal)
    assert made.status == "in_review"
    case_id = parties.open_case(any_world, "invoice", made.id)
    shown = {one.name: one.value for one in sheet(any_world, case_id).fields}
    assert shown["title_name"] == "阿******逊"
    [row] = worlds.rows(any_world, "SELECT title FROM review_case WHERE id = ?", case_id)
    assert "阿依古丽" not in row["title"]


@pytest.mark.row("ACC-7")
def test_an_open_invoice_keeps_an_account_from_being_cancelled(any_world):
    party, order_ids = invoicing.several(any_world, 1)
    wanted = {"order_ids": order_ids, "order_kind": "information"}
    made = invoicing.apply(any_world, party, kind="special", **wanted)
    assert "blocker.invoice_open" in closing.blockers(any_world, party.person)
    invoicing.approve(any_world, "invoice", made.id)
    invoicing.run(any_world)
    assert "blocker.invoice_open" not in closing.blockers(any_world, party.person)
    ask = {"invoice_id": made.id, "reason": "03"}
    invoicing.do(any_world, actions.ask_red_letter, party.person, **ask)
    assert "blocker.red_letter_open" in closing.blockers(any_world, party.person)


@pytest.mark.row("ACC-7")
def test_the_end_of_an_account_ends_its_applications(any_world, party):
    waits = invoicing.apply(any_world, party, kind="special")
    order = services.paid(any_world, party.person, months=1, enterprise_id=party.enterprise_id)
    done = invoicing.issued(any_world, party, order_ids=(order.id,), order_kind="information")
    ask = {"invoice_id": done.id, "reason": "03"}
    red = invoicing.do(any_world, actions.ask_red_letter, party.person, **ask)
    invoicing.do(any_world, actions.add_title, party.person, kind="personal", name="李娜")
    one, other, _ = closing.officers(any_world)
    closing.add_administrator(any_world, party)
    closing.terminate(any_world, party.person.account_id, one, other)
    services.days(any_world, 40)
    parties.settle(any_world)
    assert closing.status(any_world, party.person.account_id) == "cancelled"
    rows = worlds.rows(any_world, "SELECT id, status FROM invoice")
    assert {row["id"]: row["status"] for row in rows} == {
        waits.id: "withdrawn",
        done.id: "issued",
        red.id: "withdrawn",
    }
    assert worlds.rows(any_world, "SELECT id FROM invoice_title") == []
    stands(any_world)


@pytest.mark.row("INV-2")
@pytest.mark.row("ACC-7")
@pytest.mark.parametrize("declined", [False, True])
def test_a_red_letter_whose_buyer_is_gone_goes_on_without_their_word(any_world, party, declined):
    issued = invoicing.issued(any_world, party, kind="special")
    given = {"invoice_id": issued.id}
    invoicing.do(any_world, actions.declare_deducted, party.person, **given)
    invoicing.give_back(any_world, party, 1_000)
    [red] = invoicing.reds(any_world, issued.id)
    if declined:
        invoicing.do(any_world, actions.decline_red_letter, party.person, invoice_id=red["id"])
    one, other, _ = closing.officers(any_world)
    closing.add_administrator(any_world, party)
    closing.terminate(any_world, party.person.account_id, one, other)
    services.days(any_world, 40)
    parties.settle(any_world)
    assert closing.status(any_world, party.person.account_id) == "cancelled"
    [red] = invoicing.reds(any_world, issued.id)
    assert (red["status"], len(red["number"])) == ("issued", 20)
    facts = [
        row["kind"]
        for row in worlds.rows(any_world, "SELECT kind FROM event WHERE subject = ?", red["id"])
    ]
    assert "red_letter.unanswerable" in facts
    assert "red_letter.confirmed" not in facts
    stands(any_world)


@pytest.mark.row("INV-2")
@pytest.mark.row("ACC-7")
def test_a_person_who_is_gone_gets_a_red_letter_that_says_nothing_of_them(any_world):
    """Staff end an account while a service of it runs: its money goes back, and its invoice with it."""
    someone = registering.sign_up(any_world, "13800138999")
    registering.prove(any_world, someone)
    order = services.paid(any_world, someone, months=12)
    name = "阿依古丽·吐尔逊"
    given = {
        "order_ids": (order.id,),
        "order_kind": "information",
        "title": model.GivenTitle(kind="personal", name=name),
    }
    made = invoicing.do(any_world, actions.apply_for_invoice, someone, **given)
    invoicing.run(any_world)
    one, other, _ = closing.officers(any_world)
    closing.terminate(any_world, someone.account_id, one, other)
    services.days(any_world, 40)
    parties.settle(any_world)
    assert closing.status(any_world, someone.account_id) == "cancelled"
    [red] = invoicing.reds(any_world, made.id)
    assert (red["status"], len(red["number"])) == ("issued", 20)
    assert any_world.engine.ask(queries.face, SYSTEM, red["id"]).buyer.name == "个人"
    assert any_world.engine.ask(queries.invoice, SYSTEM, made.id).title_name == "个人"
    stands(any_world)


@pytest.mark.row("INV-2")
@pytest.mark.row("ACC-7")
def test_money_that_goes_back_after_a_person_is_gone_still_gets_its_red_letter(any_world, party):
    """The key of what they gave is locked away by then: the red letter is made without it."""
    order = services.paid(any_world, party.person, months=1)
    given = {"order_ids": (order.id,), "order_kind": "information"}
    personal = model.GivenTitle(kind="personal", name="阿依古丽·吐尔逊")
    made = invoicing.issued(any_world, party, title=personal, **given)
    one, other, _ = closing.officers(any_world)
    closing.add_administrator(any_world, party)
    closing.terminate(any_world, party.person.account_id, one, other)
    services.days(any_world, 40)
    parties.settle(any_world)
    assert closing.status(any_world, party.person.account_id) == "cancelled"
    assert invoicing.reds(any_world, made.id) == []
    invoicing.give_back(any_world, replace(party, order_id=order.id), 1_000)
    [red] = invoicing.reds(any_world, made.id)
    assert (red["status"], red["total_fen"], red["details"]) == ("issued", -1_000, None)
    assert any_world.engine.ask(queries.face, SYSTEM, red["id"]).buyer.name == "个人"
    content = any_world.engine.ask(queries.document, SYSTEM, red["id"])
    assert content.startswith(b"%PDF")
    stands(any_world)


@pytest.mark.row("INV-1")
@pytest.mark.row("OPS-3")
def test_only_finance_decides_and_an_unknown_reason_is_refused(any_world, party):
    made = invoicing.apply(any_world, party, kind="special")
    case_id = parties.open_case(any_world, "invoice", made.id)
    reviewer = worlds.staff(any_world, Role.PLATFORM_REVIEWER)
    with worlds.unchanged(any_world), pytest.raises(errors.EngineError):
        any_world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=reviewer)
    with any_world.engine.reader(invoicing.finance(any_world)) as q:
        offered = set(desk.reasons_for(q, "invoice"))
        of_red = set(desk.reasons_for(q, "red_letter"))
    assert {"invoice_title_differs", "invoice_code_wrong", "invoice_remarks_unfit"} <= offered
    assert {"red_letter_unfounded", "red_letter_reason_wrong"} <= of_red


def test_the_own_data_of_a_person_has_invoices_and_titles(any_world, party):
    invoicing.issued(any_world, party, remarks="备注一")
    invoicing.do(any_world, actions.add_title, party.person, kind="personal", name="李娜")
    mine = any_world.engine.ask(people.my_data, ordering.fresh(any_world, party.person))
    [invoice], [title] = mine.sections["invoice"], mine.sections["invoice_title"]
    assert "备注一" in invoice["details"]
    assert "李娜" in title["details"]
