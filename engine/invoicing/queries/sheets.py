"""What finance compares before an invoice or a red letter goes to the tax service."""

from __future__ import annotations

from collections.abc import Iterator

from engine.invoicing import model, store
from engine.invoicing.queries.invoices import details, left_of
from engine.kernel import identifiers
from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.ordering import queries as orders
from engine.registration import queries as people
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases

KINDS = {
    "ordinary": Text(zh="普通发票", en="Ordinary invoice"),
    "special": Text(zh="增值税专用发票", en="Special VAT invoice"),
}
MEDIA = {
    "electronic": Text(zh="电子发票", en="Electronic"),
    "paper": Text(zh="纸质发票", en="Paper"),
}
REASONS = {
    "01": Text(zh="开票有误", en="The invoice is wrong"),
    "02": Text(zh="销货退回", en="Goods were returned"),
    "03": Text(zh="服务终止", en="The service ended"),
    "04": Text(zh="销售折让", en="The price was reduced"),
}
ASKED_BY = {
    "buyer": Text(zh="购买方", en="The buyer"),
    "seller": Text(zh="销售方", en="The seller"),
    "refund": Text(zh="退款自动发起", en="A refund"),
}


def _field(name: str, label: str, value: str | Text) -> reviewing.SheetField:
    return reviewing.SheetField(name=name, label=label, value=value)


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"


def review_sheet_invoice(q: Reader, subject_id: str) -> reviewing.Sheet:
    """An application for an invoice: the title, what it is for, and whether both fit the payer."""
    found = q.get(model.Invoice, "invoice", subject_id)
    return reviewing.Sheet(fields=(*_title(q, found), *_asked(q, found)), checks=_checks(q, found))


def review_sheet_red_letter(q: Reader, subject_id: str) -> reviewing.Sheet:
    """A red letter: what it takes back, of which invoice, and why."""
    found = q.get(model.Invoice, "invoice", subject_id)
    blue = q.get(model.Invoice, "invoice", str(found.reverses))
    fields = (
        _field("reason", "Reason of the red letter", REASONS[found.reason]),
        _field("asked_by", "Asked for by", ASKED_BY[found.asked_by]),
        _field("invoice", "Number of the invoice", blue.number),
        _field("amount", "Amount in yuan", _yuan(-found.total_fen)),
        _field("left", "Amount of the invoice that is left in yuan", _yuan(left_of(q, blue))),
        *_title(q, blue),
        _field("remarks", "Remarks", details(q, found).remarks),
    )
    return reviewing.Sheet(
        fields=fields,
        checks=(
            reviewing.Check(
                label="No more is taken back than is left of the invoice",
                ok=-found.total_fen <= left_of(q, blue),
            ),
            reviewing.Check(
                label="The buyer has not deducted the invoice", ok=blue.deducted_at is None
            ),
        ),
    )


def _title(q: Reader, found: model.Invoice) -> Iterator[reviewing.SheetField]:
    said = details(q, found)
    yield _field("kind", "Kind of invoice", KINDS[found.kind])
    if found.title_kind == "personal":
        yield cases.masked(
            q, "title_name", label="Invoice title", whole=said.name, mask=identifiers.masked_name
        )
    else:
        yield _field("title_name", "Invoice title", said.name)
        yield _field("title_code", "Taxpayer number", said.code)
        for name, label, value in (
            ("title_address", "Registered address", said.address),
            ("title_phone", "Registered phone", said.phone),
            ("title_bank", "Bank", said.bank),
            ("title_bank_account", "Bank account", said.bank_account),
        ):
            if value:
                yield _field(name, label, value)


def _asked(q: Reader, found: model.Invoice) -> Iterator[reviewing.SheetField]:
    yield _field("medium", "Electronic or paper", MEDIA[found.medium])
    payer = "" if found.enterprise_id is None else people.enterprise(q, found.enterprise_id).name
    if payer:
        yield _field("payer", "Enterprise that paid", payer)
    yield _field("orders", "Orders", ", ".join(one.order_number for one in found.lines))
    yield _field("items", "Items", ", ".join(dict.fromkeys(one.name for one in found.lines)))
    yield _field("amount", "Amount in yuan", _yuan(found.total_fen))
    yield _field("tax", "Tax in yuan", _yuan(found.tax_fen))
    remarks = details(q, found).remarks
    if remarks:
        yield _field("remarks", "Remarks", remarks)


def _checks(q: Reader, found: model.Invoice) -> tuple[reviewing.Check, ...]:
    taken = store.orders_of(q, found.id)
    moved = orders.came_and_went(q, [one.order_id for one in taken])
    fits = all(one.gross_fen <= _kept(moved.get(one.order_id, (0, 0))) for one in taken)
    checks = [reviewing.Check(label="No more than was paid and not given back", ok=fits)]
    if found.enterprise_id is not None:
        payer = people.enterprise(q, found.enterprise_id)
        same = (found.title_name, found.title_code) == (payer.name, payer.uscc)
        checks.append(reviewing.Check(label="The title is that of who paid", ok=same))
    return tuple(checks)


def _kept(moved: tuple[int, int]) -> int:
    return moved[0] - moved[1]
