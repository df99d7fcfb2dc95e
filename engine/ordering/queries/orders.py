"""Orders as their applicants, staff and the stages above may see them."""

from __future__ import annotations

from engine.kernel import actors, clock, errors, notes, paging
from engine.kernel.reader import Reader
from engine.ordering import model, store
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.registration import model as registration
from engine.registration import queries as people
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Right


def order(q: Reader, order_id: str) -> model.Order:
    """One order, as its applicant or delegate, an entitled member of staff, or the platform itself.

    Raises: NotFound.
    """
    found = q.get(model.Order, "certificate_order", order_id)
    if isinstance(q.actor, actors.Staff):
        staffing.require(q, Right.LOOK_UP, platform_id=found.platform_id, agency_id=found.agency_id)
    elif isinstance(q.actor, actors.Person):
        if q.actor.account_id not in (found.account_id, found.delegate_account_id):
            raise errors.NotFound(what="order")
    elif not isinstance(q.actor, actors.System):
        raise errors.NotFound(what="order")
    return found


def own(q: Reader, order_id: str) -> model.Order:
    """One order for its applicant, who alone pays for it, hands in papers and takes it back.

    Raises: NotFound.
    """
    found = order(q, order_id)
    if people.person(q).account_id != found.account_id:
        raise errors.NotFound(what="order")
    return found


def to_download(q: Reader, order_id: str) -> model.Order:
    """One order for whom its certificate is: a delegate's is not the applicant's to download.

    Raises: NotFound.
    """
    found = order(q, order_id)
    if people.person(q).account_id != found.downloader:
        raise errors.NotFound(what="order")
    return found


def valid_until(q: Reader, found: model.Order, begin: int) -> int:
    """When the certificate of an order ends that begins then: its term, with what an older one leaves.

    A renewal adds its years to the days that are left. A replacement and a change keep the old end, and a
    delegation never outlives what it is within. An event holds for its day.
    """
    if found.product is model.Product.EVENT:
        agency = policy_queries.of_version(q, policies.CertificateAgency, found.policy_version)
        return begin + agency.event_hours * clock.HOUR
    until, carried = begin + found.years * model.YEAR_MS, found.carries_until
    if carried is None:
        return until
    if found.business is model.Business.RENEWAL:
        return max(carried, begin) + found.years * model.YEAR_MS
    if found.business is model.Business.DELEGATION:
        return min(until, carried)
    return carried


def renewal_opens(q: Reader, agency_id: str, ends: int) -> int:
    """From when on a certificate of a CA may be renewed that ends at an instant."""
    return ends - q.policy(policies.CertificateAgency, agency_id).renewal_days * clock.DAY


def scope_of(q: Reader, order_id: str) -> tuple[str, ...]:
    """The acts that the certificate of an order is for; none named means all."""
    return q.get(model.Order, "certificate_order", order_id).scope


def allows(q: Reader, order_id: str, act: str, *, named: bool = False) -> bool:
    """Whether the certificate of an order may be used for an act.

    One that is `named` for acts (a delegate's, an event's) is for those alone, were it none at all.
    """
    scope = scope_of(q, order_id)
    return act in scope if scope or named else True


def stranded(q: Reader, certificate_id: str) -> tuple[notes.Note, ...]:
    """What could not be opened any more once a certificate has given way, as its stages tell."""
    return tuple(note for tell in q.parts.stranded for note in tell(q, certificate_id))


def refund_of(q: Reader, found: model.Order) -> int:
    """What goes back if the order is taken back now: all, or by the CA's rule once it is approved."""
    if found.paid_at is None:
        return 0
    if found.status is not model.OrderStatus.AWAITING_DOWNLOAD:
        return found.amount_fen
    agency = policy_queries.of_version(q, policies.CertificateAgency, found.policy_version)
    return found.amount_fen * agency.refund_percent_ready // 100


def mine(q: Reader, *, window: paging.Window | None = None) -> list[model.Order]:
    """The signed-in person's orders, newest first (我的订单), and those for a certificate of theirs."""
    return store.held_by(q, people.person(q).account_id, window)


def open_orders(q: Reader, account_id: str) -> list[model.Order]:
    """A person's orders that have not ended, newest first."""
    return [one for one in store.of_account(q, account_id) if not model.ORDER.terminal(one.status)]


def open_at(q: Reader, agency_id: str, *, after: str = "", limit: int) -> list[str]:
    """The ids of a CA's orders (empty: of all CAs') that have not ended, from one on, oldest first."""
    return store.open_at(q, agency_id, after, limit)


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Order]:
    """An enterprise's orders, newest first."""
    return store.of_enterprise(q, enterprise_id)


def by_number(q: Reader, number: str) -> model.Order | None:
    """The order with this number."""
    return store.by_number(q, number)


def rejection(q: Reader, order_id: str) -> tuple[registration.ReasonTold, ...]:
    """Why an order was rejected, in both languages, for those who may see the order.

    Raises: NotFound.
    """
    return people.reasons_told(q, order(q, order_id).reasons)


def to_correct(q: Reader, order_id: str) -> tuple[registration.ReasonTold, ...]:
    """Why the enterprise's order before this one was rejected here, where nothing was approved since.

    Raises: NotFound.
    """
    earlier = cases.corrected(q, store.earlier_at(q, order(q, order_id)))
    if earlier is None:
        return ()
    return people.reasons_told(q, q.get(reviewing.Case, "review_case", earlier).reasons)


def shown_status(found: model.Order) -> str:
    """The one label that an applicant sees: both reviews are `in_review` (审核中)."""
    return "in_review" if found.status in model.IN_REVIEW else found.status.value
