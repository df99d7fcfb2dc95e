"""The pieces of the lists of records: kind, filters, table, pages, files, and lists kept under a name."""

from __future__ import annotations

import datetime
from urllib.parse import urlencode

import streamlit as st

from engine.records import actions, model, queries, wording
from pages import _console, _record_words
from pages._console import _

_FILTERS = ("status", "platform", "agency", "from", "until")


def _go(address: dict[str, str]) -> None:
    """Show another list: its first page."""
    for name in ("kind", "after", *_FILTERS):
        st.query_params.pop(name, None)
        st.session_state.pop(f"list-{name}", None)
    for name, text in address.items():
        st.query_params[name] = text


def kind() -> model.KindName:
    """Which kind is listed, the first where none is chosen."""
    given = st.query_params.get("kind", "")
    known = _record_words.KINDS
    found = next((one for one in known if one == given), known[0])
    st.session_state["list-kind"] = found
    st.segmented_control(
        _("Kind"),
        known,
        format_func=_record_words.kind,
        key="list-kind",
        label_visibility="collapsed",
        on_change=lambda: _go({"kind": st.session_state["list-kind"] or found}),
    )
    return found


def _keep(name: str) -> None:
    """A filter was chosen: into the address, and to the list's first page."""
    value = st.session_state[f"list-{name}"]
    st.query_params.pop("after", None)
    st.query_params.pop(name, None)
    if value:
        text = value.isoformat() if isinstance(value, datetime.date) else str(value)
        st.query_params[name] = text


def _choice(name: str, options: dict[str, str], nothing: str) -> None:
    given = st.query_params.get(name, "")
    st.session_state[f"list-{name}"] = given if given in options else ""
    st.selectbox(
        nothing,
        ["", *options],
        format_func=lambda code: options[code] if code else nothing,
        key=f"list-{name}",
        label_visibility="collapsed",
        on_change=_keep,
        args=(name,),
        width=200,
    )


def _day(name: str, title: str, value: datetime.date | None) -> None:
    st.session_state[f"list-{name}"] = value
    st.date_input(
        title, key=f"list-{name}", on_change=_keep, args=(name,), format="YYYY-MM-DD", width=150
    )


def filters(wanted: model.Wanted) -> None:
    """What the list is narrowed by; all of it stands in the address."""
    known = _console.ask(queries.filters, wanted.kind)
    with st.container(horizontal=True, vertical_alignment="bottom", key="record-filters"):
        states = {name: _console.label(code) for name, code in known.states.items()}
        _choice("status", states, _("Any state"))
        for name, options, nothing in (
            ("platform", known.platforms, _("Any platform")),
            ("agency", known.agencies, _("Any authority")),
        ):
            if options:
                words = {code: _console.told(text) for code, text in options.items()}
                _choice(name, words, nothing)
        day = wording.address_of(wanted)
        _day("from", _("From"), _date(day.get("from")))
        _day("until", _("Up to the end of"), _date(day.get("until")))


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def table(page: model.Page) -> None:
    """The rows; choosing one opens its record."""
    names = [_console.label(code) for code in page.names]
    rows = [
        {
            _console.label("column.called"): row.hit.title,
            _console.label("column.status"): _console.label(row.hit.status),
            **{
                name: value.number / 100 if value.form == "money" else _record_words.told(value)
                for name, value in zip(names, row.values, strict=True)
            },
            _console.label("column.created"): _console.when(row.created_at),
        }
        for row in page.rows
    ]
    amounts = {
        name
        for row in page.rows
        for name, value in zip(names, row.values, strict=True)
        if value.form == "money"
    }
    picked = st.dataframe(
        rows,
        hide_index=True,
        width="stretch",
        on_select="rerun",
        selection_mode="single-row",
        key=f"records-{page.rows[0].hit.id}",
        column_config={
            name: st.column_config.NumberColumn(f"{name} (¥)", format="accounting")
            for name in amounts
        },
    )
    chosen = picked["selection"]["rows"]
    if chosen:
        st.switch_page("record.py", query_params={"id": page.rows[chosen[0]].hit.id})


def _turn(after: str) -> None:
    st.query_params.pop("after", None)
    if after:
        st.query_params["after"] = after


def turning(page: model.Page) -> None:
    """The way to the next part of the list, and back to its first."""
    with st.container(horizontal=True, key="record-pages"):
        if st.query_params.get("after"):
            st.button(_("First page"), key="page-first", on_click=_turn, args=("",))
        if page.following:
            st.button(_("Next page"), key="page-next", on_click=_turn, args=(page.following,))


def exports(wanted: model.Wanted) -> None:
    """The whole list as files, masked as it is here, through the route that looks at who asks."""
    query = wording.address_of(wanted) | {"lang": _console.language()}
    name = query.pop("kind")
    place = f"/w/{_console.world().id}/records/{name}"
    with st.container(horizontal=True, key="record-exports"):
        for ending in ("csv", "xlsx"):
            st.link_button(
                ending.upper(), f"{place}.{ending}?{urlencode(query)}", icon=":material/download:"
            )


def views() -> None:
    """Lists kept under a name, one's own and those that colleagues share."""
    known = _console.ask(queries.views)
    if not known:
        return
    with st.container(horizontal=True, key="record-views"):
        for one in known:
            st.button(
                one.name,
                key=f"view-{one.id}",
                on_click=_go,
                args=(wording.address_of(one.wanted),),
                help=None if one.mine else one.owner,
                type="tertiary",
            )


def _save(wanted: model.Wanted, drawn: str) -> None:
    given = {
        "name": str(st.session_state.get("view-name") or ""),
        "wanted": wanted,
        "shared": bool(st.session_state.get("view-shared")),
    }
    _console.perform(actions.save_view, given, key=f"view/{drawn}")


def _delete(view_id: str) -> None:
    _console.perform(actions.delete_view, {"view_id": view_id}, key=f"delete/{view_id}")


def keeping(wanted: model.Wanted, drawn: str) -> None:
    """Keep what is shown under a name, or take one's own away."""
    mine = [one for one in _console.ask(queries.views) if one.mine]
    with st.expander(_("Keep this list")):
        with st.form("view-form", border=False):
            st.text_input(_("Its name"), key="view-name", max_chars=model.LONGEST_NAME)
            st.checkbox(_("Colleagues see it too"), key="view-shared")
            st.form_submit_button(_("Keep"), on_click=_save, args=(wanted, drawn))
        for one in mine:
            st.button(
                _("Delete the list “{name}”", name=one.name),
                key=f"delete-{one.id}",
                on_click=_delete,
                args=(one.id,),
                type="tertiary",
            )
