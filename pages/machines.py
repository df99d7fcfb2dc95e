"""Machines and webhooks: who is let in by a token, what it may, and what it was told of (API-1)."""

from __future__ import annotations

import streamlit as st

from engine.staffing.model import Right
from pages import (
    _console,
    _machine_clients,
    _machine_pieces,
    _webhook_deliveries,
    _webhook_endpoints,
    _webhook_words,
)
from pages._console import _

_console.require(Right.MANAGE_MACHINES, Right.AUDIT)
_console.title(
    _("Machines and webhooks"),
    _(
        "Other systems come with a token, within scopes that two people agreed on, and are told of events"
        " at their own addresses. A machine decides about nobody."
    ),
)
VIEWS = {
    "clients": (_("Machines"), _machine_clients.draw),
    "endpoints": (_("Endpoints"), _webhook_endpoints.draw),
    "deliveries": (_("Deliveries"), _webhook_deliveries.draw),
    "receiver": (_("Demo receiver"), _webhook_deliveries.draw_receiver),
    "verify": (_("Events and signatures"), _webhook_words.draw),
}
if _console.world().receivers is None:
    VIEWS.pop("receiver")
st.link_button(_("API documentation"), "/api/docs", icon=":material/menu_book:")
_machine_pieces.show_secret()
chosen = _console.view({name: title for name, (title, _draw) in VIEWS.items()})
VIEWS[chosen][1]()
