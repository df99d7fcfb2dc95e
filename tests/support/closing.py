"""Closing accounts, step by step, through actions."""

from __future__ import annotations

from typing import Any

from engine.boot import World
from engine.kernel import actors
from engine.registration import actions, queries
from engine.registration.model import closing as model
from engine.registration.model.members import MemberRole
from engine.staffing.model import Role
from tests.support import parties, registering, worlds
from tests.support.worlds import SYSTEM


def officers(world: World) -> tuple[actors.Staff, actors.Staff, actors.Staff]:
    """Three members of staff who may close accounts."""
    one, other, third = (worlds.staff(world, Role.ACCOUNT_OFFICER) for _ in range(3))
    return one, other, third


def ask_to_cancel(world: World, person: actors.Person, **changes: Any) -> model.MyClosing:
    """The person asks for their account to be cancelled."""
    given = {"confirmed": True, "revoke_certificates": True, **changes}
    return world.engine.perform(actions.request_cancellation, given, actor=person)


def cancel(world: World, person: actors.Person, officer: actors.Staff) -> model.MyClosing:
    """An account is cancelled, and what follows is done."""
    asked = ask_to_cancel(world, person)
    parties.approve(world, "cancellation", asked.id, officer)
    parties.settle(world, rounds=1)
    return asked


def closing_of(world: World, account_id: str) -> model.Closing:
    """The newest closing of an account."""
    sql = "SELECT id FROM closing WHERE account_id = ? ORDER BY created_at DESC, id DESC"
    with world.engine.reader(SYSTEM) as q:
        return q.get(model.Closing, "closing", q.rows(sql, (account_id,))[0]["id"])


def terminate(
    world: World, account_id: str, proposer: actors.Staff, decider: actors.Staff
) -> model.Closing:
    """Staff give notice to an account."""
    world.engine.perform(
        actions.propose_termination,
        {"account_id": account_id, "reason": "account_passed_on", "note": "账号由他人使用"},
        actor=proposer,
    )
    found = closing_of(world, account_id)
    parties.approve(world, "account_termination", found.id, decider)
    parties.settle(world, rounds=1)
    return closing_of(world, account_id)


def codes(notes: tuple[Any, ...]) -> list[str]:
    """The codes of notes, sorted."""
    return sorted(note.code for note in notes)


def blockers(world: World, person: actors.Person) -> list[str]:
    """What the person is told stands in the way."""
    return codes(world.engine.ask(queries.cancellation_preview, person).blockers)


def status(world: World, account_id: str) -> str:
    """Where an account stands."""
    found = worlds.rows(world, "SELECT status FROM account WHERE id = ?", account_id)
    return str(found[0]["status"])


def archive_of(world: World, account_id: str) -> dict[str, Any]:
    """The archive's row of an account."""
    return worlds.rows(world, "SELECT * FROM archive WHERE account_id = ?", account_id)[0]


def finish_seals(world: World, party: parties.Party) -> None:
    """Every seal that the enterprise's approval ordered is reviewed and made."""
    for kind, who in (("seal", party.reviewers.seal), ("seal_making", party.reviewers.maker)):
        sql = "SELECT subject_id FROM review_case WHERE kind = ? AND decided_at IS NULL ORDER BY id"
        for row in worlds.rows(world, sql, kind):
            parties.approve(world, kind, row["subject_id"], who)
    parties.settle(world, rounds=1)


def add_member(
    world: World, party: parties.Party, phone: str = "13700137000", sequence: str = "901"
) -> actors.Person:
    """A colleague becomes a handler of the party's enterprise."""
    colleague = registering.sign_up(world, phone)
    registering.prove(world, colleague, registering.resident_id(sequence=sequence), name="周文静")
    perform = world.engine.perform
    perform(
        actions.invite_by_phone,
        {"enterprise_id": party.enterprise_id, "phone": phone, "role": MemberRole.HANDLER},
        actor=party.person,
    )
    invitation = world.engine.ask(queries.my_invitations, colleague)[0]
    perform(actions.accept_invitation, {"invitation_id": invitation.id}, actor=colleague)
    return colleague


def add_administrator(world: World, party: parties.Party, phone: str = "13700137000") -> None:
    """A colleague administers the party's enterprise too, so that its person may go."""
    colleague = add_member(world, party, phone)
    sql = "SELECT id FROM membership WHERE account_id = ?"
    world.engine.perform(
        actions.change_role,
        {
            "membership_id": worlds.rows(world, sql, colleague.account_id)[0]["id"],
            "role": MemberRole.ADMINISTRATOR,
        },
        actor=party.person,
    )
