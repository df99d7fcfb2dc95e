"""Invoices and post: what waits for finance, every invoice and red letter, what is under way (INV-2)."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.delivering import model as deliveries
from engine.delivering import queries as posted
from engine.invoicing import model, queries
from engine.staffing.model import Right
from pages import _console, _invoice_record
from pages._console import _

_console.require(Right.FINANCE)
_S = model.InvoiceStatus
# What somebody of finance has to look at; the desk has its own page for what is in review.
WAITING = (_S.FAILED, _S.DECLINED, _S.AWAITING_BUYER, _S.AWAITING_ISSUE, _S.APPLIED)
_FEN = 100


def _view() -> str:
    return _console.view(
        {
            "waiting": _("What waits"),
            "invoices": _("Invoices and red letters"),
            "post": _("Post"),
        }
    )


def _head(astray: list[deliveries.ShipmentShown]) -> None:
    """What needs a human: refused ones, red letters without an answer, and post that did not arrive."""
    standing = _console.ask(queries.standing)
    by_status: dict[model.InvoiceStatus, int] = {}
    for one in standing:
        by_status[one.status] = by_status.get(one.status, 0) + one.count
    numbered = [one for one in standing if one.status is _S.APPLIED]
    columns = st.columns(5)
    columns[0].metric(_("Refused by the tax service"), by_status.get(_S.FAILED, 0))
    columns[1].metric(_("Being numbered"), sum(one.count for one in numbered))
    columns[2].metric(_("At the desk"), by_status.get(_S.IN_REVIEW, 0))
    columns[3].metric(
        _("Awaiting the buyer's word"),
        by_status.get(_S.AWAITING_BUYER, 0) + by_status.get(_S.DECLINED, 0),
    )
    columns[4].metric(_("Post that did not arrive"), len(astray))


def _astray() -> list[deliveries.ShipmentShown]:
    """What was lost, came back, was not taken, stands still, or is not heard of."""
    waiting = deliveries.ShipmentStatus.WAITING
    states = (*sorted(deliveries.FAILED), *sorted(deliveries.OUT), waiting)
    return [
        one
        for one in _console.ask(posted.in_states, states)
        if one.status in deliveries.FAILED or one.silent or (one.status is waiting and one.problem)
    ]


def _row(one: model.InvoiceShown) -> dict[str, object]:
    return {
        _("Invoice number"): one.number or "—",
        _("Status"): _invoice_record.status_of(one),
        _("Made out to"): one.title_name,
        _("Kind"): _console.label(f"invoice.kind.{one.kind}"),
        _("Medium"): _console.label(f"invoice.medium.{one.medium}"),
        _("Total in yuan"): one.total_fen / _FEN,
        _("Reason"): _console.label(one.problem) if one.problem else "",
        _("Applied for"): _console.when(one.created_at),
        _("Numbered on"): _console.when(one.issued_at),
    }


def _table(found: Sequence[model.InvoiceShown]) -> None:
    _console.table(
        [_row(one) for one in found],
        **{_("Total in yuan"): st.column_config.NumberColumn(format="accounting")},
    )


def _posted_row(one: deliveries.ShipmentShown) -> dict[str, object]:
    said = _console.label(f"shipment.why.{one.problem}") if one.problem else ""
    return {
        _("Status"): _console.label(f"shipment.status.{one.status}"),
        _("Paper"): one.contents or "—",
        _("Courier"): f"{one.courier} {one.tracking_no}".strip() or "—",
        _("Recipient"): one.recipient,
        _("Region"): one.place,
        _("Attempt"): one.attempt,
        _("Reason"): said or (_("Nothing was heard of it") if one.silent else ""),
        _("Handed over"): _console.when(one.handed_over_at),
        _("Last news"): _console.when(one.heard_at),
    }


def _open(choices: dict[str, str], placeholder: str) -> None:
    """The record of what is chosen; the choice stands in the address."""
    given = st.query_params.get("invoice", "")
    if given and given not in choices:
        choices = {given: given, **choices}
    if not choices:
        return
    chosen = st.selectbox(
        _("Open an invoice"),
        list(choices),
        index=list(choices).index(given) if given in choices else None,
        format_func=choices.__getitem__,
        key="invoice",
        placeholder=placeholder,
    )
    if chosen:
        st.query_params["invoice"] = str(chosen)
        _invoice_record.show(str(chosen))


def _names(found: Sequence[model.InvoiceShown]) -> dict[str, str]:
    return {
        one.id: f"{_invoice_record.name_of(one)} · {one.title_name} · {_console.money(one.total_fen)}"
        for one in found
    }


def _post_names(found: Sequence[deliveries.ShipmentShown]) -> dict[str, str]:
    return {
        one.subject: f"{one.contents or '—'} · {_console.label(f'shipment.status.{one.status}')}"
        for one in found
    }


def _waiting(astray: list[deliveries.ShipmentShown]) -> None:
    found = _console.ask(queries.waiting, WAITING)
    if not found and not astray:
        _console.empty(
            _(
                "Nothing waits: what the tax service refuses, a buyer declines, or the post loses"
                " appears here."
            )
        )
    if found:
        _table(found)
        if len(found) >= queries.LISTED_MOST:
            st.caption(_("The oldest {n} are shown.", n=queries.LISTED_MOST))
    if astray:
        st.subheader(_("Post that did not arrive"))
        _console.table([_posted_row(one) for one in astray])
    _open({**_names(found), **_post_names(astray)}, _("Choose an invoice"))


def _state(status: str) -> str:
    """A state in words; those that only a red letter has are called as it calls them."""
    own = model.InvoiceStatus(status) in model.INVOICE.statuses()
    return _console.label(f"{'invoice' if own else 'red_letter'}.status.{status}")


def _invoices() -> None:
    one, two = st.columns([1, 2])
    states = [status.value for status in _S]
    chosen = one.multiselect(
        _("Status"),
        states,
        format_func=_state,
        key="states",
        placeholder=_("All of them"),
        bind="query-params",
    )
    text = two.text_input(
        _("Number, or how a company's name begins"), key="text", bind="query-params"
    )
    found = _console.ask(queries.listed, tuple(_S(status) for status in chosen), text=text)
    if not found:
        _console.empty(
            _("No invoice is like this. They are applied for on the phone: Me, then Invoices.")
        )
    else:
        _table(found)
        if len(found) >= queries.LISTED_MOST:
            st.caption(_("The newest {n} are shown.", n=queries.LISTED_MOST))
    _open(_names(found), _("Choose an invoice"))


def _post() -> None:
    states = [status.value for status in deliveries.ShipmentStatus]
    chosen = st.multiselect(
        _("Status"),
        states,
        default=None,
        format_func=lambda status: _console.label(f"shipment.status.{status}"),
        key="post_states",
        placeholder=_("All of them"),
        bind="query-params",
    )
    wanted = tuple(deliveries.ShipmentStatus(status) for status in chosen or states)
    found = _console.ask(posted.in_states, wanted)
    if not found:
        _console.empty(
            _("Nothing is posted: paper invoices appear here once they are applied for.")
        )
        return
    _console.table([_posted_row(one) for one in found])
    if len(found) >= posted.MOST_LISTED:
        st.caption(_("The oldest {n} are shown.", n=posted.MOST_LISTED))
    _open(_post_names(found), _("Choose an invoice"))


_console.title(
    _("Invoices and post"),
    _("What the tax service numbers, what is taken back, and what is sent on paper."),
)
did_not_arrive = _astray()
_head(did_not_arrive)
match _view():
    case "invoices":
        _invoices()
    case "post":
        _post()
    case _:
        _waiting(did_not_arrive)
