"""States on demand: so many of a thing in a state, through real actions, with whom to go on as (SIM-9)."""

from __future__ import annotations

from typing import Any

import streamlit as st

from engine.policies import model as policies
from engine.staffing.model import Right
from pages import _console
from pages._console import _
from simulations import states

_MOST = 20


def _known(machine: str) -> list[states.State]:
    return [one for one in states.listed() if one.name.split(".")[0] == machine]


def _words(name: str) -> str:
    """A state by what it is and where it stands, as the engine calls both."""
    machine, status = states.found(name)
    return f"{_(machine.workflow.subject)} · {_console.label(machine.label(status))}"


def _status(name: str) -> str:
    machine, status = states.found(name)
    return _console.label(machine.label(status))


def _next(name: str) -> str:
    machine, status = states.found(name)
    labels = [_console.label(machine.label(one)) for one in machine.leads_to(status)]
    return " · ".join(labels) or _("nothing more, it has ended")


def _takes(one: states.State) -> str:
    if not one.made:
        return "—"
    if one.fleeting:
        return _("until the worker runs next")
    return _console.span(one.takes_ms) if one.takes_ms else _("at once")


def _make(state: str, n: int, seed: int, let_time_pass: bool) -> None:
    """Make them, telling of each as it is there."""
    told = st.session_state["states made"] = []
    told_of = st.progress(0.0, text=_("People are on their way…"))

    def act() -> None:
        world = _console.world()
        for one in states.each(world, state, n, seed, let_time_pass=let_time_pass):
            told.append(one)
            told_of.progress(len(told) / n, text=f"{len(told)} / {n}")

    given = {"state": state, "count": n, "seed": seed, "let_time_pass": let_time_pass}
    _console.attempt(act, about=("states.make_states", given))
    told_of.empty()


def _form() -> None:
    machine = st.selectbox(
        _("Of what"),
        list(states.MACHINES),
        index=list(states.MACHINES).index("order"),
        format_func=lambda name: _(states.MACHINES[name].workflow.subject),
    )
    known = {one.name: one for one in _known(machine)}
    possible = [name for name, one in known.items() if one.made]
    state = st.selectbox(_("Which state"), possible, format_func=_status, key=f"state-{machine}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n = st.number_input(_("How many"), min_value=1, max_value=_MOST, value=1, width=160)
        seed = st.number_input(
            _("Seed"),
            min_value=0,
            value=7,
            width=160,
            help=_("The same seed makes the same people."),
        )
        pressed = st.button(_("Make"), type="primary", key="make states")
    takes = known[state].takes_ms
    let_time_pass = False
    if takes:
        let_time_pass = st.checkbox(
            _("Move this world’s clock forward by {time}", time=_console.span(takes * int(n)))
        )
    if known[state].fleeting:
        st.caption(_("It lasts until the worker runs next, a moment later."))
    if pressed:
        _make(state, int(n), int(seed), let_time_pass)
        _console.show_refusal()


def _people(one: states.Made) -> list[dict[str, Any]]:
    parts = {
        "me": _("Applicant"),
        "supplier": _("The other party"),
        "colleague": _("Colleague"),
        "other": _("Somebody else"),
    }
    return [
        {
            _("Part"): parts[who.who],
            _("Name"): who.name,
            _("Phone number"): who.phone,
            _("Certificate PIN"): who.pin,
            _("Enterprise"): who.enterprise or None,
            _("Login at the PC"): who.mall_login or None,
            _("Password"): who.mall_password or None,
        }
        for who in one.people
    ]


def _made() -> None:
    made: list[states.Made] = st.session_state.get("states made", [])
    rules = _console.ask(lambda q: q.policies(policies.ReviewRule))
    for one in made:
        with st.container(border=True):
            st.markdown(f"**{_words(one.state)}** · `{one.id}`")
            _console.table(_people(one))
            for case in one.cases:
                kind = _console.told(rules[case.kind].label)
                st.caption(_("At the desk: {kind}, case {id}", kind=kind, id=case.id))
            st.caption(_("It can become: {states}", states=_next(one.state)))
    if made:
        st.caption(
            _(
                "Sign in as them at the phone beside the PC with the number; the code is in the SMS"
                " outbox. The keys of their certificates were on phones that are gone."
            )
        )


def _all() -> None:
    with st.expander(_("Every state, and why some cannot be made")):
        _console.table(
            [
                {
                    _("Of what"): _(states.found(one.name)[0].workflow.subject),
                    _("Which state"): _status(one.name),
                    _("Typed as"): one.name,
                    _("Also called"): ", ".join(one.also) or None,
                    _("Takes"): _takes(one),
                    _("Why not"): _console.told(one.why) if one.why else None,
                }
                for one in states.listed()
            ]
        )


_console.require(Right.SIMULATE, Right.DEMO)
_console.title(
    _("States on demand"),
    _("So many of a thing in a state, made through real actions: people, staff, outside parties."),
)
if _console.world().kind == "production":
    _console.empty(_("States are made in demo and run worlds only; this one is real."))
else:
    _form()
    _made()
    _all()
