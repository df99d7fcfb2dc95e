"""What the trust list says of a certificate, and what is to be put on the next one."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from cryptography import x509

from engine.kernel import errors, ports
from engine.kernel.reader import Reader
from engine.pki import certificates, trust_list
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.trusting import model, store


class NoListInForce(errors.PolicyRefused):
    """No trust list is in force now, so certificates of other platforms do not count. Try again later."""


class NotRecognized(errors.PolicyRefused):
    """The CA of this certificate is not on the list of mutual recognition. Use another certificate."""


class RecognitionSuspended(errors.PolicyRefused):
    """The recognition of {agency} is suspended. Use another CA's certificate or the platform's own QR."""


class RecognitionWithdrawn(errors.PolicyRefused):
    """{agency} is no longer recognized country-wide. Use a certificate of another CA."""


_REFUSALS: dict[trust_list.Refused, type[errors.PolicyRefused]] = {
    trust_list.Refused.LIST_STALE: NoListInForce,
    trust_list.Refused.NOT_LISTED: NotRecognized,
    trust_list.Refused.NOT_VALID: NotRecognized,
    trust_list.Refused.SUSPENDED: RecognitionSuspended,
    trust_list.Refused.WITHDRAWN: RecognitionWithdrawn,
}


@functools.lru_cache(maxsize=16)
def _anchors(roots: tuple[bytes, ...]) -> tuple[x509.Certificate, ...]:
    return tuple(certificates.from_bytes(one) for one in roots)


def read(q: Reader, document: bytes) -> trust_list.TrustList:
    """A signed list, verified up to the roots that this world trusts.

    Raises: trust_list.TrustListUnusable.
    """
    return trust_list.read(document, _anchors(q.parts.anchors), q.now)


def newest(q: Reader) -> model.AdoptedList | None:
    """The list that was adopted last: what is published."""
    return store.newest(q)


def lists(q: Reader) -> list[model.AdoptedList]:
    """Every list that was adopted, newest first."""
    return store.lists(q)


def current(q: Reader) -> trust_list.TrustList:
    """The list in force, its signature verified once more.

    Raises: NoListInForce, trust_list.TrustListUnusable.
    """
    found = store.newest(q)
    if found is None or not found.issued_at <= q.now < found.next_update:
        raise NoListInForce()
    return read(q, found.document)


def recognised(q: Reader, chain: Sequence[bytes]) -> trust_list.Recognition:
    """What the list in force says of a certificate (DER, with those above it that came along).

    Raises: NoListInForce, trust_list.TrustListUnusable.
    """
    return trust_list.recognised(current(q), chain, q.now)


def require_recognised(q: Reader, chain: Sequence[bytes]) -> trust_list.ListedAgency:
    """The recognized agency that issued a certificate.

    Raises: NoListInForce, NotRecognized, RecognitionSuspended, RecognitionWithdrawn.
    """
    found = recognised(q, chain)
    if found.refused is not None:
        named = "" if found.agency is None else found.agency.name_zh
        raise _REFUSALS[found.refused](agency=named)
    if found.agency is None:
        raise NotRecognized()
    return found.agency


def is_recognised(q: Reader, agency_id: str) -> bool:
    """Whether an agency of this platform is on the list in force and granted: may it sell national ones?"""
    return not why_not(q, (agency_id,))[agency_id]


def why_not(q: Reader, agency_ids: Iterable[str]) -> dict[str, str]:
    """Why each agency of this platform may sell no national certificates now; empty where it may.

    The one rule of ordering and of binding: the list in force. A code of `trust_list.Refused`.
    """
    try:
        listed = current(q)
    except NoListInForce:
        return dict.fromkeys(agency_ids, trust_list.Refused.LIST_STALE.value)
    granted, standing = trust_list.Status.GRANTED, {}
    for agency in listed.agencies:
        statuses = {service.status_at(q.now) for service in agency.services}
        if granted in statuses:
            standing[agency.label] = ""
        elif trust_list.Status.SUSPENDED in statuses:
            standing[agency.label] = trust_list.Refused.SUSPENDED.value
        elif trust_list.Status.WITHDRAWN in statuses:
            standing[agency.label] = trust_list.Refused.WITHDRAWN.value
    return {one: standing.get(one, trust_list.Refused.NOT_LISTED.value) for one in agency_ids}


def to_be_listed(q: Reader) -> list[ports.Listed]:
    """Every agency as the settings have it at `q.now`, with the course of its status."""
    return [
        ports.Listed(
            label=name,
            name_zh=agency.label.zh,
            name_en=agency.label.en,
            organization=agency.organization,
            uscc=agency.code,
            certificates=agency.certificates,
            standings=tuple(_standings(q, name)),
        )
        for name, agency in q.policies(policies.RecognizedAgency).items()
    ]


def _standings(q: Reader, name: str) -> list[ports.Standing]:
    versions = [
        one
        for one in policy_queries.history(q, policies.RecognizedAgency.KIND, name)
        if one.approved_at is not None and one.effective_at <= q.now
    ]
    # Of two that hold from one instant the later version counts; of one after the other, equal ones join.
    course: list[ports.Standing] = []
    for version in sorted(versions, key=lambda one: one.version):
        setting = policy_queries.of_version(q, policies.RecognizedAgency, version.id)
        since = version.effective_at or version.created_at
        if course and course[-1].status == setting.status:
            continue
        if course:
            course[-1] = ports.Standing(
                status=course[-1].status, since=course[-1].since, until=since
            )
        course.append(ports.Standing(status=setting.status, since=since))
    return course
