"""Second looks that came out otherwise than the first: a lead who took no part says which was right."""

from __future__ import annotations

import streamlit as st

from engine import boot
from engine.policies import model as policies
from engine.reviewing import actions as reviewing
from engine.reviewing import model
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console
from pages._console import _

_console.require(Right.LEAD_REVIEWS)


def _settle(difference: model.Difference, right: str) -> None:
    note = st.session_state.get(f"why-{difference.id}", "")
    done = _console.perform(
        reviewing.settle_difference,
        {"case_id": difference.case_id, "right": right, "note": note},
        key=f"settle/{difference.id}/{right}/{note}",
    )
    if done is not None:
        st.session_state["settled"] = _("Noted. Both reviewers' figures count it from now on.")


def _verdict(case: model.Case, title: str) -> None:
    who = _console.ask(staffing.name_of, (case.decided_by or "").partition(":")[2])
    st.markdown(f"**{title}** · {_console.label(f'case.status.{case.status}')}")
    st.caption(f"{who} · {_console.when(case.decided_at)}")
    for code in case.reasons:
        text = reasons[code].text.in_language(_console.language()) if code in reasons else code
        st.markdown(f"- {text}")
    if case.note:
        st.text(case.note)


def _sheet(case: model.Case) -> None:
    """What is asked and handed in, as it is now."""
    sheet = _console.ask(boot.tables.review_sheet, case)
    for field in sheet.fields:
        label, value = _console.told(field.label, message=True), _console.told(field.value)
        st.markdown(f"{label}: {value or '—'}")
    for paper in sheet.papers:
        label = _console.told(paper.label, message=True)
        st.markdown(f"[{label}](/w/{_console.world().id}/media/{paper.blob_id})")


def _one(difference: model.Difference) -> None:
    first, second = _console.ask(cases.two_looks, difference)
    kind = kinds[first.kind].label.in_language(_console.language())
    with st.container(border=True):
        st.subheader(f"{kind} · {first.title}")
        left, middle, right = st.columns([2, 1, 1])
        with left:
            _sheet(first)
        with middle:
            _verdict(first, _("First look"))
        with right:
            _verdict(second, _("Second look"))
        st.text_input(_("Why?"), key=f"why-{difference.id}", max_chars=200)
        with st.container(horizontal=True):
            for one, text in (("first", _("First was right")), ("second", _("Second was right"))):
                st.button(
                    text,
                    key=f"{one}-{difference.id}",
                    on_click=_settle,
                    args=(difference, one),
                )


_console.title(
    _("Second looks"),
    _(
        "A share of what was decided is decided once more by somebody who does not know how it went."
    ),
)
_console.show_refusal()
if told := st.session_state.pop("settled", None):
    st.success(told)
kinds = _console.ask(lambda q: q.policies(policies.ReviewRule))
reasons = _console.ask(lambda q: q.policies(policies.Reason))
waiting = _console.ask(cases.differences)
if not waiting:
    _console.empty(_("No second look waits for you: where two looks differ, it appears here."))
for one in waiting:
    _one(one)
st.subheader(_("How often second looks agree"))
counted = _console.ask(cases.agreement)
if counted:
    _console.table(
        [
            {
                _("Kind"): kinds[one.kind].label.in_language(_console.language()),
                _("First look by"): _console.ask(
                    staffing.name_of, one.decided_by.partition(":")[2]
                ),
                _("Looked at again"): one.looks,
                _("Agreed"): one.agreed,
                "%": one.percent,
            }
            for one in counted
        ]
    )
else:
    _console.empty(_("Nothing was looked at again yet."))
