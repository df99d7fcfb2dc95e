"""Purchase orders made by hand: numbers, totals, both names, search and pages (MAL-5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.binding import queries as bindings
from engine.boot import World
from engine.kernel import actors, errors
from engine.mall import actions, model, queries
from engine.mall.actions import purchasing as placing
from engine.mall.queries import purchasing
from tests.support import binding, fold, malls, parties, worlds

LINE = model.Line(name="净水器", unit="台", quantity=3, unit_price_fen=129_900)
MORE = model.Line(name="滤芯", unit="支", quantity=12, unit_price_fen=8_850)
PURCHASER, SUPPLIER = "新疆阳光工程采购有限公司", "恒基净水科技(上海)有限公司"


class Market:
    """A purchaser that may trade, and a supplier."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reviewers = parties.Reviewers.of(world)
        self.purchaser = parties.certified(
            world, self.reviewers, number=1, name=PURCHASER, role=model.MallRole.PURCHASER
        )
        binding.bind(world, self.purchaser)
        self.supplier = parties.enterprise(world, self.reviewers, number=2, name=SUPPLIER)

    def place(
        self, *, actor: actors.Actor | None = None, key: str | None = None, **changes: object
    ) -> model.PurchaseOrder:
        """Place an order by hand."""
        given = {
            "supplier_id": self.supplier.mall.mall_account_id,
            "title": "净水设备采购",
            "awardee": "",
            "lines": (LINE, MORE),
            **changes,
        }
        return self.world.engine.perform(
            actions.place_purchase_order, given, actor=actor or self.purchaser.mall, key=key
        )


@pytest.fixture
def market(world: World) -> Market:
    return Market(world)


@pytest.mark.row("MAL-5")
def test_an_order_has_a_number_of_the_day_and_a_total_made_of_its_lines(any_world):
    market = Market(any_world)
    first, second = market.place(), market.place()
    assert (first.number, second.number) == ("CG-20260601001", "CG-20260601002")
    assert first.total_fen == 3 * 129_900 + 12 * 8_850
    shown = any_world.engine.ask(
        queries.purchase_order, market.supplier.mall, purchase_order_id=first.id
    )
    assert (shown.purchaser, shown.supplier, shown.awardee) == (PURCHASER, SUPPLIER, SUPPLIER)
    assert shown.lines == (LINE, MORE)
    fold.require(any_world)


@pytest.mark.row("MAL-5")
def test_a_double_click_places_one_order(market):
    first, again = (market.place(key="one click") for _ in range(2))
    assert first == again
    page = market.world.engine.ask(queries.orders_page, market.purchaser.mall)
    assert (page.count, page.total_fen) == (1, first.total_fen)


@pytest.mark.row("MAL-5")
def test_pages_and_search_tell_both_sides_and_the_total_of_all(market):
    for number in range(purchasing.PAGE_SIZE + 3):
        market.place(title=f"采购 {number:02d}", awardee=PURCHASER if number == 5 else "")
        worlds.clock_of(market.world).advance(1)
    ask = market.world.engine.ask
    first = ask(queries.orders_page, market.purchaser.mall)
    last = ask(queries.orders_page, market.supplier.mall, page=99)
    assert (first.count, first.pages, len(first.rows), len(last.rows)) == (23, 2, 20, 3)
    assert first.total_fen == 23 * first.rows[0].total_fen
    assert first.rows[0].title == "采购 22"
    assert first.rows[0].awardee == SUPPLIER
    assert ask(queries.orders_page, market.purchaser.mall, text="恒基净水").count == 23
    assert ask(queries.orders_page, market.purchaser.mall, text="100%_").count == 0


@pytest.mark.row("MAL-5")
def test_the_supplier_is_told(market):
    placed = market.place()
    [told] = worlds.rows(market.world, "SELECT * FROM message WHERE subject = ?", placed.id)
    assert (told["kind"], told["account_id"]) == (
        "purchase_order.placed",
        market.supplier.person.account_id,
    )


REFUSED: dict[str, tuple[dict[str, object], type[errors.EngineError]]] = {
    "no line": ({"lines": ()}, actions.LinesMissing),
    "nothing of it": (
        {"lines": (model.Line(name="a", unit="b", quantity=0, unit_price_fen=1),)},
        actions.LinesMissing,
    ),
    "a line without a name": (
        {"lines": (model.Line(name=" ", unit="b", quantity=1, unit_price_fen=1),)},
        actions.LineInvalid,
    ),
    "more than anybody buys": (
        {"lines": (model.Line(name="a", unit="b", quantity=10**9, unit_price_fen=1),)},
        actions.LineInvalid,
    ),
    "no title": ({"title": "  "}, actions.TitleMissing),
    "nobody": ({"supplier_id": "mal_nobody"}, actions.SupplierUnknown),
}


@pytest.mark.row("MAL-5")
@pytest.mark.parametrize("case", REFUSED)
def test_an_order_that_is_not_complete_leaves_no_trace(market, case):
    changes, refusal = REFUSED[case]
    with worlds.unchanged(market.world), pytest.raises(refusal):
        market.place(**changes)


@pytest.mark.row("MAL-5")
def test_nobody_orders_from_themselves_and_a_supplier_orders_from_nobody(market):
    own = malls.onboard(
        market.world,
        malls.at_pc(
            market.world,
            "13800130001",
            platform_id="guangzheng",
            role=model.MallRole.SUPPLIER,
            enterprise_name=PURCHASER,
            login="own0001",
        ),
    )
    offered = market.world.engine.ask(queries.suppliers_here, market.purchaser.mall)
    assert [one.enterprise for one in offered] == [SUPPLIER]
    with worlds.unchanged(market.world), pytest.raises(actions.OwnEnterprise):
        market.place(supplier_id=own.id)
    with worlds.unchanged(market.world), pytest.raises(actions.OnlyPurchasers):
        market.place(actor=market.supplier.mall)


@pytest.mark.row("MAL-3", "MAL-5")
@pytest.mark.guide("G-notice-1")
def test_without_a_bound_certificate_nobody_purchases(market):
    other = parties.enterprise(
        market.world,
        market.reviewers,
        number=3,
        name="新疆天池有限公司",
        role=model.MallRole.PURCHASER,
    )
    with worlds.unchanged(market.world), pytest.raises(bindings.CertificateNotBound) as refused:
        market.place(actor=other.mall)
    assert refused.value.code == "binding.certificate_not_bound"


@pytest.mark.row("MAL-5")
def test_an_order_is_seen_by_its_two_sides_alone(market):
    placed = market.place()
    other = parties.enterprise(market.world, market.reviewers, number=3, name="新疆天池有限公司")
    ask: Callable[..., object] = market.world.engine.ask
    with pytest.raises(errors.NotFound):
        ask(queries.purchase_order, other.mall, purchase_order_id=placed.id)
    with pytest.raises(errors.NotPermitted):
        ask(queries.orders_page, market.purchaser.person)


def test_an_order_within_one_enterprise_breaks_an_invariant(market):
    placed = market.place()
    assert parties.violations(market.world) == {}
    sql = "UPDATE purchase_order SET supplier_id = purchaser_id WHERE id = ?"
    worlds.run_sql(market.world, sql, placed.id)
    assert len(parties.violations(market.world)) == 1


@pytest.mark.row("MAL-5")
def test_the_awardee_is_an_enterprise_of_the_platform_and_never_a_person(market):
    assert market.place(awardee=PURCHASER).awardee == PURCHASER
    with worlds.unchanged(market.world), pytest.raises(placing.AwardeeUnknown) as refused:
        market.place(awardee="李晓东")
    assert refused.value.field == "awardee"
