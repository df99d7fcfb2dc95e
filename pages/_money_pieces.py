"""Rows of the page of money: amounts in yuan as figures, so that they stand one under the other."""

from __future__ import annotations

from typing import Any

import streamlit as st

from engine.ordering import model
from engine.policies.model import LedgerAccount
from pages import _console
from pages._console import _

_FEN = 100


def yuan_columns() -> dict[str, Any]:
    """How columns of amounts are drawn: two decimals, thousands separated, to the right."""
    names = (
        _("Ours in yuan"),
        _("Theirs in yuan"),
        _("Paid, statement (yuan)"),
        _("Paid, here (yuan)"),
        _("Refunded, statement (yuan)"),
        _("Refunded, here (yuan)"),
        _("Fees (yuan)"),
        _("Amount in yuan"),
        _("Debit in yuan"),
        _("Credit in yuan"),
        _("Balance in yuan"),
    )
    return {name: st.column_config.NumberColumn(format="accounting") for name in names}


def told(kind: model.CaseKind) -> str:
    """What a kind of case means, in a sentence."""
    return {
        model.CaseKind.PAID_TWICE: _(
            "Money came under a second trade number for a payment that is paid. It is the payer's."
        ),
        model.CaseKind.REFUND_FAILED: _(
            "The provider could not give the money back, such as to a card that was closed."
        ),
        model.CaseKind.REFUND_UNASKED: _(
            "The provider says that it gave money back, and nobody here had asked for it."
        ),
        model.CaseKind.NOTICE: _(
            "A genuine notice does not agree with the payment it names. It changed no money."
        ),
        model.CaseKind.MISSING_HERE: _(
            "The statement shows money that we know nothing of. It waits in suspense."
        ),
        model.CaseKind.MISSING_THERE: _(
            "We know of money that the statement of its day does not show."
        ),
        model.CaseKind.AMOUNT: _("The statement shows another amount than our books."),
        model.CaseKind.STATE: _(
            "The provider, the ledger and the order do not tell the same of this payment."
        ),
        model.CaseKind.LATE: _("Only the statement told us of this money. It is booked."),
        model.CaseKind.REPEATED: _("The statement shows the same money twice. It counts once."),
        model.CaseKind.INVOICE_MISSING_HERE: _(
            "The tax service lists an invoice number that none of our invoices bears."
        ),
        model.CaseKind.INVOICE_MISSING_THERE: _(
            "We issued an invoice that the tax service's list of its day does not show."
        ),
        model.CaseKind.INVOICE_AMOUNT: _(
            "The tax service lists this invoice with another total or another tax than ours."
        ),
        model.CaseKind.INVOICE_STATE: _(
            "The tax service has numbered this invoice, and it stands otherwise here."
        ),
        model.CaseKind.INVOICE_TOO_MUCH: _(
            "The invoices of an order are for more than was paid for it, or than the ledger holds."
        ),
        model.CaseKind.INVOICE_NO_RED: _(
            "Money of an order went back, and no red letter has taken it off its invoice."
        ),
    }[kind]


def resolves(resolution: model.Resolution) -> str:
    """What a resolution does, in a sentence."""
    return {
        model.Resolution.GIVE_BACK: _("The provider gives it back to whoever paid."),
        model.Resolution.RETRY: _("The provider is asked once more, under the same number."),
        model.Resolution.PAY_OTHERWISE: _(
            "Finance has transferred it from the bank; the books say so from now on."
        ),
        model.Resolution.ACCEPT: _("The refund is booked, and the payment shows it."),
        model.Resolution.MATCH: _("It pays the order that waits for exactly this amount."),
        model.Resolution.TAKE_THEIRS: _("The provider's figure counts; the rest is a difference."),
        model.Resolution.WRITE_OFF: _("It is booked as a difference with the provider."),
        model.Resolution.EXPLAIN: _("Nothing is booked; the note says why."),
        model.Resolution.ASK_AGAIN: _(
            "The tax service is asked once more; it numbers nothing twice."
        ),
        model.Resolution.RED_LETTER: _(
            "What is too much is taken off the invoice by a red letter."
        ),
    }[resolution]


def _their_figure(kind: model.CaseKind) -> str:
    """Whose figure stands beside ours."""
    if kind in (model.CaseKind.INVOICE_TOO_MUCH, model.CaseKind.INVOICE_NO_RED):
        return _("What the order's money allows")
    if kind in model.ABOUT_INVOICES:
        return _("The tax service's figure")
    return _("The provider's figure")


def number_of(kind: model.CaseKind) -> str:
    """What the number of a case is."""
    return _("Invoice number") if kind in model.ABOUT_INVOICES else _("Trade number")


def case_name(shown: model.MoneyCaseShown) -> str:
    """What a case is called in the list to choose from."""
    kind = _console.label(f"money_case.kind.{shown.case.kind.value}")
    return " · ".join(part for part in (shown.order_number, kind, shown.case.subject) if part)


def case_row(shown: model.MoneyCaseShown) -> dict[str, Any]:
    """A case in the list."""
    case = shown.case
    return {
        _("Waits since"): _console.when(case.opened_at),
        _("Kind"): _console.label(f"money_case.kind.{case.kind.value}"),
        _("Order number"): shown.order_number or "—",
        _("Trade or refund"): case.subject,
        _("Ours in yuan"): case.amount_fen / _FEN,
        _("Theirs in yuan"): case.other_fen / _FEN,
        _("Business date"): case.business_date or "—",
        _("Case state"): _console.label(f"money_case.status.{case.status.value}"),
    }


def case_facts(shown: model.MoneyCaseShown) -> None:
    """What is known of a case, with both figures side by side."""
    case = shown.case
    left, right = st.columns(2)
    left.metric(_("Our figure"), _console.money(case.amount_fen))
    right.metric(_their_figure(case.kind), _console.money(case.other_fen))
    facts = {
        _("Order number"): f"`{shown.order_number}`" if shown.order_number else "",
        number_of(case.kind): f"`{case.trade_no}`" if case.trade_no else "",
        _("Business date"): case.business_date,
        _("Waits since"): _console.when(case.opened_at),
    }
    if case.resolution:
        facts[_("Settled by")] = _console.label(f"money_case.choice.{case.resolution}")
    told = [(name, value) for name, value in facts.items() if value]
    for name, value in told:
        label, what = st.columns([1, 4])
        label.caption(name)
        what.markdown(value)
    if case.resolution and case.note:
        label, what = st.columns([1, 4])
        label.caption(_("What was found out"))
        what.text(case.note)


def day_row(day: model.DayShown) -> dict[str, Any]:
    """A business date: the statement's sums beside ours."""
    statement = day.statement
    return {
        _("Business date"): statement.business_date,
        _("Statement"): _console.label(f"statement.status.{statement.status.value}"),
        _("Statement lines"): statement.line_count,
        _("Paid, statement (yuan)"): statement.paid_fen / _FEN,
        _("Paid, here (yuan)"): day.here_paid_fen / _FEN,
        _("Refunded, statement (yuan)"): statement.refunded_fen / _FEN,
        _("Refunded, here (yuan)"): day.here_refunded_fen / _FEN,
        _("Fees (yuan)"): statement.fees_fen / _FEN,
        _("Differences"): day.cases,
        _("Still open"): day.open_cases,
    }


def statement_row(line: model.StatementLine) -> dict[str, Any]:
    """A line of a statement and how it compared."""
    signed = line.amount_fen if line.kind == "payment" else -line.amount_fen
    return {
        "#": line.line_number,
        _("Time"): _console.when(line.occurred_at),
        _("Kind"): _console.label(f"movement.kind.{line.kind}"),
        _("Reference"): line.reference,
        _("Amount in yuan"): signed / _FEN,
        _("Fees (yuan)"): line.fee_fen / _FEN,
        _("Compared"): _console.label(
            "statement.status.matched"
            if line.found == "matched"
            else f"money_case.kind.{line.found}"
        ),
    }


def balance_row(account: LedgerAccount, balance: model.Balance | None) -> dict[str, Any]:
    """An account of the chart with what stands in it."""
    debit, credit = (balance.debit_fen, balance.credit_fen) if balance else (0, 0)
    return {
        _("Account number"): account.number,
        _("Ledger account"): _console.told(account.label),
        _("Family"): _console.label(f"ledger.kind.{account.family}"),
        _("Debit in yuan"): debit / _FEN,
        _("Credit in yuan"): credit / _FEN,
        _("Balance in yuan"): (debit - credit) / _FEN,
        _("Lines"): balance.lines if balance else 0,
    }


def ledger_row(line: model.LineShown) -> dict[str, Any]:
    """A line of an account."""
    return {
        _("Time"): _console.when(line.created_at),
        _("What happened"): _console.label(line.kind),
        _("Amount in yuan"): line.amount_fen / _FEN,
        _("Order or statement"): line.order_id,
        _("Posting"): line.posting_id,
    }


def posting_row(line: model.LineShown, names: dict[str, str]) -> dict[str, Any]:
    """A line of a posting, with its account."""
    return {
        _("Ledger account"): names.get(line.account, line.account),
        _("Debit in yuan"): max(line.amount_fen, 0) / _FEN,
        _("Credit in yuan"): max(-line.amount_fen, 0) / _FEN,
        _("Order or statement"): line.order_id,
    }
