"""Certificates that are due together are signed and recorded together; each stands by itself (PKI-1)."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from engine import boot, worker
from engine.boot import tables
from engine.issuing import actions, queries
from engine.kernel import database, errors, events, ids, jobs, ports
from engine.pki import keys
from tests.integration.test_issuing_processes import copies
from tests.support import crashing, fold, key_proofs, pairing, parties, worlds
from tests.support.worlds import SYSTEM


def requested(world: boot.World, count: int) -> list[str]:
    """As many certificates asked for, none of them signed."""
    party = pairing.approved(world)
    orders = world.engine.perform(
        copies, {"order_id": party.order_id, "count": count}, actor=SYSTEM
    )
    entropy = ids.seeded(count, "keys of several")
    found = []
    for order_id in orders:
        arguments = key_proofs.request_arguments(order_id, keys.generate(entropy))
        made = world.engine.perform(actions.request_certificate, arguments, actor=party.person)
        found.append(made.id)
    return found


def statuses(world: boot.World) -> dict[str, str]:
    """How each signing certificate stands."""
    sql = "SELECT id, status FROM certificate WHERE usage = 'signing'"
    return {row["id"]: row["status"] for row in worlds.rows(world, sql)}


def issued_facts(world: boot.World) -> list[tuple[str, str]]:
    """(operation, subject) of each fact that a signing certificate was issued."""
    sql = (
        "SELECT operation, subject FROM event WHERE kind = 'certificate.issued' AND subject IN"
        " (SELECT id FROM certificate WHERE usage = 'signing') ORDER BY seq"
    )
    return [(row["operation"], row["subject"]) for row in worlds.rows(world, sql)]


@pytest.mark.row("PKI-1")
def test_what_is_due_is_recorded_in_one_operation_with_a_fact_for_each(any_world):
    made = requested(any_world, 7)
    assert worker.run_due(any_world, limit=7) == 7
    assert statuses(any_world) == dict.fromkeys(made, "issued")
    facts = issued_facts(any_world)
    assert sorted(subject for _, subject in facts) == sorted(made)
    assert len({operation for operation, _ in facts}) == 1
    assert not worlds.rows(any_world, "SELECT id FROM job WHERE kind = 'issue_certificate'")
    assert not fold.differences(any_world)
    assert parties.violations(any_world) == {}


@pytest.mark.row("PKI-1")
def test_each_is_the_certificate_that_it_would_be_alone(world):
    made = requested(world, 4)
    wanted = {one: world.engine.ask(_request, SYSTEM, one) for one in made}
    worker.run_due(world)
    for certificate_id, (agency_id, request) in wanted.items():
        found = world.engine.ask(queries.certificate, SYSTEM, certificate_id)
        assert found.der == world.ports.agencies[agency_id].issue(request)


def _request(q, certificate_id):
    found = queries.certificate(q, certificate_id)
    return found.agency_id, ports.CertificateRequest(
        serial=int(found.serial_hex, 16),
        profile=found.profile,
        applicant=queries.applicant(q, found),
        public_key=found.public_key,
        not_before=found.not_before,
        not_after=found.not_after,
    )


class _Agency:
    """The world's own agency, but for one request: `instead` makes what comes of that."""

    def __init__(self, own: ports.CertificateAgency, serial: int, instead) -> None:
        self._own, self._serial, self._instead = own, serial, instead

    def issue(self, request: ports.CertificateRequest) -> bytes:
        if request.serial == self._serial:
            return self._instead(self._own, request)
        return self._own.issue(request)

    def chain(self):
        return self._own.chain()


def with_one_odd(world: boot.World, certificate_id: str, instead) -> boot.World:
    """The same world, whose agency does something else with one request."""
    found = world.engine.ask(queries.certificate, SYSTEM, certificate_id)
    own = dict(world.ports.agencies)
    serial = int(found.serial_hex, 16)
    own[found.agency_id] = _Agency(own[found.agency_id], serial, instead)
    return dataclasses.replace(world, ports=dataclasses.replace(world.ports, agencies=own))


def _down(own, request):
    raise errors.ProviderUnavailable()


def _another(own, request):
    return own.issue(dataclasses.replace(request, not_after=request.not_after - 1_000))


def _bug(own, request):
    raise ZeroDivisionError


@pytest.mark.row("PKI-1")
@pytest.mark.parametrize(
    ("instead", "job"),
    [
        (_down, ("ready", "kernel.provider_unavailable")),
        (_another, ("stuck", "issuing.not_what_was_requested")),
        (_bug, ("stuck", "ZeroDivisionError")),
    ],
    ids=["down", "another", "bug"],
)
def test_one_in_the_way_keeps_no_other_waiting(any_world, instead, job):
    made = requested(any_world, 5)
    odd = with_one_odd(any_world, made[2], instead)
    worker.run_due(odd)
    expected = dict.fromkeys(made, "issued") | {made[2]: "requested"}
    assert statuses(any_world) == expected
    [left] = worlds.rows(
        any_world, "SELECT subject, status, last_error FROM job WHERE kind = 'issue_certificate'"
    )
    assert (left["subject"], left["status"], left["last_error"]) == (made[2], *job)
    differs = worlds.rows(any_world, "SELECT subject FROM event WHERE kind = 'certificate.differs'")
    assert [row["subject"] for row in differs] == ([made[2]] if instead is _another else [])
    assert not fold.differences(any_world)


def test_recording_them_twice_changes_nothing_more(world):
    made = requested(world, 3)
    signed = {}
    for one in made:
        agency_id, request = world.engine.ask(_request, SYSTEM, one)
        signed[one] = world.ports.agencies[agency_id].issue(request)
    first = world.engine.perform(actions.record_issuances, {"signed": signed}, actor=SYSTEM)
    assert first == tuple(made)
    facts = issued_facts(world)
    again = world.engine.perform(actions.record_issuances, {"signed": signed}, actor=SYSTEM)
    assert again == ()
    assert issued_facts(world) == facts


def test_only_the_platform_records(world):
    party = pairing.approved(world)
    with pytest.raises(errors.NotPermitted):
        world.engine.perform(actions.record_issuances, {"signed": {}}, actor=party.person)


def test_no_more_are_taken_than_the_worker_may_do(any_world):
    requested(any_world, 6)
    assert worker.run_due(any_world, limit=4) == 4
    assert sorted(statuses(any_world).values()) == ["issued"] * 4 + ["requested"] * 2
    free = worlds.rows(
        any_world,
        "SELECT id FROM job WHERE kind = 'issue_certificate' AND lease_until = 0 AND attempts = 0",
    )
    assert len(free) == 2


@pytest.mark.row("PKI-1")
def test_what_a_killed_worker_had_in_hand_is_done_by_the_next_once(any_world):
    """All of them taken and recorded, and the worker killed before it said so."""
    made = requested(any_world, 5)
    parts = any_world.engine.parts
    with parts.db.write() as connection:
        now = any_world.engine.now()
        first = jobs.claim(parts, connection, now=now, owner="killed", subject=None)
        assert first is not None
        taken = [first]
        taken += jobs.claim_alike(parts, connection, first, now=now, owner="killed", most=9)
    assert sorted(one.subject for one in taken) == sorted(made)
    tables.TOGETHER["issue_certificate"](any_world, taken)
    facts = issued_facts(any_world)
    worker.run_due(any_world)
    worlds.clock_of(any_world).advance(jobs.LEASE_MS + 1)
    worker.run_due(any_world)
    assert statuses(any_world) == dict.fromkeys(made, "issued")
    assert issued_facts(any_world) == facts
    assert not worlds.rows(any_world, "SELECT id FROM job WHERE kind = 'issue_certificate'")


def violations(world: boot.World) -> list[str]:
    """What is wrong with a world: its chain, its fold, its invariants."""
    with world.engine.parts.db.read() as connection:
        _, breaks = events.verify(connection, world.keyring)
        broken = [name for name, sql in tables.INVARIANTS.items() if connection.rows(sql)]
    return [*map(str, breaks), *fold.differences(world), *broken]


@pytest.mark.row("PKI-1")
def test_killed_at_each_line_of_recording_several_all_are_there_or_none(tmp_path: Path, count):
    base = tmp_path / "base.sqlite3"
    db = database.SqliteDatabase(base)
    world = boot.memory_world(db=db)
    signed = {}
    for one in requested(world, 3):
        agency_id, request = world.engine.ask(_request, SYSTEM, one)
        signed[one] = world.ports.agencies[agency_id].issue(request)
    act = crashing.Act(actions.record_issuances, {"signed": signed}, SYSTEM)
    before = worlds.content(world)
    db.checkpoint()
    db.close()
    with crashing.copy_of(base) as path, crashing.over(world, path) as finished:
        finished.engine.perform(act.action, act.arguments, actor=act.actor, key=act.key)
        after = worlds.content(finished)
    assert after != before
    with crashing.copy_of(base) as path:
        done, lines = crashing.run(world, path, act)
        assert done
    places = crashing.spread(lines, count(15, len(lines)))
    wholly = 0
    for kill_at in places:
        where = lines[kill_at - 1]
        with crashing.copy_of(base) as path:
            reported, _ = crashing.run(world, path, act, kill_at)
            assert not reported, "the child outlived its line"
            with crashing.over(world, path) as left:
                found = worlds.content(left)
                assert found in (before, after), f"half done at {where}"
                wholly += found == after
                assert violations(left) == [], where
                left.engine.perform(act.action, act.arguments, actor=act.actor, key=act.key)
                assert worlds.content(left) == after, f"not done once at {where}"
    assert wholly < len(places)
