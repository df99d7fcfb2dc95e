"""Which certificates a seal lists: those that may put it to something."""

from __future__ import annotations

from engine.issuing import coverage
from engine.issuing import model as issuing
from engine.issuing import queries as certificates
from engine.kernel.reader import Reader
from engine.sealing import model
from engine.sealing.queries.seals import certificate_digest

# What a seal is put to.
_SEALED: tuple[coverage.Act, ...] = ("contract", "bid")


def of_account(q: Reader, account_id: str) -> list[issuing.Certificate]:
    """A person's own certificates that are used or may yet be: individual ones, of no enterprise."""
    own = (one for one in certificates.living(q, account_id) if one.enterprise_id is None)
    # A natural person's certificate names them: it is kept under their key.
    return [certificates.opened(q, one) for one in own]


def unlisted(q: Reader, found: model.Seal) -> bool:
    """Whether the seal's owner has a usable certificate that the seal does not list yet."""
    return unlisted_count(q, found) > 0


def unlisted_count(q: Reader, found: model.Seal) -> int:
    """How many usable certificates of its owner a seal does not list yet."""
    return sum(certificate_digest(one) not in found.certificates for one in wanted(q, found))


def wanted(q: Reader, found: model.Seal) -> tuple[bytes, ...]:
    """The usable certificates (DER) that may put a seal to something: the seal lists these.

    What a member holds for signing in alone is on the list of none (ENT-3).
    """
    if found.enterprise_id is not None:
        usable = certificates.active(q, found.enterprise_id)
    else:
        usable = [one for one in of_account(q, found.account_id) if one.usable(q.now)]
    return tuple(
        one.der
        for one in usable
        if one.der is not None and any(coverage.covers(q, one, act) for act in _SEALED)
    )
