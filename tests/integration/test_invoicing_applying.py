"""Applying for an invoice through a door: which orders, which title, electronic or on paper (INV-1)."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from engine.delivering import actions as delivering
from engine.http.doors import DirectDoor
from engine.invoicing import actions, model, queries
from engine.kernel import errors
from engine.ordering import actions as ordering_actions
from tests.support import fold, invoicing, malls, ordering, parties, registering, services, worlds
from tests.support.worlds import SYSTEM

ADDRESS = {
    "recipient": "李娜",
    "phone": "13800138222",
    "region": "650102",
    "detail": "新华北路 165 号 2101 室",
}


@pytest.fixture
def party(any_world):
    return parties.certified(any_world, parties.Reviewers.of(any_world))


# -- the guide's flow, to the letter -------------------------------------------------------------


@pytest.mark.row("INV-1")
@pytest.mark.guide("G-invoice-4", "G-invoice-5", "G-invoice-6")
def test_kind_orders_and_title_are_chosen_and_the_page_shows_the_sums(any_world, party):
    door = invoicing.door(any_world, party)
    kinds = {one["kind"]: one for one in door.ask("invoicing.order_kinds", {})}
    assert list(kinds) == ["certificate", "information", "platform"]
    assert (kinds["certificate"]["ready"], kinds["information"]["total"]) == (1, 0)
    [ticked] = door.ask("invoicing.candidates", {"order_kind": "certificate"})
    assert (ticked["id"], ticked["refused"], ticked["paid_fen"]) == (party.order_id, "", 20_000)
    seen = door.ask("invoicing.preview", {"order_ids": [party.order_id], "kind": "special"})
    assert (seen["amount_fen"], seen["tax_fen"], seen["total_fen"]) == (18_868, 1_132, 20_000)
    assert (seen["title"]["name"], seen["title"]["own"]) == (party.name, True)
    assert (seen["missing"], seen["reviewed"]) == ([], ["invoice.reviewed_special"])
    plain = door.ask("invoicing.preview", {"order_ids": [party.order_id]})
    assert plain["reviewed"] == []
    # A title that is being entered is not the enterprise's own: that is said before it is sent.
    typed = {"order_ids": [party.order_id], "typed_kind": "company"}
    entered = door.ask("invoicing.preview", typed)
    assert entered["reviewed"] == ["invoice.reviewed_other_title"]
    given = {"order_ids": [party.order_id], "title_id": seen["title"]["id"]}
    door.perform("invoicing.apply_for_invoice", given, key="one-invoice")
    [applied] = malls.facts(any_world, "invoice.applied_for")
    assert applied.facts["total_fen"] == 20_000


@pytest.mark.row("INV-1")
@pytest.mark.guide("G-invoice-7", "G-invoice-8")
def test_a_confirmed_application_ends_in_the_history_with_its_invoice(any_world, party):
    door = invoicing.door(any_world, party)
    given = {"order_ids": [party.order_id], "kind": "ordinary"}
    applied = door.perform("invoicing.apply_for_invoice", given, key="one-invoice")
    again = door.perform("invoicing.apply_for_invoice", given, key="one-invoice")
    assert applied["id"] == again["id"]
    invoicing.run(any_world)
    [held] = door.ask("invoicing.mine", {})
    assert (held["id"], held["status"], len(held["number"])) == (applied["id"], "issued", 20)
    assert [one["id"] for one in door.ask("invoicing.mine", {"status": "issued"})] == [held["id"]]
    assert door.ask("invoicing.mine", {"status": "failed"}) == []
    told = [step["code"] for step in door.ask("invoicing.history", {"invoice_id": held["id"]})]
    assert told == ["invoice.applied_for", "invoice.issued"]
    assert len(malls.facts(any_world, "invoice.issued")) == 1
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("INV-1")
@pytest.mark.guide("G-invoice-1", "G-invoice-2")
def test_a_paid_and_downloaded_order_can_be_ticked(any_world, party):
    door = invoicing.door(any_world, party)
    [ticked] = door.ask("invoicing.candidates", {})
    assert (ticked["refused"], ticked["paid_at"] is not None) == ("", True)
    given = {"order_ids": [party.order_id]}
    door.perform("invoicing.apply_for_invoice", given, key="one-invoice")
    [ticked] = door.ask("invoicing.candidates", {})
    assert ticked["refused"] == "invoice.invoiced"
    assert len(malls.facts(any_world, "invoice.applied_for")) == 1


@pytest.mark.row("INV-1")
@pytest.mark.guide("G-invoice-2")
def test_an_unpaid_order_is_disabled_with_the_reason_and_refused(any_world):
    party = parties.order(any_world, parties.enterprise(any_world, parties.Reviewers.of(any_world)))
    door = invoicing.door(any_world, party)
    [ticked] = door.ask("invoicing.candidates", {})
    assert ticked["refused"] == "invoice.unpaid"
    given = {"order_ids": [party.order_id]}
    with worlds.unchanged(any_world), pytest.raises(actions.OrderUnpaid) as told:
        door.perform("invoicing.apply_for_invoice", given, key="one-invoice")
    assert (told.value.code, told.value.params["number"]) == (
        "invoicing.order_unpaid",
        ticked["number"],
    )


@pytest.mark.row("INV-1")
@pytest.mark.guide("G-invoice-2")
def test_where_the_platform_asks_for_the_download_first_an_order_waits_for_it(any_world):
    party = parties.order(any_world, parties.enterprise(any_world, parties.Reviewers.of(any_world)))
    parties.pay(any_world, party)
    parties.hand_in(any_world, party)
    parties.approve_order(any_world, party)
    door = invoicing.door(any_world, party)
    [ticked] = door.ask("invoicing.candidates", {})
    assert ticked["refused"] == "invoice.not_delivered"
    given = {"order_ids": [party.order_id]}
    with worlds.unchanged(any_world), pytest.raises(actions.OrderNotDelivered) as told:
        door.perform("invoicing.apply_for_invoice", given, key="one-invoice")
    assert told.value.code == "invoicing.order_not_delivered"


@pytest.mark.row("INV-1")
@pytest.mark.row("MAL-4")
def test_where_the_platform_does_not_ask_for_it_a_paid_order_is_invoiced_at_once(any_world):
    invoicing.set_policy(any_world, "platform", "guangzheng", invoice_after="payment")
    party = parties.order(any_world, parties.enterprise(any_world, parties.Reviewers.of(any_world)))
    parties.pay(any_world, party)
    assert invoicing.candidate(any_world, party).refused == ""
    made = invoicing.issued(any_world, party)
    assert made.total_fen == 20_000
    assert parties.violations(any_world) == {}


# -- three kinds of order, persons, several in one -------------------------------------------------


@pytest.mark.row("INV-1")
@pytest.mark.row("PAY-2")
@pytest.mark.parametrize(
    ("order_kind", "service", "tax_item", "unit"),
    [
        ("information", "tender_alerts", "information", "月"),
        ("platform", "trading_seat", "platform", "月"),
    ],
)
def test_service_orders_are_invoiced_by_their_own_item(
    any_world, order_kind, service, tax_item, unit
):
    party = parties.enterprise(any_world, parties.Reviewers.of(any_world))
    given = {"service_id": service, "enterprise_id": party.enterprise_id, "quantity": 2}
    order = services.paid(any_world, party.person, months=3, **given)
    made = invoicing.issued(any_world, party, order_ids=(order.id,), order_kind=order_kind)
    [line] = made.lines
    assert (line.tax_item, line.unit, line.quantity) == (tax_item, unit, 6)
    assert (made.total_fen, made.order_kind) == (order.amount_fen, order_kind)
    for other in {"certificate", "information", "platform"} - {order_kind}:
        with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
            invoicing.apply(any_world, party, order_ids=(order.id,), order_kind=other)
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("INV-1")
def test_several_orders_stand_in_one_invoice_a_line_each(any_world):
    party, order_ids = invoicing.several(any_world, 3)
    made = invoicing.issued(any_world, party, order_ids=order_ids, order_kind="information")
    assert [line.order_id for line in made.lines] == list(order_ids)
    assert made.total_fen == 3 * 3_900 == sum(line.gross_fen for line in made.lines)
    assert {line.rate_permille for line in made.lines} == {60}
    ids = order_ids[-1:]
    with worlds.unchanged(any_world), pytest.raises(actions.OrderInvoiced):
        invoicing.apply(any_world, party, order_ids=ids, order_kind="information")
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("INV-1")
@pytest.mark.row("SEC-1")
def test_a_persons_own_order_is_invoiced_to_the_person_and_nothing_is_readable_at_rest(any_world):
    someone = registering.sign_up(any_world, "13800138777")
    registering.prove(any_world, someone)
    order = services.paid(any_world, someone, months=1)
    apply = {"order_ids": (order.id,), "order_kind": "information"}
    with worlds.unchanged(any_world), pytest.raises(actions.TitleMissing):
        invoicing.do(any_world, actions.apply_for_invoice, someone, **apply)
    name = "阿依古丽·吐尔逊"
    given = model.GivenTitle(kind="personal", name=name, email="ayi@example.cn", save_title=True)
    made = invoicing.do(any_world, actions.apply_for_invoice, someone, **apply, title=given)
    invoicing.run(any_world)
    found = any_world.engine.ask(queries.invoice, someone, made.id)
    assert (found.status, found.title_name, found.title_kind) == ("issued", name, "personal")
    content = any_world.engine.ask(queries.document, someone, made.id)
    text = pypdfium2.PdfDocument(io.BytesIO(content))[0].get_textpage().get_text_bounded()
    assert name in text
    [saved] = any_world.engine.ask(queries.titles, someone)
    assert (saved.name, saved.email) == (name, "ayi@example.cn")
    # Staff see it masked; in the tables and the log it is a ciphertext.
    staff = invoicing.finance(any_world)
    assert any_world.engine.ask(queries.invoice, staff, made.id).title_name == "阿******逊"
    stored = worlds.rows(any_world, "SELECT title_name, details FROM invoice")[0]
    assert stored["title_name"] == ""
    assert name.encode() not in bytes(stored["details"])
    assert name not in str(worlds.rows(any_world, "SELECT body FROM event"))
    fold.require(any_world)


@pytest.mark.row("INV-1")
def test_one_invoice_is_for_one_payer_and_one_seller(any_world):
    party, order_ids = invoicing.several(any_world, 1)
    own = services.paid(any_world, party.person, months=1).id
    elsewhere = services.paid(
        any_world,
        party.person,
        months=1,
        platform_id="yangguang",
        enterprise_id=party.enterprise_id,
    ).id
    together = {"order_kind": "information"}
    with worlds.unchanged(any_world), pytest.raises(queries.SeveralPayers):
        invoicing.apply(any_world, party, order_ids=(*order_ids, own), **together)
    with worlds.unchanged(any_world), pytest.raises(queries.SeveralSellers):
        invoicing.apply(any_world, party, order_ids=(*order_ids, elsewhere), **together)
    ids = (*order_ids, elsewhere)
    with pytest.raises(queries.SeveralSellers):
        any_world.engine.ask(queries.preview, party.person, ids, "information")


# -- titles taken, entered, kept -----------------------------------------------------------------


@pytest.mark.row("INV-3")
@pytest.mark.guide("G-titles-7")
def test_the_default_title_is_taken_without_asking(any_world, party):
    door = invoicing.door(any_world, party)
    given = {"kind": "company", "name": "印信测试有限公司", "code": invoicing.OTHER_CODE}
    door.perform("invoicing.add_title", {**given, "is_default": True}, key="a-default")
    applied = door.perform(
        "invoicing.apply_for_invoice", {"order_ids": [party.order_id]}, key="one-invoice"
    )
    assert (applied["title_name"], applied["title_code"]) == (given["name"], given["code"])
    # It is not the payer's, so the desk looks at it.
    assert applied["status"] == "in_review"
    [fact] = malls.facts(any_world, "invoice.applied_for")
    assert fact.facts["reviewed"] == ["other_title"]


@pytest.mark.row("INV-3")
@pytest.mark.guide("G-titles-2")
def test_the_title_of_an_application_is_kept_where_its_person_wants_so(any_world, party):
    door = invoicing.door(any_world, party)
    given = {"kind": "company", "name": "印信测试有限公司", "code": invoicing.OTHER_CODE}
    wanted = {"order_ids": [party.order_id], "title": {**given, "save_title": True}}
    door.perform("invoicing.apply_for_invoice", wanted, key="one-invoice")
    assert [one["name"] for one in door.ask("invoicing.titles", {})] == [party.name, given["name"]]
    assert len(malls.facts(any_world, "title.added")) == 1
    # The same once more is not kept twice, and the payer's own name needs no keeping.
    order = services.paid(any_world, party.person, months=1, enterprise_id=party.enterprise_id)
    again = {"order_ids": [order.id], "order_kind": "information", "title": wanted["title"]}
    door.perform("invoicing.apply_for_invoice", again, key="other-invoice")
    assert len(door.ask("invoicing.titles", {})) == 2
    own = services.paid(any_world, party.person, months=1, enterprise_id=party.enterprise_id)
    typed = {"kind": "company", "name": party.name, "code": registering.credit_code()}
    third = {"order_ids": [own.id], "order_kind": "information"}
    done = door.perform(
        "invoicing.apply_for_invoice",
        {**third, "title": {**typed, "save_title": True}},
        key="third-invoice",
    )
    assert done["status"] == "applied"
    assert len(door.ask("invoicing.titles", {})) == 2
    fold.require(any_world)


@pytest.mark.row("INV-1")
def test_a_special_invoice_is_a_companys(any_world, party):
    personal = model.GivenTitle(kind="personal", name="李娜")
    with worlds.unchanged(any_world), pytest.raises(actions.SpecialNeedsCompany):
        invoicing.apply(any_world, party, kind="special", title=personal)
    seen = any_world.engine.ask(
        queries.preview,
        party.person,
        (party.order_id,),
        kind="special",
        title_id=invoicing.do(
            any_world, actions.add_title, party.person, kind="personal", name="李娜"
        ).id,
    )
    assert seen.missing == ("invoice.missing_company",)


@pytest.mark.row("INV-1")
def test_an_ordinary_invoice_to_a_person_needs_no_number(any_world, party):
    personal = model.GivenTitle(kind="personal", name="李娜")
    made = invoicing.issued(any_world, party, title=personal)
    assert (made.title_name, made.title_code) == ("李娜", "")


# -- paper ---------------------------------------------------------------------------------------


@pytest.mark.row("INV-1")
@pytest.mark.row("ADR-1")
@pytest.mark.guide("G-addresses-5")
def test_a_paper_invoice_takes_the_default_address_without_asking(any_world, party):
    door = invoicing.door(any_world, party)
    given = {"order_ids": [party.order_id], "medium": "paper"}
    assert door.ask("invoicing.preview", given)["missing"] == ["invoice.missing_address"]
    with worlds.unchanged(any_world), pytest.raises(actions.AddressMissing):
        door.perform("invoicing.apply_for_invoice", given, key="no-address")
    kept = door.perform("delivering.add_address", {**ADDRESS, "is_default": True}, key="address-1")
    seen = door.ask("invoicing.preview", given)
    assert (seen["address_id"], seen["missing"], seen["paper_offered"]) == (kept["id"], [], True)
    applied = door.perform("invoicing.apply_for_invoice", given, key="one-invoice")
    assert (applied["medium"], applied["address_id"]) == ("paper", kept["id"])
    # What was given stays with the application, whatever becomes of the address.
    door.perform("delivering.delete_address", {"address_id": kept["id"]}, key="delete-1")
    face = any_world.engine.ask(queries.face, SYSTEM, applied["id"])
    assert (face.buyer.recipient, face.buyer.region) == ("李娜", "650102")
    assert face.buyer.detail == ADDRESS["detail"]
    told = str(worlds.rows(any_world, "SELECT body FROM event"))
    assert ADDRESS["detail"] not in told
    fold.require(any_world)


@pytest.mark.row("INV-1")
def test_paper_is_offered_where_the_ca_offers_it_alone(any_world):
    party, order_ids = invoicing.several(any_world, 1)
    given = {"order_ids": order_ids, "order_kind": "information", "medium": "paper"}
    any_world.engine.perform(
        delivering.add_address, {**ADDRESS, "is_default": True}, actor=party.person
    )
    with worlds.unchanged(any_world), pytest.raises(actions.PaperNotOffered) as told:
        invoicing.apply(any_world, party, **given)
    assert told.value.field == "medium"
    seen = any_world.engine.ask(
        queries.preview, party.person, order_ids, "information", medium="paper"
    )
    assert seen.missing == ("invoice.missing_paper",)
    by_ca = services.paid(
        any_world,
        party.person,
        service_id="expiry_care",
        months=12,
        enterprise_id=party.enterprise_id,
    )
    offered = invoicing.apply(any_world, party, **{**given, "order_ids": (by_ca.id,)})
    assert offered.medium == "paper"


@pytest.mark.row("INV-1")
@pytest.mark.row("ADR-1")
def test_somebody_elses_address_or_title_is_not_taken(any_world, party):
    other = parties.enterprise(
        any_world, party.reviewers, number=2, name="乌鲁木齐恒基建材有限公司"
    )
    address = any_world.engine.perform(delivering.add_address, ADDRESS, actor=other.person)
    title = invoicing.do(any_world, actions.add_title, other.person, kind="personal", name="李娜")
    for given in (
        {"medium": "paper", "address_id": address.id},
        {"title_id": title.id},
        {"title_id": other.enterprise_id},
    ):
        with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
            invoicing.apply(any_world, party, **given)


# -- refused -------------------------------------------------------------------------------------


@pytest.mark.row("INV-1")
def test_what_an_application_says_wrongly_is_refused_at_its_field(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    wrong = (
        ({"medium": "stone"}, queries.MediumUnknown, "medium"),
        ({"kind": "extra"}, queries.KindUnknown, "kind"),
        ({"order_kind": "seal"}, queries.OrderKindUnknown, "order_kind"),
        ({"email": "nobody"}, actions.EmailInvalid, "email"),
        ({"remarks": "长" * 201}, actions.RemarksTooLong, "remarks"),
        ({"order_ids": ()}, actions.OrdersMissing, "order_ids"),
        ({"title": invoicing.title(code="")}, actions.TitleCodeMissing, "code"),
    )
    for given, refused, field in wrong:
        with worlds.unchanged(world), pytest.raises(refused) as told:
            invoicing.apply(world, party, **given)
        assert told.value.field == field


@pytest.mark.row("INV-1")
def test_more_orders_than_the_rules_allow_are_refused(world):
    party, order_ids = invoicing.several(world, 3)
    invoicing.set_policy(world, "invoice_rules", "", orders_most=2)
    with worlds.unchanged(world), pytest.raises(actions.TooManyOrders) as told:
        invoicing.apply(world, party, order_ids=order_ids, order_kind="information")
    assert told.value.params["most"] == 2


@pytest.mark.row("INV-2")
def test_a_rate_that_the_tax_service_does_not_take_is_refused_before_it_is_asked(world):
    party, order_ids = invoicing.several(world, 1)
    invoicing.set_policy(world, "invoice_rules", "", rates_permille=[130])
    with worlds.unchanged(world), pytest.raises(actions.LinesRefused):
        invoicing.apply(world, party, order_ids=order_ids, order_kind="information")


@pytest.mark.row("INV-1")
def test_an_application_is_signed_in_persons_alone(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    given = {"order_ids": (party.order_id,)}
    visitor = DirectDoor(world.engine)
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        visitor.perform("invoicing.apply_for_invoice", given, key="a-visitor-1")
    for actor in (party.mall, party.reviewers.platform, SYSTEM):
        with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
            world.engine.perform(actions.apply_for_invoice, given, actor=actor)
        with pytest.raises(errors.NotPermitted):
            world.engine.ask(queries.order_kinds, actor)


@pytest.mark.row("INV-1")
def test_what_stays_of_a_cancelled_order_is_invoiced(any_world):
    """The CA keeps a part of what was paid for a certificate that was ready: that part is invoiced."""
    party = parties.order(any_world, parties.enterprise(any_world, parties.Reviewers.of(any_world)))
    parties.pay(any_world, party)
    parties.hand_in(any_world, party)
    parties.approve_order(any_world, party)
    given = {"order_id": party.order_id}
    any_world.engine.perform(
        ordering_actions.cancel, given, actor=ordering.fresh(any_world, party.person)
    )
    parties.settle(any_world)
    ticked = invoicing.candidate(any_world, party)
    assert (ticked.refused, ticked.left_fen) == ("", 4_000)
    assert invoicing.issued(any_world, party).total_fen == 4_000
    assert parties.violations(any_world) == {}
