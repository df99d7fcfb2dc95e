"""Which certificates a seal lists: those that may put it to something."""

from __future__ import annotations

from engine.issuing import coverage
from engine.issuing import queries as certificates
from engine.kernel.reader import Reader
from engine.sealing.queries import certificate_digest

# What a seal is put to.
_SEALED: tuple[coverage.Act, ...] = ("contract", "bid")


def unlisted(q: Reader, enterprise_id: str, listed: tuple[str, ...]) -> bool:
    """Whether the enterprise has a usable certificate that a seal does not list yet."""
    found = with_seals(q, enterprise_id)
    return any(certificate_digest(one) not in listed for one in found)


def with_seals(q: Reader, enterprise_id: str) -> tuple[bytes, ...]:
    """The usable certificates (DER) that may put an enterprise's seals to something: a seal lists these.

    What a member holds for signing in alone is on the list of none (ENT-3).
    """
    return tuple(
        one.der
        for one in certificates.active(q, enterprise_id)
        if one.der is not None and any(coverage.covers(q, one, act) for act in _SEALED)
    )
