"""Which certificate a mall account is bound to."""

from __future__ import annotations

from engine.binding import model
from engine.issuing import queries as certificates
from engine.kernel import actors, errors, notes
from engine.kernel.reader import Reader
from engine.scanning import queries as tickets


class CertificateNotBound(errors.PolicyRefused):
    """This needs an active certificate that is bound to the account. Apply, download and bind."""


OWNED = (
    notes.Owned(
        table="binding",
        columns=(
            "mall_account_id",
            "certificate_id",
            "enterprise_id",
            "platform_id",
            "status",
            "created_at",
            "ended_at",
        ),
    ),
)
INVARIANTS = {
    "a binding joins one enterprise": (
        "SELECT b.id FROM binding b JOIN mall_account m ON m.id = b.mall_account_id"
        " JOIN certificate c ON c.id = b.certificate_id WHERE m.enterprise_id <> b.enterprise_id"
        " OR c.enterprise_id <> b.enterprise_id"
    ),
    "no binding to a revoked certificate": (
        "SELECT b.id FROM binding b JOIN certificate c ON c.id = b.certificate_id"
        " WHERE b.status = 'bound' AND c.status = 'revoked'"
    ),
}


def of_mall_account(q: Reader, mall_account_id: str) -> model.Binding | None:
    """The living binding of a mall account."""
    sql = "SELECT * FROM binding WHERE mall_account_id = ? AND status = 'bound'"
    return q.first(model.Binding, sql, (mall_account_id,))


def mine(q: Reader) -> model.Binding | None:
    """The living binding of the signed-in mall account."""
    if not isinstance(q.actor, actors.MallAccount):
        return None
    return of_mall_account(q, q.actor.mall_account_id)


def of_certificate(q: Reader, certificate_id: str) -> list[model.Binding]:
    """The living bindings of a certificate, oldest first."""
    sql = "SELECT * FROM binding WHERE certificate_id = ? AND status = 'bound' ORDER BY id"
    return q.all(model.Binding, sql, (certificate_id,))


def watch(q: Reader, ticket_id: str, nonce: str) -> model.Watch:
    """What became of a QR, for the browser that asked for it; expiry is derived.

    Raises: NotFound for any other browser.
    """
    ticket = tickets.for_browser(q, ticket_id, nonce)
    status = "expired" if ticket.expired(q.now) else ticket.status.value
    return model.Watch(ticket_id=ticket.id, status=status, expires_at=ticket.expires_at)


def is_certified(q: Reader, mall_account_id: str) -> bool:
    """Whether a mall account is bound to a certificate that can be used now (G-notice-1)."""
    found = of_mall_account(q, mall_account_id)
    return found is not None and any(
        one.id == found.certificate_id for one in certificates.active(q, found.enterprise_id)
    )


def consequences(q: Reader, enterprise_id: str, changed: frozenset[str]) -> list[notes.Note]:
    """Which bindings end with the certificates that a change of particulars would end (ENT-4)."""
    return [
        notes.Note(code="consequence.binding_ended", subject=found.id)
        for one in certificates.naming(q, enterprise_id, changed)
        for found in of_certificate(q, one.id)
    ]
