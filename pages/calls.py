"""Answering a call: a number in; each open matter with what to say; hurry along, write down (OPS-8)."""

from __future__ import annotations

import html

import streamlit as st

from engine.calls import actions, model, queries
from engine.kernel import paging
from engine.kernel.catalog import Text
from engine.kernel.notes import Mover
from engine.policies import model as policies
from engine.staffing.model import Right
from pages import _calls_pieces, _console, _record_words
from pages._console import _

_console.require(Right.ANSWER_CALLS)
SEPARATOR = " · "
# Whose move it is: the words on a card, and the colour that stands beside them.
MOVES = {
    Mover.CALLER: ("The caller's move", "blue"),
    Mover.STAFF: ("Our move", "orange"),
    Mover.OUTSIDE: ("A provider's move", "gray"),
    Mover.OTHER: ("Somebody else's move", "gray"),
}


def _answer() -> None:
    """The number was entered: look it up, once however often the box is sent."""
    number = st.session_state["number"].strip()
    newest = _console.ask(queries.my_calls, window=paging.Window(limit=1))
    key = f"answer/{newest[0].id if newest else 'first'}"
    if number and _console.perform(actions.answer, {"number": number}, key=key) is not None:
        st.session_state["number"] = ""
        st.session_state.pop("done", None)


def _urge(call_id: str, told: model.Told) -> None:
    arguments = {"call_id": call_id, "case_id": told.case_id}
    key = f"urge/{call_id}/{told.case_id}/{told.urged_count}"
    if _console.perform(actions.urge, arguments, key=key) is not None:
        st.session_state["done"] = _("Hurried along. The reviewers see it on their desk.")


def _log(caller: model.Caller) -> None:
    chosen = [one for one in caller.matters if st.session_state.get(f"about-{one.matter.subject}")]
    arguments = {
        "call_id": caller.call.id,
        "matters": tuple(one.matter.subject for one in chosen),
        "said": "\n".join(_said(one.say) for one in chosen),
        "note": st.session_state.get(f"note-{caller.call.id}", ""),
    }
    if _console.perform(actions.log_call, arguments, key=f"log/{caller.call.id}") is not None:
        st.session_state["done"] = _("The call is written down.")


def _said(text: Text) -> str:
    """A sentence in the caller's language, which need not be the console's."""
    return text.in_language(st.session_state.get("say-in", _console.language()))


def _aloud(sentence: str) -> None:
    """A sentence large enough to be read aloud at arm's length."""
    st.html(
        '<p class="aloud" style="font-size:1.35rem;line-height:1.6;margin:.25rem 0">'
        f"{html.escape(sentence)}</p>"
    )


def _head(caller: model.Caller) -> None:
    known = caller.call.account_id is not None
    who = SEPARATOR.join(part for part in (caller.name, caller.phone) if part)
    if not known:
        st.warning(
            _("Nobody has this number. Ask what it is about, and write it down.")
            if caller.phone
            else _(
                "Nobody was found by this. Ask for the mobile number that the caller signed up with."
            )
        )
    if who:
        st.subheader(who, anchor=False)
    parts = []
    if known:
        parts.append(_console.label(f"account.status.{caller.status}"))
        parts.append(_("customer since {day}", day=_console.when(caller.since)[:10]))
    parts += list(caller.enterprises)
    if parts:
        st.caption(SEPARATOR.join(parts))


def _card(caller: model.Caller, told: model.Told) -> None:
    language = _console.language()
    with st.container(border=True):
        words, colour = MOVES[told.mover]
        head, badges = st.columns([3, 2], vertical_alignment="center")
        # A name is the customer's own text: never as Markdown.
        head.html(f"<strong>{html.escape(told.title.in_language(language))}</strong>")
        with badges.container(horizontal=True, horizontal_alignment="right"):
            if told.late:
                st.badge(_("late"), color="red")
            if told.held:
                st.badge(_("on hold"), color="gray")
            if told.urged_count:
                st.badge(_("hurried along × {n}", n=told.urged_count), color="violet")
            st.badge(_(words), color=colour)
        _aloud(_said(told.say))
        facts = [told.stands.in_language(language), told.next.in_language(language)]
        if told.expected_at is not None:
            # As it is said: the caller's clock is Shanghai's, wherever the console stands.
            by = told.expected.in_language(language)
            facts.append(
                _("was due {time}", time=by) if told.late else _("expected {time}", time=by)
            )
        facts[1] = _("Next: {step}", step=facts[1])
        st.text(SEPARATOR.join(facts))
        link = _record_words.beside(told.matter.subject, _("Open the record"))
        if link:
            st.html(link)
        _card_buttons(caller, told)


def _card_buttons(caller: model.Caller, told: model.Told) -> None:
    subject = told.matter.subject
    about, copy, urge = st.columns(3, vertical_alignment="center")
    about.checkbox(_("Talked about"), key=f"about-{subject}")
    with copy:
        _calls_pieces.copy_button(
            _said(told.say), label=_("Copy"), done=_("Copied"), key=f"copy-{subject}"
        )
    if told.case_id:
        urge.button(
            _("Hurry it along"),
            key=f"urge-{subject}",
            disabled=not told.may_urge,
            help=None if told.may_urge else _("It was hurried along within the last office hour."),
            on_click=_urge,
            args=(caller.call.id, told),
            width="stretch",
        )


def _write_down(caller: model.Caller) -> None:
    with st.container(border=True):
        st.markdown(f"**{_('Write the call down')}**")
        st.caption(_("What was said of the matters you ticked is kept with it."))
        st.text_area(
            _("What else was said"),
            key=f"note-{caller.call.id}",
            max_chars=2000,
            height=120,
        )
        st.button(
            _("Log the call"),
            type="primary",
            key="log-call",
            on_click=_log,
            args=(caller,),
            width="stretch",
        )


def _title_of(code: str) -> str:
    """What a matter of an earlier call was, without its name and number."""
    sayings = _console.ask(lambda q: q.policies(policies.CallSaying))
    return sayings[code].plain_title(_console.language()) if code in sayings else code


def _earlier(caller: model.Caller) -> None:
    st.markdown(f"**{_('Earlier calls')}**")
    if not caller.calls:
        st.caption(_("None yet."))
    for one in caller.calls:
        with st.container(border=True):
            st.caption(f"{_console.when(one.logged_at)} · {one.staff}")
            told = _console.listed(dict.fromkeys(_title_of(matter.code) for matter in one.matters))
            st.text(told or _("No matter of theirs"))
            if one.urged:
                st.badge(_("hurried along × {n}", n=one.urged), color="violet")
            if one.note:
                st.text(one.note)


def _mine() -> None:
    found = _console.ask(queries.my_calls)
    if not found:
        _console.empty(
            _("Enter the caller's number. Calls that you have answered stand here then.")
        )
        return
    st.markdown(f"**{_('Calls that you answered')}**")
    _console.table(
        [
            {
                _("When"): _console.when(one.began_at),
                _("Looked up by"): _console.label(f"call.way.{one.way}"),
                _("Status"): _console.label(f"call.status.{one.status}"),
                _("About"): ", ".join(dict.fromkeys(_title_of(m.code) for m in one.matters)) or "—",
                _("Hurried along"): len(one.urged),
            }
            for one in found
        ]
    )


def _call(call: model.Call) -> None:
    caller = _console.attempt(lambda: _console.ask(queries.caller, call.id))
    if caller is None:
        _console.show_refusal()
        return
    main, side = st.columns([2, 1], gap="medium")
    with main:
        _head(caller)
        st.segmented_control(
            _("Say it in"),
            ["zh_CN", "en"],
            default=_console.language(),
            format_func=lambda language: "中文" if language == "zh_CN" else "English",
            key="say-in",
            required=True,
            label_visibility="collapsed",
        )
        if not caller.matters and caller.call.account_id is not None:
            _aloud(_said(caller.greeting))
        for told in caller.matters:
            _card(caller, told)
    with side:
        _write_down(caller)
        if caller.call.account_id is not None:
            _earlier(caller)


_console.title(_("Calls"))
BOX = _("Caller's mobile number, resident ID number or order number")
st.text_input(BOX, key="number", on_change=_answer, autocomplete="off")
_calls_pieces.focus_on(BOX)
if "done" in st.session_state:
    st.success(st.session_state.pop("done"))
open_call = _console.ask(queries.my_open_call)
if open_call is None:
    _mine()
else:
    _call(open_call)
