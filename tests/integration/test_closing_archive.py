"""An archive opens to two people together, for a day."""

from __future__ import annotations

import pytest

from engine.kernel import clock, vault
from engine.registration import actions, queries
from engine.registration.actions import archiving
from engine.registration.actions.terminating import GroundUnknown
from engine.reviewing import actions as reviewing
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import binding, closing, fold, parties, registering, worlds
from tests.support.worlds import SYSTEM

PHONE = "13800138000"


@pytest.fixture
def archived(any_world):
    """A cancelled account that had a certificate, and three members of staff."""
    made = binding.certified(any_world, parties.Reviewers.of(any_world))
    closing.add_administrator(any_world, made)
    closing.finish_seals(any_world, made)
    staff = closing.officers(any_world)
    closing.cancel(any_world, made.person, staff[0])
    return any_world, made, closing.archive_of(any_world, made.person.account_id)["id"], staff


def request(world, archive_id, who, reason="court_or_authority"):
    given = {"archive_id": archive_id, "reason": reason}
    return world.engine.perform(actions.request_release, given, actor=who)


def read(world, archive_id, who, key=None):
    given = {"archive_id": archive_id}
    return world.engine.perform(actions.released, given, actor=who, key=key)


@pytest.mark.row("ACC-7")
@pytest.mark.row("S-PI-4")
def test_two_people_open_it_for_a_day_and_every_reading_is_recorded(archived):
    world, made, archive_id, (one, other, third) = archived
    with worlds.unchanged(world), pytest.raises(archiving.ArchiveLocked):
        read(world, archive_id, one)
    asked = request(world, archive_id, one)
    with pytest.raises(reviewing.MakerIsNotChecker):
        parties.approve(world, "archive_release", asked.id, one)
    parties.approve(world, "archive_release", asked.id, other)
    found = read(world, archive_id, one)
    assert (found.name, found.resident_id) == (
        registering.NAME,
        registering.resident_id(sequence="002"),
    )
    pair = worlds.rows(
        world, "SELECT id FROM certificate WHERE pair_id = ? ORDER BY id", made.certificate_id
    )
    assert len(pair) == 2
    assert sorted(row["id"] for row in found.certificates) == [row["id"] for row in pair]
    assert {row["status"] for row in found.certificates} == {"revoked"}
    assert len(found.proofs) == 1
    assert worlds.kinds(world).count("archive.read") == 1
    for stranger in (other, third):
        with pytest.raises(archiving.ArchiveLocked):
            read(world, archive_id, stranger)
    worlds.clock_of(world).advance(clock.DAY)
    with worlds.unchanged(world), pytest.raises(archiving.ArchiveLocked):
        read(world, archive_id, one)
    fold.require(world)


def test_what_was_read_is_kept_nowhere_for_a_replay(archived):
    world, _, archive_id, (one, other, _) = archived
    parties.approve(world, "archive_release", request(world, archive_id, one).id, other)
    read(world, archive_id, one, key="again")
    read(world, archive_id, one, key="again")
    assert worlds.kinds(world).count("archive.read") == 2
    sql = "SELECT action FROM reply WHERE action = 'registration.released'"
    assert worlds.rows(world, sql) == []


def test_the_list_shows_the_clause_the_date_and_one_s_own_request(archived):
    world, _, archive_id, (one, other, _) = archived
    (row,) = world.engine.ask(queries.archives, one)
    assert row.clause is not None
    assert (row.archive.id, row.request, row.readable) == (archive_id, None, False)
    asked = request(world, archive_id, one)
    with worlds.unchanged(world), pytest.raises(archiving.RequestRunning):
        request(world, archive_id, one)
    parties.approve(world, "archive_release", asked.id, other)
    assert world.engine.ask(queries.archives, one)[0].readable
    assert not world.engine.ask(queries.archives, other)[0].readable


def test_a_refused_request_opens_nothing(archived):
    world, _, archive_id, (one, other, _) = archived
    asked = request(world, archive_id, one)
    case_id = parties.open_case(world, "archive_release", asked.id)
    world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=other)
    given = {"case_id": case_id, "reasons": ("archive_purpose_missing",)}
    world.engine.perform(reviewing.reject, given, actor=other)
    with worlds.unchanged(world), pytest.raises(archiving.ArchiveLocked):
        read(world, archive_id, one)
    assert world.engine.ask(queries.archives, one)[0].request.status == "rejected"


def test_who_may_ask_and_why_is_checked(archived):
    world, _, archive_id, (one, *_) = archived
    reviewer = worlds.staff(world, Role.ENTERPRISE_REVIEWER)
    with worlds.unchanged(world):
        with pytest.raises(MayNot):
            request(world, archive_id, reviewer)
        with pytest.raises(MayNot):
            world.engine.ask(queries.archives, reviewer)
        with pytest.raises(GroundUnknown):
            request(world, archive_id, one, "customer_call")


def test_after_its_release_there_is_nothing_to_read(archived):
    world, made, archive_id, (one, other, _) = archived
    asked = request(world, archive_id, one)
    release_at = closing.archive_of(world, made.person.account_id)["release_at"]
    worlds.clock_of(world).set(release_at - clock.HOUR)
    parties.approve(world, "archive_release", asked.id, other)
    worlds.clock_of(world).set(release_at)
    parties.settle(world, rounds=1)
    with pytest.raises(archiving.ArchiveDestroyed):
        read(world, archive_id, one)
    with pytest.raises(archiving.ArchiveDestroyed):
        request(world, archive_id, one)
    with world.engine.reader(SYSTEM) as q, pytest.raises(vault.Destroyed):
        q.data_key(closing.archive_of(world, made.person.account_id)["subject_id"], "archive")
