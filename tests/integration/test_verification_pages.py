"""SGN-6: the code on a contract leads to its public page; any PDF is verified there, by anybody."""

from __future__ import annotations

import io

import pypdfium2
import pytest
import zxingcpp
from starlette.testclient import TestClient

from engine.boot import World, tables
from engine.http import verification
from engine.signing import queries as contracts
from tests.support import web, worlds
from tests.support.line import Line

PDF = {"content-type": "application/pdf", "origin": web.ORIGIN}


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(verification, "PACE", verification.pace.Pace())
    return web.browser(web.application(world, monkeypatch))


def signed_contract(world: World) -> tuple[str, bytes]:
    line = Line.on(world)
    purchaser, supplier = line.person(0), line.person(1)
    for one in (purchaser, supplier):
        line.bound(one)
    contract_id = line.contract(purchaser, supplier)
    document = world.engine.ask(contracts.document, tables.INSIDE, contract_id)
    return contract_id, document


def code_on(document: bytes) -> str:
    """The text of the code on the contract, as a phone reads it."""
    with pypdfium2.PdfDocument(io.BytesIO(document)) as pdf:
        shown = [page.render(scale=3).to_pil().convert("L") for page in pdf]
    found = [one.text for page in shown for one in zxingcpp.read_barcodes(page)]
    return next(text for text in found if len(text) > 9)


@pytest.mark.row("SGN-6")
def test_the_code_on_a_signed_contract_leads_to_its_public_page(
    world: World, visitor: TestClient
) -> None:
    contract_id, document = signed_contract(world)
    address = code_on(document)
    assert address.startswith(f"{world.public_url}/w/{world.id}/v/")
    shown = visitor.get(address.removeprefix(world.public_url))
    assert shown.status_code == 200
    token = address.rsplit("/", 1)[1]
    assert f'data-token="{token}"' in shown.text
    told = visitor.post("/api/v1/signing/published", json={"token": token}).json()
    assert (told["number"], told["state"]) == ("HT-001", "draft")
    assert [one["status"] for one in told["parties"]] == ["signed", "signed"]
    assert {one["role"] for one in told["signatures"]} == {"purchaser", "supplier"}
    # What the page says names no person: neither who signed nor whose account it was.
    assert not any(name in str(told) for name in ("张伟", "李娜", "1390000000"))
    kept = worlds.rows(
        world, "SELECT digest_hex FROM contract_version WHERE contract_id = ?", contract_id
    )
    assert {one["sha256"] for one in told["files"]} <= {row["digest_hex"] for row in kept}


@pytest.mark.row("SGN-6")
def test_anybody_verifies_the_file_and_its_seals(world: World, visitor: TestClient) -> None:
    _, document = signed_contract(world)
    told = visitor.post(f"/w/{world.id}/verify/file", content=document, headers=PDF).json()
    assert (told["verdict"], told["reasons"]) == ("valid", [])
    assert [one["level"] for one in told["signatures"]] == ["B-LT", "B-LT"]
    for one in told["signatures"]:
        assert {step["outcome"] for step in one["seal"]["steps"]} == {"passed"}, one["seal"]
    changed = document.replace(b"/Count 2", b"/Count 1", 1)
    told = visitor.post(f"/w/{world.id}/verify/file", content=changed, headers=PDF).json()
    assert told["verdict"] in ("invalid", "unreadable")
    assert set(told["said"]) >= set(told["reasons"])


@pytest.mark.row("SGN-6")
def test_a_code_of_nobody_and_a_page_of_another_world(world: World, visitor: TestClient) -> None:
    answer = visitor.post("/api/v1/signing/published", json={"token": "x" * 22})
    assert answer.status_code == 404
    assert visitor.get("/w/other/verify").status_code == 404
    assert visitor.get(f"/w/{world.id}/verify").status_code == 200


@pytest.mark.row("SGN-6")
def test_strangers_pages_and_floods_are_refused(
    world: World, visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"/w/{world.id}/verify/file"
    foreign = visitor.post(
        place, content=b"%PDF-", headers={**PDF, "origin": "https://evil.example"}
    )
    assert foreign.status_code == 403
    monkeypatch.setattr(verification.verification, "MAX_SIZE", 1000)
    assert visitor.post(place, content=bytes(2000), headers=PDF).status_code == 413
    slow = verification.pace.Pace(each_minute={"address": 2, "browser": 2})
    monkeypatch.setattr(verification, "PACE", slow)
    told = [visitor.post(place, content=b"", headers=PDF).status_code for _ in range(3)]
    assert told == [200, 200, 429]
