"""Receipts: of every acknowledged act (AU-6), verified offline (AU-4), for whom they are due to alone."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.boot import World, tables
from engine.evidence import growing, queries, receipts
from engine.evidence.verifier import log_command
from engine.evidence.verifier.log import Finding
from engine.evidence.verifier.receipts import proof_findings
from engine.http import log_papers, pace
from engine.kernel import actors, clock, errors
from engine.registration import actions as registration
from engine.staffing.model import Role
from tests.support import crashing, trading, web, worlds
from tests.support import heads as support
from tests.support.registering import sign_up

_NEW_PASSWORD = {"new_password": "Eine sehr lange 7"}


@pytest.fixture
def kept(file_world: World, tmp_path: Path) -> World:
    made = support.with_heads(file_world, tmp_path)
    growing.grow(made.engine.parts)
    return made


def key_of(world: World) -> str:
    return support.heads(world)[-1].key


def findings(world: World, made: receipts.Receipt | receipts.Growth) -> list[Finding]:
    """What the verifier finds of the file, with nothing but the key."""
    return proof_findings("receipt", json.loads(made.told()), key_of(world))


def holds(world: World, made: receipts.Receipt | receipts.Growth) -> bool:
    return all(good for good, _, _ in findings(world, made))


def operations(world: World) -> list[str]:
    sql = "SELECT operation FROM event GROUP BY operation ORDER BY MIN(seq)"
    return [str(row["operation"]) for row in worlds.rows(world, sql)]


@pytest.mark.row("AUD-1")
def test_every_operation_of_the_log_has_a_receipt_that_verifies_offline(
    any_world: World, tmp_path: Path
) -> None:
    kept = support.with_heads(any_world, tmp_path)
    support.write(kept, 1)
    for operation in operations(kept):
        made = kept.engine.ask(queries.receipt, tables.INSIDE, operation)
        told = findings(kept, made)
        assert all(good for good, _, _ in told), told
        assert all(one.told for one in made.events)
    assert support.heads(kept)[-1].size == support.size(kept)


@pytest.mark.row("AUD-1")
def test_any_change_of_a_receipt_is_found(kept: World) -> None:
    operation = operations(kept)[-1]
    whole = json.loads(kept.engine.ask(queries.receipt, tables.INSIDE, operation).told())
    event = whole["events"][0]
    other = event["leaf"][::-1]
    spoilt: list[dict[str, Any]] = [
        {**whole, "events": [{**event, "leaf": other}]},
        {**whole, "events": [{**event, "told": event["told"].replace("1", "2", 1)}]},
        {**whole, "events": [{**event, "index": event["index"] - 1}]},
        {**whole, "events": [{**event, "proof": event["proof"][1:]}]},
        {**whole, "events": [{**event, "proof": [other, *event["proof"][1:]]}]},
        {**whole, "head": {**whole["head"], "root": other}},
        {**whole, "head": {**whole["head"], "size": whole["head"]["size"] + 1}},
        {**whole, "head": {**whole["head"], "key": other}},
    ]
    for one in spoilt:
        assert not all(good for good, _, _ in proof_findings("receipt", one, key_of(kept)))
    for broken in ({}, {**whole, "events": []}, {**whole, "format": "x"}, {**whole, "head": {}}):
        with pytest.raises((ValueError, KeyError)):
            proof_findings("receipt", broken, key_of(kept))


@pytest.mark.row("AUD-1")
def test_whoever_did_it_has_a_receipt_without_what_else_the_event_holds(kept: World) -> None:
    person, other = sign_up(kept), sign_up(kept, "13900139000")
    kept.engine.perform(registration.set_password, _NEW_PASSWORD, actor=person)
    made, *_ = kept.engine.ask(queries.my_receipts, person, person.account_id)
    assert holds(kept, made)
    assert not any(event.told for event in made.events)
    assert kept.engine.ask(queries.my_receipts, other, person.account_id) == ()
    staff = worlds.staff(kept, Role.FINANCE)
    with pytest.raises(errors.NotPermitted):
        kept.engine.ask(queries.my_receipts, staff, person.account_id)
    with pytest.raises(errors.NotPermitted):
        kept.engine.ask(queries.receipt, staff, made.operation)
    with pytest.raises(errors.NotPermitted):
        kept.engine.ask(queries.receipt, person, operations(kept)[0])
    auditor = worlds.staff(kept, Role.AUDITOR)
    assert all(e.told for e in kept.engine.ask(queries.receipt, auditor, made.operation).events)
    with pytest.raises(errors.NotFound):
        kept.engine.ask(queries.receipt, auditor, "op_nothing")


@pytest.mark.row("AUD-1", "SGN-3")
def test_who_signed_a_contract_has_the_receipt_of_that_signature_alone(kept: World) -> None:
    found = trading.trade(kept)
    contract = trading.signed(kept, found)
    subjects = {}
    for party in (found.purchaser, found.supplier):
        made, *more = kept.engine.ask(queries.my_receipts, party.person, contract.id)
        assert more == []
        assert holds(kept, made)
        signed = [one.subject for one in made.events if one.kind == "signature.signed"]
        assert len(signed) == 1
        subjects[party.person.account_id] = signed[0]
    assert len(set(subjects.values())) == 2
    with pytest.raises(errors.NotFound):
        kept.engine.ask(queries.my_receipts, sign_up(kept), contract.id)


@pytest.mark.row("AUD-1")
def test_what_is_asked_of_the_log_is_asked_by_auditors_alone(kept: World) -> None:
    person, staff = sign_up(kept), worlds.staff(kept, Role.FINANCE)
    size = support.size(kept)
    questions: list[tuple[Callable[..., Any], tuple[object, ...]]] = [
        (queries.check_log, ()),
        (queries.log_events, ("1",)),
        (queries.log_standing, ()),
        (queries.tree_heads, ()),
        (queries.log_growth, (size, size)),
        (queries.require_exporter, ()),
    ]
    nobody: list[actors.Actor] = [person, staff, actors.Machine(name="payment")]
    for question, given in questions:
        for actor in nobody:
            with pytest.raises(errors.NotPermitted):
                kept.engine.ask(question, actor, *given)


@pytest.mark.row("AUD-1")
def test_the_log_only_grew_between_any_two_heads(kept: World) -> None:
    for number in range(4):
        worlds.clock_of(kept).advance(clock.MINUTE)
        support.write(kept, number)
        growing.grow(kept.engine.parts)
    sizes = [head.size for head in support.heads(kept)]
    for first in sizes:
        for second in sizes:
            made = kept.engine.ask(queries.log_growth, tables.INSIDE, first, second)
            assert made.holds
            assert holds(kept, made)
            if made.first != made.second:
                forged = dataclasses.replace(made, first=made.second, second=made.first)
                assert not holds(kept, forged)
    with pytest.raises(receipts.HeadMissing):
        kept.engine.ask(queries.log_growth, tables.INSIDE, sizes[0], sizes[-1] + 1)


@pytest.mark.row("AUD-1")
def test_no_receipt_is_made_of_what_was_changed(kept: World) -> None:
    operation = operations(kept)[-1]
    worlds.run_sql(kept, "DROP TRIGGER event_is_not_updated")
    worlds.run_sql(kept, "UPDATE event SET subject = 'x' WHERE operation = ?", operation)
    with pytest.raises(growing.LogNotSigned, match="another root"):
        kept.engine.ask(queries.receipt, tables.INSIDE, operation)
    # What was signed is kept: it still tells which event it is.
    assert "it differs first at event" in " ".join(support.texts(support.checked(kept)))


@pytest.mark.row("AUD-1")
def test_every_acknowledged_act_has_a_receipt_whenever_the_process_was_killed(
    kept: World, tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    person = sign_up(kept)
    act = crashing.Act(registration.set_password, _NEW_PASSWORD, person)
    kept.engine.parts.db.checkpoint()  # type: ignore[attr-defined]
    base = tmp_path / "world.sqlite3"
    with crashing.copy_of(base) as path:
        done, lines = crashing.run(kept, path, act)
        assert done
    acknowledged = without = 0
    for moment in [*crashing.spread(lines, count(20, 300)), 0]:
        with crashing.copy_of(base) as path:
            done, _ = crashing.run(kept, path, act, moment)
            with crashing.over(kept, path) as left:
                before = left.engine.ask(queries.my_receipts, person, person.account_id)
                if not done:
                    # Who got no answer asks again with the same key.
                    left.engine.perform(act.action, act.arguments, actor=person, key=act.key)
                found = left.engine.ask(queries.my_receipts, person, person.account_id)
                acknowledged += done
                without += done and not before
                assert len(found) == 1
                assert holds(left, found[0])
                assert support.checked(left).breaks == ()
        _forget(kept, tmp_path)
    assert acknowledged
    assert without == 0


def _forget(world: World, folder: Path) -> None:
    """The heads of an attempt are those of its copy of the database: the next begins anew."""
    support.folder_of(world).file.unlink()
    (folder / "newest-head.json").unlink()


def enter(world: World, visitor: TestClient, role: Role) -> None:
    login = f"{role.value}-1"
    worlds.staff(world, role, login=login)
    visitor.cookies.clear()
    assert web.sign_in(visitor, login, worlds.PASSWORD).status_code == 303


@pytest.mark.row("AUD-1")
def test_the_console_gives_the_files_to_auditors_and_the_verifier_to_anybody(
    kept: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_papers, "PACE", pace.Pace())
    visitor = web.browser(web.application(kept, monkeypatch))
    base, size = f"/w/{kept.id}", support.size(kept)
    addresses = (
        "log/heads.jsonl",
        f"log/receipts/{operations(kept)[0]}.json",
        f"log/consistency/{size}-{size}.json",
        "log/export.jsonl.gz",
    )
    code = visitor.get(f"{base}/verify_log.py")
    assert code.status_code == 200
    assert "attachment" in code.headers["content-disposition"]
    assert visitor.get("/w/nobody/verify_log.py").status_code == 404
    for address in addresses:
        assert visitor.get(f"{base}/{address}").status_code == 401
    enter(kept, visitor, Role.FINANCE)
    for address in addresses:
        assert visitor.get(f"{base}/{address}").status_code == 403
    enter(kept, visitor, Role.AUDITOR)
    for address in addresses[:3]:
        got = visitor.get(f"{base}/{address}")
        assert (got.status_code, got.headers["cache-control"]) == (200, "no-store")
        (tmp_path / address.rpartition("/")[2]).write_bytes(got.content)
    # The whole log takes a second factor of these minutes; a session by password alone has none.
    refused = visitor.get(f"{base}/{addresses[3]}")
    assert refused.status_code == 403
    assert "authenticator" in refused.text
    names = [tmp_path / address.rpartition("/")[2] for address in addresses[:3]]
    told = ["--heads", names[0], "--receipt", names[1], "--consistency", names[2]]
    assert log_command.main([str(one) for one in [*told, "--key", key_of(kept)]]) == 0


@pytest.mark.row("AUD-1", "API-1")
def test_the_api_gives_receipts_that_verify(kept: World, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.engine.perform(registration.set_password, _NEW_PASSWORD, actor=sign_up(kept))
    visitor = web.browser(web.application(kept, monkeypatch))
    enter(kept, visitor, Role.AUDITOR)
    asked = {"operation": operations(kept)[-1]}
    headers = {"origin": web.ORIGIN}
    got = visitor.post("/api/v1/evidence/receipt", json=asked, headers=headers)
    assert got.status_code == 200, got.text
    answer = got.json()
    found = answer.get("result", answer)
    assert all(good for good, _, _ in proof_findings("api", found, key_of(kept)))
