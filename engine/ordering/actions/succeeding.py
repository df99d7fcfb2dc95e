"""Renewing, replacing and changing a certificate: a new one takes the place of the old (CRT-3).

The old one ends when the new one is in use, never before: nobody is left without a certificate by an order
that is rejected or taken back.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel import clock, errors, notes
from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.ordering import making, model, queries, store
from engine.ordering.actions.placing import MAY_ORDER, HoldsCertificate
from engine.ordering.model import choices
from engine.policies import model as policies
from engine.registration import queries as people


class TooEarlyToRenew(errors.PolicyRefused):
    """This certificate can be renewed from {day} on, in the last {days} days before its end."""


class HasEnded(errors.PolicyRefused):
    """This certificate has ended. Apply for a new one."""


class OnHold(errors.PolicyRefused):
    """This certificate is suspended. Resume it first, then renew it."""


class HeldByStaff(errors.PolicyRefused):
    """The CA has put this certificate on hold. Ask the CA first."""


class OfDelegate(errors.PolicyRefused):
    """This certificate was delegated to you. Your administrator can delegate another one."""


class NothingChanged(errors.PolicyRefused):
    """The enterprise's particulars have not changed since this certificate was issued."""


class StrandsFiles(errors.PolicyRefused):
    """{count} files open with this certificate's key alone. Confirm that you know before it gives way."""


@second_factor
def replace_certificate(
    op: Operation, *, certificate_id: str, why: str, stranding_confirmed: bool = False
) -> model.Order:
    """Order a new pair for the rest of the term: the phone is lost, or the PIN forgotten (补办).

    Emits: order.placed and what begins. Source: CRT-3; domain-rules 4 (the old pair is revoked as
    superseded). Raises: HasEnded, HeldByStaff, OfDelegate, StrandsFiles, NotOffered, OrderRunning,
    NotFound.
    """
    if why not in choices.WHY:
        raise making.NotOffered(field="why", what=why)
    held, old = _held(op, certificate_id)
    _require_alive(held)
    return _succeed(op, held, old, model.Business.REPLACEMENT, 0, stranding_confirmed, why=why)


def renew_certificate(
    op: Operation, *, certificate_id: str, years: int, stranding_confirmed: bool = False
) -> model.Order:
    """Order the same certificate for further years; the days that are left are carried over (续期).

    Emits: order.placed and what begins. Raises: TooEarlyToRenew, HasEnded, OnHold, HeldByStaff, OfDelegate,
    StrandsFiles, NotOffered, OrderRunning, NotFound. Source: CRT-3; domain-rules 4 (the last 90 days).
    """
    held, old = _held(op, certificate_id)
    _require_alive(held)
    if held.status == "suspended":
        raise OnHold()
    opens = queries.renewal_opens(op, old.agency_id, held.ends)
    if op.now < opens:
        days = op.policy(policies.CertificateAgency, old.agency_id).renewal_days
        raise TooEarlyToRenew(day=clock.civil_date(opens).isoformat(), days=days)
    platform = op.policy(policies.Platform, old.platform_id)
    if years not in platform.years:
        raise making.NotOffered(field="years", what=str(years))
    return _succeed(op, held, old, model.Business.RENEWAL, years, stranding_confirmed)


def change_certificate(
    op: Operation, *, certificate_id: str, stranding_confirmed: bool = False
) -> model.Order:
    """Order a new pair that says what an enterprise's particulars are now, for the rest of the term (变更).

    The old one is living, or was revoked because it names what changed.
    Emits: order.placed and what begins. Source: CRT-3, ENT-4. Raises: NothingChanged, HasEnded,
    HeldByStaff, OfDelegate, HoldsCertificate, StrandsFiles, NotOffered, OrderRunning, NotFound.
    """
    held, old = _held(op, certificate_id)
    if held.reason != "affiliationChanged":
        _require_alive(held)
    elif held.ends <= op.now:
        raise HasEnded()
    elif store.living_certificate(op, old.holder, old.platform_id, old.product) is not None:
        raise HoldsCertificate()
    if old.enterprise_id is None:
        raise NothingChanged()
    if people.particulars(op, old.enterprise_id).changed_at <= held.begins:
        raise NothingChanged()
    return _succeed(op, held, old, model.Business.CHANGE, 0, stranding_confirmed)


def _held(op: Operation, certificate_id: str) -> tuple[notes.Holding, model.Order]:
    """The certificate and its order, for who holds it or orders for its enterprise."""
    me = people.person(op).account_id
    held = op.parts.holding(op, certificate_id)
    if held is None:
        raise errors.NotFound(what="certificate")
    old = op.get(model.Order, "certificate_order", held.order_id)
    if old.enterprise_id is None and held.account_id != me:
        raise errors.NotFound(what="certificate")
    if old.enterprise_id is not None:
        people.require_member(op, old.enterprise_id, MAY_ORDER)
    if old.business is model.Business.DELEGATION:
        raise OfDelegate()
    if old.product is model.Product.EVENT:
        raise making.NotOffered(what=old.product.value)
    return held, old


def _require_alive(held: notes.Holding) -> None:
    if held.status not in ("active", "suspended"):
        raise HasEnded()
    if held.held_by == "staff":
        raise HeldByStaff()


def _succeed(
    op: Operation,
    held: notes.Holding,
    old: model.Order,
    business: model.Business,
    years: int,
    confirmed: bool,
    *,
    why: str = "",
) -> model.Order:
    account = people.real_named(op)
    platform = mall.open_platform(op, old.platform_id)
    if old.agency_id not in platform.agencies:
        raise making.NotOffered(field="agency_id", what=old.agency_id)
    _require_confirmed(queries.stranded(op, held.id), confirmed)
    return making.make(
        op,
        making.Wanted(
            account_id=account.id,
            product=old.product,
            business=business,
            holder=old.holder,
            enterprise_id=old.enterprise_id,
            platform_id=old.platform_id,
            agency_id=old.agency_id,
            seal_agency_id=old.seal_agency_id,
            certificate_kind=old.certificate_kind,
            years=years,
            replaces=held.id,
            carries_until=held.ends,
            why=why,
        ),
    )


def _require_confirmed(stranded: Sequence[notes.Note], confirmed: bool) -> None:
    if stranded and not confirmed:
        raise StrandsFiles(field="stranding_confirmed", count=len(stranded))
