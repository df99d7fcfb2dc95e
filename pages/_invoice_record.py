"""An invoice found in the console: its face, document, way by post, and what finance can do with it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.delivering import actions as delivering
from engine.delivering import model as deliveries
from engine.delivering import queries as posted
from engine.invoicing import actions, model, queries
from engine.kernel import errors
from engine.pdf import pdfium
from pages import _console
from pages._console import _

_FEN = 100
# Two thirds of what a screen of 1440 points shows across, twice as fine.
_SCALE = 2.0
DONE = "invoice done"


def show(invoice_id: str) -> None:
    """Everything about an invoice or a red letter."""
    try:
        found = _console.ask(queries.invoice, invoice_id)
    except errors.NotFound:
        _console.empty(_("There is no such invoice, or it is not yours to look after."))
        return
    done = st.session_state.pop(DONE, "")
    if done:
        st.success(done)
    with st.container(border=True):
        st.subheader(name_of(found))
        facts(found)
        if found.problem:
            st.error(_console.label(found.problem))
        for reason in found.reasons:
            st.warning(_console.told(reason.text))
        _acts(found)
        lines(found)
        _document(found)
        for one in _console.ask(posted.shipments, found.id):
            shipment(one)
        _history(found)


def beside(invoice_id: str) -> None:
    """What its record has beside the facts: what can be done, the lines, the document, the post."""
    found = _console.ask(queries.invoice, invoice_id)
    done = st.session_state.pop(DONE, "")
    if done:
        st.success(done)
    _acts(found)
    lines(found)
    _document(found)
    for one in _console.ask(posted.shipments, found.id):
        shipment(one)


def name_of(found: model.InvoiceShown) -> str:
    """What an invoice is called: what it is, and its number or where it stands."""
    kind = _("Red letter") if found.reverses else _("Blue invoice")
    return f"{kind} {found.number or '—'} · {status_of(found)}"


def status_of(found: model.InvoiceShown) -> str:
    """Where an invoice or a red letter stands, in words."""
    family = "red_letter" if found.reverses else "invoice"
    return _console.label(f"{family}.status.{found.status}")


def facts(found: model.InvoiceShown) -> None:
    """The particulars beside each other."""
    rows = (
        (_("Made out to"), found.title_name or "—"),
        (_("Tax number"), found.title_code or "—"),
        (_("Kind"), _console.label(f"invoice.kind.{found.kind}")),
        (_("Medium"), _console.label(f"invoice.medium.{found.medium}")),
        (_("Total with tax"), _console.money(found.total_fen)),
        (_("of it tax"), _console.money(found.tax_fen)),
        (_("Taken back"), _console.money(found.reversed_fen)),
        (_("Applied for"), _console.when(found.created_at)),
        (_("Numbered on"), _console.when(found.issued_at)),
        (_("Takes back"), found.reverses_number or "—"),
        (_("Paper"), f"{found.paper_code} {found.paper_number}".strip() or "—"),
        (_("Remarks"), found.remarks or "—"),
    )
    columns = st.columns(4)
    for place, (label, value) in enumerate(rows):
        with columns[place % 4]:
            st.caption(label)
            st.text(value)


def lines(found: model.InvoiceShown) -> None:
    """The lines as they are numbered: figures to the right, in yuan."""
    names = (_("Unit price in yuan"), _("Net in yuan"), _("Tax in yuan"))
    _console.table(
        [
            {
                _("Order number"): line.order_number,
                _("Item"): line.name,
                _("Tax class"): line.code,
                _("Quantity"): line.quantity,
                names[0]: float(model.unit_price(line) or 0),
                names[1]: line.amount_fen / _FEN,
                _("Rate"): model.rate_text(line),
                names[2]: line.tax_fen / _FEN,
            }
            for line in found.lines
        ],
        **{name: st.column_config.NumberColumn(format="accounting") for name in names},
    )


def _document(found: model.InvoiceShown) -> None:
    if found.blob_id is None:
        return
    content = _console.ask(queries.document, found.id)
    st.download_button(
        _("Download the invoice (PDF)"),
        content,
        file_name=f"{found.number}.pdf",
        mime="application/pdf",
        key=f"pdf-{found.id}",
    )
    if st.toggle(_("Show the invoice"), key=f"look-{found.id}"):
        for picture in _pictures(content):
            st.image(picture, width="stretch")


@st.cache_data(max_entries=8, show_spinner=False)
def _pictures(content: bytes) -> list[bytes]:
    """The pages as they look."""
    found = []
    with pdfium.opened(content) as document:
        for page in document:
            kept = io.BytesIO()
            page.render(scale=_SCALE).to_pil().save(kept, "PNG")
            found.append(kept.getvalue())
    return found


def shipment(one: deliveries.ShipmentShown) -> None:
    """One time that it was posted, with its way."""
    st.markdown(
        "**"
        + _("Posted, attempt {n}", n=one.attempt)
        + f"** · {_console.label(f'shipment.status.{one.status}')}"
    )
    columns = st.columns(4)
    rows = (
        (_("Courier"), f"{one.courier} {one.tracking_no}".strip() or "—"),
        (_("Recipient"), f"{one.recipient} {one.phone}"),
        (_("Region"), one.place),
        (_("Handed over"), _console.when(one.handed_over_at)),
    )
    for column, (label, value) in zip(columns, rows, strict=True):
        with column:
            st.caption(label)
            st.text(value)
    if one.problem:
        st.warning(_console.label(f"shipment.why.{one.problem}"))
    elif one.silent:
        st.warning(_("Nothing was heard of this parcel for longer than the rules allow."))
    if one.steps:
        _console.table(
            [
                {
                    _("When"): _console.when(step.occurred_at),
                    _("Step"): _console.label(f"shipment.step.{step.code}"),
                    _("Place"): step.place,
                }
                for step in one.steps
            ]
        )
    for verb, label, done in _posting():
        if verb in one.can:
            _button(
                label, getattr(delivering, verb), {"shipment_id": one.id}, done, f"{verb}-{one.id}"
            )


def _posting() -> tuple[tuple[str, str, str], ...]:
    return (
        ("send_again", _("Print anew and send again"), _("It is printed anew and sent again.")),
        ("find", _("It has arrived after all"), _("Noted as delivered.")),
        ("write_off", _("Take it for lost"), _("Taken for lost. Send it again now.")),
    )


def _history(found: model.InvoiceShown) -> None:
    _console.table(
        [
            {
                _("When"): _console.when(step.occurred_at),
                _("Event"): _console.label(step.code),
                _("Whose doing"): _console.label(f"invoice.who.{step.who}"),
            }
            for step in _console.ask(queries.history, found.id)
        ]
    )


# -- what finance can do ---------------------------------------------------------------------------


def _button(
    label: str, action: Callable[..., Any], arguments: dict[str, Any], done: str, name: str
) -> None:
    _console.act_button(
        label,
        action,
        arguments,
        name=name,
        then=lambda _result: st.session_state.update({DONE: done}),
    )


def _acts(found: model.InvoiceShown) -> None:
    given = {"invoice_id": found.id}
    if "retry_invoice" in found.can:
        _button(
            _("Have it numbered once more"),
            actions.retry_invoice,
            given,
            _("The tax service is asked again."),
            f"retry-{found.id}",
        )
    if "ask_buyer_again" in found.can:
        _button(
            _("Ask the buyer once more"),
            actions.ask_buyer_again,
            given,
            _("The buyer is asked again."),
            f"ask-{found.id}",
        )
    if "drop_red_letter" in found.can:
        _button(
            _("Give the red letter up"),
            actions.drop_red_letter,
            given,
            _("The red letter is given up; the invoice stays as it is."),
            f"drop-{found.id}",
        )
    if "propose_red_letter" in found.can:
        _red_letter(found)


def _red_letter(found: model.InvoiceShown) -> None:
    with st.expander(_("Propose to take it back")):
        reason = st.selectbox(
            _("Reason"),
            [one.value for one in model.Reason],
            format_func=lambda one: _console.label(f"invoice.reason.{one}"),
            key=f"reason-{found.id}",
        )
        left = found.total_fen - found.reversed_fen
        whole = st.radio(
            _("How much"),
            ("whole", "part"),
            format_func={"whole": _("All that is left"), "part": _("A part")}.__getitem__,
            horizontal=True,
            key=f"how-{found.id}",
        )
        yuan = 0.0
        if whole == "part":
            yuan = st.number_input(
                _("Amount in yuan, tax included"),
                min_value=0.01,
                max_value=left / _FEN,
                value=left / _FEN,
                step=0.01,
                key=f"yuan-{found.id}",
            )
        st.caption(_("A second person decides about it at the desk, never who proposed it."))
        _button(
            _("Propose the red letter"),
            actions.propose_red_letter,
            {
                "invoice_id": found.id,
                "reason": reason,
                "amount_fen": round(yuan * _FEN) if whole == "part" else None,
            },
            _("Proposed. A second person decides about it at the desk."),
            f"propose-{found.id}",
        )
