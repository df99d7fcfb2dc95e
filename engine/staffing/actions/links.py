"""Signing in through an outside identity provider (OIDC): whose it is, and the session that is ours.

What a provider says is never a right: it names a subject, the subject is linked to an account, and the
account opens a session like any other, with its second factor where it has one.
"""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.engine import step_up
from engine.kernel.operation import Operation
from engine.staffing import model, queries
from engine.staffing.actions import limits, signing_in
from engine.staffing.store import people

_INDEX = "staff.oidc"


class LinkedAlready(errors.Conflict):
    """This outside account opens another staff account already. Take that link away first."""


class LinkIncomplete(errors.InvalidInput):
    """An outside account is named by its issuer and its subject. Enter both."""


class LinkUnknown(errors.NotPermitted):
    """No staff account belongs to this outside account. Ask an administrator to link it."""

    http_status = 401


def _value(issuer: str, subject: str) -> str:
    return f"{issuer}|{subject}"


@step_up
def link_oidc(op: Operation, *, staff_id: str, issuer: str, subject: str) -> model.Profile:
    """Let an outside account open a staff account. The subject is kept as a blind index alone.

    Emits: staff.linked. Raises: queries.MayNot, OwnAccount, LinkIncomplete, LinkedAlready,
    StepUpNeeded.
    """
    queries.require(op, model.Right.MANAGE_STAFF)
    staff = limits.somebody_else(op, staff_id)
    if not issuer or not subject:
        raise LinkIncomplete(field="subject" if issuer else "issuer")
    for link_id in op.find(_INDEX, _value(issuer, subject)):
        if people.link(op, link_id) is not None:
            raise LinkedAlready(field="subject")
    link_id = op.new_id("lnk")
    op.insert(
        "staff_link",
        {
            "id": link_id,
            "staff_id": staff.id,
            "issuer": issuer,
            "linked_at": op.now,
            "ended_at": None,
        },
    )
    op.index(_INDEX, _value(issuer, subject), link_id)
    op.record("staff.linked", staff.id, link=link_id, issuer=issuer)
    return queries.profile(op, staff.id)


@step_up
def unlink_oidc(op: Operation, *, link_id: str) -> None:
    """Take a link to an outside account away.

    Emits: staff.unlinked. Raises: queries.MayNot, LinkUnknown, StepUpNeeded.
    """
    queries.require(op, model.Right.MANAGE_STAFF)
    staff_id = people.link(op, link_id)
    if staff_id is None:
        raise LinkUnknown()
    op.update("staff_link", link_id, {"ended_at": op.now}, was={"ended_at": None})
    op.record("staff.unlinked", staff_id, link=link_id)


def sign_in_by_link(op: Operation, *, issuer: str, subject: str) -> model.SignedIn:
    """Open a session for whoever an identity provider named; the door has checked what it said.

    Emits: staff.signed_in. Raises: LinkUnknown.
    """
    for link_id in op.find(_INDEX, _value(issuer, subject)):
        staff_id = people.link(op, link_id)
        staff = people.by_id(op, staff_id) if staff_id else None
        if staff is not None and staff.status == "active":
            return signing_in.proceed(op, staff.id, "oidc", None)
    raise LinkUnknown()
