"""What staff change at run time, from platforms to prices: proposed by one, approved by another."""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import Any

import streamlit as st

from engine.kernel import clock
from engine.policies import actions as policies
from engine.policies import checking, model, queries
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console, _setting_form, _setting_words
from pages._console import _

_console.require(Right.MANAGE_SETTINGS)
# In the order in which they are asked for; whatever is not named here follows.
FIRST = ("platform", "zone", "announcement", "help", "certificate_agency", "seal_agency")
KINDS = [*FIRST, *(kind for kind in model.KINDS if kind not in FIRST)]
NEW = "＋"


def _kind(kind: str) -> str:
    """What a kind of setting is called."""
    return _console.label(f"setting.kind.{kind}")


def _staff_name(actor_text: str) -> str:
    """Who an actor text names, for people."""
    kind, _colon, staff_id = actor_text.partition(":")
    return _console.ask(staffing.profile, staff_id).name if kind == "staff" else _("the set-up")


def _path(path: str) -> str:
    """Where in a setting a value stands, in words."""
    return " › ".join(map(_part, path.split(".")))


def _part(part: str) -> str:
    if part.isdigit():
        return _("row {n}", n=int(part) + 1)
    language = part in ("zh", "en")
    return _setting_words.language_name(part) if language else _setting_words.field_label(part)


def _changes(kind: str, changes: tuple[model.Change, ...], body: dict[str, Any]) -> None:
    _console.table(_setting_words.changed(model.KINDS[kind], changes, body))


def _decide(verb: str, version_id: str) -> None:
    arguments = {"version_id": version_id}
    if verb == "reject":
        arguments["reason"] = st.session_state.get(f"why-{version_id}", "")
    done = _console.perform(getattr(policies, verb), arguments, key=f"{verb}/{version_id}")
    if done is not None:
        st.session_state["done"] = _("Done.")


def _waiting() -> None:
    """The proposals that wait for a second person."""
    for one in _console.ask(checking.pending):
        version = one.version
        with st.container(border=True):
            kind = _kind(version.kind)
            st.markdown(f"**{kind}** · `{version.name or '—'}` · v{version.version}")
            st.caption(
                _(
                    "Proposed by {who} on {when}; to hold from {from_}",
                    who=_staff_name(version.author),
                    when=_console.when(version.created_at),
                    from_=_console.when(version.effective_at),
                )
            )
            _changes(version.kind, one.changes, json.loads(version.body))
            if one.mine:
                st.button(
                    _("Take it back"), key=f"withdraw-{version.id}", on_click=_decide,
                    args=("withdraw", version.id),
                )  # fmt: skip
                st.caption(_("Somebody else has to approve what you proposed."))
                continue
            left, right = st.columns([1, 2])
            left.button(
                _("Approve"), type="primary", key=f"approve-{version.id}", on_click=_decide,
                args=("approve", version.id),
            )  # fmt: skip
            with right:
                st.text_input(_("Why not"), key=f"why-{version.id}")
                st.button(
                    _("Reject"), key=f"reject-{version.id}", on_click=_decide,
                    args=("reject", version.id),
                )  # fmt: skip


def _digest(body: dict[str, object]) -> str:
    """What a body is known by: pressed twice, the same proposal is made once."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def _propose(kind: str, name: str, body: dict[str, object], effective_at: int, key: str) -> None:
    arguments = {"kind": kind, "name": name, "body": body, "effective_at": effective_at}
    if _console.perform(policies.propose, arguments, key=key) is not None:
        st.session_state["done"] = _("Proposed. Somebody else has to approve it.")


def _edit(kind: str, name: str) -> None:
    """The form of one setting, what it would change, and the button that proposes it."""
    cls = model.KINDS[kind]
    history = _console.ask(queries.history, kind, name)
    held = [one for one in history if one.approved_at is not None]
    body = json.loads(held[0].body) if held else {}
    stem = f"{kind}/{name}/{held[0].version if held else 0}"
    given = _setting_form.draw(cls, body, key=stem)
    told = _console.ask(checking.preview, kind=kind, name=name, body=given)
    st.subheader(_("What would change"))
    for problem in told.problems:
        where = _path(problem.field) if problem.field else ""
        st.error(f"{where}  {_(problem.message, **problem.params)}")
    if not told.changes:
        st.caption(_("Nothing yet: change a field above."))
        return
    _changes(kind, told.changes, given)
    day = st.date_input(_("To hold from"), value=None, key=f"{stem}/day")
    st.caption(_("Without a day: from the moment it is approved."))
    start = clock.start_of(day) if isinstance(day, datetime.date) else 0
    st.button(
        _("Propose"),
        type="primary",
        disabled=not told.valid,
        key=f"{stem}/propose",
        on_click=_propose,
        args=(kind, name, given, start, f"propose/{stem}/{_digest(given)}"),
    )
    if history:
        with st.expander(_("History")):
            _console.table(
                [
                    {
                        _("Version"): one.version,
                        _("Holds from"): _console.when(one.effective_at),
                        _("Proposed by"): _staff_name(one.author),
                        _("Approved by"): _staff_name(one.approved_by) if one.approved_by else "—",
                    }
                    for one in history
                ]
            )


def _chosen_kind() -> str:
    """The kind of setting, by its own name in the address, which means the same in every language."""
    given = st.query_params.get("kind", "")
    index = KINDS.index(given) if given in KINDS else 0
    kind = st.selectbox(_("Kind"), KINDS, index=index, format_func=_kind, key="kind")
    st.query_params["kind"] = str(kind)
    return str(kind)


def _name(kind: str) -> str:
    """Which setting of a kind that has many; a new one gets a name of its own."""
    cls = model.KINDS[kind]
    if not cls.NAMED:
        return ""
    known = _console.ask(lambda q: q.policies(cls))

    def shown(name: str) -> str:
        if name == NEW:
            return _("A new one")
        label = getattr(known[name], "label", None) or getattr(known[name], "title", None)
        return f"{label.in_language(_console.language())} · {name}" if label else name

    chosen = st.selectbox(_("Which one"), [*known, NEW], format_func=shown, key=f"name-{kind}")
    if chosen != NEW:
        return str(chosen)
    return st.text_input(_("Its name, in small letters"), key=f"new-{kind}").strip()


_console.title(
    _("Platforms and settings"),
    _("A change is proposed by one and approved by another; it shows without a restart."),
)
if "done" in st.session_state:
    st.success(st.session_state.pop("done"))
_waiting()
kind = _chosen_kind()
name = _name(kind)
if name or not model.KINDS[kind].NAMED:
    _edit(kind, name)
