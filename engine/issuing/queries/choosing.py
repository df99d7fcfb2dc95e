"""The certificates that a filter finds, for who may revoke them."""

from __future__ import annotations

from engine.issuing import model, store
from engine.kernel.reader import Reader
from engine.staffing import queries as staffing
from engine.staffing.model import Right


def chosen(q: Reader, wanted: model.Chosen) -> tuple[str, ...]:
    """The pairs, by their signing certificates' ids, that lie within what the reader may revoke.

    Those held by delegation come first, then the oldest. Raises: MayNot.
    """
    staffing.require(q, Right.REVOKE, anywhere=True)
    return tuple(
        certificate_id
        for certificate_id, platform_id, agency_id in store.chosen(q, wanted)
        if staffing.has(q.actor, Right.REVOKE, platform_id=platform_id, agency_id=agency_id)
    )
