"""How the authorities of a world are: certificates and their ends, lists and their age, answers, counts."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from engine.boot import hierarchy
from engine.boot.world import World
from engine.issuing import model as issued
from engine.issuing import queries as issuing
from engine.kernel import actors, clock, errors
from engine.pki import keys, trust_list
from engine.pki.transcript import fingerprint
from engine.policies import model as policies
from engine.providers import seals
from engine.trusting import queries as trusting

# Certificates of authorities take a ceremony to renew, so their end is told half a year ahead.
SOON_MS = 183 * clock.DAY
ROOT_LIST_SOON_MS = 90 * clock.DAY
DELEGATE_SOON_MS = 30 * clock.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A certificate of the hierarchy: whose it is, what it is for, and its term."""

    label: str
    kind: str
    certificate: x509.Certificate
    not_before: int
    not_after: int

    @property
    def name(self) -> str:
        """The common name."""
        [found] = self.certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return str(found.value)

    @property
    def sha256(self) -> str:
        """The fingerprint."""
        return fingerprint(self.certificate)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedList:
    """A revocation list: its number, when it was made, until when it holds, how many it lists."""

    number: int
    made_at: int
    until: int
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A root or an issuing authority with what stands around it. `answers`: its OCSP was asked just now."""

    own: Held
    above: str
    current: bool
    revocations: PublishedList
    answers: bool | None
    delegates: tuple[Held, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Something that a person has to see to: what, of which certificate or list, and when."""

    code: str
    subject: str
    due: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything of the PKI at one instant."""

    now: int
    roots: tuple[Authority, ...]
    authorities: tuple[Authority, ...]
    bridges: tuple[Held, ...]
    signer: Held
    makers: tuple[Held, ...]
    listed: trust_list.TrustList | None
    concerns: tuple[Concern, ...]


def status(world: World, actor: actors.Actor) -> Status:
    """How the authorities are now, for any member of staff.

    Raises: NotPermitted.
    """
    engine = world.engine
    now = engine.now()
    counted = _counted(engine.ask(issuing.counts, actor))
    names = list(engine.ask(lambda q: q.policies(policies.CertificateAgency), actor))
    roots = tuple(_root(world, label) for label in world.authorities.roots)
    authorities = tuple(
        _authority(world, label, counted, now)
        for name in names
        for label in world.authorities.agencies
        if hierarchy.agency_of(label) == name
    )
    makers = tuple(
        _held(label, "seal_maker", maker.credential.certificate)
        for label, maker in world.ports.seal_makers.items()
        if isinstance(maker, seals.SealAgency)
    )
    signer = _held("trust-list", "trust_list", world.trust_scheme.credential.certificate)
    listed = _listed(world, actor)
    found = Status(
        now=now,
        roots=roots,
        authorities=authorities,
        bridges=tuple(_held("cross", "cross", one) for one in world.authorities.cross),
        signer=signer,
        makers=makers,
        listed=listed,
        concerns=(),
    )
    concerns = sorted(_concerns(found), key=lambda one: (one.due, one.subject))
    return replace(found, concerns=tuple(concerns))


def _listed(world: World, actor: actors.Actor) -> trust_list.TrustList | None:
    try:
        return world.engine.ask(trusting.current, actor)
    except errors.EngineError:
        # None in force, or one that was changed: the page says so.
        return None


def _ms(moment: datetime.datetime) -> int:
    return clock.from_datetime(moment)


def _held(label: str, kind: str, certificate: x509.Certificate) -> Held:
    return Held(
        label=label,
        kind=kind,
        certificate=certificate,
        not_before=_ms(certificate.not_valid_before_utc),
        not_after=_ms(certificate.not_valid_after_utc),
    )


def _read(der: bytes) -> PublishedList:
    crl = x509.load_der_x509_crl(der)
    until = crl.next_update_utc
    return PublishedList(
        number=crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number,
        made_at=_ms(crl.last_update_utc),
        until=0 if until is None else _ms(until),
        entries=len(crl),
    )


def _root(world: World, label: str) -> Authority:
    found = world.authorities.roots[label]
    return Authority(
        own=_held(label, "root", found.certificate),
        above="",
        current=found.certificate == world.authorities.root,
        revocations=_read(found.crl),
        answers=None,
        delegates=(),
        counts={},
    )


def _authority(
    world: World, label: str, counted: Mapping[str, Counter[str]], now: int
) -> Authority:
    online = world.authorities
    own = online.agencies[label].keys
    above = next(
        (
            name
            for name, root in online.roots.items()
            if root.certificate.subject == own.authority.certificate.issuer
        ),
        "",
    )
    return Authority(
        own=_held(label, "issuing_ca", own.authority.certificate),
        above=above,
        current=online.current[hierarchy.agency_of(label)] == label,
        revocations=_read(online.crl(label)),
        answers=answers(world, label, now),
        delegates=(
            _held(label, "ocsp", online.responder(label)),
            _held(label, "tsa", own.tsa.certificate),
        ),
        counts=counted.get(label, Counter()),
    )


def _counted(rows: Sequence[issued.StateCount]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for row in rows:
        label = hierarchy.label_of(row.agency_id, row.generation)
        found.setdefault(label, Counter())[row.state] += row.count
    return found


def answers(world: World, label: str, now: int) -> bool:
    """Whether an authority's responder answers now, rightly signed: it is asked about its time-stamper."""
    own = world.authorities.agencies[label].keys
    asked = ocsp.OCSPRequestBuilder().add_certificate(
        own.tsa.certificate, own.authority.certificate, hashes.SHA256()
    )
    try:
        told = ocsp.load_der_ocsp_response(
            world.authorities.ocsp(label, asked.build().public_bytes(Encoding.DER))
        )
        if told.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return False
        until = told.next_update_utc
        signed = keys.verify(
            world.authorities.responder(label).public_key(), told.signature, told.tbs_response_bytes
        )
    except (errors.EngineError, ValueError):
        return False
    fresh = _ms(told.this_update_utc) <= now and until is not None and now < _ms(until)
    return signed and fresh and told.certificate_status is ocsp.OCSPCertStatus.GOOD


def _concerns(found: Status) -> list[Concern]:
    concerns: list[Concern] = []
    for root in found.roots:
        concerns += _ending(root.own, found.now, SOON_MS)
        if root.revocations.until - found.now < ROOT_LIST_SOON_MS:
            concerns.append(
                Concern(code="list_ends", subject=root.own.name, due=root.revocations.until)
            )
    for one in found.authorities:
        if one.current:
            concerns += _ending(one.own, found.now, SOON_MS)
        # The responders follow each other by themselves; a time-stamper comes out of a ceremony.
        for delegate in one.delegates:
            soon = SOON_MS if delegate.kind == "tsa" else 0
            concerns += _ending(delegate, found.now, soon)
        if not one.answers:
            concerns.append(Concern(code="silent", subject=one.own.name, due=found.now))
        if one.revocations.until <= found.now:
            concerns.append(
                Concern(code="list_ends", subject=one.own.name, due=one.revocations.until)
            )
    for held in (found.signer, *found.makers):
        concerns += _ending(held, found.now, SOON_MS)
    if found.listed is None:
        concerns.append(Concern(code="no_trust_list", subject="", due=found.now))
    elif found.listed.next_update - found.now < DELEGATE_SOON_MS:
        concerns.append(Concern(code="trust_list_ends", subject="", due=found.listed.next_update))
    return concerns


def _ending(held: Held, now: int, soon: int) -> list[Concern]:
    if held.not_after - now >= soon and held.not_after > now:
        return []
    return [Concern(code="certificate_ends", subject=held.name, due=held.not_after)]
