"""Time-stamp tokens as they come from outside: checked before anything is built on them (RFC 3161).

An answer that is late, foreign, old or about something else is as good as none: whoever asked goes on
without it and says so. The whole of an answer has eight seconds, however slowly its bytes come.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import concurrent.futures
import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko_certvalidator.errors import PathError

from engine.kernel import clock, errors
from engine.pdf import container, increments, trust

# All that a time-stamp or revocation service gets, from the question to the last byte (security.md 8).
DEADLINE_MS = 8 * clock.SECOND
# How far a time-stamp may be from the world's clock.
TOLERATED_MS = 5 * clock.MINUTE
Source = Callable[[bytes], bytes]
T = TypeVar("T")


class TooLate(errors.ProviderUnavailable):
    """The service did not answer in time. Try again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a token says: when it was made, and until when its authority's certificate is good (UTC ms)."""

    made_at: int
    authority_until: int
    authority: str


def in_time(ask: Callable[[], T], deadline_ms: int = DEADLINE_MS) -> T:
    """What a service answers, if it does within the deadline. Who hangs is left hanging.

    Raises: TooLate, and errors.ProviderUnavailable for whatever went wrong on the way.
    """
    apart = concurrent.futures.ThreadPoolExecutor(max_workers=1)
    try:
        return apart.submit(ask).result(timeout=deadline_ms / 1000)
    except TimeoutError as problem:
        raise TooLate from problem
    except errors.ProviderUnavailable:
        raise
    except Exception as problem:
        # A driver's own error, a connection that was reset, an answer that is none: it did not answer.
        raise errors.ProviderUnavailable from problem
    finally:
        apart.shutdown(wait=False, cancel_futures=True)


def _loaded(der: bytes) -> cms.SignedData:
    try:
        return cms.ContentInfo.load(der, strict=True)["content"]
    except (ValueError, TypeError, KeyError) as problem:
        raise container.TimestampUnusable from problem


def read(signed: cms.SignedData) -> Facts:
    """What a token says, unchecked.

    Raises: container.TimestampUnusable.
    """
    try:
        info: tsp.TSTInfo = signed["encap_content_info"]["content"].parsed
        made_at = info["gen_time"].native
        sid = signed["signer_infos"][0]["sid"].chosen
        for choice in signed["certificates"]:
            one = choice.chosen
            if (
                isinstance(one, asn1_x509.Certificate)
                and one.serial_number == sid["serial_number"].native
            ):
                until = one["tbs_certificate"]["validity"]["not_after"].native
                return Facts(made_at=_ms(made_at), authority_until=_ms(until), authority=_name(one))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as problem:
        raise container.TimestampUnusable from problem
    raise container.TimestampUnusable


def checked(
    source: Source,
    *,
    roots: Sequence[x509.Certificate],
    certificates: Sequence[x509.Certificate] = (),
    now_ms: int,
) -> Source:
    """A source of tokens that passes on only those of a trusted authority, made now, over what was asked.

    The source raises: TooLate, errors.ProviderUnavailable, container.TimestampUnusable.
    """

    def stamp(digest: bytes) -> bytes:
        token = in_time(lambda: source(digest))
        signed = _loaded(token)
        late = abs(read(signed).made_at - now_ms) > TOLERATED_MS
        if late or not _holds(signed, digest, roots, certificates, now_ms):
            raise container.TimestampUnusable
        return token

    return stamp


def _holds(
    token: cms.SignedData,
    digest: bytes,
    roots: Sequence[x509.Certificate],
    certificates: Sequence[x509.Certificate],
    now_ms: int,
) -> bool:
    """Whether a token is an authority's under one of the roots, over this SHA-256."""
    known = [increments.asn1(one) for one in certificates]
    known += [
        choice.chosen
        for choice in token["certificates"]
        if isinstance(choice.chosen, asn1_x509.Certificate)
    ]
    moment = datetime.datetime.fromtimestamp(now_ms / 1000, tz=datetime.UTC)
    try:
        trust.require_simple(known)
        material = trust.Material(
            roots=[increments.asn1(one) for one in roots], certificates=known, crls=[], ocsps=[]
        )
        judged, _ = increments.run(trust.judge_timestamp(token, lambda _: digest, material, moment))
    except (trust.TooComplex, PathError, ValueError, TypeError, KeyError, AttributeError):
        return False
    return judged.intact and judged.trusted


def _ms(moment: datetime.datetime) -> int:
    return round(moment.timestamp() * 1000)


def _name(certificate: asn1_x509.Certificate) -> str:
    found = certificate.subject.native.get("common_name", "")
    return str(found[-1] if isinstance(found, list) else found)
