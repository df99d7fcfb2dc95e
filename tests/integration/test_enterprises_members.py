"""Members: invited by number and QR, joining by hand, roles, leaving, and the transfer (ENT-2)."""

from __future__ import annotations

import dataclasses

import pytest

from engine import worker
from engine.http import holders
from engine.kernel import actors, clock, codec, errors
from engine.kernel.engine import SecondFactorNeeded
from engine.registration import actions, model, queries
from engine.registration.actions import invitations, members
from tests.support import fold, parties, registering, worlds
from tests.support.worlds import SYSTEM

ADMINISTRATOR, HANDLER, SEAL_USER = model.MemberRole
PHONE = "13900139000"


def do(world, action, who, **arguments):
    return world.engine.perform(action, arguments, actor=who)


def ask(world, question, who, *arguments):
    return world.engine.ask(question, who, *arguments)


@dataclasses.dataclass(frozen=True)
class Firm:
    """An approved enterprise, its administrator, and somebody with a proven name outside."""

    id: str
    boss: actors.Person
    other: actors.Person


def approved(world, reviewers, number=1):
    boss = registering.sign_up(world, f"1380013{number:04d}")
    registering.prove(world, boss, registering.resident_id(sequence=f"{number * 2:03d}"))
    code = registering.credit_code(number)
    claim = registering.claim(world, boss, uscc=code, name=f"江苏东方第{number}有限公司")
    parties.approve_claim(world, claim.id, reviewers)
    return boss, ask(world, queries.enterprise_by_code, SYSTEM, code).id


@pytest.fixture
def firm(any_world):
    boss, enterprise_id = approved(any_world, parties.Reviewers.of(any_world))
    other = registering.sign_up(any_world, PHONE)
    registering.prove(any_world, other, registering.resident_id(sequence="024"), name="王小明")
    return Firm(enterprise_id, boss, other)


def joined(world, firm, role=HANDLER):
    """The other person is a member; their membership."""
    opened = do(world, actions.open_invitation, firm.boss, enterprise_id=firm.id, role=role)
    return do(world, actions.accept_invitation_by_qr, firm.other, qr_text=opened.qr_text)


def role_of(world, membership_id):
    with world.engine.reader(SYSTEM) as q:
        return q.get(model.Membership, "membership", membership_id).role


def todos(world, who, kind):
    sql = (
        "SELECT COUNT(*) AS n FROM message WHERE account_id = ? AND kind = ? AND todo = 1"
        " AND done_at IS NULL"
    )
    return worlds.rows(world, sql, who.account_id, kind)[0]["n"]


def messages(world, who):
    sql = "SELECT kind FROM message WHERE account_id = ? ORDER BY id"
    return [row["kind"] for row in worlds.rows(world, sql, who.account_id)]


# -- by phone --------------------------------------------------------------------------------------


@pytest.mark.row("ENT-2")
def test_a_number_with_an_account_gets_a_to_do_and_joins(any_world, firm):
    sent = do(
        any_world,
        actions.invite_by_phone,
        firm.boss,
        enterprise_id=firm.id,
        phone=PHONE,
        role=SEAL_USER,
    )
    assert (sent.phone, sent.status) == ("139****9000", "open")
    assert todos(any_world, firm.other, "member.invited") == 1
    (mine,) = ask(any_world, queries.my_invitations, firm.other)
    assert (mine.enterprise, mine.role) == ("江苏东方第1有限公司", SEAL_USER)
    do(any_world, actions.accept_invitation, firm.other, invitation_id=mine.id)
    assert todos(any_world, firm.other, "member.invited") == 0
    found = {one.name: one for one in ask(any_world, queries.members, firm.boss, firm.id)}
    assert found["王*明"].role is SEAL_USER
    assert found["王*明"].phone == "139****9000"
    assert "member.has_joined" in messages(any_world, firm.boss)
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("ENT-2")
def test_a_number_without_an_account_gets_an_sms_and_the_inviter_the_same_answer(any_world, firm):
    answers = []
    for phone in (PHONE, "13700137001"):
        answers.append(
            do(
                any_world,
                actions.invite_by_phone,
                firm.boss,
                enterprise_id=firm.id,
                phone=phone,
                role=HANDLER,
            )
        )
    worker.tick(any_world, owner="test")
    known, unknown = (dataclasses.asdict(one) for one in answers)
    same = {"id": "", "phone": ""}
    assert known | same == unknown | same
    assert "江苏东方第1有限公司" in any_world.sms.outbox("13700137001")[0].text
    # The newest text message comes first: the code comes after the invitation.
    worlds.clock_of(any_world).advance(1_000)
    late = registering.sign_up(any_world, "13700137001")
    (mine,) = ask(any_world, queries.my_invitations, late)
    with worlds.unchanged(any_world), pytest.raises(queries.NotRealNamed):
        do(any_world, actions.accept_invitation, late, invitation_id=mine.id)
    registering.prove(any_world, late, registering.resident_id(sequence="026"))
    do(any_world, actions.accept_invitation, late, invitation_id=mine.id)
    assert len(ask(any_world, queries.members, late, firm.id)) == 2


@pytest.mark.row("ENT-2")
def test_an_invitation_is_for_its_number_alone_and_for_a_week(any_world, firm):
    sent = do(
        any_world,
        actions.invite_by_phone,
        firm.boss,
        enterprise_id=firm.id,
        phone=PHONE,
        role=HANDLER,
    )
    stranger = registering.sign_up(any_world, "13600136000")
    registering.prove(any_world, stranger, registering.resident_id(sequence="028"))
    for action in (actions.accept_invitation, actions.decline_invitation):
        with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
            do(any_world, action, stranger, invitation_id=sent.id)
    worlds.clock_of(any_world).advance(168 * clock.HOUR)
    assert ask(any_world, queries.my_invitations, firm.other) == []
    (shown,) = ask(any_world, queries.invitations, firm.boss, firm.id)
    assert shown.status == "expired"
    with worlds.unchanged(any_world), pytest.raises(invitations.InvitationLapsed):
        do(any_world, actions.accept_invitation, firm.other, invitation_id=sent.id)


@pytest.mark.row("ENT-2")
def test_who_may_invite_whom(any_world, firm):
    given = {"enterprise_id": firm.id, "phone": PHONE, "role": HANDLER}
    with worlds.unchanged(any_world), pytest.raises(queries.NotAMember):
        do(any_world, actions.invite_by_phone, firm.other, **given)
    with worlds.unchanged(any_world), pytest.raises(invitations.AdministratorNotInvited):
        do(any_world, actions.invite_by_phone, firm.boss, **{**given, "role": ADMINISTRATOR})
    do(any_world, actions.invite_by_phone, firm.boss, **given)
    with worlds.unchanged(any_world), pytest.raises(invitations.InvitedAlready):
        do(any_world, actions.invite_by_phone, firm.boss, **given)
    (mine,) = ask(any_world, queries.my_invitations, firm.other)
    do(any_world, actions.accept_invitation, firm.other, invitation_id=mine.id)
    with worlds.unchanged(any_world), pytest.raises(members.AlreadyMember):
        do(any_world, actions.invite_by_phone, firm.boss, **given)
    with worlds.unchanged(any_world), pytest.raises(queries.NotAMember):
        do(any_world, actions.invite_by_phone, firm.other, **{**given, "phone": "13600136000"})


def test_an_enterprise_invites_fifty_numbers_a_day(world):
    boss, enterprise_id = approved(world, parties.Reviewers.of(world))
    given = {"enterprise_id": enterprise_id, "role": HANDLER}
    for number in range(50):
        do(world, actions.invite_by_phone, boss, phone=f"1370013{number:04d}", **given)
    with worlds.unchanged(world), pytest.raises(invitations.InvitationsUsedUp):
        do(world, actions.invite_by_phone, boss, phone="13600136000", **given)


@pytest.mark.row("ENT-2")
def test_an_invitation_can_be_declined_and_taken_back(any_world, firm):
    given = {"enterprise_id": firm.id, "phone": PHONE, "role": HANDLER}
    first = do(any_world, actions.invite_by_phone, firm.boss, **given)
    do(any_world, actions.decline_invitation, firm.other, invitation_id=first.id)
    assert "member.invitation_declined" in messages(any_world, firm.boss)
    second = do(any_world, actions.invite_by_phone, firm.boss, **given)
    with worlds.unchanged(any_world), pytest.raises(queries.NotAMember):
        do(any_world, actions.cancel_invitation, firm.other, invitation_id=second.id)
    do(any_world, actions.cancel_invitation, firm.boss, invitation_id=second.id)
    assert ask(any_world, queries.my_invitations, firm.other) == []
    assert todos(any_world, firm.other, "member.invited") == 0
    with worlds.unchanged(any_world), pytest.raises(invitations.InvitationLapsed):
        do(any_world, actions.accept_invitation, firm.other, invitation_id=second.id)


@pytest.mark.row("S-PI-1")
def test_no_number_or_note_is_kept_in_the_clear(file_world):
    boss, enterprise_id = approved(file_world, parties.Reviewers.of(file_world))
    do(
        file_world,
        actions.invite_by_phone,
        boss,
        enterprise_id=enterprise_id,
        phone="13700137001",
        role=HANDLER,
    )
    other = registering.sign_up(file_world, PHONE)
    registering.prove(file_world, other, registering.resident_id(sequence="024"), name="王小明")
    do(
        file_world,
        actions.apply_to_join,
        other,
        enterprise_id=enterprise_id,
        note="我是王小明，电话13900139000",
    )
    kept = codec.canonical(worlds.content(file_world))
    for value in ("13700137001", PHONE, "王小明"):
        assert value not in kept


# -- by QR -----------------------------------------------------------------------------------------


@pytest.mark.row("ENT-2")
def test_a_scanned_invitation_says_what_it_asks_and_lets_one_person_in(any_world, firm):
    opened = do(any_world, actions.open_invitation, firm.boss, enterprise_id=firm.id, role=HANDLER)
    assert opened.qr_text.startswith("YX1:run:join:")
    assert len(opened.qr_text) <= 180
    seen = ask(any_world, queries.invitation, firm.other, opened.qr_text)
    assert (seen.enterprise, seen.role, seen.status) == ("江苏东方第1有限公司", HANDLER, "open")
    do(any_world, actions.accept_invitation_by_qr, firm.other, qr_text=opened.qr_text)
    third = registering.sign_up(any_world, "13600136000")
    registering.prove(any_world, third, registering.resident_id(sequence="028"))
    with worlds.unchanged(any_world), pytest.raises(invitations.InvitationLapsed):
        do(any_world, actions.accept_invitation_by_qr, third, qr_text=opened.qr_text)
    assert ask(any_world, queries.invitation, third, opened.qr_text).status == "accepted"
    # The token is kept as its hash alone.
    token = opened.qr_text.split(":")[3]
    assert token not in codec.canonical(worlds.content(any_world))


@pytest.mark.row("ENT-2")
def test_a_qr_is_dead_after_a_day_or_when_its_sender_no_longer_administers(any_world, firm):
    opened = do(any_world, actions.open_invitation, firm.boss, enterprise_id=firm.id, role=HANDLER)
    worlds.clock_of(any_world).advance(24 * clock.HOUR)
    with worlds.unchanged(any_world), pytest.raises(invitations.InvitationLapsed):
        do(any_world, actions.accept_invitation_by_qr, firm.other, qr_text=opened.qr_text)
    fresh = do(any_world, actions.open_invitation, firm.boss, enterprise_id=firm.id, role=HANDLER)
    member = joined(any_world, firm)
    do(any_world, actions.change_role, firm.boss, membership_id=member.id, role=ADMINISTRATOR)
    do(any_world, actions.leave_enterprise, firm.boss, enterprise_id=firm.id)
    third = registering.sign_up(any_world, "13600136000")
    registering.prove(any_world, third, registering.resident_id(sequence="028"))
    with worlds.unchanged(any_world), pytest.raises(invitations.InvitationLapsed):
        do(any_world, actions.accept_invitation_by_qr, third, qr_text=fresh.qr_text)


@pytest.mark.row("ENT-2")
def test_a_foreign_or_forged_code_is_no_invitation(any_world, firm):
    opened = do(any_world, actions.open_invitation, firm.boss, enterprise_id=firm.id, role=HANDLER)
    parts = opened.qr_text.split(":")
    forged = ":".join([*parts[:3], "A" * len(parts[3]), parts[4]])
    other_world = ":".join(["YX1", "elsewhere", *parts[2:]])
    other_purpose = ":".join([*parts[:2], "login", *parts[3:]])
    for text in ("", "https://example.com", forged, other_world, other_purpose):
        with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
            do(any_world, actions.accept_invitation_by_qr, firm.other, qr_text=text)
        with pytest.raises(errors.NotFound):
            ask(any_world, queries.invitation, firm.other, text)


# -- by hand ---------------------------------------------------------------------------------------


@pytest.mark.row("ENT-2")
def test_an_application_is_decided_by_an_administrator(any_world, firm):
    (found,) = ask(any_world, queries.find_enterprises, firm.other, "东方第1")
    do(any_world, actions.apply_to_join, firm.other, enterprise_id=found.id, note="采购部 王小明")
    assert todos(any_world, firm.boss, "member.applied") == 1
    (asked,) = ask(any_world, queries.join_requests, firm.boss, firm.id)
    assert (asked.name, asked.phone, asked.note) == ("王*明", "139****9000", "采购部 王小明")
    with worlds.unchanged(any_world), pytest.raises(queries.NotAMember):
        do(
            any_world,
            actions.decide_join,
            firm.other,
            invitation_id=asked.invitation_id,
            accept=True,
            role=HANDLER,
        )
    # An application is not an invitation that one can take oneself.
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        do(any_world, actions.accept_invitation, firm.other, invitation_id=asked.invitation_id)
    given = {"invitation_id": asked.invitation_id, "accept": True}
    with worlds.unchanged(any_world), pytest.raises(invitations.AdministratorNotInvited):
        do(any_world, actions.decide_join, firm.boss, role=ADMINISTRATOR, **given)
    do(any_world, actions.decide_join, firm.boss, role=SEAL_USER, **given)
    (mine,) = ask(any_world, queries.my_enterprises, firm.other)
    assert mine.role is SEAL_USER
    assert todos(any_world, firm.boss, "member.applied") == 0
    assert "member.application_accepted" in messages(any_world, firm.other)
    with worlds.unchanged(any_world), pytest.raises(members.AlreadyMember):
        do(any_world, actions.apply_to_join, firm.other, enterprise_id=firm.id, note="")


@pytest.mark.row("ENT-2")
def test_an_application_can_be_declined_taken_back_and_lapses(any_world, firm):
    given = {"enterprise_id": firm.id, "note": ""}
    first = do(any_world, actions.apply_to_join, firm.other, **given)
    with worlds.unchanged(any_world), pytest.raises(invitations.AppliedAlready):
        do(any_world, actions.apply_to_join, firm.other, **given)
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        do(any_world, actions.cancel_invitation, firm.boss, invitation_id=first.id)
    do(any_world, actions.cancel_invitation, firm.other, invitation_id=first.id)
    second = do(any_world, actions.apply_to_join, firm.other, **given)
    do(
        any_world,
        actions.decide_join,
        firm.boss,
        invitation_id=second.id,
        accept=False,
        role=HANDLER,
    )
    assert "member.application_declined" in messages(any_world, firm.other)
    third = do(any_world, actions.apply_to_join, firm.other, **given)
    worlds.clock_of(any_world).advance(720 * clock.HOUR)
    assert ask(any_world, queries.join_requests, firm.boss, firm.id) == []
    with worlds.unchanged(any_world), pytest.raises(invitations.InvitationLapsed):
        do(
            any_world,
            actions.decide_join,
            firm.boss,
            invitation_id=third.id,
            accept=True,
            role=HANDLER,
        )


def test_applying_needs_a_name_and_a_short_note(any_world, firm):
    unnamed = registering.sign_up(any_world, "13600136000")
    given = {"enterprise_id": firm.id, "note": ""}
    with worlds.unchanged(any_world), pytest.raises(queries.NotRealNamed):
        do(any_world, actions.apply_to_join, unnamed, **given)
    with worlds.unchanged(any_world), pytest.raises(invitations.NoteTooLong):
        do(any_world, actions.apply_to_join, firm.other, **{**given, "note": "长" * 201})
    with pytest.raises(errors.InvalidInput):
        ask(any_world, queries.find_enterprises, firm.other, "东")


# -- roles and leaving -----------------------------------------------------------------------------


@pytest.mark.row("ENT-2")
def test_the_last_administrator_stays(any_world, firm):
    member = joined(any_world, firm)
    own = next(one for one in ask(any_world, queries.members, firm.boss, firm.id) if one.me)
    for action, arguments in (
        (actions.leave_enterprise, {"enterprise_id": firm.id}),
        (actions.remove_member, {"membership_id": own.membership_id}),
        (actions.change_role, {"membership_id": own.membership_id, "role": HANDLER}),
    ):
        with worlds.unchanged(any_world), pytest.raises(members.LastAdministrator):
            do(any_world, action, firm.boss, **arguments)
    do(any_world, actions.change_role, firm.boss, membership_id=member.id, role=ADMINISTRATOR)
    do(any_world, actions.change_role, firm.boss, membership_id=own.membership_id, role=HANDLER)
    with worlds.unchanged(any_world), pytest.raises(members.LastAdministrator):
        do(any_world, actions.leave_enterprise, firm.other, enterprise_id=firm.id)
    do(any_world, actions.leave_enterprise, firm.boss, enterprise_id=firm.id)
    assert parties.violations(any_world) == {}


@pytest.mark.row("ENT-2")
def test_who_left_or_was_removed_may_come_back_to_the_same_row(any_world, firm):
    first = joined(any_world, firm)
    do(any_world, actions.leave_enterprise, firm.other, enterprise_id=firm.id)
    assert "member.has_left" in messages(any_world, firm.boss)
    with pytest.raises(queries.NotAMember):
        ask(any_world, queries.members, firm.other, firm.id)
    second = joined(any_world, firm, SEAL_USER)
    assert (second.id, second.role, second.ended_at) == (first.id, SEAL_USER, None)
    do(any_world, actions.remove_member, firm.boss, membership_id=second.id)
    assert "member.removed" in messages(any_world, firm.other)
    with worlds.unchanged(any_world), pytest.raises(errors.IllegalTransition):
        do(any_world, actions.remove_member, firm.boss, membership_id=second.id)
    fold.require(any_world)


@pytest.mark.row("ENT-2")
def test_only_an_administrator_of_this_enterprise_manages_its_members(any_world, firm):
    member = joined(any_world, firm)
    elsewhere, other_id = approved(any_world, parties.Reviewers.of(any_world), number=5)
    assert other_id != firm.id
    for who in (firm.other, elsewhere):
        for action, arguments in (
            (actions.change_role, {"role": SEAL_USER}),
            (actions.remove_member, {}),
        ):
            with worlds.unchanged(any_world), pytest.raises(queries.NotAMember):
                do(any_world, action, who, membership_id=member.id, **arguments)
    with worlds.unchanged(any_world), pytest.raises(members.RoleUnchanged):
        do(any_world, actions.change_role, firm.boss, membership_id=member.id, role=HANDLER)


@pytest.mark.row("S-AUTH-3")
def test_removing_offering_and_taking_over_need_a_fresh_second_factor(any_world, firm):
    member = joined(any_world, firm)
    stale = dataclasses.replace(firm.boss, second_factor_at=None)
    for action, arguments in (
        (actions.remove_member, {"membership_id": member.id}),
        (actions.offer_transfer, {"enterprise_id": firm.id, "membership_id": member.id}),
        (actions.answer_transfer, {"transfer_id": "trf_x", "accept": True}),
    ):
        with worlds.unchanged(any_world), pytest.raises(SecondFactorNeeded):
            do(any_world, action, stale, **arguments)


# -- the administrator's role ----------------------------------------------------------------------


def offered(world, firm, member):
    return do(
        world, actions.offer_transfer, firm.boss, enterprise_id=firm.id, membership_id=member.id
    )


@pytest.mark.row("ENT-2")
def test_the_administrators_role_changes_hands_at_once(any_world, firm):
    member = joined(any_world, firm)
    offer = offered(any_world, firm, member)
    assert todos(any_world, firm.other, "member.transfer_offered") == 1
    (mine,) = ask(any_world, queries.my_transfers, firm.other)
    assert (mine.incoming, mine.other) == (True, "李*东")
    (theirs,) = ask(any_world, queries.my_transfers, firm.boss)
    assert not theirs.incoming
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        do(any_world, actions.answer_transfer, firm.boss, transfer_id=offer.id, accept=True)
    do(any_world, actions.answer_transfer, firm.other, transfer_id=offer.id, accept=True)
    roles = {one.me: one.role for one in ask(any_world, queries.members, firm.other, firm.id)}
    assert roles == {True: ADMINISTRATOR, False: HANDLER}
    assert todos(any_world, firm.other, "member.transfer_offered") == 0
    assert "member.transfer_accepted" in messages(any_world, firm.boss)
    with worlds.unchanged(any_world), pytest.raises(errors.PolicyRefused):
        do(any_world, actions.answer_transfer, firm.other, transfer_id=offer.id, accept=True)
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("ENT-2")
def test_an_offer_can_be_declined_replaced_and_lapses(any_world, firm):
    member = joined(any_world, firm)
    first = offered(any_world, firm, member)
    do(any_world, actions.answer_transfer, firm.other, transfer_id=first.id, accept=False)
    assert role_of(any_world, member.id) is HANDLER
    assert "member.transfer_declined" in messages(any_world, firm.boss)
    second = offered(any_world, firm, member)
    third = offered(any_world, firm, member)
    sql = "SELECT status FROM administrator_transfer WHERE id = ?"
    assert worlds.rows(any_world, sql, second.id) == [{"status": "cancelled"}]
    worlds.clock_of(any_world).advance(72 * clock.HOUR)
    assert ask(any_world, queries.my_transfers, firm.other) == []
    with worlds.unchanged(any_world), pytest.raises(members.OfferLapsed):
        do(any_world, actions.answer_transfer, firm.other, transfer_id=third.id, accept=True)


@pytest.mark.row("ENT-2")
def test_an_offer_ends_with_the_membership_it_was_made_to(any_world, firm):
    member = joined(any_world, firm)
    offer = offered(any_world, firm, member)
    do(any_world, actions.leave_enterprise, firm.other, enterprise_id=firm.id)
    with worlds.unchanged(any_world), pytest.raises(members.OfferLapsed):
        do(any_world, actions.answer_transfer, firm.other, transfer_id=offer.id, accept=True)
    with worlds.unchanged(any_world), pytest.raises(errors.IllegalTransition):
        offered(any_world, firm, member)


def test_the_role_is_offered_to_another_member_who_is_no_administrator(any_world, firm):
    own = next(one for one in ask(any_world, queries.members, firm.boss, firm.id) if one.me)
    given = {"enterprise_id": firm.id, "membership_id": own.membership_id}
    with worlds.unchanged(any_world), pytest.raises(members.NotThisMember):
        do(any_world, actions.offer_transfer, firm.boss, **given)


@pytest.mark.row("S-PI-1")
def test_the_representative_s_id_card_is_for_administrators_alone(any_world, firm):
    member = joined(any_world, firm)
    with any_world.engine.reader(SYSTEM) as q:
        kept = queries.particulars(q, firm.id).papers
    card = model.blob_of(kept, "representative_id_front")
    do(any_world, actions.change_role, firm.boss, membership_id=member.id, role=SEAL_USER)
    for role, may in ((SEAL_USER, False), (HANDLER, False), (ADMINISTRATOR, True)):
        if role is not SEAL_USER:
            do(any_world, actions.change_role, firm.boss, membership_id=member.id, role=role)
        with any_world.engine.reader(firm.other) as q:
            if may:
                assert holders.file(q, blob_id=card)[1] == "image/png"
            else:
                with pytest.raises(errors.NotFound):
                    holders.file(q, blob_id=card)
