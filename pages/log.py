"""The event log: its newest events, one with all that was recorded with it, and whether the chain holds."""

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


def _together(q: Reader, seq: int) -> list[events.Event]:
    """An event and what the same operation recorded with it."""
    found = events.read(q.connection, after=seq - 1, limit=1)
    if not found or found[0].seq != seq:
        return []
    return events.of_operation(q.connection, found[0].operation)


def _table(found: list[events.Event]) -> None:
    _console.table(
        [
            {
                "seq": one.seq,
                _("When"): _console.when(one.occurred_at),
                _("What"): _console.label(one.kind),
                _("Who"): one.actor,
                _("Subject"): one.subject,
                _("Operation"): one.operation,
                _("Rows written"): ", ".join(
                    dict.fromkeys(name for name, _id, _now in one.changes)
                ),
            }
            for one in found
        ]
    )


def _asked() -> int:
    """The event that the address names, or 0."""
    given = st.query_params.get("event", "")
    return int(given) if given.isdecimal() and len(given) < 16 else 0


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
if seq := _asked():
    st.subheader(_("Event {seq}, with all that its operation recorded", seq=seq))
    together = _console.ask(_together, seq)
    if together:
        _table(together)
    else:
        st.warning(_("There is no such event."))
    st.subheader(_("The newest events"))
_table(_console.ask(_newest))
