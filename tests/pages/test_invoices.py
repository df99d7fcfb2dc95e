"""Finance's page of invoices: what waits, an invoice with its document and way, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine import worker
from engine.boot import World
from engine.delivering import queries as deliveries
from engine.delivering.model import ShipmentStatus
from engine.staffing.model import Role
from tests.support import invoicing, parties, posting, worlds

Open = Callable[[str], AppTest]
SignIn = Callable[..., object]


def tables_of(page: AppTest) -> str:
    """Everything that the page's tables show."""
    return " ".join(one.value.to_string() for one in page.dataframe)


def texts_of(page: AppTest) -> str:
    """Everything that the page says outside of its tables."""
    return " ".join(one.value for one in (*page.text, *page.caption, *page.subheader))


def choose(page: AppTest, nth: int = 0) -> AppTest:
    box = page.selectbox(key="invoice")
    return box.select(box.options[nth]).run()


@pytest.fixture
def party(console_world: World) -> parties.Party:
    return parties.certified(console_world, parties.Reviewers.of(console_world))


@pytest.mark.row("INV-2")
def test_what_the_tax_service_refused_waits_and_is_sent_again(
    console_world: World, party: parties.Party, sign_in: SignIn, console: Open
) -> None:
    applied = invoicing.apply(console_world, party)
    invoicing.refused_by_tax(console_world, applied.id, "tax.quota_used_up")
    sign_in(Role.FINANCE)
    page = console("invoices")
    assert not page.exception
    assert page.metric[0].value == "1"
    assert party.name in tables_of(page)
    page = choose(page)
    assert not page.exception
    assert page.error
    page = page.button(key=f"retry-{applied.id}").click().run()
    assert not page.exception
    assert page.success
    worker.run_due(console_world)
    assert invoicing.shown(console_world, party, applied.id).status == "issued"
    assert worlds.kinds(console_world).count("invoice.sent_again") == 1


@pytest.mark.row("INV-2")
def test_an_invoice_opens_with_its_lines_its_document_and_a_red_letter_is_proposed(
    console_world: World, party: parties.Party, sign_in: SignIn, console: Open
) -> None:
    issued = invoicing.issued(console_world, party)
    sign_in(Role.FINANCE)
    page = console("invoices").segmented_control(key="view").set_value("invoices").run()
    assert not page.exception
    assert issued.number in tables_of(page)
    page = choose(page)
    assert issued.number in texts_of(page)
    shown = tables_of(page)
    for text in ("188.68", "11.32", "*信息技术服务*数字证书服务费"):
        assert text in shown
    page = page.toggle(key=f"look-{issued.id}").set_value(True).run()
    assert not page.exception
    page = page.radio(key=f"how-{issued.id}").set_value("part").run()
    page = page.selectbox(key=f"reason-{issued.id}").set_value("04").run()
    page = page.number_input(key=f"yuan-{issued.id}").set_value(50.0).run()
    page = page.button(key=f"propose-{issued.id}").click().run()
    assert not page.exception
    assert page.success
    [red] = invoicing.reds(console_world, issued.id)
    assert (red["total_fen"], red["reason"], red["status"]) == (-5_000, "04", "in_review")


@pytest.mark.row("INV-2")
def test_post_that_did_not_arrive_waits_and_is_sent_again(
    console_world: World, party: parties.Party, sign_in: SignIn, console: Open
) -> None:
    posting.add_address(console_world, party.person, is_default=True, detail="快递丢失路 1 号")
    applied = invoicing.apply(console_world, party, medium="paper")
    worker.run_due(console_world)
    row = console_world.engine.ask(deliveries.newest, party.person, applied.id)
    assert row is not None
    posting.Posted(console_world, party.person, applied.id, row.id).later(60)
    sign_in(Role.FINANCE)
    page = console("invoices")
    assert not page.exception
    assert page.metric[4].value == "1"
    page = choose(page)
    assert not page.exception
    told = tables_of(page) + texts_of(page)
    assert row.tracking_no in told
    assert "快递丢失路" not in told
    assert posting.FORM["phone"] not in told
    page = page.button(key=f"send_again-{row.id}").click().run()
    assert not page.exception
    worker.run_due(console_world)
    newest = console_world.engine.ask(deliveries.newest, party.person, applied.id)
    assert newest is not None
    assert (newest.attempt, newest.status) == (2, ShipmentStatus.HANDED_OVER)
    page = page.segmented_control(key="view").set_value("post").run()
    assert not page.exception
    assert newest.tracking_no in tables_of(page)


def test_a_world_without_invoices_says_what_will_be_here(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    sign_in(Role.FINANCE)
    page = console("invoices")
    assert not page.exception
    assert page.info
    for view in ("invoices", "post"):
        page = page.segmented_control(key="view").set_value(view).run()
        assert not page.exception
        assert page.info


@pytest.mark.row("INV-2", "OPS-7")
@pytest.mark.parametrize("role", [Role.AGENT, Role.PLATFORM_REVIEWER, Role.QA])
def test_nobody_else_is_offered_the_page(
    console_world: World, sign_in: SignIn, console: Open, role: Role
) -> None:
    sign_in(role)
    with pytest.raises(ValueError, match="invoices"):
        console("invoices")
