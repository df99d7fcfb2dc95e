"""The endpoints on the page of machines: where events are told, and how each answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.integrating import actions, model, queries
from engine.integrating.model import EndpointStatus
from engine.kernel import ids
from pages import _console, _machine_pieces
from pages._console import _

press = _machine_pieces.press


def kind_label(kind: str) -> str:
    """A kind of event in words, with its public name."""
    found = model.events().get(kind)
    named = _("Test") if found is None else found.label.in_language(_console.language())
    return f"{named} · {kind}"


def problem(code: str) -> str:
    """What went wrong with a receiver: a status code as it is, or words."""
    words = {
        "unreachable": _("nobody could be reached"),
        "timed_out": _("no answer in time"),
        "not_trusted": _("its certificate is not trusted"),
        "not_public": _("its address leads into a closed network"),
    }
    return words.get(code, code)


def _health(one: model.Endpoint) -> tuple[str, str]:
    if one.status is EndpointStatus.PAUSED:
        why = problem(one.paused_why)
        text = _("Paused: it failed for long ({why})", why=why) if why else _("Paused by staff")
        return ":material/pause_circle:", text
    if one.health.failing_since is not None:
        since = _console.when(one.health.failing_since)
        text = _("Failing since {when}, {n} tries", when=since, n=one.health.failures)
        return ":material/warning:", text
    if one.health.delivered_at is not None:
        when = _console.when(one.health.delivered_at)
        return ":material/check_circle:", _("Answers; last on {when}", when=when)
    return ":material/radio_button_unchecked:", _("Nothing was sent yet")


def _left_in_peace(one: model.Endpoint) -> list[str]:
    """Until when nothing is sent there, because nobody answered or it was asked for."""
    if (
        one.status is not EndpointStatus.ACTIVE
        or one.health.quiet_until <= _console.world().engine.now()
    ):
        return []
    return [_("Nothing is sent before {when}", when=_console.when(one.health.quiet_until))]


def _do(action: Callable[..., Any], endpoint_id: str, told: str) -> Callable[[], None]:
    # Pressed twice it is one act; pressed after a redraw it is another.
    key = ids.token(ids.system_entropy, 12)

    def done(_result: Any) -> None:
        st.session_state["told"] = told

    return lambda: (
        _console.perform(action, {"endpoint_id": endpoint_id}, key=key, then=done) and None
    )


def _secret_made(url: str) -> Callable[[model.NewSecret], None]:
    """Show a new secret; the demo's own receiver is told it, as its operator would set it up."""

    def then(made: model.NewSecret) -> None:
        receiver = _console.world().receivers
        if receiver is not None:
            receiver.trust(url, made.secret)
        _machine_pieces.keep_secret(_("Signing secret of {url}", url=url), made.secret)

    return then


def _rotate(one: model.Endpoint) -> None:
    _console.perform(
        actions.rotate_secret,
        {"endpoint_id": one.id, "overlap_hours": 24},
        key=ids.token(ids.system_entropy, 12),
        then=_secret_made(one.url),
    )


def _buttons(one: model.Endpoint) -> None:
    with st.container(horizontal=True):
        if one.status is EndpointStatus.PAUSED:
            told = _("It goes on; what has waited is sent now.")
            resume = _do(actions.resume_endpoint, one.id, told)
            press(_("Let it go on"), f"resume-{one.id}", resume, type="primary")
        else:
            test = _do(actions.send_test, one.id, _("A test event is on its way."))
            press(_("Send a test event"), f"test-{one.id}", test, type="primary")
            press(_("Pause"), f"pause-{one.id}", _do(actions.pause_endpoint, one.id, _("Paused.")))
        press(
            _("New signing secret"),
            f"rotate-{one.id}",
            lambda: _rotate(one),
            help=_("For 24 hours messages are signed with both."),
        )
        press(_("Remove"), f"remove-{one.id}", _do(actions.remove_endpoint, one.id, _("Removed.")))


def _card(one: model.Endpoint) -> None:
    icon, text = _health(one)
    with st.container(border=True, key=f"endpoint-{one.id}"):
        st.markdown(f"{icon} **{one.client}** · `{one.url}`")
        told = [text, *_left_in_peace(one), _("{n} kinds of events", n=len(one.kinds))]
        st.caption(" · ".join(told))
        with st.container(horizontal=True, gap="large"):
            st.metric(_("Delivered"), one.delivered, width="content")
            st.metric(_("Waiting"), one.waiting, width="content")
            st.metric(_("Given up"), one.given_up, width="content")
        if _machine_pieces.may_change():
            _buttons(one)
            _edit(one)


def _edit(one: model.Endpoint) -> None:
    with st.expander(_("Address and events")):
        url = st.text_input(_("Address"), one.url, key=f"url-{one.id}", max_chars=model.LONGEST_URL)
        kinds = st.multiselect(
            _("Events"), list(model.events()), list(one.kinds), kind_label, key=f"kinds-{one.id}"
        )
        if st.button(_("Save"), key=f"save-{one.id}"):
            _console.perform(
                actions.change_endpoint,
                {"endpoint_id": one.id, "url": url, "kinds": tuple(kinds)},
                key=ids.token(ids.system_entropy, 12),
                then=lambda _done: st.session_state.update(told=_("Saved.")),
            )
            st.rerun()


def _add(found: list[model.Endpoint]) -> None:
    clients = {one.id: one for one in _console.ask(queries.clients) if one.status == "active"}
    if not clients:
        _console.empty(_("No machine that hears of events: register one under Machines."))
        return
    with st.expander(_("Tell a machine of events"), expanded=not found):
        chosen = st.selectbox(
            _("Name of the machine"),
            list(clients),
            format_func=lambda one: clients[one].name,
            key="add-client",
        )
        url = st.text_input(
            _("Address"),
            key="add-url",
            max_chars=model.LONGEST_URL,
            placeholder="https://hooks.example.com/yinxin",
        )
        _offer_receiver()
        access = clients[chosen].access
        offered = [name for name, one in model.events().items() if access.may_hear(one)]
        kinds = st.multiselect(
            _("Events"),
            offered,
            format_func=kind_label,
            key="add-kinds",
            placeholder=_("Choose one or more"),
            help=_(
                "Those that the machine's scopes let it hear of. Limited to a platform or an agency,"
                " it hears of what belongs to it."
            ),
        )
        if st.button(_("Add"), type="primary", key="add"):
            _console.perform(
                actions.add_endpoint,
                {"client_id": chosen, "url": url, "kinds": tuple(kinds)},
                key=ids.token(ids.system_entropy, 12),
                then=_secret_made(url.strip()),
            )
            st.rerun()


def _offer_receiver() -> None:
    """The addresses of the demo's own receiver, where there is one."""
    receiver = _console.world().receivers
    if receiver is not None:
        named = (
            f"`{at}` {label.in_language(_console.language())}"
            for at, label in receiver.addresses().items()
        )
        told = " · ".join(named)
        st.caption(_("Here the demo receiver can be told too: {addresses}", addresses=told))


def draw() -> None:
    """The endpoints."""
    found = _console.ask(queries.endpoints)
    if not found:
        _console.empty(_("Nobody is told of events yet."))
    for one in found:
        _card(one)
    if _machine_pieces.may_change():
        _add(found)
