"""Pieces that the pages about staff share: sessions, scopes, facts with old and new value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from engine.policies import model as policies
from engine.staffing import actions, model
from pages import _console
from pages._console import _

WAYS = {"password": "By password", "one_click": "By one click", "oidc": "By an outside account"}


def sessions(found: Sequence[model.Session], *, here: str = "") -> None:
    """Living sessions, each with where it is and since when, and a button that ends it."""
    if not found:
        _console.empty(_("Signed in nowhere."))
    for one in found:
        with st.container(border=True):
            text, button = st.columns([4, 1], vertical_alignment="center")
            this = f" · **{_('this one')}**" if one.id == here else ""
            text.markdown(f"{one.browser or _('Unknown browser')} · {one.network or '—'}{this}")
            text.caption(
                _(
                    "{way} · since {start} · last used {last} · ends by {end} at the latest",
                    way=_(WAYS[one.way]),
                    start=_console.when(one.created_at),
                    last=_console.when(one.last_seen_at),
                    end=_console.when(one.expires_at),
                )
            )
            if one.id != here and button.button(_("End"), key=f"end-{one.id}"):
                _console.perform(actions.end_session, {"session_id": one.id}, key=f"end/{one.id}")
                st.rerun()


def scopes() -> dict[str, tuple[str, str]]:
    """Where a role can hold: what it is called → (kind, id)."""
    found = {_("Everywhere"): ("all", "")}
    for kind, word, setting in (
        ("platform", _("Trading platform"), policies.Platform),
        ("agency", _("CA"), policies.CertificateAgency),
        ("agency", _("Seal agency"), policies.SealAgency),
    ):
        for name, one in _console.ask(lambda q, cls=setting: q.policies(cls)).items():
            found[f"{word} · {_console.told(one.label)}"] = (kind, name)
    return found


def role_labels() -> dict[str, str]:
    """Every role there is: its name → what it is called."""
    roles = _console.ask(lambda q: q.policies(policies.Role))
    return {name: _console.told(role.label) for name, role in roles.items()}


def told(facts: dict[str, Any]) -> str:
    """The facts of a deed in one line: old → new first."""
    parts = []
    if "was" in facts or "now" in facts:
        parts.append(f"{_one(facts.get('was'))} → {_one(facts.get('now'))}")
    if "name_was" in facts and facts["name_was"] != facts["name_now"]:
        parts.append(f"{facts['name_was']} → {facts['name_now']}")
    shown = ("role", "scope", "fields", "reason", "way", "failures", "left", "ended", "by", "roles")
    parts += [
        f"{_console.label(f'fact.{key}')}: {_one(facts[key])}" for key in shown if key in facts
    ]
    return " · ".join(parts)


def _one(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "—"
    return str(value) if value not in (None, "") else "—"
