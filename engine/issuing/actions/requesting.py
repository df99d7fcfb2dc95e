"""Asking for a certificate, and what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from engine.incidents import queries as incidents
from engine.issuing import model, pairs, queries, store
from engine.kernel import clock, errors
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.ordering import model as ordering
from engine.ordering import queries as orders
from engine.pki import certificates
from engine.policies import model as policies

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
        profile=_profile(op, order, encryption=signing is not None),
        usage=model.Usage.SIGNING if signing is None else model.Usage.ENCRYPTION,
        pair_id=certificate_id if signing is None else signing.id,
        key_scheme=key_scheme,
        status=model.CERTIFICATE.initial,
        serial_hex=f"{_serial(op, order.agency_id):x}",
        public_key=public_key,
        not_before=begin,
        not_after=orders.valid_until(op, order, begin) if signing is None else signing.not_after,
        der=None,
        created_at=op.now,
        activated_at=None,
        revoked_at=None,
        revocation_reason=None,
        delegated_by=None if order.delegate_account_id is None else order.account_id,
        replaces=_taken_over(op, order, signing),
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


def _taken_over(
    op: Operation, order: ordering.Order, signing: model.Certificate | None
) -> str | None:
    """The certificate whose place a new one takes; of an encryption certificate, the other pair's."""
    if order.business not in ordering.TAKING_OVER or order.replaces is None:
        return None
    if signing is None:
        return order.replaces
    before = op.get(model.Certificate, "certificate", order.replaces)
    pair = store.of_pair(op, before.pair_id)
    return next((one.id for one in pair if one.usage is model.Usage.ENCRYPTION), None)


def _profile(op: Operation, order: ordering.Order, *, encryption: bool) -> str:
    """By which profile a certificate of this order is made."""
    if order.delegate_account_id is not None:
        return "delegated"
    own = op.policy(policies.CertificateAgency, order.agency_id).profile
    signing = own if order.product is ordering.Product.ENTERPRISE else str(order.product)
    return f"{order.product}_encryption" if encryption else signing


def _serial(op: Operation, agency_id: str) -> int:
    """A serial that begins with the generation of keys that the agency issues by now."""
    return certificates.serial_from(op.entropy, prefix=op.parts.generations.get(agency_id, 1))


def record_issuance(
    op: Operation, *, certificate_id: str, der: bytes, job_id: str = ""
) -> model.Certificate:
    """Record what the CA signed, having compared it with what was asked for.

    `job_id` is the job that this is the end of, unless what came was another certificate. What was signed
    while issuing was being stopped is put aside: signed once more after the stop, it is the same.
    Emits: certificate.issued, certificate.differs. Raises: NotWhatWasRequested (recorded).
    """
    op.require_system()
    found = op.get(model.Certificate, "certificate", certificate_id)
    if _recorded(op, found, der):
        op.finish_job(job_id)
        return found
    if incidents.stopped(op, found.agency_id) is not None:
        op.finish_job(job_id)
        return found
    kept = _checked(op, found, der)
    if kept is None:
        op.record("certificate.differs", found.id, digest=hashlib.sha256(der).hexdigest())
        raise NotWhatWasRequested()
    _record(op, found, der, kept)
    op.finish_job(job_id)
    return op.get(model.Certificate, "certificate", certificate_id)


def record_issuances(
    op: Operation, *, signed: Mapping[str, bytes], job_ids: Sequence[str] = ()
) -> tuple[str, ...]:
    """Record what the CAs signed (certificate id → DER) in one operation; the ids that were new.

    Each is compared with what was asked for and gets facts of its own; `job_ids` are the jobs that this is
    the end of. Where one differs nothing is recorded: the caller has each recorded by itself.
    Emits: certificate.issued. Raises: Conflict.
    """
    op.require_system()
    new = []
    for certificate_id, der in signed.items():
        found = op.get(model.Certificate, "certificate", certificate_id)
        if _recorded(op, found, der) or incidents.stopped(op, found.agency_id) is not None:
            continue
        kept = _checked(op, found, der)
        if kept is None:
            raise errors.Conflict()
        _record(op, found, der, kept)
        new.append(certificate_id)
    for job_id in job_ids:
        op.finish_job(job_id)
    return tuple(new)


def _recorded(op: Operation, found: model.Certificate, der: bytes) -> bool:
    """Whether this was recorded before: a worker was killed between that and the end of its job."""
    return found.der is not None and queries.opened(op, found).der == der


def _checked(op: Operation, found: model.Certificate, der: bytes) -> dict[str, object] | None:
    """The columns of an issued certificate; None where it is not what was asked for."""
    status = model.CERTIFICATE.advance(found.status, "issue")
    named = queries.applicant(op, found)
    if not model.answers(
        found, der, common_name=named.common_name, organization=named.organization
    ):
        return None
    return {"status": status, "der": queries.sealed(op, found, der)}


def _record(
    op: Operation, found: model.Certificate, der: bytes, kept: Mapping[str, object]
) -> None:
    op.update("certificate", found.id, kept, was={"status": found.status})
    op.record("certificate.issued", found.id, digest=hashlib.sha256(der).hexdigest())
    if found.usage is model.Usage.SIGNING and pairs.comes_paired(op, found):
        op.enqueue("make_encryption_key", found.id)


def abandon(op: Operation, *, certificate_id: str) -> model.Certificate:
    """Give up a request that was never answered; its serial is never used again.

    The applicant may ask once more, with a new key. Emits: certificate.abandoned.
    """
    op.require_system()
    found = op.get(model.Certificate, "certificate", certificate_id)
    status = model.CERTIFICATE.advance(found.status, "abandon")
    op.update("certificate", found.id, {"status": status}, was={"status": found.status})
    op.record("certificate.abandoned", found.id, serial=found.serial_hex)
    if found.usage is model.Usage.ENCRYPTION:
        store.destroy_encryption_share(op, found.id)
        pairs.tell_missing(op, found.pair_id)
        return op.get(model.Certificate, "certificate", certificate_id)
    messaging.notify(
        op,
        account_id=found.account_id,
        kind="certificate.abandoned",
        subject=found.order_id,
        todo=True,
    )
    return op.get(model.Certificate, "certificate", certificate_id)
