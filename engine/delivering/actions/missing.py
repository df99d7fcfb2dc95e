"""What did not arrive: reported by its person, written off or sent again by staff, or found (INV-2)."""

from __future__ import annotations

from engine.delivering import model, queries
from engine.delivering.actions.shipments import copied, made, move, tell, texts_of
from engine.delivering.store import shipments as store
from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.registration import queries as people
from engine.staffing import queries as staffing
from engine.staffing.model import Right

_S = model.ShipmentStatus


class NothingPosted(errors.NotFound):
    """Nothing was posted to you for this."""


class NotYetOverdue(errors.PolicyRefused):
    """It was handed to the courier less than {days} days ago. If it has not come by then, report it."""


class TooLateToReport(errors.PolicyRefused):
    """It was handed to the courier more than {days} days ago, too long to look for it. Call the hotline."""


class NotOnItsWay(errors.Conflict):
    """This is not on its way now. Look at where it stands."""


class NotToBeRedirected(errors.Conflict):
    """This is on its way or has arrived, so it cannot go to another address any more."""


class NotToBeSentAgain(errors.Conflict):
    """Only what was lost, came back, was not taken or stands still is sent again, and once."""


class NotSilent(errors.Conflict):
    """Something was heard of this within the last {days} days. It is not written off yet."""


def _own(op: Operation, subject: str) -> model.Shipment:
    """The newest shipment of something to the signed-in person.

    Raises: NothingPosted.
    """
    me = people.person(op).account_id
    found = next(iter(store.of_subject(op, subject)), None)
    if found is None or found.account_id != me:
        raise NothingPosted(what="shipment")
    return found


def report_lost(op: Operation, *, subject: str) -> model.ShipmentShown:
    """Say that what was posted has not come, also where the courier says that it was delivered.

    Emits: shipment.was_lost. Raises: NothingPosted, NotOnItsWay, NotYetOverdue, TooLateToReport.
    """
    found = _own(op, subject)
    if found.status not in (*model.OUT, _S.DELIVERED) or found.handed_over_at is None:
        raise NotOnItsWay(field="subject")
    rules = op.policy(policies.DeliveryRules)
    shown = queries.shown(op, found)
    if shown.report_from is not None and op.now < shown.report_from:
        raise NotYetOverdue(field="subject", days=rules.report_after_days)
    if shown.report_until is not None and op.now >= shown.report_until:
        raise TooLateToReport(field="subject", days=rules.report_until_days)
    # What the courier calls delivered and its person does not have is settled by staff alone.
    ended_at = op.now if found.status is _S.DELIVERED else None
    moved = move(
        op,
        found,
        "lose",
        "shipment.was_lost",
        problem=model.REPORTED,
        reported_at=op.now,
        ended_at=ended_at,
    )
    return queries.shown(op, moved)


def redirect(op: Operation, *, subject: str, address_id: str) -> model.ShipmentShown:
    """Have something go to another address: before it is sent, or when it is sent again.

    Emits: shipment.redirected. Raises: NothingPosted, NotToBeRedirected, NotFound.
    """
    found = _own(op, subject)
    if found.status not in (*model.FAILED, _S.WAITING) or found.replaced_by is not None:
        raise NotToBeRedirected(field="address_id")
    kept = queries.own_address(op, address_id)
    texts = copied(op, found.account_id, found.id, texts_of(op, kept))
    op.update("shipment", found.id, texts, was={"status": found.status})
    op.record("shipment.redirected", found.id, about=found.subject, account_id=found.account_id)
    return queries.shipment(op, subject) or queries.shown(op, found)


def _handled(op: Operation, shipment_id: str) -> model.Shipment:
    """A shipment for staff of finance who look after it.

    Raises: MayNot, NotFound.
    """
    staffing.require(op, Right.FINANCE, anywhere=True)
    found = op.get(model.Shipment, "shipment", shipment_id)
    staffing.require(op, Right.FINANCE, platform_id=found.platform_id, agency_id=found.agency_id)
    return found


def write_off(op: Operation, *, shipment_id: str) -> model.ShipmentShown:
    """Take something for lost of which nothing was heard for longer than the rules allow.

    Emits: shipment.was_lost, message.sent. Raises: MayNot, NotOnItsWay, NotSilent, NotFound.
    """
    found = _handled(op, shipment_id)
    if found.status not in model.OUT:
        raise NotOnItsWay(field="shipment_id")
    if not queries.shown(op, found).silent:
        days = op.policy(policies.DeliveryRules).silent_days
        raise NotSilent(field="shipment_id", days=days)
    moved = move(op, found, "lose", "shipment.was_lost", problem=model.SILENT, ended_at=op.now)
    tell(op, moved, "shipment.was_lost")
    return queries.shown(op, moved)


def send_again(op: Operation, *, shipment_id: str) -> model.ShipmentShown:
    """Send what was lost, came back or was not taken once more, to where its person wants it.

    One that stands still, because what goes into it could not be made, goes on as it is.
    What goes into it is made anew by the stage whose it is, so that the one before is void.
    Emits: shipment.prepared, shipment.sent_again. Raises: MayNot, NotToBeSentAgain, NotFound.
    """
    found = _handled(op, shipment_id)
    if found.stands_still:
        op.update("shipment", found.id, {"problem": ""}, was={"problem": found.problem})
        op.record("shipment.sent_again", found.id, about=found.subject, replaces=found.id)
        return queries.shown(op, op.get(model.Shipment, "shipment", found.id))
    to = queries.destination(op, found)
    if found.status not in model.FAILED or found.replaced_by is not None or to is None:
        raise NotToBeSentAgain(field="shipment_id")
    next_id = op.new_id("shp")
    texts = {
        "recipient": to.recipient,
        "phone": to.phone,
        "region": to.region,
        "detail": to.detail,
    }
    one = made(
        next_id,
        subject=found.subject,
        account_id=found.account_id,
        platform_id=found.platform_id,
        agency_id=found.agency_id,
        attempt=found.attempt + 1,
        created_at=op.now,
        to=copied(op, found.account_id, next_id, texts),
    )
    op.update("shipment", found.id, {"replaced_by": one.id}, was={"replaced_by": None})
    op.insert("shipment", one)
    op.record("shipment.prepared", one.id, about=one.subject, account_id=one.account_id)
    op.record("shipment.sent_again", one.id, about=one.subject, replaces=found.id)
    return queries.shown(op, one)


def find(op: Operation, *, shipment_id: str) -> model.ShipmentShown:
    """Settle that what was called lost has arrived after all, as was found out with its person.

    Emits: shipment.delivered. Raises: MayNot, NotOnItsWay, NotFound.
    """
    found = _handled(op, shipment_id)
    if found.status is not _S.LOST or found.replaced_by is not None:
        raise NotOnItsWay(field="shipment_id")
    moved = move(op, found, "deliver", "shipment.delivered", ended_at=op.now, problem="")
    tell(op, moved, "shipment.delivered")
    return queries.shown(op, moved)
