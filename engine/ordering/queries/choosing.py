"""What can be chosen with an order."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel.reader import Reader
from engine.policies import model as policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Agencies:
    """The CAs and seal agencies by id, as an applicant chooses among them: names, prices, terms."""

    certificate_agencies: dict[str, policies.CertificateAgency]
    seal_agencies: dict[str, policies.SealAgency]


def agencies(q: Reader) -> Agencies:
    """What can be chosen with an order beside the platform (CRT-1)."""
    return Agencies(
        certificate_agencies=q.policies(policies.CertificateAgency),
        seal_agencies=q.policies(policies.SealAgency),
    )
