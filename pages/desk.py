"""The review desk: the queue, the case with its papers beside its fields, and the decision."""

from __future__ import annotations

import html

import streamlit as st

from engine import boot, worker
from engine.policies import model as policies
from engine.reviewing import actions as reviewing
from engine.reviewing import model
from engine.reviewing import queries as cases
from pages import _console
from pages._console import _

_console.require(*model.RIGHT_FOR.values())


def _act(verb: str, case: model.Case, **arguments: object) -> None:
    """A button's callback: one act of this version of the case, then what follows from it."""
    action = getattr(reviewing, verb)
    key = f"{case.id}/{verb}/{case.lease_until}"
    done = _console.perform(action, {"case_id": case.id, **arguments}, key=key)
    if done is not None:
        worker.run_due(_console.world())
        if verb in ("approve", "reject", "release", "hold"):
            st.session_state.pop("case", None)


def _choose() -> None:
    picked = st.session_state.get("picked")
    if picked:
        st.session_state["case"] = picked


def _fields(sheet: model.Sheet) -> None:
    """Every value whole, however long: it is compared with the papers sign by sign."""
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left;padding:4px 12px 4px 0">{html.escape(_(f.label))}</th>'
        f'<td style="overflow-wrap:anywhere;padding:4px 0">{html.escape(_console.told(f.value))}</td></tr>'
        for f in sheet.fields
    )
    st.html(f'<table style="width:100%;border-collapse:collapse">{rows}</table>')


def _sheet(case: model.Case) -> None:
    sheet = _console.ask(boot.tables.review_sheet, case)
    left, right = st.columns([1, 1])
    with left:
        _fields(sheet)
        for check in sheet.checks:
            mark = "✓" if check.ok else "✗"
            detail = " · ".join(_console.label(one) for one in check.detail)
            text = f"{mark} {_(check.label)} {detail}"
            (st.success if check.ok else st.warning)(text)
    with right:
        for paper in sheet.papers:
            address = f"/w/{_console.world().id}/media/{paper.blob_id}"
            name = html.escape(_console.told(paper.label, message=True))
            if paper.media_type.startswith("image/"):
                st.html(
                    f'<a href="{address}" target="_blank"><img src="{address}" alt="{name}"'
                    ' style="max-width:100%;max-height:360px;border:1px solid #8884"></a>'
                    f"<br><small>{name}</small>"
                )
            else:
                st.html(
                    f'<iframe src="{address}" title="{name}" style="width:100%;height:420px;'
                    f'border:1px solid #8884"></iframe><a href="{address}" target="_blank">{name}</a>'
                )


def _buttons(case: model.Case, possible: tuple[str, ...]) -> None:
    if not possible:
        st.caption(_("You cannot decide this case: somebody else has it, or you took part in it."))
        return
    if possible in (("claim",), ("resume",)):
        verb = possible[0]
        text = _("Claim this case") if verb == "claim" else _("Take it up again")
        st.button(text, type="primary", key=f"{verb}-{case.id}", on_click=_act, args=(verb, case))
        return
    note = st.text_input(_("Note"), key=f"note-{case.id}")
    known = _console.ask(cases.reasons_for, case.kind)
    chosen = st.multiselect(
        _("Reasons to reject"),
        list(known),
        format_func=lambda code: known[code].text.in_language(_console.language()),
        placeholder=_("Choose one or more"),
        key=f"reasons-{case.id}",
    )
    approve, reject, hold, release = st.columns(4)
    approve.button(
        _("Approve"), type="primary", key=f"approve-{case.id}", on_click=_act,
        args=("approve", case), kwargs={"note": note}, width="stretch",
    )  # fmt: skip
    reject.button(
        _("Reject"), key=f"reject-{case.id}", on_click=_act, args=("reject", case),
        kwargs={"reasons": tuple(chosen), "note": note}, width="stretch",
    )  # fmt: skip
    hold.button(
        _("Hold"), key=f"hold-{case.id}", on_click=_act, args=("hold", case),
        kwargs={"reason": note}, width="stretch", help=_("The note says what is waited for."),
    )  # fmt: skip
    release.button(
        _("Put back"),
        key=f"release-{case.id}",
        on_click=_act,
        args=("release", case),
        width="stretch",
    )


_console.title(_("Review desk"))
rules = _console.ask(lambda q: q.policies(policies.ReviewRule))
kinds = ["", *_console.ask(cases.kinds_seen)]
kind = st.selectbox(
    _("Kind"),
    kinds,
    format_func=lambda k: rules[k].label.in_language(_console.language()) if k else _("All kinds"),
)
rows = _console.ask(cases.queue, kind=kind)
if not rows:
    _console.empty(_("The queue is empty. Cases appear here when people submit something."))
    st.stop()
ids_ = [row.case.id for row in rows]
current = st.session_state.get("case")
if current not in ids_:
    mine = [row.case.id for row in rows if "approve" in row.possible]
    current = (mine or [r.case.id for r in rows if r.possible] or ids_)[0]
by_id = {row.case.id: row for row in rows}
st.selectbox(
    _("Case ({n} in the queue)", n=len(rows)),
    ids_,
    index=ids_.index(current),
    format_func=lambda i: (
        f"{rules[by_id[i].case.kind].label.in_language(_console.language())} · {by_id[i].case.title}"
        f" · {_('overdue') if by_id[i].clocks.overdue else _console.when(by_id[i].clocks.decision_due)}"
    ),
    key="picked",
    on_change=_choose,
)
row = by_id[current]
st.caption(
    _(
        "{status} · opened {opened} · decision due {due} · {open} of office hours open",
        status=_console.label(f"case.status.{row.case.status}"),
        opened=_console.when(row.case.opened_at),
        due=_console.when(row.clocks.decision_due),
        open=_console.span(row.clocks.open_ms),
    )
)
_sheet(row.case)
_buttons(row.case, row.possible)
with st.expander(_("History")):
    _console.table(
        [
            {
                _("Decided"): _console.when(one.decided_at),
                _("Status"): _console.label(f"case.status.{one.status}"),
                _("Reasons"): ", ".join(one.reasons),
                _("Note"): one.note,
            }
            for one in _console.ask(cases.of_subject, row.case.subject_id)
        ]
    )
