"""The event log: its newest events, and whether the chain holds."""

from __future__ import annotations

import streamlit as st

from engine.kernel import events
from engine.kernel.reader import Reader
from engine.staffing.model import Right
from pages import _console
from pages._console import _

_console.require(Right.AUDIT)
PAGE = 200


def _newest(q: Reader) -> list[events.Event]:
    head = events.head(q.connection)
    return events.read(q.connection, after=max(0, head.seq - PAGE), limit=PAGE)[::-1]


def _check(q: Reader) -> tuple[int, list[events.Break]]:
    return events.verify(q.connection, q.parts.keyring)


_console.title(
    _("Event log"), _("Append-only, keyed and chained: an edit, a swap or a deletion is found.")
)
if st.button(_("Check the whole chain"), type="primary"):
    count, breaks = _console.ask(_check)
    if breaks:
        st.error(_("{n} breaks, the first at event {seq}", n=len(breaks), seq=breaks[0].seq))
    else:
        st.success(_("{n} events, and every one holds", n=count))
_console.table(
    [
        {
            "seq": one.seq,
            _("When"): _console.when(one.occurred_at),
            _("What"): _console.label(one.kind),
            _("Who"): one.actor,
            _("Subject"): one.subject,
            _("Operation"): one.operation,
        }
        for one in _console.ask(_newest)
    ]
)
