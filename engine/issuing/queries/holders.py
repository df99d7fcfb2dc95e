"""Whom a certificate names: an enterprise, or a person of their own."""

from __future__ import annotations

import base64
import dataclasses

from engine.issuing import model
from engine.kernel import identifiers, ports, vault
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.registration import queries as people

# Profiles whose subject has a place for a number of its holder.
_NUMBERED = frozenset({"individual", "individual_encryption", "event", "delegated"})


def applicant(q: Reader, certificate: model.Certificate) -> ports.Applicant:
    """What the CA is asked to name: the enterprise, or the person by their proven name (CRT-2)."""
    # A number that tells this certificate's holder from others of one name, and nothing about them.
    number = certificate.pair_id.partition("_")[2] if certificate.profile in _NUMBERED else ""
    if certificate.enterprise_id is None:
        name = people.person_name(q, certificate.account_id)
        return ports.Applicant(common_name=name, serial_number=number)
    enterprise = people.enterprise(q, certificate.enterprise_id)
    return ports.Applicant(
        common_name=enterprise.name,
        organization=enterprise.name,
        uscc=enterprise.uscc,
        serial_number=number,
    )


def _der_place(certificate: model.Certificate) -> str:
    return f"certificate|der|{certificate.id}"


def sealed(op: Operation, certificate: model.Certificate, der: bytes) -> bytes:
    """A signed certificate as it is kept: a natural person's under their own key (decision 13)."""
    if certificate.enterprise_id is not None:
        return der
    subject = people.account(op, certificate.account_id).subject_id
    text = base64.b64encode(der).decode()
    return op.seal(subject, _der_place(certificate), text, "evidence")


def opened(q: Reader, certificate: model.Certificate) -> model.Certificate:
    """A certificate with what was signed in the clear; without it once the person's key is gone."""
    if certificate.enterprise_id is not None or certificate.der is None:
        return certificate
    subject = people.account(q, certificate.account_id).subject_id
    try:
        text = q.open(subject, _der_place(certificate), certificate.der, "evidence")
    except vault.Destroyed:
        return dataclasses.replace(certificate, der=None)
    return dataclasses.replace(certificate, der=base64.b64decode(text))


def title(q: Reader, certificate: model.Certificate) -> str:
    """What a list calls its holder: the enterprise's name, or a person's, masked."""
    named = applicant(q, certificate)
    return named.organization or identifiers.masked_name(named.common_name)
