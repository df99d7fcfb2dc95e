"""Handing a shift over: what waits for me, what I have, what is due before the next shift ends."""

from __future__ import annotations

import streamlit as st

from engine.policies import model as policies
from engine.reviewing import actions as reviewing
from engine.reviewing import model
from engine.reviewing import queries as cases
from pages import _console
from pages._console import _

_console.require(*model.RIGHT_FOR.values())


def _take(handover_id: str) -> None:
    done = _console.perform(
        reviewing.take_handover, {"handover_id": handover_id}, key=f"take/{handover_id}"
    )
    if done is not None or "refusal" not in st.session_state:
        st.session_state["handed"] = _("Taken. It is yours now to go on with.")


def _give() -> None:
    chosen = tuple(
        one.row.case.id
        for one in found.mine
        if st.session_state.get(f"with-{one.row.case.id}", True)
    )
    state = st.session_state
    arguments = {
        "case_ids": chosen,
        "to_staff_id": state.get("to") or None,
        "text": state.get("said", ""),
    }
    done = _console.perform(reviewing.hand_over, arguments, key=f"handover/{state['handover_no']}")
    if done is not None:
        state["handover_no"] += f"/{done}"
        state["handed"] = _("Handed over. Whoever takes it says so here.")
        state["said"] = ""


def _line(row: model.QueueRow) -> str:
    kind = kinds[row.case.kind].label.in_language(_console.language())
    status = _console.label(f"case.status.{row.case.status}")
    due = _("due {time}", time=_console.when(row.clocks.decision_due))
    return f"{kind} · {row.case.title} · {status} · {due}"


def _received() -> None:
    st.subheader(_("Handed to you"))
    if not found.received:
        st.caption(_("Nothing waits for you. What a colleague hands over appears here."))
    for one in found.received:
        with st.container(border=True):
            whom = _("to you") if one.to_me else _("to whoever comes")
            st.markdown(f"**{one.from_name}** · {whom} · {_console.when(one.given_at)}")
            if one.text:
                st.text(one.text)
            for case in one.cases:
                kind = kinds[case.kind].label.in_language(_console.language())
                st.page_link(
                    "desk.py", label=f"{kind} · {case.title}", query_params={"case": case.id}
                )
            st.button(
                _("Take it"), key=f"take-{one.id}", type="primary", on_click=_take, args=(one.id,)
            )


def _mine() -> None:
    st.subheader(_("What you have"))
    if not found.mine:
        st.caption(_("You have no case in hand or on hold."))
    for one in found.mine:
        st.checkbox(_line(one.row), value=True, key=f"with-{one.row.case.id}")
        if one.row.case.hold_note:
            st.caption(_("On hold: {note}", note=one.row.case.hold_note))
        for note in one.notes:
            st.caption(f"{note.name} · {_console.when(note.written_at)} · {note.text or '—'}")


def _form() -> None:
    names = dict(_console.ask(cases.colleagues))
    st.selectbox(
        _("To whom"),
        ["", *names],
        format_func=lambda i: names[i] if i else _("Whoever comes"),
        key="to",
    )
    st.text_area(_("What the next shift has to know"), key="said", height=100, max_chars=2_000)
    st.button(_("Hand over the shift"), type="primary", key="hand-over", on_click=_give)


def _rows(title: str, rows: tuple[model.QueueRow, ...], nothing: str) -> None:
    st.subheader(title)
    if not rows:
        st.caption(nothing)
        return
    _console.table(
        [
            {
                _("Kind"): kinds[row.case.kind].label.in_language(_console.language()),
                _("Subject"): row.case.title,
                _("Decision due"): _console.when(row.clocks.decision_due),
                _("Status"): _console.label(f"case.status.{row.case.status}"),
                _("Urged"): row.case.urged_count,
            }
            for row in rows
        ]
    )


st.session_state.setdefault("handover_no", f"{_console.world().engine.now()}")
found = _console.ask(cases.handover)
kinds = _console.ask(lambda q: q.policies(policies.ReviewRule))
_console.title(_("Shift handover"))
if handed := st.session_state.pop("handed", ""):
    st.success(handed)
left, right = st.columns([9, 4], gap="medium")
with left:
    _received()
    _rows(
        _("Due before the next shift ends, {time}", time=_console.when(found.until)),
        found.due,
        _("Nothing is due by then."),
    )
    _rows(_("Urged"), found.urged, _("Nobody has urged a case."))
with right:
    _mine()
    _form()
