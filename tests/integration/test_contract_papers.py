"""Report and evidence of a contract through the doors: the mall's, the console's, the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.testclient import TestClient
from typer.testing import CliRunner

from engine import boot
from engine.boot import proving, tables
from engine.boot.world import World
from engine.evidence import packing
from engine.evidence.verifier import command
from engine.http import contract_papers
from engine.kernel import clock
from simulations.cli import main
from simulations.people import Person
from tests.support import web
from tests.support.line import Line


@pytest.fixture(scope="module")
def signed() -> Iterator[tuple[World, list[Person], str]]:
    world = boot.memory_world()
    line = Line.on(world)
    people = [line.person(0), line.person(1), line.person(2)]
    for one in people:
        line.bound(one)
    contract_id = line.contract(people[0], people[1])
    yield world, people, contract_id
    world.close()


@pytest.fixture
def visitor(signed: tuple[World, list[Person], str], monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(contract_papers, "PACE", contract_papers.pace.Pace())
    return web.browser(web.application(signed[0], monkeypatch))


def mall_browser(visitor: TestClient, world: World, person: Person) -> str:
    """Sign the browser in at the platform; where its pages are."""
    base = f"/w/{world.id}/mall/{person.platform_id}"
    answer = visitor.post(
        f"{base}/do",
        json={
            "name": "mall.sign_in",
            "arguments": {"login": person.mall_login(), "password": person.identity.password},
        },
        headers={"origin": web.ORIGIN, "idempotency-key": f"sign-in-{person.mall_login()}"},
    )
    assert answer.status_code == 200, answer.text
    return base


@pytest.mark.row("AUD-2", "SGN-6")
def test_a_party_downloads_report_and_evidence_and_a_stranger_does_not(
    signed: tuple[World, list[Person], str], visitor: TestClient
) -> None:
    world, people, contract_id = signed
    base = mall_browser(visitor, world, people[0])
    place = f"{base}/contracts/{contract_id}"
    report = visitor.get(f"{place}/report?lang=en")
    assert (report.status_code, report.headers["content-type"]) == (200, "application/pdf")
    assert 'filename="signing-report-HT-001.pdf"' in report.headers["content-disposition"]
    whole = visitor.get(f"{place}/report?with=contract")
    assert len(whole.content) > len(report.content) + 50_000
    pack = visitor.get(f"{place}/evidence")
    assert pack.headers["content-type"] == "application/zip"
    key = bytes.fromhex(visitor.get(f"/w/{world.id}/evidence-key.txt").text)
    lines = command.check(pack.content, roots=list(world.roots), key=key)
    assert [line for line in lines if not line[0]] == []
    visitor.cookies.clear()
    assert visitor.get(f"{place}/evidence").status_code == 401
    mall_browser(visitor, world, people[2])
    assert visitor.get(f"{place}/evidence").status_code == 404
    assert visitor.get(f"{place}/report").status_code == 404


@pytest.mark.row("AUD-2")
def test_the_console_gives_it_to_staff_alone(
    signed: tuple[World, list[Person], str], visitor: TestClient
) -> None:
    world, _, contract_id = signed
    for paper in ("report", "evidence"):
        answer = visitor.get(f"/w/{world.id}/contracts/{contract_id}/{paper}")
        assert answer.status_code in (302, 303, 401)
        assert b"%PDF" not in answer.content


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner(env={"LANG": "C.UTF-8"}).invoke(main, [str(one) for one in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output
    return done.exit_code, done.output


@pytest.mark.row("AUD-2")
def test_the_command_verifies_a_pack_as_the_file_in_it_does(
    signed: tuple[World, list[Person], str], tmp_path: Path
) -> None:
    world, _, contract_id = signed
    pack, root = tmp_path / "pack.zip", tmp_path / "root.pem"
    content = proving.evidence_pack(world, tables.INSIDE, contract_id)
    pack.write_bytes(content)
    root.write_bytes(world.roots[0].public_bytes(Encoding.PEM))
    key = packing.log_key(world.keyring).hex()
    code, told = run("evidence", "verify", pack, "--root", root, "--key", key)
    assert (code, told.strip().splitlines()[-1]) == (0, "Everything holds.")
    damaged = bytearray(content)
    damaged[4_321] ^= 1
    pack.write_bytes(damaged)
    code, told = run("evidence", "verify", pack, "--root", root, "--key", key, "--json")
    lines = json.loads(told.strip().splitlines()[-1])["lines"]
    assert code == 1
    told = next(line["told"] for line in lines if not line["holds"])
    assert told.startswith("offset 4321: ")
    pack.write_bytes(b"PK")
    assert run("evidence", "verify", pack)[0] == 2
    assert run("evidence", "verify", pack, "--key", "xyz")[0] == 2


@pytest.mark.row("AUD-2")
def test_the_command_makes_a_pack_out_of_a_world(tmp_path: Path) -> None:
    path, start = tmp_path / "papers", boot.memory_world().engine.now()
    boot.create_world(path, kind="demo", world_id="papers", reference_ms=start)
    world = boot.open_world(path, the_clock=clock.ManualClock(start))
    line = Line.on(world)
    purchaser, supplier = line.person(0), line.person(1)
    for one in (purchaser, supplier):
        line.bound(one)
    line.contract(purchaser, supplier)
    world.close()
    boot.worlds.pop(world.id, None)
    code, told = run("evidence", "make", "HT-001", tmp_path / "pack.zip", "--world", path)
    assert code == 0, told
    key = told.strip().split()[-1]
    code, told = run("evidence", "verify", tmp_path / "pack.zip", "--key", key)
    assert code == 0, told
    assert run("evidence", "make", "HT-999", tmp_path / "none.zip", "--world", path)[0] == 2
