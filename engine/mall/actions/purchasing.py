"""Placing purchase orders by hand (MAL-5)."""

from __future__ import annotations

from engine.kernel import actors, clock, errors
from engine.kernel.operation import Operation
from engine.mall import model, queries, store
from engine.messaging import actions as messaging
from engine.registration import queries as people

_MOST_LINES, _MOST_QUANTITY, _MOST_PRICE_FEN = 200, 1_000_000, 10_000_000_000


class OnlyPurchasers(errors.NotPermitted):
    """Only a purchaser can place a purchase order."""


class SupplierUnknown(errors.InvalidInput):
    """There is no such supplier on this platform."""


class LinesMissing(errors.InvalidInput):
    """A purchase order has at least one line with a quantity and a price above zero."""


class OwnEnterprise(errors.InvalidInput):
    """Purchaser and supplier of an order are two different enterprises. Choose another supplier."""


class LineInvalid(errors.InvalidInput):
    """Line {line} is not complete: it needs a name, a unit and a quantity of at most {quantity}."""


class AwardeeUnknown(errors.InvalidInput):
    """The awardee is an enterprise of this platform. Leave it empty where it is the supplier."""


class TitleMissing(errors.InvalidInput):
    """Say what is bought, in 1 to 100 characters."""


def place_purchase_order(
    op: Operation,
    *,
    supplier_id: str,
    title: str,
    awardee: str,
    lines: tuple[model.Line, ...],
) -> model.PurchaseOrder:
    """Place a purchase order with a supplier of the same platform (MAL-5).

    The total is what its lines come to, and the supplier is told. Emits: purchase_order.placed,
    message.sent. Raises: OnlyPurchasers, SupplierUnknown, OwnEnterprise, LinesMissing, LineInvalid,
    TitleMissing, AwardeeUnknown.
    """
    if not isinstance(op.actor, actors.MallAccount):
        raise errors.NotPermitted()
    mine = queries.signed_in(op)
    if mine.role is not model.MallRole.PURCHASER:
        raise OnlyPurchasers()
    supplier = op.first(
        model.MallAccount, "SELECT * FROM mall_account WHERE id = ?", (supplier_id,)
    )
    if supplier is None or (supplier.platform_id, supplier.role) != (
        mine.platform_id,
        model.MallRole.SUPPLIER,
    ):
        raise SupplierUnknown(field="supplier_id")
    if supplier.enterprise_id == mine.enterprise_id:
        raise OwnEnterprise(field="supplier_id")
    if not 1 <= len(title.strip()) <= 100:
        raise TitleMissing(field="title")
    _check(lines)
    prefix = f"CG-{clock.civil_date(op.now):%Y%m%d}"
    order = model.PurchaseOrder(
        id=op.new_id("pur"),
        platform_id=mine.platform_id,
        number=f"{prefix}{store.order_count(op, mine.platform_id, prefix) + 1:03d}",
        purchaser_id=mine.id,
        supplier_id=supplier.id,
        awardee=_awardee(op, supplier, awardee.strip()),
        title=title.strip(),
        total_fen=sum(line.amount_fen for line in lines),
        lines=lines,
        created_at=op.now,
    )
    op.insert("purchase_order", order)
    op.record("purchase_order.placed", order.id, total_fen=order.total_fen, placed_by=mine.id)
    messaging.notify(
        op,
        account_id=supplier.account_id,
        kind="purchase_order.placed",
        params={"number": order.number},
        subject=order.id,
    )
    return order


def _awardee(op: Operation, supplier: model.MallAccount, name: str) -> str:
    """Who won the award (中标人): an enterprise, so that no person's name is kept in the clear."""
    if not name:
        return people.enterprise(op, supplier.enterprise_id).name
    if not store.is_onboarded_by_name(op, supplier.platform_id, name):
        raise AwardeeUnknown(field="awardee")
    return name


def _check(lines: tuple[model.Line, ...]) -> None:
    if not lines or any(line.quantity < 1 or line.unit_price_fen < 1 for line in lines):
        raise LinesMissing(field="lines")
    for place, line in enumerate(lines, 1):
        short = all(1 <= len(text.strip()) <= 100 for text in (line.name, line.unit))
        small = line.quantity <= _MOST_QUANTITY and line.unit_price_fen <= _MOST_PRICE_FEN
        if not short or not small or place > _MOST_LINES:
            raise LineInvalid(field=f"lines.{place - 1}", line=place, quantity=_MOST_QUANTITY)
