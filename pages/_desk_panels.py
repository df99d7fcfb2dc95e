"""The bar of buttons under a case, and the panels that ask for a reason."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages import _console, _desk_acts, _desk_reading
from pages._console import _
from pages._desk_keys import Keys
from pages._desk_reading import Shown


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


def _reject(shown: Shown, keys: Keys) -> None:
    st.markdown(f"**{_('Reasons to reject')}**")
    for place, code in enumerate(_in_order(shown)):
        reason = shown.reasons[code]
        key = f"reason-{shown.case.id}-{code}"
        sign = keys.choice(place, key)
        field = _field_label(shown, reason.field)
        text = _console.told(reason.text)
        about = f"**{field}** " if field else ""
        st.checkbox(f"`{sign}` {about}{text}" if sign else f"{about}{text}", key=key)


def _hold(shown: Shown, keys: Keys, drawn: str) -> None:
    case = shown.case
    st.markdown(f"**{_('Why is it put on hold?')}**")
    st.text_input(
        _("Note for colleagues"), key=f"why-{case.id}", label_visibility="collapsed",
        placeholder=_("Note for colleagues (M)"), max_chars=200,
    )  # fmt: skip
    keys.field("note", f"why-{case.id}")
    for place, (code, reason) in enumerate(shown.hold_reasons.items()):
        key = f"hold-{case.id}-{code}"
        sign = keys.choice(place, key, act=True)
        text = _console.told(reason.text)
        if not reason.stops_clocks:
            text += f" · {_('the clocks run on')}"
        st.button(
            f"`{sign}` {text}", key=key, type="tertiary", on_click=_desk_acts.hold,
            args=(case, code, drawn), width="stretch",
        )  # fmt: skip


def _hand(shown: Shown, keys: Keys, drawn: str, name: str) -> None:
    """Taking over and handing on: a reason that colleagues read, and to whom."""
    case = shown.case
    with st.form(f"form-{case.id}", border=False):
        if name == "reassign":
            colleagues = _console.ask(_desk_reading.colleagues, case)
            st.selectbox(
                _("To which colleague"), list(colleagues),
                format_func=colleagues.__getitem__, key=f"colleague-{case.id}", index=None,
                placeholder=_("Choose a colleague who may decide this"),
            )  # fmt: skip
        st.text_input(_("Why? Colleagues read it."), key=f"why-{case.id}", max_chars=200)
        call = _desk_acts.reassign if name == "reassign" else _desk_acts.take_over
        text = _("Hand over") if name == "reassign" else _("Take over")
        st.form_submit_button(text, type="primary", on_click=call, args=(case, drawn))
    keys.begin_in(f"colleague-{case.id}" if name == "reassign" else f"why-{case.id}", name)


def _remark(shown: Shown, keys: Keys, drawn: str) -> None:
    case = shown.case
    with st.form(f"form-{case.id}", border=False):
        st.text_input(
            _("Remark for colleagues; applicants never see it"), key=f"remark-{case.id}",
            max_chars=2000,
        )  # fmt: skip
        st.form_submit_button(
            _("Write down"), type="primary", on_click=_desk_acts.remark, args=(case, drawn)
        )
    keys.begin_in(f"remark-{case.id}", "remark")


def _opened(shown: Shown) -> str:
    """The panel that is open; one whose act is no longer possible is not shown."""
    name = _desk_acts.panel_of(shown.case)
    return name if name == "remark" or name in shown.row.possible else ""


def panel(shown: Shown, keys: Keys) -> None:
    """The open panel, if any."""
    name = _opened(shown)
    if not name:
        return
    drawn = _desk_acts.drawing()
    with st.container(key="desk-panel"):
        if name == "reject":
            _reject(shown, keys)
        elif name == "hold":
            _hold(shown, keys, drawn)
        elif name == "remark":
            _remark(shown, keys, drawn)
        else:
            _hand(shown, keys, drawn, name)


def _opening(shown: Shown, keys: Keys, row: Any, name: str, text: str) -> None:
    keys.button(
        row, name, text, key=f"open-{name}-{shown.case.id}", act=_desk_acts.open_panel,
        args=(shown.case, name),
    )  # fmt: skip


def _of_panel(shown: Shown, keys: Keys, row: Any, opened: str, drawn: str) -> None:
    """While a panel is open its keys alone are there: a choice must never decide."""
    case = shown.case
    if opened == "reject":
        count = len(_desk_acts.ticked(shown))
        keys.button(
            row, "confirm", _("Reject for {n} reasons", n=count), key=f"reject-{case.id}",
            act=_desk_acts.reject, args=(shown, drawn), type="primary",
        )  # fmt: skip
    keys.button(row, "close", _("Back"), key=f"back-{case.id}", act=_desk_acts.close_panel)


def _of_case(shown: Shown, keys: Keys, row: Any, drawn: str) -> None:
    case, possible = shown.case, shown.row.possible
    if "claim" in possible:
        keys.button(
            row, "claim", _("Claim this case"), key=f"claim-{case.id}", act=_desk_acts.act,
            args=("claim", case, drawn),
        )  # fmt: skip
    if "resume" in possible:
        keys.button(
            row, "claim", _("Take it up again"), key=f"resume-{case.id}", act=_desk_acts.act,
            args=("resume", case, drawn), type="primary",
        )  # fmt: skip
    if "approve" in possible:
        keys.button(
            row, "approve", _("Approve"), key=f"approve-{case.id}", act=_desk_acts.approve,
            args=(shown, drawn), type="primary",
        )  # fmt: skip
    for name, text in (("reject", _("Reject")), ("hold", _("Hold"))):
        if name in possible:
            _opening(shown, keys, row, name, text)
    if "release" in possible:
        keys.button(
            row, "release", _("Put back"), key=f"release-{case.id}", act=_desk_acts.act,
            args=("release", case, drawn),
        )  # fmt: skip
    if "take_over" in possible:
        _opening(shown, keys, row, "take_over", _("Take over"))
    if "reassign" in possible:
        _opening(shown, keys, row, "reassign", _("Hand on"))
    _opening(shown, keys, row, "remark", _("Remark"))


def next_button(keys: Keys, place: Any, shown: Shown | None) -> None:
    """The next case, claimed; the first thing to do where nothing is in hand."""
    in_hand = shown is not None and "approve" in shown.row.possible
    drawn = _desk_acts.drawing()
    keys.button(
        place, "next", _("Next case"), key=f"next-{shown.case.id if shown else ''}",
        act=_desk_acts.following, args=(drawn,), type="secondary" if in_hand else "primary",
    )  # fmt: skip


def buttons(shown: Shown, keys: Keys) -> None:
    """What the engine offers this reader for this case now, each with its key."""
    case, possible = shown.case, shown.row.possible
    drawn, opened = _desk_acts.drawing(), _opened(shown)
    row = st.container(horizontal=True, vertical_alignment="center")
    if opened:
        _of_panel(shown, keys, row, opened, drawn)
    else:
        _of_case(shown, keys, row, drawn)
    if "approve" in possible and opened in ("", "reject"):
        row.text_input(
            _("Note"), key=f"note-{case.id}", label_visibility="collapsed",
            placeholder=_("Note for the applicant (M)"), max_chars=1000,
        )  # fmt: skip
        keys.field("note", f"note-{case.id}")
    if not opened:
        next_button(keys, row, shown)
    if not possible and case.decided_at is None:
        st.caption(_("You cannot decide this case: somebody else has it, or you took part in it."))
