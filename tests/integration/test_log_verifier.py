"""The stand-alone verifier of an exported log, run alone; and what an export holds of persons (AU-7)."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine import boot
from engine.boot import World, resuming, tables
from engine.evidence import exporting, growing, queries, standalone
from engine.evidence.verifier import log_command
from engine.kernel import clock
from engine.staffing.model import Role
from simulations.cli import main
from tests.support import closing, fresh, registering, worlds
from tests.support import heads as support
from tests.support.line import Line


@dataclass
class Files:
    """An export and what is checked with it, in a folder with the verifier."""

    folder: Path
    key: str

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """The verifier alone: an empty environment, without site packages or the engine on its path."""
        return subprocess.run(
            [sys.executable, "-I", "-S", "verify_log.py", *map(str, arguments)],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


def export_of(world: World) -> bytes:
    return b"".join(exporting.export(world.engine.parts))


def files_of(world: World, folder: Path) -> Files:
    """Export, heads, a receipt, a proof of growth and the key of the MACs of a world, as files."""
    head = growing.grow(world.engine.parts)
    (folder / "log.jsonl.gz").write_bytes(export_of(world))
    (folder / "heads.jsonl").write_bytes(support.folder_of(world).file.read_bytes())
    operation = worlds.rows(world, "SELECT operation FROM event ORDER BY seq DESC LIMIT 1")[0]
    receipt = world.engine.ask(queries.receipt, tables.INSIDE, operation["operation"])
    (folder / "receipt.json").write_bytes(receipt.told())
    sizes = [one.size for one in support.heads(world)]
    grown = world.engine.ask(queries.log_growth, tables.INSIDE, sizes[0], sizes[-1])
    (folder / "growth.json").write_bytes(grown.told())
    (folder / "verify_log.py").write_text(standalone.source(standalone.LOG), encoding="utf-8")
    (folder / "log-mac").write_bytes(world.keyring.secret("log-mac"))
    return Files(folder, head.key)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Files]]:
    """A log with three heads, and its files."""
    folder = tmp_path_factory.mktemp("verifier")
    world = fresh.in_file(folder / "world.sqlite3")
    kept = support.with_heads(world, folder)
    for number in range(3):
        support.write(kept, number)
        worlds.clock_of(kept).advance(clock.MINUTE)
        growing.grow(kept.engine.parts)
    place = folder / "files"
    place.mkdir()
    yield kept, files_of(kept, place)
    world.close()


_ALL = (
    *("log.jsonl.gz", "--heads", "heads.jsonl", "--receipt", "receipt.json"),
    *("--consistency", "growth.json"),
)


@pytest.mark.row("AUD-1")
def test_alone_it_checks_everything_and_says_what(ground: tuple[World, Files]) -> None:
    world, files = ground
    done = files.run(*_ALL, "--key", files.key, "--mac-key", "log-mac")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    size = support.size(world)
    for part in (
        f"{size} events in order, each linked to the one before, and every MAC holds",
        "3 heads in an unbroken row, signed",
        f"agrees with the log, up to event {size}",
        "receipt.json, event",
        f"the log of {size} events begins with that of",
        "EVERYTHING HOLDS",
    ):
        assert part in done.stdout, part
    told = json.loads(files.run(*_ALL, "--json").stdout)
    assert told["good"]
    # Without the log it still checks receipts and heads.
    assert files.run(*_ALL[1:], "--key", files.key).returncode == 0


@pytest.mark.row("AUD-1")
def test_it_needs_nothing_but_the_standard_library() -> None:
    source = standalone.source(standalone.LOG)
    compile(source, "verify_log.py", "exec")
    imported = {
        line.split()[1].split(".")[0]
        for line in source.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names
    # One name, one thing: the modules become one file.
    for modules in (standalone.LOG, standalone.PACK):
        lines = standalone.source(modules).splitlines()
        names = [one.split("(")[0].split(":")[0] for one in lines if one[:4] in ("def ", "clas")]
        assert len(names) == len(set(names))


@pytest.mark.row("AUD-1")
def test_a_flipped_byte_of_the_log_fails_and_names_the_span(
    ground: tuple[World, Files], tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    world, files = ground
    lines = gzip.decompress((files.folder / "log.jsonl.gz").read_bytes()).splitlines(keepends=True)
    first = next(at for at, line in enumerate(lines) if line.startswith(b"["))
    total = len(lines) - first
    kept = [("kept", support.heads(world))]
    wished = count(25, 400)
    for number in range(wished):
        place = first + number * total // wished
        spoilt = bytearray(lines[place])
        spoilt[len(spoilt) * (number % 7 + 1) // 9] ^= 1
        path = tmp_path / "spoilt.jsonl"
        path.write_bytes(b"".join([*lines[:place], bytes(spoilt), *lines[place + 1 :]]))
        try:
            with path.open("rb") as stream:
                found = log_command.check_log(stream, kept=kept, key=files.key)
        except ValueError:
            continue
        assert not all(line[0] for line in found), place


@pytest.mark.row("AUD-1")
def test_exit_code_1_is_for_what_does_not_hold(ground: tuple[World, Files], tmp_path: Path) -> None:
    world, files = ground
    lines = gzip.decompress((files.folder / "log.jsonl.gz").read_bytes()).splitlines(keepends=True)
    cut = files.folder / "cut.jsonl"
    cut.write_bytes(b"".join(lines[:-2]))
    done = files.run("cut.jsonl", "--key", files.key)
    assert (done.returncode, "its end was cut off" in done.stdout) == (1, True), done.stdout
    cut.write_bytes(
        b"".join(line for line in lines if not line.startswith(b'{"format":"yinxin tr'))
    )
    done = files.run("cut.jsonl", "--key", files.key)
    assert (done.returncode, "there is no head" in done.stdout) == (1, True), done.stdout
    done = files.run("log.jsonl.gz", "--key", "00" * 32)
    assert (done.returncode, "another key" in done.stdout) == (1, True)
    (files.folder / "other-mac").write_bytes(bytes(32))
    done = files.run("log.jsonl.gz", "--mac-key", "other-mac")
    assert (done.returncode, "its MAC does not hold" in done.stdout) == (1, True)
    heads = support.heads(world)
    missing = b"".join(head.line() + b"\n" for head in (heads[0], heads[2]))
    (files.folder / "missing.jsonl").write_bytes(missing)
    done = files.run("log.jsonl.gz", "--heads", "missing.jsonl")
    assert (done.returncode, "does not name the head of" in done.stdout) == (1, True)


@pytest.mark.row("AUD-1")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}\n",
        b"[1]\n",
        b"\x1f\x8b\x08broken",
        b'{"format": "yinxin log 1"}\n',
        b'{"format": "yinxin log 1", "world": "w", "key": "00"}\n',
        b'{"format": "yinxin log 1", "world": "w", "key": "zz"}\n',
        b'{"format": "yinxin log 1", "world": "w", "key": "' + b"0" * 64 + b'"}\n{}\n',
        b"\xff\xfe\n",
    ],
)
def test_exit_code_2_is_for_what_is_no_log(ground: tuple[World, Files], content: bytes) -> None:
    files = ground[1]
    (files.folder / "hostile").write_bytes(content)
    done = files.run("hostile")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    for option in ("--receipt", "--consistency", "--heads"):
        done = files.run("log.jsonl.gz", option, "hostile")
        wanted = 0 if (option, content) == ("--heads", b"") else 2
        assert (done.returncode, "Traceback" in done.stderr) == (wanted, False), done.stderr
    assert files.run().returncode == 2
    assert files.run("nothing-there").returncode == 2
    assert files.run("log.jsonl.gz", "--key", "12").returncode == 2


@pytest.mark.row("AUD-1")
def test_lines_that_are_no_events_fail_without_a_traceback(ground: tuple[World, Files]) -> None:
    files = ground[1]
    start = gzip.decompress((files.folder / "log.jsonl.gz").read_bytes()).splitlines()[0]
    for line in (b"", b"[", b"[]", b"[1,2]", b'["a","b"]', b"null", b"\xff" * 200, b"[1" * 80):
        (files.folder / "odd").write_bytes(start + b"\n" + line + b"\n" + line + b"\n")
        done = files.run("odd")
        assert done.returncode in (1, 2), line
        assert "Traceback" not in done.stderr


@pytest.mark.row("AUD-1")
def test_a_word_of_the_operator_is_told_and_a_receipt_that_it_gave_up_fails(
    file_world: World, tmp_path: Path
) -> None:
    kept = support.with_heads(file_world, tmp_path)
    growing.grow(kept.engine.parts)
    support.write(kept, 1)
    files = files_of(kept, tmp_path)
    worlds.run_sql(kept, "DROP TRIGGER event_is_not_deleted")
    worlds.run_sql(kept, "DELETE FROM event WHERE seq > ?", support.heads(kept)[0].size)
    resuming.resume(kept, "Restored the backup of Sunday.")
    (tmp_path / "log.jsonl.gz").write_bytes(export_of(kept))
    done = files.run("log.jsonl.gz", "--key", files.key)
    assert done.returncode == 0, done.stdout
    assert "given up: Restored the backup of Sunday." in done.stdout
    # The heads that were kept elsewhere are known to be given up; the event of the receipt is gone.
    assert files.run("log.jsonl.gz", "--heads", "heads.jsonl").returncode == 0
    done = files.run("log.jsonl.gz", "--receipt", "receipt.json")
    assert (done.returncode, "of the log is another one" in done.stdout) == (1, True), done.stdout


@pytest.mark.row("AUD-1")
def test_an_export_holds_no_personal_value_and_no_digest_of_one(tmp_path: Path) -> None:
    """Two people from registration to a contract that both have signed."""
    world = fresh.in_file(tmp_path / "world.sqlite3")
    kept = support.with_heads(world, tmp_path)
    line = Line.on(kept)
    people = [line.person(0), line.person(1)]
    for one in people:
        line.bound(one)
    line.contract(*people)
    export = gzip.decompress(export_of(kept))
    searched = _unescaped(export)
    # The search is not blind: what is nobody's is there to be found.
    assert people[0].identity.enterprise.encode() in searched
    for person in people:
        identity = person.identity
        for value in (
            identity.name,
            identity.resident_id,
            identity.phone,
            identity.bank_card,
            identity.password,
        ):
            for form in _forms(value):
                assert form not in searched, (value, form)
    world.close()


def _unescaped(export: bytes) -> bytes:
    """The export, and each body in it as its own JSON and with the texts in that unescaped."""
    bodies = [json.loads(one)[8] for one in export.splitlines() if one.startswith(b"[")]
    plain = "\n".join(bodies)
    inner = plain.replace('\\"', '"').encode().decode("unicode_escape", "ignore")
    return export + plain.encode() + inner.encode("utf-8", "ignore")


def _forms(value: str) -> list[bytes]:
    """A value in the clear and what somebody could look it up by: its plain digests."""
    told = value.encode()
    found = [told]
    for name in ("md5", "sha1", "sha256", "sha512", "sm3"):
        if name in hashlib.algorithms_available:
            digest = hashlib.new(name, told)
            found += [digest.hexdigest().encode(), digest.hexdigest().upper().encode()]
    return found


@pytest.mark.row("AUD-1")
def test_the_log_of_a_cancelled_person_still_verifies(file_world: World, tmp_path: Path) -> None:
    kept = support.with_heads(file_world, tmp_path)
    officer = worlds.staff(kept, Role.ACCOUNT_OFFICER)
    person = registering.sign_up(kept)
    growing.grow(kept.engine.parts)
    before = gzip.decompress(export_of(kept)).splitlines()
    closing.cancel(kept, person, officer)
    assert worlds.rows(kept, "SELECT status FROM account")[0]["status"] == "cancelled"
    growing.grow(kept.engine.parts)
    export = export_of(kept)
    (tmp_path / "log.jsonl.gz").write_bytes(export)
    key = support.heads(kept)[0].key
    assert log_command.main([str(tmp_path / "log.jsonl.gz"), "--key", key]) == 0
    # What was in the log before is in it still, to the byte: ciphertext whose key is gone.
    events = [one for one in before if one.startswith(b"[")]
    assert set(events) <= set(gzip.decompress(export).splitlines())
    assert support.checked(kept).breaks == ()


@pytest.mark.row("AUD-1")
def test_the_commands_give_what_the_verifier_checks(tmp_path: Path) -> None:
    path = tmp_path / "w"
    boot.create_world(path, kind="demo", world_id="w")

    def run(*arguments: object) -> tuple[int, str]:
        done = CliRunner().invoke(main, [str(one) for one in arguments])
        return done.exit_code, done.stdout

    place = ("--world", path)
    assert run("log", "export", tmp_path / "log.jsonl.gz", *place)[0] == 0
    assert run("log", "heads", "--out", tmp_path / "heads.jsonl", *place)[0] == 0
    assert run("log", "verifier", "--out", tmp_path / "verify_log.py")[0] == 0
    world = boot.open_world(path)
    operation = worlds.rows(world, "SELECT operation FROM event ORDER BY seq LIMIT 1")[0]
    sizes = [head.size for head in support.heads(world)]
    files = Files(tmp_path, support.heads(world)[0].key)
    world.close()
    boot.worlds.pop(world.id, None)
    receipt = ("log", "receipt", operation["operation"], "--out", tmp_path / "receipt.json")
    assert run(*receipt, *place)[0] == 0
    growth = ("log", "consistency", sizes[0], sizes[-1], "--out", tmp_path / "growth.json")
    assert run(*growth, *place)[0] == 0
    done = files.run(*_ALL, "--key", files.key)
    assert done.returncode == 0, done.stdout
    assert run("log", "receipt", "op_none", *place)[0] == 2
    assert run("log", "consistency", 1, 2, *place)[0] == 2
    assert run("log", "resume", "--reason", "nothing happened", *place)[0] == 2
    (path / "heads" / "heads.jsonl").unlink()
    assert run("log", "verify", *place)[0] == 1
    assert run("work", "--once", *place)[0] == 2
    code, told = run("log", "resume", "--reason", "The disk was replaced.", *place)
    assert (code, "The log goes on" in told) == (0, True)
    assert run("work", "--once", *place)[0] == 0
    assert run("log", "verify", *place)[0] == 0
