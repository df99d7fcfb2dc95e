"""A certificate as the stages below this one may know it."""

from __future__ import annotations

from engine.issuing import model
from engine.kernel import notes
from engine.kernel.reader import Reader


def holding(q: Reader, certificate_id: str) -> notes.Holding | None:
    """The signing certificate with this id: what another order for it depends on (CRT-3)."""
    sql = "SELECT * FROM certificate WHERE id = ? AND usage = 'signing'"
    found = q.first(model.Certificate, sql, (certificate_id,))
    if found is None:
        return None
    return notes.Holding(
        id=found.id,
        order_id=found.order_id,
        account_id=found.account_id,
        enterprise_id=found.enterprise_id,
        status=model.status_at(found, q.now),
        serial=found.serial_hex,
        begins=found.not_before,
        ends=found.not_after,
        reason=found.revocation_reason or "",
        held_by=(found.held_by or "") if found.status is model.CertificateStatus.SUSPENDED else "",
    )
