"""Whom a certificate names: an enterprise, or a person of their own."""

from __future__ import annotations

from engine.issuing import model
from engine.kernel import identifiers, ports
from engine.kernel.reader import Reader
from engine.registration import queries as people


def applicant(q: Reader, certificate: model.Certificate) -> ports.Applicant:
    """What the CA is asked to name: the enterprise, or the person by their proven name (CRT-2)."""
    if certificate.enterprise_id is None:
        return ports.Applicant(common_name=people.person_name(q, certificate.account_id))
    enterprise = people.enterprise(q, certificate.enterprise_id)
    return ports.Applicant(
        common_name=enterprise.name, organization=enterprise.name, uscc=enterprise.uscc
    )


def title(q: Reader, certificate: model.Certificate) -> str:
    """What a list calls its holder: the enterprise's name, or a person's, masked."""
    named = applicant(q, certificate)
    return named.organization or identifiers.masked_name(named.common_name)
