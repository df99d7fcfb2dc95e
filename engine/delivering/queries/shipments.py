"""Shipments as their people and staff may see them, and in the clear for the jobs that post them."""

from __future__ import annotations

from engine.delivering import model
from engine.delivering.store import shipments as store
from engine.kernel import actors, clock, errors, identifiers, notes, paging, vault
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.registration import queries as people
from engine.staffing import queries as staffing
from engine.staffing.model import Right

INVARIANTS = {
    "a thing is on its way once at a time": (
        "SELECT MIN(id) AS id FROM shipment WHERE status IN ('waiting', 'ready', 'handed_over',"
        " 'in_transit') GROUP BY subject HAVING COUNT(*) > 1"
    ),
    "attempts at posting a thing are numbered from one without a gap": (
        "SELECT MIN(id) AS id FROM shipment GROUP BY subject HAVING MAX(attempt) <> COUNT(*)"
    ),
    "only what did not arrive is sent again, and what follows is the next attempt": (
        "SELECT s.id FROM shipment s LEFT JOIN shipment n ON n.id = s.replaced_by"
        " WHERE s.replaced_by IS NOT NULL AND (s.status NOT IN ('lost', 'returned', 'refused')"
        " OR n.id IS NULL OR n.subject <> s.subject OR n.attempt <> s.attempt + 1)"
    ),
    "a step is of its shipment's person": (
        "SELECT t.id FROM shipment_step t JOIN shipment s ON s.id = t.shipment_id"
        " WHERE t.account_id <> s.account_id"
    ),
    "what the courier said was signed for is delivered, unless its person says otherwise": (
        "SELECT s.id FROM shipment s WHERE s.status IN ('handed_over', 'in_transit')"
        " AND EXISTS (SELECT 1 FROM shipment_step t WHERE t.shipment_id = s.id"
        " AND t.code = 'signed')"
    ),
}
_GONE = "已删除"
MOST_LISTED = 500


def destination(q: Reader, found: model.Shipment) -> model.Destination | None:
    """Where a shipment goes, in the clear; None once its person's key is gone."""
    subject_id = people.account(q, found.account_id).subject_id

    def text(column: str, sealed: bytes) -> str:
        return q.open(subject_id, f"shipment|{column}|{found.id}", sealed)

    try:
        region = text("region", found.region)
        province, city, district = model.names(region)
        return model.Destination(
            recipient=text("recipient", found.recipient),
            phone=text("phone", found.phone),
            region=region,
            province=province,
            city=city,
            district=district,
            detail=text("detail", found.detail),
        )
    except vault.Destroyed:
        return None


def shipment_for_job(
    q: Reader, shipment_id: str
) -> tuple[model.Shipment, model.Destination | None, policies.DeliveryRules]:
    """What the jobs that post and follow a shipment need.

    Raises: NotPermitted, NotFound.
    """
    if not isinstance(q.actor, actors.System):
        raise errors.NotPermitted()
    found = q.get(model.Shipment, "shipment", shipment_id)
    return found, destination(q, found), q.policy(policies.DeliveryRules)


def _may_see(q: Reader, found: model.Shipment) -> bool:
    if isinstance(q.actor, actors.Person):
        return q.actor.account_id == found.account_id
    if isinstance(q.actor, actors.Staff):
        return any(
            staffing.has(q.actor, right, platform_id=found.platform_id, agency_id=found.agency_id)
            for right in (Right.LOOK_UP, Right.FINANCE)
        )
    return isinstance(q.actor, actors.System)


def held(q: Reader, shipment_id: str) -> model.Shipment:
    """One shipment as it is kept, for its person, entitled staff, or the platform itself.

    Raises: NotFound.
    """
    found = q.get(model.Shipment, "shipment", shipment_id)
    if not _may_see(q, found):
        raise errors.NotFound(what="shipment")
    return found


def newest(q: Reader, subject: str) -> model.Shipment | None:
    """The newest shipment of a thing, where the actor may see it; None where it is not posted."""
    found = next(iter(store.of_subject(q, subject)), None)
    if found is not None and not _may_see(q, found):
        raise errors.NotFound(what="shipment")
    return found


def shipment(q: Reader, subject: str) -> model.ShipmentShown | None:
    """How far the post with a thing (an invoice) is; None where it is not posted.

    Raises: NotFound for somebody else's.
    """
    found = newest(q, subject)
    return None if found is None else shown(q, found)


def shipments(q: Reader, subject: str) -> list[model.ShipmentShown]:
    """Every time a thing was posted, the newest first.

    Raises: NotFound for somebody else's.
    """
    newest(q, subject)
    return [shown(q, one) for one in store.of_subject(q, subject)]


def in_states(
    q: Reader,
    states: tuple[model.ShipmentStatus, ...],
    *,
    window: paging.Window | None = None,
) -> list[model.ShipmentShown]:
    """The shipments in some states that staff of finance may see, the oldest first.

    Raises: MayNot.
    """
    staff = staffing.require(q, Right.FINANCE, anywhere=True)
    wanted = [one.value for one in states]
    seen = staffing.within(staff, Right.FINANCE)
    window = window or paging.Window(limit=MOST_LISTED)
    return [shown(q, one) for one in store.in_states(q, wanted, seen, window)]


def shown(q: Reader, found: model.Shipment) -> model.ShipmentShown:
    """A shipment as who asks may see it: staff see nobody's name, number and house."""
    rules = q.policy(policies.DeliveryRules)
    to = destination(q, found)
    since = found.handed_over_at
    report_from = None if since is None else since + rules.report_after_days * clock.DAY
    report_until = None if since is None else since + rules.report_until_days * clock.DAY
    return model.ShipmentShown(
        id=found.id,
        subject=found.subject,
        account_id=found.account_id,
        platform_id=found.platform_id,
        agency_id=found.agency_id,
        attempt=found.attempt,
        status=found.status,
        contents=found.contents,
        courier=found.courier,
        tracking_no=found.tracking_no,
        problem=found.problem,
        **_to(q, to),
        created_at=found.created_at,
        packed_at=found.packed_at,
        handed_over_at=found.handed_over_at,
        heard_at=found.heard_at,
        ended_at=found.ended_at,
        reported_at=found.reported_at,
        replaced_by=found.replaced_by,
        report_from=report_from,
        report_until=report_until,
        silent=_silent(q, found),
        steps=tuple(_steps(q, found)),
        can=_can(q, found, report_from, report_until),
    )


def _silent(q: Reader, found: model.Shipment) -> bool:
    """Whether nothing was heard of something under way for longer than the rules allow."""
    heard = found.heard_at or found.handed_over_at
    days = q.policy(policies.DeliveryRules).silent_days
    return found.status in model.OUT and heard is not None and q.now - heard > days * clock.DAY


def _to(q: Reader, to: model.Destination | None) -> dict[str, str]:
    if to is None:
        return {"recipient": _GONE, "phone": _GONE, "place": _GONE}
    if isinstance(q.actor, actors.Person | actors.System):
        return {"recipient": to.recipient, "phone": to.phone, "place": to.place}
    return {
        "recipient": identifiers.masked_name(to.recipient),
        "phone": identifiers.masked_phone(to.phone),
        "place": "".join(dict.fromkeys((to.province, to.city, to.district))) + "****",
    }


def _steps(q: Reader, found: model.Shipment) -> list[model.Step]:
    subject_id = people.account(q, found.account_id).subject_id
    told = []
    for one in store.steps(q, found.id):
        try:
            place = q.open(subject_id, f"shipment_step|place|{one.id}", one.place)
        except vault.Destroyed:
            place = _GONE
        told.append(model.Step(code=one.code, place=place, occurred_at=one.occurred_at))
    return told


def _can(
    q: Reader, found: model.Shipment, report_from: int | None, report_until: int | None
) -> tuple[str, ...]:
    if found.replaced_by is not None:
        return ()
    failed = found.status in model.FAILED
    if isinstance(q.actor, actors.Person):
        reportable = found.status in (*model.OUT, model.ShipmentStatus.DELIVERED)
        may: tuple[tuple[str, bool], ...] = (
            ("redirect", failed or found.status is model.ShipmentStatus.WAITING),
            (
                "report_lost",
                reportable
                and report_from is not None
                and report_until is not None
                and report_from <= q.now < report_until,
            ),
        )
    else:
        handles = staffing.has(
            q.actor, Right.FINANCE, platform_id=found.platform_id, agency_id=found.agency_id
        )
        may = (
            ("send_again", handles and (failed or found.stands_still)),
            ("find", handles and found.status is model.ShipmentStatus.LOST),
            ("write_off", handles and _silent(q, found)),
        )
    return tuple(verb for verb, open_ in may if open_)


def unfinished(q: Reader, account_id: str) -> list[model.Shipment]:
    """What is under way to a person, or did not arrive, as it is kept."""
    return store.unfinished(q, account_id)


def blockers(q: Reader, account_id: str) -> list[notes.Note]:
    """What keeps an account from being cancelled: post that is under way to its person."""
    return [
        notes.Note(code="blocker.shipment_open", subject=one.subject)
        for one in store.open_of(q, account_id)
    ]
