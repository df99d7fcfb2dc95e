"""Action items of incidents: what is to be done, by whom, until when; and saying that it is done."""

from __future__ import annotations

import streamlit as st

from engine.incidents import actions, model, queries
from engine.kernel import clock
from pages import _console
from pages._console import _

S, P = model.IncidentStatus, model.Purpose


def names() -> dict[str, str]:
    """Who an action item can belong to, by id."""
    return _console.ask(queries.owners)


def who(actor: str | None, known: dict[str, str] | None = None) -> str:
    """An actor of the log by name, where it is a member of staff that is let in."""
    by_id = names() if known is None else known
    return by_id.get((actor or "").partition(":")[2], actor or "")


def say(text: str) -> None:
    """What the next draw tells."""
    st.session_state["told"] = text


def _purpose_word(purpose: model.Purpose) -> str:
    return {
        P.MITIGATE: _("Does less harm"),
        P.DETECT: _("Is seen sooner"),
        P.PREVENT: _("Does not come again"),
    }[purpose]


def _item_word(status: model.ItemStatus) -> str:
    return {
        model.ItemStatus.TO_DO: _("To do"),
        model.ItemStatus.DONE: _("Done"),
        model.ItemStatus.DROPPED: _("Dropped"),
    }[status]


def table(found: list[model.Item] | tuple[model.Item, ...]) -> None:
    """Action items with owner and day; what is late says so."""
    known, today = names(), clock.civil_date(_console.world().engine.now()).isoformat()
    _console.table(
        [
            {
                _("Until"): one.due_on,
                _("Status"): _("Late")
                if one.status is model.ItemStatus.TO_DO and one.due_on < today
                else _item_word(one.status),
                _("What is to be done"): one.what,
                _("So that it"): _purpose_word(one.purpose),
                _("Who"): known.get(one.owner, one.owner),
                _("What came of it"): one.result,
            }
            for one in found
        ]
    )


def show(found: model.Shown, handles: bool) -> None:
    st.markdown(f"**{_('Action items')}**")
    if found.items:
        table(found.items)
    mine = _console.me().staff_id
    for one in found.items:
        if one.status is model.ItemStatus.TO_DO and (handles or one.owner == mine):
            _ending(one, handles)
    if handles and found.incident.status is not S.CLOSED:
        _add(found.incident.id)


def _ending(one: model.Item, handles: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        result = st.text_input(_("What came of it: {what}", what=one.what), key=f"result-{one.id}")
        given = {"item_id": one.id, "result": result}
        for label, action, may in (
            (_("Done"), actions.do_item, True),
            (_("Drop it"), actions.drop_item, handles),
        ):
            if may:
                _console.act_button(
                    label,
                    action,
                    given,
                    name=f"{action.__name__}-{one.id}",
                    then=lambda done: say(_item_word(done.status)),
                )


def _add(incident_id: str) -> None:
    with st.expander(_("Add an action item")):
        what = st.text_input(_("What is to be done"), key="item-what", max_chars=model.LONGEST_TEXT)
        purpose = st.selectbox(
            _("So that it"), list(P), format_func=_purpose_word, key="item-purpose"
        )
        known = names()
        owner = st.selectbox(_("Who"), list(known), format_func=known.__getitem__, key="item-owner")
        day = st.date_input(_("Until"), value=None, key="item-day")
        given = {
            "incident_id": incident_id,
            "purpose": purpose,
            "what": what,
            "owner": owner,
            "due_on": day.isoformat() if day else "",
        }
        _console.act_button(
            _("Add"),
            actions.add_item,
            given,
            name="add-item",
            then=lambda _done: say(_("Added.")),
        )
