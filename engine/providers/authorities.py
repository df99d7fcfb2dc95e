"""The world's certification authorities, time-stampers and seal makers, over their keys.

They stand behind `kernel.ports` like every outside party. Their keys come out of the world's `keys/`
folder; the root's is offline and never here. Answers about status (CRL, OCSP) are made from what the
engine knows at the moment they are asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from engine.kernel import clock, errors, ports
from engine.pki import authority, ceremony, certificates, keys, ocsp, profiles, timestamping
from engine.providers.store import Memory

CRL_LIFETIME_MS = 7 * clock.DAY
OCSP_LIFETIME_MS = 10 * clock.MINUTE
TSA_POLICY = "1.2.156.99999.3.1"


class AgencyUnknown(errors.NotFound):
    """There is no certification authority called “{what}”."""


@dataclass(frozen=True, kw_only=True)
class Agency:
    """`ports.CertificateAgency` over an issuing authority's keys."""

    keys: ceremony.AgencyKeys
    profiles: Mapping[str, profiles.Profile]

    def issue(self, request: ports.CertificateRequest) -> bytes:
        """The certificate, linted before it was signed; equal requests give equal bytes."""
        applicant = request.applicant
        certificate = self.keys.authority.issue(
            profile=self.profiles[request.profile],
            subject=certificates.Subject(
                common_name=applicant.common_name,
                organization=applicant.organization,
                uscc=applicant.uscc,
                state=applicant.state,
                locality=applicant.locality,
            ),
            public_key=keys.public_from_der(request.public_key),  # type: ignore[arg-type]
            serial=request.serial,
            not_before_ms=request.not_before,
            not_after_ms=request.not_after,
        )
        return certificates.to_der(certificate)

    def chain(self) -> Sequence[bytes]:
        """From the issuing authority to the root."""
        own = self.keys.authority
        path = (own.certificate, *own.parents)
        return [certificates.to_der(one) for one in path]

    def crl(self, revoked: Sequence[ports.Revocation], *, number: int, now: int) -> bytes:
        """A complete revocation list."""
        return self.keys.authority.crl(
            revoked=[
                authority.Revoked(
                    serial=one.serial,
                    revoked_at_ms=one.revoked_at,
                    reason=authority.Reason(one.reason),
                )
                for one in revoked
            ],
            number=number,
            this_update_ms=now,
            next_update_ms=now + CRL_LIFETIME_MS,
        )


StatusOf = Callable[[str, int], tuple[str, int, str]]
RevokedOf = Callable[[str], Sequence[ports.Revocation]]


class Authorities:
    """Everything of the PKI that is online: issuing, CRL, OCSP, time-stamps."""

    def __init__(
        self,
        *,
        root: x509.Certificate,
        root_crl: bytes,
        agencies: Mapping[str, Agency],
        memory: Memory,
        status_of: StatusOf,
        revoked_of: RevokedOf,
    ) -> None:
        self.root = root
        self.root_crl = root_crl
        self.agencies = agencies
        self._memory = memory
        self._status_of = status_of
        self._revoked_of = revoked_of

    def _agency(self, label: str) -> Agency:
        found = self.agencies.get(label)
        if found is None:
            raise AgencyUnknown(what=label)
        return found

    def certificate(self, label: str) -> bytes:
        """An authority's certificate (DER); `root` is the root's.

        Raises: AgencyUnknown.
        """
        if label == "root":
            return self.root.public_bytes(Encoding.DER)
        return certificates.to_der(self._agency(label).keys.authority.certificate)

    def crl(self, label: str) -> bytes:
        """A fresh revocation list (DER) with the next number.

        Raises: AgencyUnknown.
        """
        if label == "root":
            return self.root_crl
        agency = self._agency(label)
        number = self._memory.next_number(f"crl/{label}")
        return agency.crl(self._revoked_of(label), number=number, now=self._memory.now())

    def ocsp(self, label: str, request: bytes) -> bytes:
        """The answer (DER) to an OCSP request.

        Raises: AgencyUnknown.
        """
        agency, now = self._agency(label), self._memory.now()

        def status(serial: int) -> ocsp.CertificateStatus:
            state, revoked_at, reason = self._status_of(label, serial)
            if state != "revoked":
                return ocsp.CertificateStatus(state=ocsp.State(state))
            return ocsp.CertificateStatus(
                state=ocsp.State.REVOKED,
                revoked_at_ms=revoked_at,
                reason=authority.Reason(reason),
            )

        return ocsp.respond(
            request,
            authority=agency.keys.authority,
            responder_key=agency.keys.ocsp.key,
            responder_certificate=agency.keys.ocsp.certificate,
            status_of=status,
            this_update_ms=now,
            next_update_ms=now + OCSP_LIFETIME_MS,
        )

    def timestamp(self, request: bytes) -> bytes:
        """The answer (DER) to a time-stamp query, by the first agency's time-stamper."""
        agency = next(iter(self.agencies.values()))
        return timestamping.respond(
            request,
            key=agency.keys.tsa.key,
            certificate=agency.keys.tsa.certificate,
            chain=agency.keys.authority.chain,
            now_ms=self._memory.now(),
            serial=self._memory.next_number("timestamp"),
            policy=TSA_POLICY,
        )

    def stamp(self, digest: bytes, *, now: int) -> bytes:
        """`ports.TimestampAuthority`: a token over a SHA-256 digest."""
        nonce = int.from_bytes(hashlib.sha256(digest).digest()[:8], "big")
        return timestamping.token_of(self.timestamp(timestamping.make_query(digest, nonce)))

    def material(self, agency_ids: Sequence[str]) -> tuple[Sequence[bytes], Sequence[bytes]]:
        """`ports.ValidationService`: the certificates and CRLs of these agencies and the TSA's, no more.

        What a validator has no use for could be changed in a file without anybody noticing.
        """
        stamper = next(iter(self.agencies))
        wanted = list(dict.fromkeys((*agency_ids, stamper)))
        found = [self.root.public_bytes(Encoding.DER)]
        found += [self.certificate(label) for label in wanted]
        found.append(certificates.to_der(self.agencies[stamper].keys.tsa.certificate))
        return found, [self.root_crl, *(self.crl(label) for label in wanted)]
