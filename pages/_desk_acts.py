"""What a reviewer does with a case, and what follows: the callbacks of the desk's buttons."""

from __future__ import annotations

from typing import Any

import streamlit as st

from engine import worker
from engine.kernel import ids
from engine.reviewing import actions as reviewing
from engine.reviewing import model
from pages import _console
from pages._desk_reading import Shown

PANEL = "desk-panel"
WANTED = "desk-wanted"
DONE = {
    "approve": "Approved",
    "reject": "Rejected",
    "hold": "Put on hold",
    "release": "Put back into the queue",
    "reassign": "Handed to a colleague",
    "take_over": "Taken over",
    "next": "Nothing else waits for you to claim it",
}
# After these the next case comes up by itself, claimed.
_GOES_ON = frozenset({"approve", "reject", "hold"})


def drawing() -> str:
    """Which drawing of the page this is: two presses of one drawn button are one act."""
    token = st.session_state.setdefault("desk-token", ids.token(ids.system_entropy, 9))
    return f"{token}/{st.session_state.setdefault('desk-acts-done', 0)}"


def choose(case_id: str) -> None:
    """Bring up a case; a panel that was open for another one closes."""
    st.query_params["case"] = case_id
    st.session_state.pop(PANEL, None)


def panel_of(case: model.Case) -> str:
    """Which panel is open for this case."""
    case_id, _sep, name = str(st.session_state.get(PANEL, "")).partition("/")
    return name if case_id == case.id else ""


def open_panel(case: model.Case, name: str) -> None:
    """Open a panel; it stays open until its act is done or it is closed."""
    st.session_state[PANEL] = f"{case.id}/{name}"


def close_panel() -> None:
    """Close the open panel; what was typed in it stays for when it is opened again."""
    st.session_state.pop(PANEL, None)


def act(verb: str, case: model.Case, drawn: str, **arguments: Any) -> None:
    """One act on a case, and what follows from it.

    A refusal leaves everything as it is: the case, the open panel, and what was typed.
    """
    done = _console.perform(
        getattr(reviewing, verb), {"case_id": case.id, **arguments}, key=f"{verb}/{case.id}/{drawn}"
    )
    st.session_state["desk-acts-done"] += 1
    if done is None:
        return
    worker.run_due(_console.world())
    close_panel()
    if verb in DONE:
        st.session_state["desk-done"] = (verb, case.title)
    if verb in _GOES_ON:
        following(f"{case.id}/{drawn}")
    elif verb == "reassign":
        st.query_params.pop("case", None)
    else:
        st.query_params["case"] = case.id


def following(drawn: str) -> None:
    """Claim the case that is due next within the filter of the list, and bring it up."""
    wanted = st.session_state.get(WANTED) or model.Wanted()
    case = _console.perform(reviewing.next_case, {"wanted": wanted}, key=f"next/{drawn}")
    st.session_state["desk-acts-done"] += 1
    st.session_state.pop(PANEL, None)
    if case is None:
        st.session_state.setdefault("desk-done", ("next", ""))
        st.query_params.pop("case", None)
    else:
        st.query_params["case"] = case.id


def note_of(case: model.Case) -> str:
    """What is typed for the applicant."""
    return str(st.session_state.get(f"note-{case.id}") or "")


def why(case: model.Case) -> str:
    """What is typed for colleagues in the open panel."""
    return str(st.session_state.get(f"why-{case.id}") or "")


def ticked(shown: Shown) -> tuple[str, ...]:
    """The reasons to reject that are ticked."""
    case = shown.case
    return tuple(c for c in shown.reasons if st.session_state.get(f"reason-{case.id}-{c}"))


def lit(shown: Shown) -> frozenset[str]:
    """The fields and papers that the ticked reasons point at."""
    if panel_of(shown.case) != "reject":
        return frozenset()
    return frozenset(shown.reasons[code].field for code in ticked(shown))


def approve(shown: Shown, drawn: str) -> None:
    """Approve what is on the screen, and nothing that came after it was drawn."""
    evidence = model.evidence_digest(shown.sheet)
    act("approve", shown.case, drawn, evidence=evidence, note=note_of(shown.case))


def reject(shown: Shown, drawn: str) -> None:
    """Reject for the reasons that are ticked."""
    act("reject", shown.case, drawn, reasons=ticked(shown), note=note_of(shown.case))


def hold(case: model.Case, reason: str, drawn: str) -> None:
    """Put on hold for a reason of the taxonomy."""
    act("hold", case, drawn, reason=reason, note=why(case))


def take_over(case: model.Case, drawn: str) -> None:
    """Take it out of a colleague's hand, for the reason that is typed."""
    act("take_over", case, drawn, reason=why(case))


def reassign(case: model.Case, drawn: str) -> None:
    """Put it into the hand of the colleague that is chosen."""
    staff_id = str(st.session_state.get(f"colleague-{case.id}") or "")
    act("reassign", case, drawn, staff_id=staff_id, reason=why(case))


def remark(case: model.Case, drawn: str) -> None:
    """Write a remark for colleagues; the case stays as it is."""
    key = f"remark-{case.id}"
    given = {"case_id": case.id, "text": str(st.session_state.get(key) or "")}
    done = _console.perform(reviewing.note_case, given, key=f"note/{case.id}/{drawn}")
    st.session_state["desk-acts-done"] += 1
    if done is not None:
        st.session_state[key] = ""
        close_panel()
