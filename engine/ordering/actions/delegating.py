"""Delegating an enterprise's certificate to a member, who downloads one and sets their own PIN (ENT-3)."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.ordering import making, model, store
from engine.ordering.actions.succeeding import HasEnded, OfDelegate
from engine.ordering.model import choices
from engine.registration import model as registration
from engine.registration import queries as people


class DelegateUnknown(errors.InvalidInput):
    """Choose a member of the enterprise other than yourself."""


class DelegateNotRealNamed(errors.PolicyRefused):
    """This member has not proven their name yet. They do that first, on their own phone."""


class DelegateHolds(errors.PolicyRefused):
    """This member holds a delegated certificate for this platform already. Withdraw that one first."""


class ScopeMissing(errors.InvalidInput):
    """Say what the member may use the certificate for: at least one of those listed."""


@second_factor
def delegate_certificate(
    op: Operation, *, certificate_id: str, account_id: str, scope: tuple[str, ...], years: int
) -> model.Order:
    """Order a certificate for a member, within the enterprise's own: for these acts alone.

    Once it is ready the member is told, downloads it, and sets their own PIN; withdrawing ends it.
    It never outlives the enterprise's own. Emits: order.placed and what begins. Source: ENT-3.
    Raises: HasEnded, OfDelegate, DelegateUnknown, DelegateNotRealNamed, DelegateHolds, ScopeMissing,
    NotOffered, OrderRunning, NotFound, people.NotAMember.
    """
    administrator = people.real_named(op)
    held = op.parts.holding(op, certificate_id)
    if held is None or held.enterprise_id is None:
        raise errors.NotFound(what="certificate")
    people.require_member(op, held.enterprise_id, (registration.MemberRole.ADMINISTRATOR,))
    own = op.get(model.Order, "certificate_order", held.order_id)
    if own.business is model.Business.DELEGATION:
        raise OfDelegate()
    if held.status != "active" or own.product is not model.Product.ENTERPRISE:
        raise HasEnded()
    if not scope or not set(scope) <= set(choices.ACTS):
        raise ScopeMissing(field="scope")
    _require_delegate(op, held.enterprise_id, account_id, administrator.id)
    platform = mall.open_platform(op, own.platform_id)
    if years not in platform.years:
        raise making.NotOffered(field="years", what=str(years))
    holder = f"{held.enterprise_id}/{account_id}"
    if store.living_certificate(op, holder, own.platform_id, own.product) is not None:
        raise DelegateHolds(field="account_id")
    return making.make(
        op,
        making.Wanted(
            account_id=administrator.id,
            product=own.product,
            business=model.Business.DELEGATION,
            holder=holder,
            enterprise_id=held.enterprise_id,
            platform_id=own.platform_id,
            agency_id=own.agency_id,
            seal_agency_id=own.seal_agency_id,
            certificate_kind=own.certificate_kind,
            years=years,
            replaces=held.id,
            carries_until=held.ends,
            delegate_account_id=account_id,
            # In the order in which they are listed, each once.
            scope=tuple(act for act in choices.ACTS if act in scope),
        ),
    )


def _require_delegate(op: Operation, enterprise_id: str, account_id: str, own_id: str) -> None:
    if account_id == own_id or people.membership(op, enterprise_id, account_id) is None:
        raise DelegateUnknown(field="account_id")
    if people.account(op, account_id).real_name_at is None:
        raise DelegateNotRealNamed(field="account_id")
