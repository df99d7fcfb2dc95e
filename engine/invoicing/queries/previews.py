"""An application before it is sent: its lines, what is taken without asking, what is missing (INV-1)."""

from __future__ import annotations

from collections.abc import Sequence

from engine.delivering import queries as delivering
from engine.invoicing import model
from engine.invoicing.queries import billables
from engine.invoicing.queries.titles import default_title, title
from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.policies import model as policies


class KindUnknown(errors.InvalidInput):
    """An invoice is ordinary or special."""


class MediumUnknown(errors.InvalidInput):
    """An invoice is electronic or on paper."""


class TaxItemUnknown(errors.PolicyRefused):
    """What order {number} is taxed as is not set. Ask customer service to issue its invoice."""


class SeveralPayers(errors.InvalidInput):
    """One invoice is for orders of one payer. Apply for each enterprise, and for yourself, separately."""


class SeveralSellers(errors.InvalidInput):
    """One invoice is for orders at one platform and one CA. Apply for each of them separately."""


# Rule → what is said of it before an application is sent.
REVIEWED = {
    "special": "invoice.reviewed_special",
    "other_title": "invoice.reviewed_other_title",
    "amount": "invoice.reviewed_amount",
}


def require_known(medium: str, kind: str) -> None:
    """Refuse a medium or kind of invoice that there is not.

    Raises: KindUnknown, MediumUnknown.
    """
    if kind not in model.INVOICE_KINDS:
        raise KindUnknown(field="kind")
    if medium not in model.MEDIA:
        raise MediumUnknown(field="medium")


def require_together(chosen: Sequence[model.Billable]) -> None:
    """Refuse orders that no single invoice can be for.

    Raises: SeveralPayers, SeveralSellers.
    """
    if len({one.enterprise_id for one in chosen}) > 1:
        raise SeveralPayers(field="order_ids")
    if len({(one.platform_id, one.agency_id) for one in chosen}) > 1:
        raise SeveralSellers(field="order_ids")


def line_of(q: Reader, one: model.Billable) -> model.Line:
    """The line of an order: what is left of it to invoice, split by its item's rate.

    Raises: TaxItemUnknown.
    """
    item = q.policies(policies.TaxItem).get(one.tax_item)
    if item is None:
        raise TaxItemUnknown(number=one.number)
    net, tax = model.split_tax(one.left_fen, item.rate_permille)
    return model.Line(
        order_id=one.id,
        order_kind=one.order_kind,
        order_number=one.number,
        name=f"*{item.category}*{item.item}",
        tax_item=one.tax_item,
        code=item.code,
        unit=item.unit,
        quantity=one.quantity,
        amount_fen=net,
        tax_fen=tax,
        rate_permille=item.rate_permille,
        exempt=item.exempt,
    )


def paper_offered(q: Reader, chosen: Sequence[model.Billable]) -> bool:
    """Whether the CA of orders has their invoices on paper; what no CA provides has none."""
    agencies = q.policies(policies.CertificateAgency)
    return all(
        one.agency_id in agencies and agencies[one.agency_id].paper_invoices for one in chosen
    )


def is_payers_own(chosen: model.Billable, wanted: model.InvoiceTitle) -> bool:
    """Whether a title is the payer's: the enterprise's own, or for a person's own order a personal one."""
    if chosen.enterprise_id is None:
        return wanted.kind == "personal"
    return wanted.own and wanted.enterprise_id == chosen.enterprise_id


def reviewed_for(
    q: Reader, *, kind: str, payers_own: bool, total_fen: int, rules: policies.InvoiceRules
) -> tuple[str, ...]:
    """Which rules send an application to the desk before it is issued; none where it goes straight on."""
    because = {
        "special": kind == "special",
        "other_title": not payers_own,
        "amount": total_fen > rules.review_above_fen,
    }
    return tuple(one for one in rules.review if because[one])


def preview(
    q: Reader,
    order_ids: tuple[str, ...],
    order_kind: str = "certificate",
    medium: str = "electronic",
    kind: str = "ordinary",
    title_id: str = "",
    typed_kind: str = "",
) -> model.Preview:
    """What an application would be: lines, totals, and what is taken without asking (INV-1, INV-3).

    `typed_kind` says of which kind a title is that is being entered and is none of the kept ones.
    `missing` says what has to be given yet; orders that cannot be ticked are refused when it is sent.
    Raises: KindUnknown, MediumUnknown, SeveralPayers, SeveralSellers, TaxItemUnknown, NotFound.
    """
    require_known(medium, kind)
    chosen = billables.own(q, order_kind, order_ids)
    require_together(chosen)
    lines = tuple(line_of(q, one) for one in chosen)
    net, tax, total = model.totals(lines)
    payer = chosen[0].enterprise_id if chosen else None
    wanted = title(q, title_id) if title_id else default_title(q, payer)
    address = delivering.default_address(q) if medium == "paper" else None
    offered = bool(chosen) and paper_offered(q, chosen)
    if typed_kind:
        payers_own = payer is None and typed_kind == "personal"
    else:
        payers_own = wanted is None or (bool(chosen) and is_payers_own(chosen[0], wanted))
    return model.Preview(
        order_kind=order_kind,
        medium=medium,
        kind=kind,
        lines=lines,
        amount_fen=net,
        tax_fen=tax,
        total_fen=total,
        title=wanted,
        address_id="" if address is None else address.id,
        paper_offered=offered,
        missing=_missing(chosen, medium, kind, wanted, offered, has_address=address is not None),
        reviewed=tuple(
            REVIEWED[one]
            for one in reviewed_for(
                q,
                kind=kind,
                payers_own=payers_own,
                total_fen=total,
                rules=q.policy(policies.InvoiceRules),
            )
        ),
    )


def _missing(
    chosen: Sequence[model.Billable],
    medium: str,
    kind: str,
    wanted: model.InvoiceTitle | None,
    offered: bool,
    *,
    has_address: bool,
) -> tuple[str, ...]:
    """Codes of what an application still lacks."""
    company = wanted is not None and wanted.kind == "company" and bool(wanted.code)
    lacking = {
        "invoice.missing_orders": not chosen,
        "invoice.missing_title": wanted is None,
        "invoice.missing_company": kind == "special" and wanted is not None and not company,
        "invoice.missing_paper": medium == "paper" and bool(chosen) and not offered,
        "invoice.missing_address": medium == "paper" and not has_address,
    }
    return tuple(code for code, is_lacking in lacking.items() if is_lacking)
