"""Joining and leaving trading zones, and which one a person prefers (ACC-9)."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.mall import model, queries, store
from engine.registration import queries as people


class ZoneClosed(errors.PolicyRefused):
    """This trading zone takes nobody new at the moment."""


class JoinedAlready(errors.Conflict):
    """You are in this trading zone already."""


class NotInZone(errors.PolicyRefused):
    """You are not in this trading zone. Join it first."""


def join_zone(op: Operation, *, zone_id: str) -> model.ZoneMembership:
    """Join a trading zone; the first one becomes the default.

    Emits: zone.joined. Raises: ZoneClosed, JoinedAlready, NotFound.
    """
    account_id = people.person(op).account_id
    if not queries.zone(op, zone_id).open:
        raise ZoneClosed(field="zone_id")
    mine = store.zones_of(op, account_id)
    if any(one.zone_id == zone_id for one in mine):
        raise JoinedAlready(field="zone_id")
    joined = model.ZoneMembership(
        id=op.new_id("zon"),
        account_id=account_id,
        zone_id=zone_id,
        status=model.ZONE_MEMBERSHIP.initial,
        preferred=int(not mine),
        created_at=op.now,
        left_at=None,
    )
    op.insert("zone_membership", joined)
    op.record("zone.joined", joined.id, account_id=account_id, zone_id=zone_id)
    return joined


def leave_zone(op: Operation, *, zone_id: str) -> model.ZoneMembership:
    """Leave a trading zone; where it was the default, the one joined first of the others is next.

    Emits: zone.left, zone.preferred. Raises: NotInZone.
    """
    mine = store.zones_of(op, people.person(op).account_id)
    found = _mine(mine, zone_id)
    _leave(op, found)
    others = [one for one in mine if one.id != found.id]
    if found.preferred and others:
        _prefer(op, others[0])
    return op.get(model.ZoneMembership, "zone_membership", found.id)


def leave_all_zones(op: Operation, *, account_id: str) -> int:
    """Leave every zone; how many. Composed when an account ends.

    Emits: zone.left.
    """
    mine = store.zones_of(op, account_id)
    for one in mine:
        _leave(op, one)
    return len(mine)


def _leave(op: Operation, found: model.ZoneMembership) -> None:
    status = model.ZONE_MEMBERSHIP.advance(found.status, "leave")
    op.update(
        "zone_membership",
        found.id,
        {"status": status, "preferred": 0, "left_at": op.now},
        was={"status": found.status},
    )
    op.record("zone.left", found.id, account_id=found.account_id, zone_id=found.zone_id)


def set_default_zone(op: Operation, *, zone_id: str) -> model.ZoneMembership:
    """Make a joined zone the default one, in place of the one before.

    Emits: zone.preferred. Raises: NotInZone.
    """
    mine = store.zones_of(op, people.person(op).account_id)
    found = _mine(mine, zone_id)
    if not found.preferred:
        for one in mine:
            if one.preferred:
                op.update("zone_membership", one.id, {"preferred": 0}, was={"preferred": 1})
        _prefer(op, found)
    return op.get(model.ZoneMembership, "zone_membership", found.id)


def _prefer(op: Operation, found: model.ZoneMembership) -> None:
    op.update("zone_membership", found.id, {"preferred": 1}, was={"preferred": 0})
    op.record("zone.preferred", found.id, account_id=found.account_id, zone_id=found.zone_id)


def _mine(mine: list[model.ZoneMembership], zone_id: str) -> model.ZoneMembership:
    for one in mine:
        if one.zone_id == zone_id:
            return one
    raise NotInZone(field="zone_id")
