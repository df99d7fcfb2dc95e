"""What a reviewer does with a case: the buttons, the panels with reasons, and what follows an act."""

from __future__ import annotations

from typing import Any

import streamlit as st

from engine import worker
from engine.reviewing import actions as reviewing
from engine.reviewing import model
from pages import _console
from pages._console import _
from pages._desk_keys import Keys
from pages._desk_reading import Shown

PANEL = "desk-panel"
_FINISHING = ("approve", "reject", "hold")


def choose(case_id: str) -> None:
    """Bring up a case; a panel that was open for another one closes."""
    st.query_params["case"] = case_id
    st.session_state.pop(PANEL, None)


def panel_of(case: model.Case) -> str:
    """Which panel is open for this case."""
    case_id, _sep, name = str(st.session_state.get(PANEL, "")).partition("/")
    return name if case_id == case.id else ""


def _open_panel(case: model.Case, name: str) -> None:
    st.session_state[PANEL] = f"{case.id}/{name}"


def _close_panel() -> None:
    st.session_state.pop(PANEL, None)


def act(verb: str, case: model.Case, **arguments: Any) -> None:
    """A button's callback: one act of this version of the case, then what follows from it.

    A refusal leaves everything as it is: the case, the open panel, and what was typed.
    """
    key = f"{case.id}/{verb}/{case.lease_until}"
    done = _console.perform(getattr(reviewing, verb), {"case_id": case.id, **arguments}, key=key)
    if done is None:
        return
    worker.run_due(_console.world())
    _close_panel()
    if verb in _FINISHING:
        st.session_state["desk-done"] = (verb, case.title)
        st.query_params.pop("case", None)
    else:
        st.query_params["case"] = case.id


def _note(case: model.Case) -> str:
    return str(st.session_state.get(f"note-{case.id}") or "")


def _act_with_note(verb: str, case: model.Case) -> None:
    act(verb, case, note=_note(case))


def chosen(shown: Shown) -> tuple[str, ...]:
    """The reasons that are ticked."""
    case = shown.case
    return tuple(c for c in shown.reasons if st.session_state.get(f"reason-{case.id}-{c}"))


def lit(shown: Shown) -> frozenset[str]:
    """The fields and papers that the ticked reasons point at."""
    if panel_of(shown.case) != "reject":
        return frozenset()
    return frozenset(shown.reasons[code].field for code in chosen(shown))


def _reject(shown: Shown) -> None:
    act("reject", shown.case, reasons=chosen(shown), note=_note(shown.case))


def _field_label(shown: Shown, name: str) -> str:
    for field in shown.sheet.fields:
        if field.name == name:
            return _console.told(field.label, message=True)
    for paper in shown.sheet.papers:
        if paper.code == name:
            return _console.told(paper.label, message=True)
    return ""


def _in_order(shown: Shown) -> list[str]:
    """The reasons in the order of what they point at: first the fields, then the papers."""
    names = [field.name for field in shown.sheet.fields]
    names += [paper.code for paper in shown.sheet.papers]
    order = {name: place for place, name in enumerate(names)}
    return sorted(shown.reasons, key=lambda c: (order.get(shown.reasons[c].field, len(order)), c))


def _reasons(shown: Shown, keys: Keys) -> None:
    st.markdown(f"**{_('Reasons to reject')}**")
    for place, code in enumerate(_in_order(shown)):
        reason = shown.reasons[code]
        key = f"reason-{shown.case.id}-{code}"
        sign = keys.choice(place, key)
        field = _field_label(shown, reason.field)
        text = reason.text.in_language(_console.language())
        about = f"**{field}** " if field else ""
        st.checkbox(f"`{sign}` {about}{text}" if sign else f"{about}{text}", key=key)


def panel(shown: Shown, keys: Keys) -> None:
    """The open panel, if any."""
    case = shown.case
    name = panel_of(case)
    if name == "reject" and "reject" in shown.row.possible:
        with st.container(key="desk-panel"):
            _reasons(shown, keys)


def buttons(shown: Shown, keys: Keys) -> None:
    """What the engine offers this reader for this case now, each with its key."""
    case, possible = shown.case, shown.row.possible
    opened = panel_of(case)
    row = st.container(horizontal=True, vertical_alignment="center")
    if "claim" in possible:
        keys.button(
            row, "claim", _("Claim this case"), key=f"claim-{case.id}", act=act, args=("claim", case),
            type="primary",
        )  # fmt: skip
    if "resume" in possible:
        keys.button(
            row, "claim", _("Take it up again"), key=f"resume-{case.id}", act=act,
            args=("resume", case), type="primary",
        )  # fmt: skip
    if opened == "reject" and "reject" in possible:
        keys.button(
            row, "confirm", _("Reject for {n} reasons", n=len(chosen(shown))),
            key=f"reject-{case.id}", act=_reject, args=(shown,), type="primary",
        )  # fmt: skip
        keys.button(row, "close", _("Back"), key=f"back-{case.id}", act=_close_panel)
    elif "approve" in possible:
        keys.button(
            row, "approve", _("Approve"), key=f"approve-{case.id}", act=_act_with_note,
            args=("approve", case), type="primary",
        )  # fmt: skip
        keys.button(
            row, "reject", _("Reject"), key=f"open-reject-{case.id}", act=_open_panel,
            args=(case, "reject"),
        )  # fmt: skip
        keys.button(
            row, "release", _("Put back"), key=f"release-{case.id}", act=act,
            args=("release", case),
        )  # fmt: skip
    if "approve" in possible:
        row.text_input(
            _("Note"), key=f"note-{case.id}", label_visibility="collapsed",
            placeholder=_("Note for the applicant (M)"), max_chars=1000,
        )  # fmt: skip
        keys.field("note", f"note-{case.id}")
    if not possible:
        st.caption(_("You cannot decide this case: somebody else has it, or you took part in it."))
