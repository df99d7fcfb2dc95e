"""What an act would stop, told before it is done: counted, listed, and the act itself after that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.impact import actions, model
from engine.impact.acts import ACTS
from engine.kernel import clock, errors, notes
from pages import _console
from pages._console import _

# After so long what was told may have become untrue: it is asked anew.
HOLDS_MS = 5 * clock.MINUTE


def kind_word(kind: str, count: int) -> str:
    """A kind of thing that would stop, with how many."""
    words: dict[str, str] = {
        "works.certificate": _("Certificates in use: {n}", n=count),
        "works.request": _("Certificates being made: {n}", n=count),
        "works.order": _("Orders under way: {n}", n=count),
        "works.offer": _("Offers on trading platforms: {n}", n=count),
        "works.session": _("Browsers signed in: {n}", n=count),
        "works.ticket": _("Codes confirmed and not used yet: {n}", n=count),
        "works.binding": _("Bindings, each a way to sign in: {n}", n=count),
        "works.binding_review": _("Bindings in review: {n}", n=count),
        "works.seal": _("Seals that can be used: {n}", n=count),
        "works.seal_delegation": _("Members entrusted with a seal: {n}", n=count),
        "works.seal_application": _("Applications for seals: {n}", n=count),
        "works.signature": _("Signatures under way: {n}", n=count),
        "works.file": _("Files that open: {n}", n=count),
    }
    return words[kind]


def act_word(act: str) -> str:
    """What an act is called."""
    return {
        "certificate.revoke": _("Revoke for good"),
        "certificate.suspend": _("Hold the certificate"),
        "agency.stop": _("Stop issuing"),
        "seal.delete": _("Its keeper deletes it"),
        "seal.suspend": _("Its keeper suspends it"),
    }[act]


def _called(one: notes.Note) -> str:
    return " ".join(value for name, value in one.params.items() if name != "seal") or one.subject


def _place(act: str, subject: str, reason: str) -> str:
    return f"would-stop/{act}/{subject}/{reason}"


def _look(act: str, subject: str, reason: str) -> None:
    """A button's callback: ask, and keep the answer for the next draws."""
    given = {"act": act, "subject": subject, "reason": reason}
    place = _place(act, subject, reason)

    def keep(found: model.Radius) -> None:
        st.session_state[place] = found

    _console.attempt(
        lambda: _console.world().engine.perform(actions.would_stop, given, actor=_console.me()),
        then=keep,
    )


def before(
    act: str, subject: str, *, name: str, reason: str = "", label: str = ""
) -> model.Radius | None:
    """A button that tells what an act would stop; what it told, while that can be relied on."""
    place = _place(act, subject, reason)
    known: model.Radius | None = st.session_state.get(place)
    now = _console.world().engine.now()
    if known is not None and not known.at <= now < known.at + HOLDS_MS:
        known = st.session_state.pop(place, None) and None
    st.button(
        label or _("{act}: what would stop?", act=act_word(act)),
        key=f"{name}-look",
        type="secondary",
        on_click=_look,
        args=(act, subject, reason),
    )
    if known is not None:
        tell(known)
    return known


def tell(found: model.Radius) -> None:
    """What would stop, by kind, each with what it is called."""
    if found.refusal:
        refusal = errors.type_of_code[found.refusal]
        st.warning(
            _("It would be refused now: {why}", why=_console.told(refusal.template(), message=True))
        )
        return
    if not found.count:
        st.info(_("Nothing that works now or is under way would stop."))
        return
    with st.container(border=True):
        st.markdown(f"**{_('This would stop: {n}', n=found.count)}**")
        for stopped in found.stops:
            with st.expander(kind_word(stopped.kind, stopped.count)):
                _console.table(
                    [{_("Name"): _called(one), "id": one.subject} for one in stopped.listed]
                )
                if stopped.count > len(stopped.listed):
                    st.caption(_("The first {n} are listed.", n=len(stopped.listed)))
        st.caption(
            _("As of {time}; counted by trying it and undoing it.", time=_console.when(found.at))
        )


def guarded(
    act: str,
    subject: str,
    *,
    name: str,
    action: Callable[..., Any],
    arguments: dict[str, Any],
    then: Callable[[Any], None],
    label: str = "",
) -> None:
    """An act in two steps: first what it would stop, then the button that does it, with the count on it."""
    reason = str(arguments.get("reason", ""))
    found = before(act, subject, name=name, reason=reason)
    if found is None or found.refusal:
        return
    doing = label or act_word(act)
    told = _("{act}; {n} stop", act=doing, n=found.count) if found.count else doing
    _console.act_button(told, action, arguments, name=name, then=then)


def show(kind: str, record_id: str) -> None:
    """On a record's page: what each act on such a record would stop, for who may ask."""
    acts = [act for act in ACTS if act.partition(".")[0] == kind]
    if not acts:
        return
    st.markdown(f"**{_('What would stop')}**")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        act = st.selectbox(
            _("If somebody did this"), acts, format_func=act_word, key=f"act-{record_id}", width=280
        )
        reason = "unspecified" if "reason" in ACTS[act].arguments else ""
    before(act, record_id, name=f"blast-{record_id}", reason=reason, label=_("Count it"))
