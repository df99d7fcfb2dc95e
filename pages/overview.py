"""What needs a human now, what breaches next, and how far today's people have come."""

from __future__ import annotations

import streamlit as st

from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model
from engine.reviewing import queries as cases
from pages import _console, _incident_stops, _live, _machine_pieces, _stuck, _tour
from pages._console import _

_console.require()
_TRY = {
    "side_by_side": ":material/phone_iphone:",
    "demo": ":material/play_circle:",
    "guide": ":material/checklist:",
    "simulation_scenarios": ":material/groups:",
    "verify": ":material/verified:",
}


def _line(q: Reader) -> dict[str, int]:
    counts: dict[str, int] = {}
    for kind in (
        "account.registered",
        "account.named",
        "enterprise.approved",
        "mall_account.opened",
        "order.paid",
        "certificate.activated",
        "binding.bound",
        "contract.passed",
        "invoice.issued",
    ):
        counts[kind] = cases.happened(q, kind)
    return counts


def _counted(number: int, more: bool) -> str:
    """A number, or where counting ended."""
    return f"{number}+" if more else str(number)


def _queue() -> None:
    """What waits for this reader, the next to breach first."""
    page = _console.ask(cases.page, model.Wanted(), limit=12)
    rows = page.rows
    late, more = _console.ask(cases.count, model.Wanted(state="late"))
    columns = st.columns(3)
    columns[0].metric(_("Open cases you may decide"), _counted(page.total, page.more))
    columns[1].metric(_("Overdue"), _counted(late, more))
    columns[2].metric(_("Office"), _("open") if _console.ask(cases.office_open) else _("closed"))
    if not rows:
        _console.empty(_("No case waits for you. Cases appear here when people submit something."))
    else:
        rules = _console.ask(lambda q: q.policies(policies.ReviewRule))
        st.subheader(_("What breaches next"))
        _console.table(
            [
                {
                    _("Kind"): rules[row.case.kind].label.in_language(_console.language()),
                    _("Subject"): row.case.title,
                    _("Opened"): _console.when(row.case.opened_at),
                    _("Next deadline"): _console.when(row.clocks.breach_at),
                    _("State"): _("overdue") if row.clocks.overdue else _("in time"),
                }
                for row in rows
            ]
        )
        if st.button(_("Open the review desk"), type="primary"):
            st.switch_page("desk.py")


def _today() -> None:
    """How often each step of the line has happened."""
    st.subheader(_("From registration to invoice"))
    done = _console.ask(_line)
    _console.table(
        [{_("Step"): _console.label(kind), _("How often"): count} for kind, count in done.items()]
    )


def _try() -> None:
    """What can be tried at once; each only for who may open it."""
    shown = [one for one in _TRY if one in _tour.stops()]
    if not shown:
        return
    with st.container(horizontal=True, key="try"):
        st.markdown(f"**{_('What you can try')}**")
        for name in shown:
            st.page_link(f"{name}.py", label=_(_tour.TITLES[name]), icon=_TRY[name])


def _draw() -> None:
    _stuck.link(_stuck.count())
    _incident_stops.call()
    _machine_pieces.attention()
    _queue()
    _today()


_console.title(
    _("Overview"),
    _(
        "Certificates on phones, electronic seals, signed contracts: what needs a human now, what breaches"
        " next, and what you can try."
    ),
)
_tour.offer()
_try()
_live.follow(_draw, key="overview")
