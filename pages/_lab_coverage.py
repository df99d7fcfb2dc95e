"""What a run reached and what never: states, moves, reasons, refusals, messages, and planned faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.kernel import errors, texts
from engine.policies import model as policies
from pages import _console, _lab_way, _lab_words
from pages._console import _
from simulations.runs import Folder
from simulations.states import machines

KINDS = {
    "states": "States",
    "moves": "Transitions",
    "reasons": "Reasons",
    "refusals": "Refusals",
    "messages": "Kinds of message",
}
# What texts call a machine that tables call otherwise.
_SUBJECTS = {"QR code": "ticket", "real-name proof": "proof"}


def draw(folder: Folder) -> None:
    """Each kind of thing with how much of it was reached, and the names of what never was."""
    told = folder.coverage()
    if not told:
        _console.empty(_("This run has left no coverage. It is made at the end of a run."))
        return
    shares = {kind: told["shares"][kind] for kind in KINDS if kind in told["shares"]}
    with st.container(horizontal=True, gap="medium"):
        for kind, share in shares.items():
            with st.container(width=160):
                st.metric(_(KINDS[kind]), f"{share['reached']:,} / {share['of']:,}")
                _lab_way.progress(share["reached"] / max(1, share["of"]))
    kind = str(
        st.segmented_control(
            _("Kind"),
            list(shares),
            default=next(iter(shares)),
            required=True,
            format_func={one: _(text) for one, text in KINDS.items()}.__getitem__,
            key="coverage-kind",
            label_visibility="collapsed",
        )
    )
    left, right = st.columns(2, gap="medium")
    with left:
        _never(kind, told["never"].get(kind, []))
    with right:
        _reached(kind, told["reached"].get(kind, {}))
    st.subheader(_("Planned faults"))
    _faults(told["reached"].get("faults", {}))


def _never(kind: str, names: list[str]) -> None:
    st.markdown(f"**{_('Never reached ({n})', n=len(names))}**")
    if names:
        _console.table([{_("Its code"): name, _("Means"): _meaning(kind, name)} for name in names])
    else:
        st.success(_("Everything was reached."), icon=":material/check:")


def _reached(kind: str, counts: Mapping[str, int]) -> None:
    st.markdown(f"**{_('Reached ({n})', n=len(counts))}**")
    if counts:
        _console.table(
            [
                {_("Its code"): name, _("Means"): _meaning(kind, name), _("How often"): count}
                for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
            ]
        )


def _meaning(kind: str, name: str) -> str:
    """A code in words, where there are any."""
    if kind == "refusals":
        known = errors.type_of_code.get(name)
        return texts.text(known.template(), _console.language()) if known else ""
    if kind == "reasons":
        reasons = _console.ask(lambda q: q.policies(policies.Reason))
        reason = reasons.get(name)
        return reason.text.in_language(_console.language()) if reason else ""
    if kind == "messages":
        return _console.label(name)
    machine, _mark, status = name.partition(" ")[0].partition(".")
    known = machines.MACHINES.get(machine)
    subject = known.workflow.subject if known else machine
    subject = _SUBJECTS.get(subject, subject).replace(" ", "_")
    return _console.label(f"{subject}.status.{status}")


def _faults(told: Mapping[str, Mapping[str, Any]]) -> None:
    planned = {name: one for name, one in told.items() if one["planned"]}
    if not planned:
        st.caption(_("This scenario has no plan of faults."))
        return
    silent = [name for name, one in planned.items() if not one["fired"]]
    if silent:
        st.warning(_("{n} planned faults never fired: a hole in the run.", n=len(silent)))
    _console.table(
        [
            {
                _("Fault"): _lab_words.site(name),
                _("Switched on"): _("yes") if one["on"] else _("no"),
                _("Could have come"): one["considered"],
                _("Fired"): one["fired"],
            }
            for name, one in sorted(planned.items(), key=lambda item: item[1]["fired"])
        ]
    )
