"""What is checked of certificates after a run: it holds in a sound world, and each breach is found."""

from __future__ import annotations

import json

import pytest

from engine import worker
from engine.boot import World
from engine.issuing import actions as issuing
from engine.kernel import clock
from engine.staffing.model import Role
from simulations import invariants
from tests.support import ordering, pairing, parties, worlds

LISTED = "what has ended stands in the published list and nothing else does"
ANSWERED = "OCSP says of every certificate how it stands"
TWO = "an encryption key comes back by two people who are not its holder"
ONE_LIVES = "no two certificates of a holder live at once"


def broken(world: World) -> set[str]:
    """The invariants that do not hold; those of the log aside, which every tampering breaks."""
    aside = {"the log folds to the tables"}
    return {one.name for one in invariants.check(world) if one.violations} - aside


@pytest.fixture
def party(world: World) -> parties.Party:
    """One certificate in use and, of somebody else, one revoked."""
    reviewers = parties.Reviewers.of(world)
    gone = parties.certified(world, reviewers)
    world.engine.perform(
        issuing.revoke,
        {"certificate_id": gone.certificate_id, "reason": "cessationOfOperation"},
        actor=ordering.fresh(world, gone.person),
    )
    worker.run_due(world)
    return parties.certified(world, reviewers, number=2, name="新疆天山办公有限公司")


@pytest.mark.row("PKI-2")
def test_a_sound_world_breaks_nothing_and_checking_changes_nothing(
    world: World, party: parties.Party
) -> None:
    with worlds.unchanged(world):
        assert broken(world) == set()


@pytest.mark.row("PKI-2")
def test_a_revoked_certificate_that_no_list_names_is_found(
    world: World, party: parties.Party
) -> None:
    worlds.run_sql(
        world,
        "UPDATE certificate SET status = 'revoked', revoked_at = ?, revocation_reason ="
        " 'keyCompromise' WHERE id = ?",
        worlds.clock_of(world).now_ms(),
        party.certificate_id,
    )
    assert LISTED in broken(world)


@pytest.mark.row("PKI-2")
def test_a_listed_certificate_that_is_good_is_found(world: World, party: parties.Party) -> None:
    worlds.run_sql(
        world,
        "UPDATE certificate SET status = 'active', revoked_at = NULL, revocation_reason = NULL"
        " WHERE status = 'revoked'",
    )
    assert LISTED in broken(world)


@pytest.mark.row("PKI-2")
def test_a_list_that_lacks_a_change_and_is_not_about_to_be_made_is_found(
    world: World, party: parties.Party
) -> None:
    given = {"certificate_id": party.certificate_id}
    world.engine.perform(issuing.suspend, given, actor=ordering.fresh(world, party.person))
    assert LISTED not in broken(world)
    worlds.run_sql(world, "DELETE FROM job WHERE kind = 'publish_revocations'")
    assert LISTED in broken(world)


@pytest.mark.row("CRT-3")
def test_two_living_certificates_of_one_holder_are_found(
    world: World, party: parties.Party
) -> None:
    worlds.clock_of(world).set(
        int(str(ordering.certificate(world, party.certificate_id)["not_after"])) - 30 * clock.DAY
    )
    placed = ordering.perform(
        world,
        party,
        ordering.actions.renew_certificate,
        certificate_id=party.certificate_id,
        years=1,
    )
    ordering.complete(world, party, placed.id, 7)
    worker.run_due(world)
    assert broken(world) == set()
    worlds.run_sql(
        world, "UPDATE certificate SET status = 'active' WHERE id = ?", party.certificate_id
    )
    assert ONE_LIVES in broken(world)


@pytest.mark.row("CRT-6")
def test_a_key_that_one_person_released_is_found(world: World) -> None:
    found = pairing.complete(world, scheme="seeded_ec")
    recovery = world.engine.perform(
        issuing.ask_recovery,
        {"certificate_id": found.encryption, "why": "key_damaged"},
        actor=found.party.person,
    )
    two = [worlds.staff(world, Role.AGENCY_REVIEWER) for _ in range(2)]
    for one in two:
        parties.approve(world, "key_recovery", recovery.id, one)
    worker.run_due(world)
    assert TWO not in broken(world)
    for alone in ([two[0].text], [two[0].text, found.party.person.text]):
        worlds.run_sql(
            world,
            "UPDATE key_recovery SET approved_by = ? WHERE id = ?",
            json.dumps(alone),
            recovery.id,
        )
        assert TWO in broken(world)
