"""The world's certification authorities, time-stampers and seal makers, over their keys.

They stand behind `kernel.ports` like every outside party. Their keys come out of the world's `keys/`
folder; the root's is offline and never here. Answers about status are made from what the engine knows:
lists when something changed (`publishing`), OCSP answers when they are asked for (`responding`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from engine.kernel import errors, ports
from engine.pki import (
    ceremony,
    certificates,
    keys,
    ocsp,
    profiles,
    revocation,
    timestamping,
)
from engine.providers import publishing, responding, stamping
from engine.providers.store import Memory

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
                serial_number=applicant.serial_number,
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


StatusOf = Callable[[str, int], tuple[str, int, str]]


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
        revocations_of: publishing.RevocationsOf,
        revision_of: publishing.RevisionOf,
        makers: Sequence[x509.Certificate] = (),
    ) -> None:
        self.root = root
        self.root_crl = root_crl
        self.agencies = agencies
        self._memory = memory
        self._status_of = status_of
        self._makers = makers
        self._lists = publishing.Lists(memory, revocations_of, revision_of)
        self._responders = responding.Responders(memory)
        self._stamper = stamping.Stamper(memory)

    def _agency(self, label: str) -> Agency:
        found = self.agencies.get(label)
        if found is None:
            raise AgencyUnknown(what=label)
        return found

    def certificate(self, label: str) -> bytes:
        """An authority's certificate (DER); `root` is the root's.

        Raises: AgencyUnknown.
        """
        return certificates.to_der(self.path(label)[0])

    def path(self, label: str) -> Sequence[x509.Certificate]:
        """An authority's certificate and those above it, up to the root.

        Raises: AgencyUnknown.
        """
        if label == "root":
            return (self.root,)
        own = self._agency(label).keys.authority
        return (own.certificate, *own.parents)

    def published(self, label: str) -> publishing.Published:
        """An agency's newest list and delta: every change of status so far is in them.

        Raises: AgencyUnknown, also for the root, whose list comes out of a ceremony.
        """
        return self._lists.newest(self._agency(label).keys.authority)

    def crl(self, label: str) -> bytes:
        """The complete revocation list (DER) that is published.

        Raises: AgencyUnknown.
        """
        return self.root_crl if label == "root" else self.published(label).complete

    def publish(self, agency_id: str) -> None:
        """`ports.ValidationService`: a new list, where the last one lacks a change."""
        self.published(agency_id)

    def responder(self, label: str) -> x509.Certificate:
        """The certificate of who signs an agency's OCSP answers now.

        Raises: AgencyUnknown.
        """
        agency = self._agency(label)
        return self._responders.serving(agency.keys, agency.profiles["ocsp"]).certificate

    def ocsp_answer(self, label: str, request: bytes) -> responding.Answer:
        """The answer to an OCSP request, and how long it may be kept.

        Raises: AgencyUnknown.
        """
        agency = self._agency(label)
        return self._responders.answer(
            agency.keys,
            agency.profiles["ocsp"],
            request,
            lambda serial: self._status(label, agency, serial),
        )

    def ocsp(self, label: str, request: bytes) -> bytes:
        """The answer (DER) to an OCSP request.

        Raises: AgencyUnknown.
        """
        return self.ocsp_answer(label, request).content

    def _status(self, label: str, agency: Agency, serial: int) -> ocsp.CertificateStatus:
        state, revoked_at, reason = self._status_of(label, serial)
        if state == "revoked":
            return ocsp.CertificateStatus(
                state=ocsp.State.REVOKED,
                revoked_at_ms=revoked_at,
                reason=revocation.Reason(reason),
            )
        if state == "unknown" and self._is_its_own(label, agency, serial):
            return ocsp.CertificateStatus(state=ocsp.State.GOOD)
        return ocsp.CertificateStatus(state=ocsp.State(state))

    def _is_its_own(self, label: str, agency: Agency, serial: int) -> bool:
        """Whether an agency issued it to a delegate of its own or to a seal maker, not to a customer."""
        issuer = agency.keys.authority.certificate.subject
        made = [agency.keys.ocsp.certificate, agency.keys.tsa.certificate]
        made += [one for one in self._makers if one.issuer == issuer]
        known = any(one.serial_number == serial for one in made)
        return known or self._responders.made(label, serial)

    def timestamp(self, request: bytes) -> bytes:
        """The answer (DER) to a time-stamp query, by the first agency's time-stamper."""
        agency = next(iter(self.agencies.values()))
        return timestamping.respond(
            request,
            key=agency.keys.tsa.key,
            certificate=agency.keys.tsa.certificate,
            chain=agency.keys.authority.chain,
            moment=self._stamper.moment,
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
