"""The attack lab: attacks run by one click against the demo's own database, and what became of each."""

from __future__ import annotations

import streamlit as st

from engine.kernel import errors
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console
from pages._console import _
from simulations import attacks
from simulations.attacks import Attack, Result, Tried

_RESULTS, _TWINS = "attacks tried", "attacks without"


def _run(attack: Attack) -> None:
    results: dict[str, Result] = st.session_state.setdefault(_RESULTS, {})
    results.pop(attack.id, None)
    done = _console.attempt(lambda: attacks.run(_console.world(), attack.id))
    if done is not None:
        results[attack.id] = done


def _run_twin(attack: Attack) -> None:
    """The same without the attack: what came back, or None."""
    twins: dict[str, errors.EngineError | None] = st.session_state.setdefault(_TWINS, {})
    twins.pop(attack.id, None)

    def act() -> None:
        try:
            attacks.run_twin(_console.world(), attack.id)
        except errors.EngineError as refusal:
            twins[attack.id] = refusal
        else:
            twins[attack.id] = None

    _console.attempt(act)


def _run_all() -> None:
    told_of = st.progress(0.0, text=_("People are on their way…"))
    every = list(attacks.shipped().values())
    for number, attack in enumerate(every):
        title = attack.title.in_language(_console.language())
        told_of.progress(number / len(every), text=f"{number + 1} / {len(every)} · {title}")
        _run(attack)
    told_of.empty()


def _summary() -> None:
    """How many were refused of those that were run."""
    results: dict[str, Result] = st.session_state.get(_RESULTS, {})
    if not results:
        return
    held = sum(one.refused for one in results.values())
    told = _("{n} of {all} attacks were refused, every try of them", n=held, all=len(results))
    (st.success if held == len(results) else st.error)(told)


def _problem(one: Tried) -> str:
    if one.problem == "went_through":
        return _("It went through: nothing refused it.")
    if one.problem == "other_refusal" and one.refusal is not None:
        return _(
            "Something else refused it than the control that should: {code}", code=one.of.refusal
        )
    if one.problem == "wrote":
        more = ", ".join(sorted(one.written - set(one.of.writes)))
        return _("It left more than the record of its refusal: {tables}", tables=more)
    return _("It was refused, but the log has no record of it.")


def _recorded(one: Tried, *, linked: bool) -> str:
    """Where it is recorded: the facts, each with its place in the log."""
    if not one.facts:
        return _("nothing is kept of it")
    told = []
    for fact in one.facts:
        words = f"#{fact.seq} {_console.label(fact.kind)}"
        told.append(f"[{words}](/log?event={fact.seq})" if linked else words)
    return " · ".join(told)


def _tried(one: Tried, *, linked: bool) -> None:
    title = one.of.title.in_language(_console.language())
    answer = "" if one.refusal is None else f"{_console.say(one.refusal)} `{one.refusal.code}`"
    if one.problem:
        st.markdown(f":red[**✗ {_('NOT refused')}** · {title}]  \n:red[{_problem(one)}] {answer}")
    else:
        st.markdown(f":green[**✓ {_('Refused')}** · {title}]  \n{answer}")
    st.caption(f"{_('In the log')}: {_recorded(one, linked=linked)}")


def _outcome(attack: Attack, *, linked: bool) -> None:
    found: Result | None = st.session_state.get(_RESULTS, {}).get(attack.id)
    if found is not None:
        for one in found.tried:
            _tried(one, linked=linked)
    twins: dict[str, errors.EngineError | None] = st.session_state.get(_TWINS, {})
    if attack.id in twins:
        refusal = twins[attack.id]
        twin = attack.twin.in_language(_console.language())
        if refusal is None:
            st.markdown(f":green[**✓ {_('Goes through without the attack')}** · {twin}]")
        else:
            told = _console.say(refusal)
            st.markdown(
                f":red[**✗ {_('Refused without the attack too')}** · {twin}]  \n{told}"
                f" `{refusal.code}`"
            )


def _attack(attack: Attack, *, linked: bool) -> None:
    language = _console.language()
    with st.container(border=True, key=f"attack-{attack.id}"):
        words, buttons = st.columns([5, 1.4], vertical_alignment="top")
        with words:
            st.markdown(f"**{attack.title.in_language(language)}**")
            st.markdown(attack.story.in_language(language))
            st.caption(
                f"**{_('Control')}** · {attack.control.in_language(language)}  \n"
                f"**{_('Rests on')}** · {attack.clause.in_language(language)}"
            )
        with buttons:
            tried = st.button(_("Attack"), key=f"run-{attack.id}", width="stretch")
            twin = st.button(
                _("Without the attack"),
                key=f"twin-{attack.id}",
                help=attack.twin.in_language(language),
                width="stretch",
            )
        if tried or twin:
            with st.spinner(_("People are on their way…")):
                act = _run if tried else _run_twin
                act(attack)
            _console.show_refusal()
        _outcome(attack, linked=linked)


me = _console.require(Right.DEMO, Right.SIMULATE)
_console.title(
    _("Attack lab"),
    _(
        "Attacks on this demo’s own database, through the doors that an attacker has, on people made for"
        " it. What is told below is what came back, and what the log and its rows say."
    ),
)
if _console.world().kind == "production":
    _console.empty(_("Attacks are tried in demo and run worlds only; this one is real."))
else:
    if st.button(_("Run every attack"), key="run-all", type="primary"):
        _run_all()
        _console.show_refusal()
    summary = st.container()
    for each in attacks.shipped().values():
        _attack(each, linked=staffing.has(me, Right.AUDIT, anywhere=True))
    with summary:
        _summary()
