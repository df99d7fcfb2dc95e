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

from engine.kernel import errors, ports
from engine.pki import (
    ceremony,
    certificates,
    profiles,
    revocation,
    timestamping,
)
from engine.pki.ocsp import CertificateStatus, State
from engine.providers import publishing, responding, stamping
from engine.providers.store import Memory

TSA_POLICY = "1.2.156.99999.3.1"


class AgencyUnknown(errors.NotFound):
    """There is no certification authority called “{what}”."""


class KeysNotHere(errors.ProviderUnavailable):
    """The agency's keys of generation {generation} are not in this process. Start it anew."""


@dataclass(frozen=True, kw_only=True)
class Agency:
    """`ports.CertificateAgency` over an agency's keys: the present ones, and those before them.

    The first octet of a serial is the generation it was reserved for, and that generation signs it: what
    was asked for before a change of keys and is answered after it comes from the keys it was meant for.
    """

    keys: ceremony.AgencyKeys
    profiles: Mapping[str, profiles.Profile]
    earlier: tuple[ceremony.AgencyKeys, ...] = ()

    @property
    def generation(self) -> int:
        """The number of the present keys."""
        return len(self.earlier) + 1

    def _keys_for(self, serial: int) -> ceremony.AgencyKeys:
        generation = certificates.serial_prefix(serial)
        if not 1 <= generation <= self.generation:
            # Reserved by a process that knows newer keys already: this one is to be started anew.
            raise KeysNotHere(generation=generation)
        return (*self.earlier, self.keys)[generation - 1]

    def issue(self, request: ports.CertificateRequest) -> bytes:
        """The certificate, linted before it was signed; equal requests give equal bytes."""
        applicant = request.applicant
        return self._keys_for(request.serial).authority.issue_encoded(
            profile=self.profiles[request.profile],
            subject=certificates.Subject(
                common_name=applicant.common_name,
                organization=applicant.organization,
                uscc=applicant.uscc,
                state=applicant.state,
                locality=applicant.locality,
                serial_number=applicant.serial_number,
            ),
            public_key=request.public_key,
            serial=request.serial,
            not_before_ms=request.not_before,
            not_after_ms=request.not_after,
        )

    def chain(self) -> Sequence[bytes]:
        """From the issuing authority to the root."""
        own = self.keys.authority
        path = (own.certificate, *own.parents)
        return [certificates.to_der(one) for one in path]


StatusOf = Callable[[str, int], tuple[str, int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineRoot:
    """A root whose key is in a safe: its certificate, and the list that the last ceremony published."""

    certificate: x509.Certificate
    crl: bytes


class Authorities:
    """Everything of the PKI that is online: issuing, CRL, OCSP, time-stamps.

    `agencies` are issuing authorities by their own label, of every generation; `current` has the label of
    each agency's present one. `roots` go from the first to the newest, and `cross` bridges them.
    """

    def __init__(
        self,
        *,
        roots: Mapping[str, OfflineRoot],
        agencies: Mapping[str, Agency],
        current: Mapping[str, str],
        memory: Memory,
        status_of: StatusOf,
        revocations_of: publishing.RevocationsOf,
        revision_of: publishing.RevisionOf,
        makers: Sequence[x509.Certificate] = (),
        cross: Sequence[x509.Certificate] = (),
    ) -> None:
        self.roots = roots
        self.cross = cross
        self.agencies = agencies
        self.current = current
        self._memory = memory
        self._status_of = status_of
        self._makers = makers
        self._lists = publishing.Lists(memory, revocations_of, revision_of)
        self._responders = responding.Responders(memory)
        self._stamper = stamping.Stamper(memory)

    @property
    def root(self) -> x509.Certificate:
        """The newest root."""
        *_, newest = self.roots.values()
        return newest.certificate

    def _agency(self, label: str) -> Agency:
        found = self.agencies.get(label)
        if found is None:
            raise AgencyUnknown(what=label)
        return found

    def certificate(self, label: str) -> bytes:
        """An authority's certificate (DER); `root` is the first root's.

        Raises: AgencyUnknown.
        """
        return certificates.to_der(self.path(label)[0])

    def path(self, label: str) -> Sequence[x509.Certificate]:
        """An authority's certificate and those above it, up to the root.

        Raises: AgencyUnknown.
        """
        if label in self.roots:
            return (self.roots[label].certificate,)
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
        if label in self.roots:
            return self.roots[label].crl
        return self.published(label).complete

    def publish(self, agency_id: str) -> None:
        """`ports.ValidationService`: new lists of an agency, where the last ones lack a change."""
        for label in self._labels(agency_id):
            self.published(label)

    def _labels(self, agency_id: str) -> list[str]:
        """The labels of all generations of an agency."""
        current = self._agency(self.current.get(agency_id, agency_id))
        return [one.authority.label for one in (*current.earlier, current.keys)]

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

    def ocsp_ready(self, label: str, request: bytes) -> responding.Answer | None:
        """The answer that is kept ready for an OCSP request; None where it has to be looked up.

        It never waits, so that it can be asked for on the web process's event loop.
        """
        return self._responders.ready(label, request)

    def ocsp(self, label: str, request: bytes) -> bytes:
        """The answer (DER) to an OCSP request.

        Raises: AgencyUnknown.
        """
        return self.ocsp_answer(label, request).content

    def _status(self, label: str, agency: Agency, serial: int) -> CertificateStatus:
        state, revoked_at, reason = self._status_of(label, serial)
        if state == "revoked":
            return CertificateStatus(
                state=State.REVOKED,
                revoked_at_ms=revoked_at,
                reason=revocation.Reason(reason),
            )
        if state == "unknown" and self._is_its_own(label, agency, serial):
            return CertificateStatus(state=State.GOOD)
        return CertificateStatus(state=State(state))

    def _is_its_own(self, label: str, agency: Agency, serial: int) -> bool:
        """Whether an agency issued it to a delegate of its own or to a seal maker, not to a customer."""
        issuer = agency.keys.authority.certificate.subject
        made = [agency.keys.ocsp.certificate, agency.keys.tsa.certificate]
        made += [one for one in self._makers if one.issuer == issuer]
        known = any(one.serial_number == serial for one in made)
        return known or self._responders.made(label, serial)

    def timestamp(self, request: bytes) -> bytes:
        """The answer (DER) to a time-stamp query, by the first agency's time-stamper."""
        return self._stamped(request)

    def _stamped(self, request: bytes) -> bytes:
        agency = self.agencies[self._stamping]
        return timestamping.respond(
            request,
            key=agency.keys.tsa.key,
            certificate=agency.keys.tsa.certificate,
            chain=agency.keys.authority.chain,
            moment=self._stamper.moment,
            policy=TSA_POLICY,
        )

    @property
    def _stamping(self) -> str:
        return next(iter(self.current.values()))

    def stamp(self, digest: bytes, *, now: int) -> bytes:
        """`ports.TimestampAuthority`: a token over a SHA-256 digest."""
        nonce = int.from_bytes(hashlib.sha256(digest).digest()[:8], "big")
        return timestamping.token_of(self._stamped(timestamping.make_query(digest, nonce)))

    def material(self, agency_ids: Sequence[str]) -> tuple[Sequence[bytes], Sequence[bytes]]:
        """`ports.ValidationService`: the certificates and CRLs of these agencies and the TSA's, no more.

        What a validator has no use for could be changed in a file without anybody noticing.
        """
        named = [label for agency_id in agency_ids for label in self._labels(agency_id)]
        wanted = list(dict.fromkeys((*named, self._stamping)))
        above = [*(one.certificate for one in self.roots.values()), *self.cross]
        found = [certificates.to_der(one) for one in above]
        found += [self.certificate(label) for label in wanted]
        found.append(certificates.to_der(self.agencies[self._stamping].keys.tsa.certificate))
        lists = [one.crl for one in self.roots.values()]
        return found, [*lists, *(self.crl(label) for label in wanted)]
