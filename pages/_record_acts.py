"""What a kind of record has beside what all have: the acts on it, and what only its stage can show."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.records import model
from pages import _account_acts, _blast, _certificate_acts, _invoice_record, _seal_record


def _seal(seal_id: str) -> None:
    _seal_record.show(seal_id)
    _blast.show("seal", seal_id)


_OF_KIND: Mapping[str, Callable[[str], None]] = {
    "account": _account_acts.show,
    "certificate": _certificate_acts.show,
    "seal": _seal,
    "invoice": _invoice_record.beside,
}


def show(found: model.Record) -> None:
    """The acts of this kind, where it has any."""
    own = _OF_KIND.get(found.kind)
    if own is not None:
        own(found.id)
