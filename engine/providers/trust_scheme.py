"""Who keeps the trust list of mutual recognition: a party apart, whose key signs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cryptography import x509

from engine.kernel import clock, ports
from engine.pki import ceremony, certificates, trust_list

OPERATOR = "全国 CA 互认（模拟）"
LIFETIME_MS = 180 * clock.DAY


@dataclass(frozen=True, kw_only=True)
class SimulatedTrustScheme:
    """`ports.TrustScheme` over a credential; `known` are the issuing authorities that it knows itself."""

    credential: ceremony.Credential
    known: Mapping[str, Sequence[x509.Certificate]]
    # Enclosed, so that who trusts another generation of the root can read the list too.
    bridges: Sequence[x509.Certificate] = ()

    def publish(self, agencies: Sequence[ports.Listed], *, sequence: int, now: int) -> bytes:
        """The signed list; an agency without any certificate is left out."""
        listed = trust_list.TrustList(
            operator=OPERATOR,
            sequence=sequence,
            issued_at=now // clock.SECOND * clock.SECOND,
            next_update=(now + LIFETIME_MS) // clock.SECOND * clock.SECOND,
            agencies=tuple(one for one in map(self._listed, agencies) if one.services),
        )
        return trust_list.publish(
            listed,
            key=self.credential.key,
            certificate=self.credential.certificate,
            chain=self.bridges,
        )

    def _listed(self, agency: ports.Listed) -> trust_list.ListedAgency:
        given = [certificates.from_bytes(one.encode()) for one in agency.certificates]
        return trust_list.ListedAgency(
            label=agency.label,
            name_zh=agency.name_zh,
            name_en=agency.name_en,
            organization=agency.organization,
            uscc=agency.uscc,
            services=tuple(
                trust_list.Service(certificate=one, periods=tuple(_periods(agency.standings, one)))
                for one in given or self.known.get(agency.label, ())
            ),
        )


def _periods(
    standings: Sequence[ports.Standing], certificate: x509.Certificate
) -> Iterator[trust_list.Period]:
    """The course of a service's status: it begins with its certificate at the earliest."""
    begin = clock.from_datetime(certificate.not_valid_before_utc)
    for one in standings:
        if one.until is None or one.until > begin:
            yield trust_list.Period(
                status=trust_list.Status(one.status),
                since=max(one.since, begin),
                until=one.until,
            )
