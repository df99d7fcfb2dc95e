"""The deliveries on the page of machines: what was told, what failed and why, and sending it again."""

from __future__ import annotations

import json

import streamlit as st

from engine.integrating import actions, model, queries
from engine.kernel import clock, ids
from pages import _console, _machine_pieces, _webhook_endpoints
from pages._console import _

_SINCE = {1: clock.HOUR, 24: clock.DAY, 72: 3 * clock.DAY, 168: 7 * clock.DAY}


def _status(status: str) -> str:
    return {
        "waiting": _("Waiting"),
        "delivered": _("Delivered"),
        "given_up": _("Given up"),
        "": _("Any"),
    }[status]


def _choose(found: list[model.Endpoint]) -> tuple[str, str]:
    by_id = {one.id: f"{one.client} · {one.url}" for one in found}
    given = st.query_params.get("endpoint", "")
    options = ["", *by_id]
    left, right = st.columns([3, 1])
    endpoint = left.selectbox(
        _("Endpoint"),
        options,
        index=options.index(given) if given in options else 0,
        format_func=lambda one: by_id.get(one, _("Any")),
        key="endpoint",
    )
    status = right.selectbox(
        _("State of the delivery"),
        ["given_up", "waiting", "delivered", ""],
        format_func=_status,
        key="status",
        bind="query-params",
    )
    return str(endpoint), str(status)


def _replay_since(endpoint_id: str) -> None:
    """All that was given up since then, once more."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        hours = st.selectbox(
            _("Since"),
            list(_SINCE),
            index=1,
            format_func=lambda n: _("{n} hours ago", n=n),
            key="since",
            width=180,
        )
        every = st.toggle(_("Also what was delivered"), key="since-every")
        key = ids.token(ids.system_entropy, 12)

        def again() -> None:
            since = _console.world().engine.now() - _SINCE[hours]
            _console.perform(
                actions.replay_since,
                {"endpoint_id": endpoint_id, "since": since, "only_failed": not every},
                key=key,
                then=lambda count: st.session_state.update(
                    told=_("Sent again: {n}, in the order of the events.", n=count)
                ),
            )

        _machine_pieces.press(_("Send all of them again"), "replay-since", again)


def _open(one: model.Delivery, names: dict[str, str]) -> None:
    with st.container(border=True):
        st.markdown(f"**{_webhook_endpoints.kind_label(one.kind)}** · {_status(one.status)}")
        st.caption(f"`{names.get(one.endpoint_id, '')}` · {one.id} · {_console.when(one.made_at)}")
        tries = _console.ask(queries.attempts, one.id)
        if tries:
            _console.table(
                [
                    {
                        _("Try"): attempt.number,
                        _("When"): _console.when(attempt.tried_at),
                        _("Answer"): _webhook_endpoints.problem(attempt.problem)
                        or str(attempt.code),
                        _("Took, ms"): attempt.took_ms,
                        _("Beginning of the answer"): attempt.answer,
                    }
                    for attempt in tries
                ]
            )
        else:
            _console.empty(_("Not tried yet: the worker sends it next."))
        st.code(json.dumps(json.loads(one.body), indent=2, ensure_ascii=False), language="json")
        if one.status != "waiting" and _machine_pieces.may_change():
            key = f"replay/{one.id}/{len(tries)}"
            _machine_pieces.press(
                _("Send it once more: same id, same body"),
                "replay",
                lambda: _console.perform(
                    actions.replay,
                    {"delivery_id": one.id},
                    key=key,
                    then=lambda _done: st.session_state.update(told=_("It is on its way again.")),
                ),
                type="primary",
            )


def draw() -> None:
    """The deliveries, first of all those that were given up."""
    found = _console.ask(queries.endpoints)
    if not found:
        _console.empty(_("Nobody is told of events yet."))
        return
    names = {one.id: f"{one.client} · {one.url}" for one in found}
    endpoint, status = _choose(found)
    told = _console.ask(queries.deliveries, endpoint, status)
    if endpoint and _machine_pieces.may_change():
        _replay_since(endpoint)
    if not told:
        good = _("Nothing was given up.") if status == "given_up" else _("There is none of these.")
        _console.empty(good)
        return
    _console.table(
        [
            {
                _("When"): _console.when(one.made_at),
                _("Event"): _webhook_endpoints.kind_label(one.kind),
                _("State of the delivery"): _status(one.status),
                _("Concerns"): one.subject,
                _("Endpoint"): names.get(one.endpoint_id, ""),
            }
            for one in told
        ]
    )
    by_id = {one.id: one for one in told}
    chosen = st.selectbox(
        _("Open a delivery"),
        list(by_id),
        index=0,
        format_func=lambda one: (
            f"{_console.when(by_id[one].made_at)} · {by_id[one].kind} · {by_id[one].subject}"
        ),
        key="delivery",
    )
    if chosen in by_id:
        _open(by_id[chosen], names)


def draw_receiver() -> None:
    """What the demo's own receiver got, and whether the signature fits."""
    receiver = _console.world().receivers
    if receiver is None:
        return
    st.caption(
        _(
            "A stand-in for somebody else's system: it writes down what comes, checks each signature and"
            " answers as its address is declared."
        )
    )
    _console.table(
        [
            {_("Address"): at, _("Behaves"): label.in_language(_console.language())}
            for at, label in receiver.addresses().items()
        ]
    )
    came = receiver.arrived()
    if not came:
        _console.empty(
            _("Nothing has come yet. Add an endpoint with one of these addresses, and send a test.")
        )
        return
    _console.table(
        [
            {
                _("Came"): _console.when(one.received_at),
                _("Address"): one.receiver,
                _("Event"): json.loads(one.body)["type"],
                _("Signature"): _("fits") if one.verified else _("does not fit"),
                _("Answered"): one.code,
                _("Message"): one.message_id,
            }
            for one in came
        ]
    )
    st.code(json.dumps(json.loads(came[0].body), indent=2, ensure_ascii=False), language="json")
