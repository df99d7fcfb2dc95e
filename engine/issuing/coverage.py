"""What a certificate is for: a delegate's for what it was given for, a one-time one for its one act.

Every use of a certificate's key names its act (`proofs.require_proof`), so that nothing is done with one
that does not cover it. What members hold within an enterprise's own certificate opens nothing that is
encrypted for the enterprise, and is bound to no account.
"""

from __future__ import annotations

from typing import Literal

from engine.issuing import model
from engine.kernel import errors, identifiers
from engine.kernel.reader import Reader
from engine.ordering import queries as orders
from engine.ordering.model import choices
from engine.registration import queries as people

# Those that a certificate can be delegated or ordered for, and two that only one for everything covers.
Act = Literal["login", "bid", "contract", "bind", "decrypt"]
_ONLY_WHOLE = {"bind": "Binding an account", "decrypt": "Opening encrypted files"}


class OutOfScope(errors.PolicyRefused):
    """{enterprise} ({by}) gave this certificate for: {covered}. {what} is not among it; ask them for it."""


class OtherEvent(errors.PolicyRefused):
    """This one-time certificate is for one thing alone: {covered}. Use another one for this: {what}."""


def covers(q: Reader, certificate: model.Certificate, act: Act) -> bool:
    """Whether a certificate is for an act."""
    named = certificate.delegated_by is not None or certificate.one_time
    return orders.allows(q, certificate.order_id, act, named=named)


def require(q: Reader, certificate: model.Certificate, act: Act) -> None:
    """Refuse a certificate that is not for an act, and say what it is for and who gave it (ENT-3, CRT-2).

    Raises: OutOfScope, OtherEvent.
    """
    if covers(q, certificate, act):
        return
    scope = orders.scope_of(q, certificate.order_id)
    covered = choices.in_words(scope).en if scope else "nothing"
    what = _ONLY_WHOLE[act] if act in _ONLY_WHOLE else choices.ACTS[act].en
    if certificate.delegated_by is None or certificate.enterprise_id is None:
        raise OtherEvent(covered=covered, what=what)
    raise OutOfScope(
        enterprise=people.enterprise(q, certificate.enterprise_id).name,
        by=identifiers.masked_name(people.person_name(q, certificate.delegated_by)),
        covered=covered,
        what=what,
    )
