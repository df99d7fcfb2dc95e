"""AUD-2: from a seal on a page back to everything behind it; verified offline, a flipped byte located."""

from __future__ import annotations

import dataclasses
import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from engine import boot
from engine.boot import proving, tables
from engine.boot.world import World
from engine.evidence import packing, queries, standalone
from engine.evidence.verifier import command, container
from engine.kernel import actors, errors
from engine.staffing.model import Role
from simulations.people import Person
from tests.support import trading, worlds
from tests.support.line import Line


@dataclass
class Made:
    world: World
    line: Line
    purchaser: Person
    supplier: Person
    contract_id: str
    pack: bytes

    @property
    def roots(self) -> list[x509.Certificate]:
        return list(self.world.roots)

    @property
    def key(self) -> bytes:
        return packing.log_key(self.world.keyring)


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    """A contract that both parties have signed, and its evidence."""
    world = boot.memory_world()
    line = Line.on(world)
    purchaser, supplier = line.person(0), line.person(1)
    for one in (purchaser, supplier):
        line.bound(one)
    contract_id = line.contract(purchaser, supplier)
    pack = proving.evidence_pack(world, tables.INSIDE, contract_id)
    yield Made(world, line, purchaser, supplier, contract_id, pack)
    world.close()


def failures(lines: list[Any]) -> list[Any]:
    return [line for line in lines if not line[0]]


@pytest.mark.row("AUD-2")
def test_every_link_holds_against_roots_and_key_from_outside(made: Made) -> None:
    lines = command.check(made.pack, roots=made.roots, key=made.key)
    assert failures(lines) == []
    told = " | ".join(f"{where}: {text}" for _, where, text in lines)
    for part in ("signature 1", "signature 2", "PIN", "code", ".ses", "events are in the log"):
        assert part in told


@pytest.mark.row("AUD-2")
def test_the_pack_leads_from_the_seal_to_payment_and_names_no_person(made: Made) -> None:
    with zipfile.ZipFile(io.BytesIO(made.pack)) as pack:
        assert pack.testzip() is None
        files = {name: pack.read(name) for name in pack.namelist()}
    chain = json.loads(files["chain.json"])
    assert {one["role"] for one in chain["signatures"]} == {"purchaser", "supplier"}
    for one in chain["signatures"]:
        assert one["payments"]
        assert one["claims"]
        assert one["proofs"]
        assert one["ticket"]
        assert len(one["cases"]) >= 4
        assert one["person"]["phone"].startswith("139****")
    tables_there = {one["table"] for one in json.loads(files["records.json"])}
    assert {"case_approval", "real_name_proof", "ticket", "payment", "seal"} <= tables_there
    assert {one["code"] for one in json.loads(files["papers.json"])}
    assert all(len(one["sha256"]) == 64 for one in json.loads(files["papers.json"]))
    readable = b"".join(content for name, content in files.items() if not name.endswith(".pdf"))
    for value in ("张伟", "李娜", "13900000000", "13900000001", "622202000000000"):
        assert value.encode() not in readable
        assert json.dumps(value).strip('"').encode() not in readable


@pytest.mark.row("AUD-2")
def test_the_verifier_in_the_pack_runs_alone(made: Made, tmp_path: Path) -> None:
    """Taken out of the pack, in an empty folder, without the engine on its path."""
    pack, root = tmp_path / "pack.zip", tmp_path / "root.pem"
    pack.write_bytes(made.pack)
    root.write_bytes(made.roots[0].public_bytes(Encoding.PEM))
    with zipfile.ZipFile(pack) as opened:
        (tmp_path / "verify.py").write_bytes(opened.read("verify.py"))
    run = [sys.executable, "-I", "verify.py", "pack.zip", "--root", "root.pem"]

    def verified(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*run, *more], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )

    good = verified("--key", made.key.hex())
    assert (good.returncode, good.stderr) == (0, ""), good.stdout
    assert good.stdout.endswith("EVERYTHING HOLDS\n")
    # Somebody else's key: a pack that anybody could have made.
    assert verified("--key", "00" * 32).returncode == 2
    flipped = bytearray(made.pack)
    flipped[len(flipped) // 2] ^= 4
    pack.write_bytes(flipped)
    bad = verified("--key", made.key.hex())
    assert bad.returncode == 1
    assert f"offset {len(flipped) // 2}:" in bad.stdout
    pack.write_bytes(b"PK nothing of ours")
    assert verified().returncode == 2


@pytest.mark.row("AUD-2")
def test_any_flipped_byte_is_found_and_located(made: Made, count: Any) -> None:
    """500 random bytes: the file, the offset in it and what the byte was are told."""
    chance = random.Random(6)
    assert container.read_pack(made.pack, made.key).damage == []
    places = [chance.randrange(len(made.pack)) for _ in range(count(120, 500))]
    # The first and the last bytes too, and everything around the manifest's beginning.
    for at in [0, 1, 18, 22, 30, 43, len(made.pack) - 1, len(made.pack) - 6, *places]:
        damaged = bytearray(made.pack)
        damaged[at] ^= chance.randrange(1, 256)
        found = container.read_pack(bytes(damaged), made.key)
        assert len(found.damage) == 1, (at, found.damage)
        assert found.damage[0].startswith(f"offset {at}: "), found.damage
        assert f"was {made.pack[at]:#04x}" in found.damage[0]


@pytest.mark.row("AUD-2")
def test_more_than_one_byte_of_damage_is_told_by_its_place(made: Made) -> None:
    at = made.pack.index(b"%PDF-") + 5_000
    damaged = made.pack[:at] + bytes(16) + made.pack[at + 16 :]
    found = container.read_pack(damaged, made.key).damage
    assert any("contract/contract.pdf: bytes" in one for one in found)
    cut = container.read_pack(made.pack[:-30], made.key).damage
    assert any("the pack has" in one for one in cut)
    with pytest.raises(ValueError, match="another key"):
        container.read_pack(b"nothing", made.key)


def repacked(made: Made, change: dict[str, Any]) -> bytes:
    """A pack made anew by who holds the log key, with some files replaced: only the links are left."""
    pack = container.read_pack(made.pack)
    files = {entry["path"]: pack.files[entry["path"]] for entry in pack.manifest["files"]}
    for path, content in change.items():
        files[path] = content(files[path]) if callable(content) else content
    secret = packing._key(made.world.keyring.secret("log-signing"))
    entries = [container.described(path, content) for path, content in files.items()]
    manifest = json.dumps({**pack.manifest, "files": entries}, ensure_ascii=False).encode()
    signature = made.key + secret.sign(manifest)
    order = container.order(json.loads(manifest), manifest, signature)
    return container.zipped([(p, files[p] if c is None else c) for p, c in order])


def altered(key: str, value: Any) -> Any:
    def change(content: bytes) -> bytes:
        told = json.loads(content)
        told["signatures"][0][key] = value
        return json.dumps(told, ensure_ascii=False).encode()

    return change


@pytest.mark.row("AUD-2")
@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        ("chain.json", altered("order", "ord_other"), "is not ord_other"),
        ("chain.json", altered("pin_event", 1), "PIN"),
        ("chain.json", altered("value", "AAAA"), "what the phone signed"),
        (
            "records.json",
            lambda c: c.replace(b'"approved"', b'"rejected"', 1),
            "otherwise in the log",
        ),
        ("log/events.json", lambda c: c.replace(b"pin.proved", b"pin.prover", 1), "not in the log"),
        ("log/checkpoint.json", lambda c: c.replace(b'"size": ', b'"size": 1', 1), "signature"),
        ("contract/contract.pdf", lambda c: c + b"\n", "another one"),
        ("contract/contract.pdf", lambda c: c.replace(b"/Count", b"/Counx", 1), "digest"),
    ],
)
def test_a_pack_that_tells_another_story_does_not_hold(
    made: Made, path: str, content: Any, told: str
) -> None:
    forged = repacked(made, {path: content})
    found = failures(command.check(forged, roots=made.roots, key=made.key))
    assert any(told in f"{where}: {text}" for _, where, text in found), found


@pytest.mark.row("AUD-2")
def test_a_seal_and_a_root_of_somebody_else_do_not_hold(made: Made) -> None:
    other = boot.memory_world(seed=99)
    assert failures(command.check(made.pack, roots=list(other.roots), key=made.key))
    other.close()
    pack = container.read_pack(made.pack)
    seals = sorted(path for path in pack.files if path.endswith(".ses"))
    swapped = repacked(made, {seals[0]: pack.files[seals[1]]})
    found = failures(command.check(swapped, roots=made.roots, key=made.key))
    assert any("not on the seal's list" in text for _, _, text in found)


@pytest.mark.row("AUD-2")
def test_only_administrators_of_a_party_and_auditors_have_it(made: Made) -> None:
    world, contract_id = made.world, made.contract_id
    mall = worlds.rows(world, "SELECT * FROM mall_account ORDER BY created_at")
    own = [
        actors.MallAccount(mall_account_id=row["id"], platform_id=row["platform_id"])
        for row in mall
    ]
    for actor in own:
        assert world.engine.ask(queries.evidence, actor, contract_id).contract_id == contract_id
    stranger = actors.MallAccount(mall_account_id="mal_x", platform_id=own[0].platform_id)
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.evidence, stranger, contract_id)
    auditor = worlds.staff(world, Role.AUDITOR)
    assert world.engine.ask(queries.evidence, auditor, contract_id).contract_id == contract_id
    stale = dataclasses.replace(auditor, second_factor_at=None)
    with pytest.raises(errors.EngineError, match="Confirm that it is you"):
        world.engine.ask(queries.evidence, stale, contract_id)
    other = worlds.staff(world, Role.CONTRACT_REVIEWER)
    with pytest.raises(errors.NotPermitted):
        world.engine.ask(queries.evidence, other, contract_id)
    with pytest.raises(queries.NotAdministrator):
        world.engine.ask(queries.evidence, actors.Machine(name="payment"), contract_id)


@pytest.mark.row("AUD-2")
def test_the_log_remembers_each_pack(made: Made) -> None:
    [row] = worlds.rows(
        made.world, "SELECT subject, body FROM event WHERE kind = 'evidence.packed'"
    )
    assert row["subject"] == made.contract_id
    assert json.loads(row["body"])["facts"]["size"] == len(made.pack)


def test_the_stand_alone_file_is_the_tested_code() -> None:
    told = standalone.source()
    assert "engine" not in told.replace("engine/evidence", "")
    compile(told, "verify.py", "exec")


@pytest.mark.row("AUD-2")
def test_signed_together_and_on_each_database_it_holds_too(any_world: World) -> None:
    """Contracts of one batch have one code and one PIN: each has its own evidence all the same."""
    deal = trading.trade(any_world)
    both = [trading.draft(any_world, deal, terms=trading.replace_number(n)) for n in ("A-1", "A-2")]
    for party in (deal.purchaser, deal.supplier):
        trading.sign_together(any_world, party, [one.id for one in both])
    key = packing.log_key(any_world.keyring)
    for one in both:
        pack = proving.evidence_pack(any_world, tables.INSIDE, one.id)
        assert failures(command.check(pack, roots=list(any_world.roots), key=key)) == []
    events = json.loads(container.read_pack(pack).files["log/events.json"])
    assert sum(one["columns"][5] == "pin.proved" for one in events) == 2


@pytest.mark.row("AUD-2")
def test_a_contract_that_nobody_signed_has_no_evidence(world: World) -> None:
    deal = trading.trade(world)
    draft = trading.draft(world, deal)
    with worlds.unchanged(world), pytest.raises(queries.NothingSigned):
        proving.evidence_pack(world, tables.INSIDE, draft.id)


@pytest.mark.row("AUD-2")
def test_a_manifest_of_anything_is_no_pack_and_raises_nothing_else() -> None:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    for told in ("{}", '{"format":1}', '{"format":"yinxin-evidence-1","files":[{"path":1}]}'):
        manifest = told.encode()
        signature = public + key.sign(manifest)
        forged = container.zipped(
            [
                ("manifest.json", manifest),
                ("manifest.sig", signature),
                ("manifest.copy.json", manifest),
                ("manifest.copy.sig", signature),
            ]
        )
        with pytest.raises(ValueError, match=r"manifest|format"):
            command.check(forged)
