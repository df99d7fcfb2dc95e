"""Asking for a certificate, and what came of it."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric import ec

from engine.issuing import model, queries, store
from engine.kernel import actors, challenges, clock, errors
from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.ordering import model as ordering
from engine.ordering import queries as orders
from engine.pki import certificates, keys
from engine.policies import model as policies
from engine.registration import queries as people

YEAR_MS = 365 * clock.DAY


class NotReady(errors.PolicyRefused):
    """This order's certificate cannot be downloaded yet. Wait for payment and both reviews."""


class KeyNotProved(errors.InvalidInput):
    """The new key could not prove itself. Nothing was requested; try again."""


class KeyKindRefused(errors.InvalidInput):
    """Only keys on the curve P-256 are certified here."""


class RequestedAlready(errors.Conflict):
    """This order's certificate was requested with another key already. Use the phone it was made on."""


class NotWhatWasRequested(errors.Conflict):
    """The certificate that came back is not the one that was requested. It was put aside."""

    commits = True


@second_factor
def request_certificate(
    op: Operation, *, order_id: str, public_key: bytes, proof: bytes
) -> model.Certificate:
    """Ask for the certificate of an approved and paid order, with a key made on this phone.

    The serial is reserved and the intent stored before anything is signed; asking again with the same
    key returns the same request. Emits: certificate.requested.
    Raises: NotReady, RequestedAlready, KeyNotProved, KeyKindRefused.
    """
    person = people.person(op)
    order = orders.to_download(op, order_id)
    known = store.of_order(op, order_id)
    if known is not None and order.status is ordering.OrderStatus.AWAITING_DOWNLOAD:
        if known.public_key == public_key and known.device_id == person.device_id:
            return known
        raise RequestedAlready()
    if order.status is not ordering.OrderStatus.AWAITING_DOWNLOAD:
        raise NotReady()
    _prove_key(order_id, public_key, proof)
    agency = op.policy(policies.CertificateAgency, order.agency_id)
    return reserve(
        op,
        order,
        device_id=person.device_id,
        public_key=public_key,
        key_scheme="seeded_ec",
        profile=agency.profile,
    )


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


def _prove_key(order_id: str, public_key: bytes, proof: bytes) -> None:
    key = keys.public_from_der(public_key)
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise KeyKindRefused(field="public_key")
    if not keys.verify(key, proof, challenges.of_request(order_id=order_id, public_key=public_key)):
        raise KeyNotProved(field="proof")


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
