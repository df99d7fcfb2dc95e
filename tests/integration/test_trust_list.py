"""Mutual recognition in a world: the list that is in force, who changes it, and what it lets count."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from pathlib import Path

import pytest

from engine import worker
from engine.boot import World
from engine.kernel import actors, clock, errors, ids
from engine.pki import certificates, trust_list
from engine.policies import actions as settings
from engine.policies import checking
from engine.policies import queries as policies
from engine.staffing.model import Role
from engine.trusting import actions, jobs, queries
from tests.support import fold, web, worlds

AGENCY = "beifang"


def guest(world: World) -> list[bytes]:
    """A certificate by an agency whose keys and root are none of this world's."""
    outside = world.outsiders[AGENCY]
    made = outside.certify(
        organization="沈阳北方建设有限公司",
        uscc="91210102MA0K00009X",
        now_ms=world.engine.now() - clock.HOUR,
        years=1,
        entropy=ids.seeded(3, "guest"),
    )
    return [certificates.to_der(made.certificate)]


def change(world: World, name: str = AGENCY, **changes: object) -> None:
    """Two leads change who is recognized, and the worker does what follows."""
    maker, checker = worlds.staff(world, Role.LEAD), worlds.staff(world, Role.LEAD)
    found = world.engine.ask(policies.approved, worlds.SYSTEM, "recognized_agency", name)
    body = {} if found is None else json.loads(found.body)
    version = world.engine.perform(
        settings.propose,
        {
            "kind": "recognized_agency",
            "name": name,
            "body": body | changes,
            "effective_at": 0,
        },
        actor=maker,
    )
    world.engine.perform(settings.approve, {"version_id": version.id}, actor=checker)


def facts(world: World) -> list[dict[str, object]]:
    """What the log says of lists that were adopted."""
    found = worlds.rows(
        world, "SELECT body FROM event WHERE kind = 'trust_list.adopted' ORDER BY seq"
    )
    return [json.loads(row["body"])["facts"] for row in found]


@pytest.mark.row("PKI-4")
def test_a_new_world_has_a_list_with_its_own_agencies_and_another_one(any_world):
    found = any_world.engine.ask(queries.current, worlds.SYSTEM)
    assert [one.label for one in found.agencies] == ["dongfang", "huaxia", AGENCY]
    assert [one["sequence"] for one in facts(any_world)] == [1]
    fold.require(any_world)


@pytest.mark.row("PKI-4")
def test_another_authoritys_certificate_counts_until_its_recognition_is_suspended(any_world):
    chain = guest(any_world)
    found = any_world.engine.ask(queries.require_recognised, worlds.SYSTEM, chain)
    assert found.label == AGENCY
    change(any_world, status="suspended")
    worker.run_due(any_world)
    with pytest.raises(queries.RecognitionSuspended):
        any_world.engine.ask(queries.require_recognised, worlds.SYSTEM, chain)
    worlds.clock_of(any_world).advance(clock.DAY)
    change(any_world, status="granted")
    worker.run_due(any_world)
    assert any_world.engine.ask(queries.require_recognised, worlds.SYSTEM, chain).label == AGENCY
    [service] = found.services
    now = any_world.engine.ask(queries.current, worlds.SYSTEM)
    [course] = [one.services[0].periods for one in now.agencies if one.label == AGENCY]
    assert [one.status.value for one in course] == ["granted", "suspended", "granted"]
    assert [one.until is None for one in course] == [False, False, True]
    assert course[0].since == service.periods[0].since
    assert [one["sequence"] for one in facts(any_world)] == [1, 2, 3]
    fold.require(any_world)


@pytest.mark.row("PKI-4")
def test_a_withdrawn_agency_of_this_platform_is_refused_too(world):
    own = [world.authorities.certificate("huaxia")]
    assert world.engine.ask(queries.is_recognised, worlds.SYSTEM, "huaxia")
    assert not world.engine.ask(queries.is_recognised, worlds.SYSTEM, "nanfang")
    change(world, "huaxia", status="withdrawn")
    worker.run_due(world)
    assert not world.engine.ask(queries.is_recognised, worlds.SYSTEM, "huaxia")
    with pytest.raises(queries.RecognitionWithdrawn) as refused:
        world.engine.ask(queries.require_recognised, worlds.SYSTEM, own)
    assert "华夏电子认证" in str(refused.value)


@pytest.mark.row("PKI-4")
def test_an_agency_that_is_not_listed_is_refused(world):
    with pytest.raises(queries.NotRecognized):
        world.engine.ask(
            queries.require_recognised, worlds.SYSTEM, [world.authorities.certificate("nanfang")]
        )


@pytest.mark.row("PKI-4")
def test_a_new_agency_comes_with_its_certificate_and_nothing_else_does(world):
    pem = certificates.to_pem(world.outsiders[AGENCY].root.certificate).decode()
    body = {
        "label": {"zh": "西部认证", "en": "Xibu CA"},
        "organization": "西部认证有限公司",
        "code": "91610000MA0XTE5T5W",
        "status": "granted",
    }
    with pytest.raises(checking.CertificateUnusable):
        change(world, "xibu", **body, certificates=["no certificate"])
    change(world, "xibu", **body, certificates=[pem])
    worker.run_due(world)
    found = world.engine.ask(queries.current, worlds.SYSTEM)
    assert {one.label for one in found.agencies} == {"dongfang", "huaxia", AGENCY, "xibu"}


def document(world: World, sequence: int, *, now: int | None = None) -> bytes:
    """A list that the scheme signed, with a number of one's choice."""
    agencies = world.engine.ask(queries.to_be_listed, worlds.SYSTEM)
    return world.ports.trust_scheme.publish(
        agencies, sequence=sequence, now=world.engine.now() if now is None else now
    )


@pytest.mark.row("PKI-4")
@pytest.mark.parametrize("sequence", [1, 2])
def test_an_old_list_cannot_come_back(world, sequence):
    change(world, status="withdrawn")
    worker.run_due(world)
    with worlds.unchanged(world), pytest.raises(actions.ListOlder):
        world.engine.perform(
            actions.adopt, {"document": document(world, sequence)}, actor=worlds.SYSTEM
        )


@pytest.mark.row("PKI-4")
def test_nobody_but_the_platform_itself_adopts_a_list(world):
    for actor in (worlds.staff(world, Role.ADMINISTRATOR), actors.Machine(name="payment")):
        with pytest.raises(errors.NotPermitted):
            world.engine.perform(actions.adopt, {"document": document(world, 9)}, actor=actor)


@pytest.mark.row("PKI-4")
def test_a_list_that_is_changed_or_not_yet_in_force_is_not_adopted(world):
    good = document(world, 9)
    changed = good.replace(b'"sequence":9', b'"sequence":8')
    with worlds.unchanged(world), pytest.raises(trust_list.TrustListUnusable):
        world.engine.perform(actions.adopt, {"document": changed}, actor=worlds.SYSTEM)
    early = document(world, 9, now=world.engine.now() + clock.HOUR)
    with worlds.unchanged(world), pytest.raises(queries.NoListInForce):
        world.engine.perform(actions.adopt, {"document": early}, actor=worlds.SYSTEM)


@pytest.mark.row("PKI-4")
def test_a_row_that_was_changed_in_the_database_is_noticed_at_its_next_use(world):
    row = worlds.rows(world, "SELECT document FROM trust_list")[0]
    forged = bytes(row["document"]).replace(b"granted", b"revoked")
    worlds.run_sql(world, "UPDATE trust_list SET document = ?", forged)
    with pytest.raises(trust_list.TrustListUnusable):
        world.engine.ask(queries.require_recognised, worlds.SYSTEM, guest(world))


@pytest.mark.row("PKI-4")
def test_the_list_is_renewed_at_half_of_its_time_and_without_that_nothing_counts(any_world):
    first = any_world.engine.ask(queries.newest, worlds.SYSTEM)
    worlds.clock_of(any_world).set(first.next_update)
    with pytest.raises(queries.NoListInForce):
        any_world.engine.ask(queries.require_recognised, worlds.SYSTEM, guest(any_world))
    worker.tick(any_world, owner="test")
    second = any_world.engine.ask(queries.newest, worlds.SYSTEM)
    assert (first.sequence, second.sequence) == (1, 2)
    assert any_world.engine.ask(queries.require_recognised, worlds.SYSTEM, guest(any_world))
    half = second.issued_at + (second.next_update - second.issued_at) // 2
    worlds.clock_of(any_world).set(half - 1)
    worker.tick(any_world, owner="test")
    assert any_world.engine.ask(queries.newest, worlds.SYSTEM) == second
    worlds.clock_of(any_world).set(half)
    worker.tick(any_world, owner="test")
    assert any_world.engine.ask(queries.newest, worlds.SYSTEM).sequence == 3


def test_two_workers_that_renew_at_once_make_one_list(world):
    first = world.engine.ask(queries.newest, worlds.SYSTEM)
    worlds.clock_of(world).set(first.issued_at + 100 * clock.DAY)

    class Overtaken:
        """A world whose other worker publishes while this one has its list signed."""

        engine = world.engine
        ports = world.ports

        def __init__(self) -> None:
            self.ports = dataclasses.replace(world.ports, trust_scheme=self)

        def publish(self, agencies, *, sequence, now):
            assert jobs.publish_due(world) == 1
            worlds.clock_of(world).advance(clock.SECOND)
            return world.ports.trust_scheme.publish(agencies, sequence=sequence, now=now + 1_000)

    assert jobs.publish_due(Overtaken()) == 0
    assert [one["sequence"] for one in facts(world)] == [1, 2]
    assert jobs.publish_due(world) == 0


@pytest.mark.row("PKI-4")
def test_the_list_is_had_over_http_and_openssl_verifies_it(world, monkeypatch, tmp_path: Path):
    visitor = web.browser(web.application(world, monkeypatch))
    answer = visitor.get("/w/run/trust-list.p7m")
    assert answer.headers["content-type"] == "application/pkcs7-mime; smime-type=signed-data"
    assert (
        visitor.get(
            "/w/run/trust-list.p7m", headers={"if-none-match": answer.headers["etag"]}
        ).status_code
        == 304
    )
    (tmp_path / "list.p7m").write_bytes(answer.content)
    (tmp_path / "root.pem").write_bytes(certificates.to_pem(world.roots[0]))
    done = subprocess.run(
        ["openssl", "cms", "-verify", "-inform", "DER", "-in", "list.p7m", "-CAfile", "root.pem",
         "-purpose", "any", "-attime", str(world.engine.now() // 1000 + 1), "-binary"],
        cwd=tmp_path, capture_output=True, check=False, timeout=30,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sequence"] == 1
