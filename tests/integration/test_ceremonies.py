"""Key ceremonies: roles, transcript, passphrase, rehearsal; the next root; an agency's next keys."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp

from engine import boot, worker
from engine.boot import World, ceremonies, hierarchy, key_changes, keys_kept
from engine.boot.world import WorldFile
from engine.boot.worlds import QUICK_HASHING, write_file
from engine.cli import shell
from engine.issuing import actions as issuing
from engine.issuing import queries as issued
from engine.kernel import actors, catalog, clock, errors, ids
from engine.pki import certificates, chains, keys, transcript
from engine.pki.transcript import Roles
from engine.trusting import queries as trusting
from tests.integration.test_cli import run
from tests.support import parties, worlds

ROLES = ("--administrator", "王敏", "--custodian", "李强", "--witness", "张华", "--witness", "赵静")
NAMED = Roles(administrator="王敏", custodian="李强", witnesses=("张华", "赵静"))
SECRET = "a long sentence for the safe"
NOW = 1_790_000_000_000


def openssl(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        ["openssl", *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout + done.stderr


def file_of(path: Path, **changes: object) -> WorldFile:
    told = {
        "id": path.name,
        "kind": "production",
        "public_url": "http://ca.example.cn",
        "seed": 0,
        "engine_version": "0.1.0",
        "database": "sqlite",
        "reference_ms": NOW,
    }
    return WorldFile(**(told | changes))


def held(path: Path, **changes: object) -> WorldFile:
    """A production ceremony whose files are written."""
    file = file_of(path, **changes)
    made = ceremonies.hold(file, roles=NAMED, now=NOW, entropy=ids.system_entropy)
    ceremonies.save(path, file, made, SECRET)
    return file


def strangers(path: Path, file: WorldFile) -> None:
    """What a production world does when it is opened."""
    ceremonies.require_own_roots(path, file, keys_kept.load(path, file).roots)


# -- the ceremony ------------------------------------------------------------------------------


@pytest.mark.row("PKI-1")
def test_the_transcript_is_printed_kept_and_signed_by_the_root(tmp_path, monkeypatch):
    monkeypatch.setenv("YINXIN_ROOT_PASSPHRASE", SECRET)
    path = tmp_path / "real"
    done = run("ceremony", path, "--public-url", "http://ca.example.cn", *ROLES)
    assert done.exit_code == 0, done.output
    online = path / "keys" / "pki"
    text = (online / "ceremony.txt").read_text(encoding="utf-8")
    assert text in done.output
    assert hashlib.sha256(text.encode()).hexdigest() in done.output
    for name in ("王敏", "李强", "张华", "赵静"):
        assert name in text
    for label in ("root", "dongfang", "nanfang", "huaxia", "dongfang-ocsp", "dongfang-tsa"):
        made = certificates.from_bytes((online / f"{label}.cert.pem").read_bytes())
        assert transcript.fingerprint(made) in text
    _, told = openssl(online, "x509", "-in", "root.cert.pem", "-pubkey", "-noout")
    (online / "root.pub.pem").write_text(told)
    verify = ("dgst", "-sha256", "-verify", "root.pub.pem", "-signature", "ceremony.txt.sig")
    assert openssl(online, *verify, "ceremony.txt") == (0, "Verified OK\n")
    (online / "changed.txt").write_text(text.replace("张华", "张三"))
    assert openssl(online, *verify, "changed.txt")[0] != 0


@pytest.mark.row("PKI-1")
def test_the_roots_key_is_opened_by_its_passphrase_alone(tmp_path):
    held(tmp_path / "real")
    pem = (tmp_path / "real" / "offline" / "root.key.pem").read_bytes()
    assert b"ENCRYPTED" in pem
    for wrong in (None, b"another sentence"):
        with pytest.raises(keys.KeyUnreadable):
            keys.from_pkcs8(pem, wrong)
    root = certificates.from_bytes(
        (tmp_path / "real" / "keys" / "pki" / "root.cert.pem").read_bytes()
    )
    assert keys.from_pkcs8(pem, SECRET.encode()).public_key() == root.public_key()
    assert os.stat(tmp_path / "real" / "offline" / "root.key.pem").st_mode & 0o077 == 0


@pytest.mark.row("PKI-1")
@pytest.mark.parametrize(
    ("roles", "told"),
    [
        (("--administrator", "王敏", "--custodian", "李强", "--witness", "张华"), "at least 2"),
        (("--administrator", "王敏", "--custodian", "王敏", "--witness", "张华", "--witness", "赵静"),
         "王敏 has two roles"),
        (("--administrator", "王敏", "--custodian", "李强", "--witness", "赵静", "--witness", "赵静 "),
         "赵静 has two roles"),
    ],
)  # fmt: skip
def test_roles_are_taken_by_different_people(tmp_path, monkeypatch, roles, told):
    monkeypatch.setenv("YINXIN_ROOT_PASSPHRASE", SECRET)
    done = run("ceremony", tmp_path / "real", *roles)
    assert (done.exit_code, told in done.stderr) == (2, True)
    assert not (tmp_path / "real").exists()


def test_a_short_passphrase_is_refused_before_anything_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv("YINXIN_ROOT_PASSPHRASE", "short")
    done = run("ceremony", tmp_path / "real", *ROLES)
    assert (done.exit_code, "12" in done.stderr) == (2, True)
    assert not (tmp_path / "real").exists()


@pytest.mark.row("PKI-1")
def test_a_rehearsal_prints_everything_and_keeps_nothing(tmp_path):
    done = run("ceremony", tmp_path / "real", "--dry-run", *ROLES)
    assert done.exit_code == 0, done.output
    assert "rehearsal" in done.output
    assert "CN=TEST" in done.output
    assert list(tmp_path.iterdir()) == []


# -- whose roots a production world takes ---------------------------------------------------------


@pytest.mark.row("PKI-1")
def test_a_production_world_takes_the_roots_of_its_own_ceremony(tmp_path):
    strangers(tmp_path / "real", held(tmp_path / "real"))


def _other_world(path: Path) -> None:
    record = path / "keys" / "pki" / "ceremony.toml"
    record.write_text(record.read_text().replace(f'id = "{path.name}"', 'id = "other"'))


def _demo_roots(path: Path) -> None:
    demo = hierarchy.make(file_of(path, kind="demo"), NOW, ids.system_entropy)
    (path / "keys" / "pki" / "root.cert.pem").write_bytes(certificates.to_pem(demo.root))


def _demo_roots_with_their_record(path: Path) -> None:
    for one in (path / "keys" / "pki").iterdir():
        one.unlink()
    file = file_of(path)
    made = ceremonies.hold(file, roles=NAMED, now=NOW, entropy=ids.system_entropy, dry=True)
    ceremonies.save(path, file, made, SECRET)


def _changed_transcript(path: Path) -> None:
    text = path / "keys" / "pki" / "ceremony.txt"
    text.write_text(text.read_text(encoding="utf-8").replace("王敏", "王五"), encoding="utf-8")


def _changed_transcript_and_record(path: Path) -> None:
    _changed_transcript(path)
    folder = path / "keys" / "pki"
    digest = hashlib.sha256((folder / "ceremony.txt").read_bytes()).hexdigest()
    record = folder / "ceremony.toml"
    old = catalog.load(record, ceremonies.Ceremony).transcript_sha256
    record.write_text(record.read_text().replace(old, digest))


def _no_record(path: Path) -> None:
    (path / "keys" / "pki" / "ceremony.toml").unlink()


def _no_transcript(path: Path) -> None:
    (path / "keys" / "pki" / "ceremony.txt").unlink()


@pytest.mark.row("PKI-1")
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_other_world, "another world"),
        (_demo_roots, "another root"),
        (_demo_roots_with_their_record, "TEST"),
        (_changed_transcript, "changed"),
        (_changed_transcript_and_record, "changed"),
        (_no_record, "no record"),
        (_no_transcript, "missing"),
    ],
)
def test_a_production_world_takes_no_other_roots(tmp_path, spoil, told):
    path = tmp_path / "real"
    file = held(path)
    spoil(path)
    with pytest.raises(ceremonies.RootNotOfCeremony, match=told):
        strangers(path, file)


@pytest.mark.parametrize(
    "given",
    [
        {"the_clock": clock.ManualClock(NOW)},
        {"entropy": ids.seeded(1, "x")},
        {"hashing": QUICK_HASHING},
        {"waits_for_disk": False},
    ],
    ids=lambda given: next(iter(given)),
)
def test_a_production_world_has_everything_of_its_own(tmp_path, given):
    path = tmp_path / "real"
    write_file(path, held(path))
    with pytest.raises(errors.ConfigurationError, match="its own"):
        boot.open_world(path, **given)


# -- changes of keys ------------------------------------------------------------------------------


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    path = tmp_path / "demo"
    boot.create_world(path, kind="demo", world_id="demo", reference_ms=NOW)
    boot.worlds.pop("demo", None)
    return path


def opened(path: Path, *, later: int = clock.HOUR) -> World:
    return boot.open_world(path, the_clock=clock.ManualClock(NOW + later), hashing=QUICK_HASHING)


def roll(path: Path) -> None:
    file = catalog.load(path / "world.toml", WorldFile)
    key_changes.roll_root(
        path,
        file,
        old=keys_kept.offline_root(path, file, path / "offline", None),
        roles=NAMED,
        now=NOW + clock.HOUR,
        entropy=ids.system_entropy,
        passphrase=None,
    )


def rotate(path: Path, agency: str = "dongfang") -> None:
    file = catalog.load(path / "world.toml", WorldFile)
    key_changes.rotate_agency(
        path,
        file,
        agency,
        root=keys_kept.offline_root(path, file, path / "offline", None),
        roles=NAMED,
        now=NOW + clock.HOUR,
        entropy=ids.system_entropy,
    )


@pytest.mark.row("PKI-1")
def test_after_a_rollover_either_root_leads_to_what_either_root_issued(demo):
    roll(demo)
    rotate(demo)
    folder = demo / "keys" / "pki"
    bridges = b"".join(one.read_bytes() for one in sorted(folder.glob("cross-*.cert.pem")))
    (folder / "bridges.pem").write_bytes(bridges)
    at = str((NOW + clock.DAY) // 1000)
    told = []
    for root in ("root", "root-g2"):
        for leaf in ("dongfang", "dongfang-g2", "nanfang"):
            told.append(
                openssl(
                    folder, "verify", "-x509_strict", "-attime", at, "-CAfile", f"{root}.cert.pem",
                    "-untrusted", "bridges.pem", f"{leaf}.cert.pem",
                )
            )  # fmt: skip
    assert told == [(0, f"{leaf}.cert.pem: OK\n") for leaf in
                    ("dongfang", "dongfang-g2", "nanfang") * 2]  # fmt: skip
    world = opened(demo)
    both = {one.subject: one for one in world.roots}
    lists = [x509.load_der_x509_crl(one) for one in world.authorities.material(["dongfang"])[1]]
    for root in both.values():
        for label in ("dongfang", "dongfang-g2"):
            tsa = world.authorities.agencies[label].keys.tsa.certificate
            others = [*world.authorities.path(label), *world.authorities.cross]
            verdict = chains.verify_chain(tsa, others, [root], NOW + clock.DAY, lists)
            assert verdict.ok, (label, root.subject, verdict.reason_codes)
    shell.close(world)


@pytest.mark.row("PKI-1")
def test_without_the_bridge_the_other_root_leads_nowhere(demo):
    roll(demo)
    world = opened(demo)
    new, old = world.roots
    tsa = world.authorities.agencies["dongfang"].keys.tsa.certificate
    path = world.authorities.path("dongfang")
    assert chains.verify_chain(tsa, path, [old], NOW + clock.DAY).ok
    assert not chains.verify_chain(tsa, path[:-1], [new], NOW + clock.DAY).ok
    shell.close(world)


def certified(world: World, reviewers: parties.Reviewers, number: int) -> x509.Certificate:
    """A new enterprise's certificate, in use."""
    name = f"新疆天山净水科技{number}号有限公司"
    party = parties.certified(world, reviewers, number=number, name=name)
    found = world.engine.ask(issued.certificate, party.person, party.certificate_id)
    return certificates.from_bytes(found.der or b"")


def revoke(world: World, one: x509.Certificate) -> None:
    """The platform ends a certificate."""
    [found] = world.engine.ask(issued.by_serial, worlds.SYSTEM, f"{one.serial_number:x}")
    world.engine.perform(
        issuing.revoke,
        {"certificate_id": found.id, "reason": "keyCompromise"},
        actor=worlds.SYSTEM,
    )


@pytest.mark.row("PKI-1")
def test_certificates_of_old_keys_live_on_when_an_agency_gets_new_ones(demo):
    world = opened(demo)
    reviewers = parties.Reviewers.of(world)
    first = certified(world, reviewers, 1)
    shell.close(world)
    rotate(demo)
    world = opened(demo, later=clock.DAY)
    made = {"dongfang": first, "dongfang-g2": certified(world, reviewers, 2)}
    assert [certificates.serial_prefix(one.serial_number) for one in made.values()] == [1, 2]
    for label, one in made.items():
        one.verify_directly_issued_by(world.authorities.agencies[label].keys.authority.certificate)
        [point] = one.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        assert point.full_name[0].value.endswith(f"/crl/{label}.crl")
        assert says(world, label, one) == "GOOD"
    # Each answers for its own, and knows nothing of the other's.
    for one in made.values():
        revoke(world, one)
    worker.run_due(world)
    for label, other in (("dongfang", "dongfang-g2"), ("dongfang-g2", "dongfang")):
        listed = x509.load_der_x509_crl(world.authorities.crl(label))
        serials = {entry.serial_number for entry in listed}
        assert made[label].serial_number in serials
        assert made[other].serial_number not in serials
        assert says(world, label, made[label]) == "REVOKED"
        assert says(world, label, made[other]) == "UNKNOWN"
    shell.close(world)


def says(world: World, label: str, one: x509.Certificate) -> str:
    """What an authority's OCSP responder says of a serial."""
    issuer = world.authorities.agencies[label].keys.authority.certificate
    digest = hashes.Hash(hashes.SHA256())
    digest.update(issuer.subject.public_bytes())
    name = digest.finalize()
    digest = hashes.Hash(hashes.SHA256())
    own = issuer.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    digest.update(own)
    asked = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        name, digest.finalize(), one.serial_number, hashes.SHA256()
    )
    answer = world.authorities.ocsp(label, asked.build().public_bytes(Encoding.DER))
    return ocsp.load_der_ocsp_response(answer).certificate_status.name


@pytest.mark.row("PKI-4")
def test_new_keys_are_on_the_trust_list_and_the_log_tells_of_them(demo):
    done = run("roots", "rotate", "dongfang", *ROLES, "--world", demo)
    assert done.exit_code == 0, done.output
    world = opened(demo, later=2 * clock.HOUR)
    system = actors.System(job="test")
    listed = world.engine.ask(trusting.current, system)
    [own] = [one for one in listed.agencies if one.label == "dongfang"]
    begun = [one.periods[0].since for one in own.services]
    assert begun[1] > begun[0]
    assert len(begun) == 2
    kinds = [row["kind"] for row in worlds.rows(world, "SELECT kind FROM event ORDER BY seq")]
    assert kinds[-2:] == ["authority.rotated", "trust_list.adopted"]
    shell.close(world)
    rolled = run("roots", "roll", *ROLES, "--world", demo)
    assert rolled.exit_code == 0, rolled.output
    world = opened(demo, later=3 * clock.HOUR)
    kinds = [row["kind"] for row in worlds.rows(world, "SELECT kind FROM event ORDER BY seq")]
    assert kinds[-2:] == ["root.rolled", "trust_list.adopted"]
    assert len(world.roots) == 2
    shell.close(world)


def test_an_agency_that_there_is_not_gets_no_keys(demo):
    done = run("roots", "rotate", "nobody", *ROLES, "--world", demo)
    assert (done.exit_code, "nobody" in done.stderr) == (2, True)


@pytest.mark.row("PKI-1")
@pytest.mark.parametrize("killed_after", range(8))
def test_a_rotation_that_is_killed_anywhere_counts_whole_or_not_at_all(
    demo, monkeypatch, killed_after
):
    writes = iter(range(killed_after))
    real = keys_kept.write

    def write(path: Path, content: bytes) -> None:
        if next(writes, None) is None:
            raise KeyboardInterrupt
        real(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(keys_kept, "write", write)
        with pytest.raises(KeyboardInterrupt):
            rotate(demo)
    shell.close(opened(demo))
    rotate(demo)
    world = opened(demo)
    assert next(iter(world.authorities.current.items())) == ("dongfang", "dongfang-g2")
    own = world.authorities.agencies["dongfang-g2"].keys
    for one in (own.ocsp, own.tsa):
        assert one.key.public_key() == one.certificate.public_key()
        one.certificate.verify_directly_issued_by(own.authority.certificate)
    assert own.authority.key.public_key() == own.authority.certificate.public_key()
    shell.close(world)


@pytest.mark.row("PKI-1")
def test_a_root_revokes_an_authority_by_its_next_list(demo):
    folder = demo / "keys" / "pki"
    done = run("roots", "renew-list", "--revoke", folder / "huaxia.cert.pem", "--world", demo)
    assert done.exit_code == 0, done.output
    openssl(folder, "crl", "-inform", "DER", "-in", "root.crl", "-out", "root.crl.pem")
    at = str(clock.SystemClock().now_ms() // 1000 + 5)
    said = [
        openssl(
            folder, "verify", "-crl_check", "-CRLfile", "root.crl.pem", "-attime", at,
            "-CAfile", "root.cert.pem", f"{label}.cert.pem",
        )
        for label in ("dongfang", "huaxia")
    ]  # fmt: skip
    assert said[0][0] == 0, said
    assert (said[1][0] != 0, "certificate revoked" in said[1][1]) == (True, True)
    crl = x509.load_der_x509_crl((folder / "root.crl").read_bytes())
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 2
    foreign = demo / "foreign.pem"
    foreign.write_bytes((folder / "outside-beifang.cert.pem").read_bytes())
    refused = run("roots", "renew-list", "--revoke", foreign, "--world", demo)
    assert refused.exit_code == 2
