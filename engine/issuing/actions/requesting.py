"""Asking for a certificate, and what came of it."""

from __future__ import annotations

import hashlib

from engine.issuing import model, queries, store
from engine.kernel import actors, challenges, clock, errors
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.ordering import model as ordering
from engine.ordering import queries as orders
from engine.pki import certificates, keys
from engine.policies import model as policies
from engine.registration import queries as people

YEAR_MS = 365 * clock.DAY


class NotWhatWasRequested(errors.Conflict):
    """The certificate that came back is not the one that was requested. It was put aside."""

    commits = True


def reserve(
    op: Operation,
    order: ordering.Order,
    *,
    device_id: str,
    public_key: bytes,
    key_scheme: str,
    profile: str,
    signing: model.Certificate | None = None,
) -> model.Certificate:
    """Reserve a serial and store the intent before anything is signed; the CA is asked by a job.

    Whoever calls has proved the key and that the order is ready. Of a pair's encryption certificate,
    `signing` is the other one, whose holder, phone and term it shares. Emits: certificate.requested.
    """
    certificate_id = op.new_id("crt")
    # X.509 counts in seconds; the certificate must not begin after it is used.
    begin = op.now // 1000 * 1000 if signing is None else signing.not_before
    certificate = model.Certificate(
        id=certificate_id,
        order_id=order.id,
        enterprise_id=order.enterprise_id,
        account_id=order.downloader if signing is None else signing.account_id,
        device_id=device_id,
        platform_id=order.platform_id,
        agency_id=order.agency_id,
        kind=order.certificate_kind,
        product=order.product,
        profile=profile,
        usage=model.Usage.SIGNING if signing is None else model.Usage.ENCRYPTION,
        pair_id=certificate_id if signing is None else signing.id,
        key_scheme=key_scheme,
        status=model.CERTIFICATE.initial,
        serial_hex=f"{certificates.serial_from(op.entropy):x}",
        public_key=public_key,
        not_before=begin,
        not_after=orders.valid_until(op, order, begin) if signing is None else signing.not_after,
        der=None,
        created_at=op.now,
        activated_at=None,
        revoked_at=None,
        revocation_reason=None,
    )
    op.insert("certificate", certificate)
    op.enqueue("issue_certificate", certificate.id)
    op.record(
        "certificate.requested",
        certificate.id,
        order_id=order.id,
        serial=certificate.serial_hex,
        usage=certificate.usage,
    )
    return certificate


def record_issuance(op: Operation, *, certificate_id: str, der: bytes) -> model.Certificate:
    """Record what the CA signed, having compared it with what was asked for.

    Emits: certificate.issued, certificate.differs. Raises: NotWhatWasRequested (recorded).
    """
    if not isinstance(op.actor, actors.System):
        raise errors.NotPermitted()
    found = op.get(model.Certificate, "certificate", certificate_id)
    if found.der == der:
        return found
    status = model.CERTIFICATE.advance(found.status, "issue")
    digest = hashlib.sha256(der).hexdigest()
    named = queries.applicant(op, found)
    if not model.answers(
        found, der, common_name=named.common_name, organization=named.organization
    ):
        op.record("certificate.differs", found.id, digest=digest)
        raise NotWhatWasRequested()
    op.update("certificate", found.id, {"status": status, "der": der}, was={"status": found.status})
    op.record("certificate.issued", found.id, digest=digest)
    return op.get(model.Certificate, "certificate", certificate_id)


def abandon(op: Operation, *, certificate_id: str) -> model.Certificate:
    """Give up a request that was never answered; its serial is never used again.

    The applicant may ask once more, with a new key. Emits: certificate.abandoned.
    """
    if not isinstance(op.actor, actors.System):
        raise errors.NotPermitted()
    found = op.get(model.Certificate, "certificate", certificate_id)
    status = model.CERTIFICATE.advance(found.status, "abandon")
    op.update("certificate", found.id, {"status": status}, was={"status": found.status})
    op.record("certificate.abandoned", found.id, serial=found.serial_hex)
    messaging.notify(
        op,
        account_id=found.account_id,
        kind="certificate.abandoned",
        subject=found.order_id,
        todo=True,
    )
    return op.get(model.Certificate, "certificate", certificate_id)
