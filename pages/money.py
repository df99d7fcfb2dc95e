"""Money: what waits for finance, days and their statements, and the ledger down to its lines (PAY-1)."""

from __future__ import annotations

import streamlit as st

from engine.kernel import ids
from engine.ordering import actions, model, queries
from engine.staffing.model import Right
from pages import _console, _money_pieces, _tax_days
from pages._console import _

_console.require(Right.FINANCE)


def _view() -> str:
    return _console.view(
        {
            "cases": _("Cases of money"),
            "days": _("Days and statements"),
            "invoices": _("Days and invoices"),
            "ledger": _("Ledger"),
        }
    )


def _head(waiting: list[model.MoneyCaseShown], days: list[model.DayShown]) -> None:
    """What needs a human, and whether the books are explained up to yesterday."""
    balances = _console.ask(queries.ledger_balances)
    clearing = balances.get(model.CLEARING)
    compared = [day for day in days if day.statement.compared_at is not None]
    one, two, three, four = st.columns(4)
    one.metric(_("Cases that wait"), len(waiting))
    two.metric(
        _("Amount in them"),
        _console.money(
            sum(abs(shown.case.amount_fen or shown.case.other_fen) for shown in waiting)
        ),
    )
    three.metric(
        _("Not cleared at the provider"), _console.money(clearing.balance_fen if clearing else 0)
    )
    four.metric(
        _("Last statement compared"),
        compared[0].statement.business_date if compared else "—",
    )


# -- cases -----------------------------------------------------------------------------------------


def _cases(waiting: list[model.MoneyCaseShown]) -> None:
    settled = st.toggle(_("Show those that were settled"), key="settled", bind="query-params")
    shown = _console.ask(queries.settled_money_cases) if settled else waiting
    if not shown:
        _console.empty(
            _("Nothing was settled yet.")
            if settled
            else _("No case waits: what a statement or a notice gets wrong appears here.")
        )
        return
    _console.table([_money_pieces.case_row(one) for one in shown], **_money_pieces.yuan_columns())
    by_id = {one.case.id: one for one in shown}
    given = st.query_params.get("case", "")
    chosen = st.selectbox(
        _("Open a case"),
        list(by_id),
        index=list(by_id).index(given) if given in by_id else None,
        format_func=lambda one: _money_pieces.case_name(by_id[one]),
        key="case",
        placeholder=_("Choose a case"),
    )
    if chosen in by_id:
        # By its own id, so that the address means the same in every language.
        st.query_params["case"] = str(chosen)
        _case(by_id[str(chosen)])


def _case(shown: model.MoneyCaseShown) -> None:
    case = shown.case
    with st.container(border=True):
        st.subheader(_console.label(f"money_case.kind.{case.kind.value}"))
        st.caption(_money_pieces.told(case.kind))
        _money_pieces.case_facts(shown)
        if case.status is model.MoneyCaseStatus.OPEN:
            _settling(shown)
        elif case.status is model.MoneyCaseStatus.PROPOSED:
            st.info(
                _("A second person decides about this at the desk, never who proposed it."),
            )


def _settling(shown: model.MoneyCaseShown) -> None:
    case = shown.case
    resolution = st.radio(
        _("How it is settled"),
        shown.resolutions,
        format_func=lambda one: _console.label(f"money_case.choice.{one.value}"),
        captions=[_money_pieces.resolves(one) for one in shown.resolutions],
        key=f"resolution-{case.id}",
    )
    number = ""
    if resolution is model.Resolution.MATCH:
        number = st.text_input(_("Number of the order it is for"), key=f"order-{case.id}")
    note = st.text_area(
        _("What was found out"),
        key=f"note-{case.id}",
        max_chars=500,
        help=_("Names, phone and card numbers do not belong here."),
    )
    if st.button(_("Settle the case"), type="primary", key=f"settle-{case.id}"):
        _console.perform(
            actions.settle_case,
            {
                "case_id": case.id,
                "resolution": resolution,
                "note": note,
                "order_number": number,
            },
            key=ids.token(ids.system_entropy, 12),
            then=_told,
        )
        st.rerun()


def _told(case: model.MoneyCase) -> None:
    proposed = case.status is model.MoneyCaseStatus.PROPOSED
    st.session_state["told"] = (
        _("Proposed. A second person decides about it at the desk.") if proposed else _("Settled.")
    )


# -- days ------------------------------------------------------------------------------------------


def _days(days: list[model.DayShown], waiting: list[model.MoneyCaseShown]) -> None:
    if not days:
        _console.empty(
            _(
                "No day yet: the first order that is to be paid opens one, and its statement follows."
            )
        )
        return
    _console.table([_money_pieces.day_row(day) for day in days], **_money_pieces.yuan_columns())
    chosen = st.selectbox(
        _("Open a day"),
        [day.statement.business_date for day in days],
        index=None,
        key="day",
        bind="query-params",
        placeholder=_("Choose a business date"),
    )
    if not chosen:
        return
    lines = _console.ask(queries.statement_lines, str(chosen))
    if lines:
        _console.table(
            [_money_pieces.statement_row(line) for line in lines], **_money_pieces.yuan_columns()
        )
    else:
        _console.empty(_("The statement of this day is not there yet, or it has no lines."))
    of_day = [
        one
        for one in waiting
        if one.case.business_date == chosen and one.case.kind not in model.ABOUT_INVOICES
    ]
    if of_day:
        st.subheader(_("Differences that wait"))
        rows = [_money_pieces.case_row(one) for one in of_day]
        _console.table(rows, **_money_pieces.yuan_columns())


# -- ledger ----------------------------------------------------------------------------------------


def _ledger() -> None:
    chart = _console.ask(queries.chart)
    balances = _console.ask(queries.ledger_balances)
    _console.table(
        [
            _money_pieces.balance_row(account, balances.get(name))
            for name, account in chart.items()
            if name in balances or name != "orders"
        ],
        **_money_pieces.yuan_columns(),
    )
    total = sum(one.balance_fen for one in balances.values())
    st.caption(_("All accounts together: {sum}. Debits are positive.", sum=_console.money(total)))
    names = {
        f"{account.number} {_console.told(account.label)}": name
        for name, account in chart.items()
        if name in balances
    }
    chosen = st.selectbox(
        _("Open an account"),
        list(names),
        index=None,
        key="account",
        bind="query-params",
        placeholder=_("Choose an account"),
    )
    if chosen in names:
        _account(names[str(chosen)])


def _account(name: str) -> None:
    before = st.session_state.get(f"before-{name}", "")
    lines = _console.ask(queries.ledger_lines, name, before=before)
    _console.table(
        [_money_pieces.ledger_row(line) for line in lines], **_money_pieces.yuan_columns()
    )
    first, more = st.columns(2)
    if before and first.button(_("To the newest"), key=f"first-{name}"):
        st.session_state.pop(f"before-{name}")
        st.rerun()
    if len(lines) == queries.LINES_SHOWN and more.button(_("Earlier lines"), key=f"more-{name}"):
        st.session_state[f"before-{name}"] = lines[-1].id
        st.rerun()
    chosen = st.selectbox(
        _("Open a posting"),
        list(dict.fromkeys(line.posting_id for line in lines)),
        index=None,
        key="posting",
        placeholder=_("Choose a posting"),
    )
    if chosen:
        names = {key: _console.told(one.label) for key, one in _console.ask(queries.chart).items()}
        _console.table(
            [
                _money_pieces.posting_row(line, names)
                for line in _console.ask(queries.ledger_posting, str(chosen))
            ],
            **_money_pieces.yuan_columns(),
        )


_console.title(
    _("Money"),
    _("Payments, refunds and invoices, compared with statements and lists every morning."),
)
every_case = _console.ask(queries.money_cases)
every_day = _console.ask(queries.money_days)
_head(every_case, every_day)
match _view():
    case "days":
        _days(every_day, every_case)
    case "invoices":
        _tax_days.show(every_case)
    case "ledger":
        _ledger()
    case _:
        _cases(every_case)
