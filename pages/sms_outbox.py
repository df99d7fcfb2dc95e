"""The simulated phone network: messages of the last ten minutes."""

from __future__ import annotations

import streamlit as st

from engine.kernel import identifiers
from engine.staffing.model import Right
from pages import _console
from pages._console import _

_console.require(Right.DEMO, Right.SIMULATE)
_console.title(
    _("SMS outbox"),
    _("Messages of the last ten minutes on the simulated network; then they are gone."),
)


@st.fragment(run_every=2.0)
def _messages() -> None:
    found = _console.world().sms.outbox()
    if not found:
        _console.empty(_("No message was sent in the last ten minutes. Ask for a code on a phone."))
        return
    _console.table(
        [
            {
                _("Sent"): _console.when(sms.sent_at),
                _("To"): identifiers.masked_phone(sms.phone),
                _("Text"): sms.text,
            }
            for sms in found[:100]
        ]
    )


_messages()
