"""`yinxin sign` and `verify`: what other tools may rely on, whatever the file is."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from typer.testing import CliRunner

from engine.kernel import ids
from simulations.cli import main

VERDICTS = {"valid", "valid_extended", "indeterminate", "invalid", "unsigned"}


def run(*arguments: object, language: str = "C.UTF-8"):
    """A command; anything but an exit is a bug of ours and fails the test here."""
    environment = {"LANG": language, "LC_ALL": "", "LC_MESSAGES": ""}
    done = CliRunner(env=environment).invoke(main, [str(one) for one in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output
    return done


def blank(*, password: str = "", pages: int = 2) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        if password:
            pdf.save(out, encryption=pikepdf.Encryption(owner=password, user=password))
        else:
            pdf.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    """A folder with `in.pdf`, `out.pdf` signed by the command, and `root.pem`."""
    folder = tmp_path_factory.mktemp("signed")
    (folder / "in.pdf").write_bytes(blank())
    done = run("sign", folder / "in.pdf", folder / "out.pdf", "--root-out", folder / "root.pem")
    assert done.exit_code == 0, done.output
    return folder


def verdict(file: Path, root: Path) -> tuple[int, dict]:
    done = run("verify", file, "--root", root, "--json")
    assert done.stdout.count("\n") == 1
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.row("SGN-4")
def test_what_is_signed_verifies_offline_against_the_root(signed):
    code, told = verdict(signed / "out.pdf", signed / "root.pem")
    assert (code, told["verdict"], told["reasons"]) == (0, "valid", [])
    (one,) = told["signatures"]
    assert (one["level"], one["signer_name"]) == ("B-LT", "印信演示商贸有限公司")


def test_poppler_and_qpdf_agree(signed):
    told = subprocess.run(
        ["pdfsig", str(signed / "out.pdf")], capture_output=True, text=True, timeout=60, check=False
    )
    assert "Signature Validation: Signature is Valid." in told.stdout
    subprocess.run(["qpdf", "--check", str(signed / "out.pdf")], timeout=60, check=True)


@pytest.mark.row("SGN-4")
def test_one_changed_byte_makes_it_invalid(signed, tmp_path):
    content = bytearray((signed / "out.pdf").read_bytes())
    content[content.index(b"/MediaBox") + 12] ^= 1
    (tmp_path / "bad.pdf").write_bytes(content)
    code, told = verdict(tmp_path / "bad.pdf", signed / "root.pem")
    assert (code, told["verdict"]) == (1, "invalid")


def test_an_unsigned_file_and_a_foreign_root_are_no_success(signed, tmp_path):
    code, told = verdict(signed / "in.pdf", signed / "root.pem")
    assert (code, told["verdict"], told["signatures"]) == (1, "unsigned", [])
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", "k.pem", "-out", "other.pem", "-subj", "/CN=Other", "-days", "9"],
        cwd=tmp_path, capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    code, told = verdict(signed / "out.pdf", tmp_path / "other.pem")
    assert (code, told["verdict"]) == (1, "indeterminate")
    assert "untrusted_issuer" in told["reasons"]


def test_a_file_whose_signature_forbids_more_is_not_signed_again(signed, tmp_path):
    done = run("sign", signed / "out.pdf", tmp_path / "twice.pdf")
    assert done.exit_code == 2
    assert "cannot be signed" in done.stderr
    assert not (tmp_path / "twice.pdf").exists()


@pytest.mark.parametrize(
    ("content", "english", "chinese"),
    [
        (b"hello", "not a PDF", "PDF"),
        (b"%PDF-1.7\nhello", "damaged", "损坏"),
        (blank(password="secret"), "encrypted", "加密"),
    ],
    ids=["not a PDF", "broken", "encrypted"],
)
def test_what_cannot_be_signed_is_refused_in_both_languages(tmp_path, content, english, chinese):
    (tmp_path / "in.pdf").write_bytes(content)
    for language, expected in (("en_US.UTF-8", english), ("zh_CN.UTF-8", chinese)):
        done = run("sign", tmp_path / "in.pdf", tmp_path / "out.pdf", language=language)
        assert done.exit_code == 2
        assert expected in done.stderr
        assert not (tmp_path / "out.pdf").exists()


def test_a_missing_or_odd_path_is_an_error_with_a_code(signed, tmp_path):
    for path in (tmp_path / "none.pdf", tmp_path):
        code, told = verdict(path, signed / "root.pem")
        assert (code, told["error"]) == (2, "cli.file_unusable")
        assert str(path) in told["message"]
    code, told = verdict(signed / "out.pdf", signed / "in.pdf")
    assert (code, told["error"]) == (2, "cli.root_unreadable")
    (tmp_path / "empty.pdf").write_bytes(b"")
    code, told = verdict(tmp_path / "empty.pdf", signed / "root.pem")
    assert (code, told["error"]) == (2, "pdf.unreadable")


def test_an_output_that_cannot_be_written_is_told(signed, tmp_path):
    done = run("sign", signed / "in.pdf", tmp_path / "no" / "out.pdf")
    assert done.exit_code == 2
    assert "out.pdf" in done.stderr


def mutated(content: bytes, number: int) -> bytes:
    """One of many ways in which a file goes wrong, the same each time."""
    draw = ids.seeded(number, "mutation")
    place = int.from_bytes(draw(4), "big") % len(content)
    size = 1 + draw(1)[0] % 40
    kind = number % 5
    if kind == 0:
        return content[:place] + draw(size) + content[place + size :]
    if kind == 1:
        return content[:place]
    if kind == 2:
        return content[:place] + content[place + size :]
    if kind == 3:
        return content[:place] + draw(size) + content[place:]
    other = int.from_bytes(draw(4), "big") % len(content)
    return content[:place] + content[other : other + size * 50] + content[place:]


def end_of_signature(content: bytes) -> int:
    """Where the bytes end that the one signature covers."""
    found = re.search(rb"/ByteRange \[\s*\d+ \d+ (\d+) (\d+)", content)
    return int(found[1]) + int(found[2])


def test_no_file_brings_verify_down(signed, tmp_path, count):
    content = (signed / "out.pdf").read_bytes()
    end, seen = end_of_signature(content), set()
    for number in range(count(200, 2000)):
        changed = mutated(content, number)
        (tmp_path / "f.pdf").write_bytes(changed)
        code, told = verdict(tmp_path / "f.pdf", signed / "root.pem")
        assert code == (2 if "error" in told else 0 if told["verdict"][:5] == "valid" else 1)
        if "error" in told:
            assert told["error"] == "pdf.unreadable"
        else:
            assert told["verdict"] in VERDICTS
            # Behind the signature stand validation data, which no signature covers.
            assert not told["verdict"].startswith("valid") or changed[:end] == content[:end]
        seen.add(told.get("verdict", "unreadable"))
    assert {"invalid", "unreadable"} <= seen


def test_no_file_brings_sign_down(signed, tmp_path):
    content = (signed / "in.pdf").read_bytes()
    for number in range(12):
        (tmp_path / "f.pdf").write_bytes(mutated(content, number))
        done = run("sign", tmp_path / "f.pdf", tmp_path / "g.pdf")
        assert done.exit_code in (0, 2)
        assert (tmp_path / "g.pdf").exists() == (done.exit_code == 0)
        (tmp_path / "g.pdf").unlink(missing_ok=True)


def test_people_are_told_the_verdict_in_words(signed):
    done = run("verify", signed / "out.pdf", "--root", signed / "root.pem", language="zh_CN.UTF-8")
    assert done.exit_code == 0
    assert "有效" in done.stdout
    done = run("verify", signed / "in.pdf", "--root", signed / "root.pem")
    assert (done.exit_code, done.stdout) == (1, "Not signed\n")


@pytest.mark.parametrize(
    "command",
    ["serve", "work", "samples", "sign", "verify", "report", "log", "db", "world", "ceremony",
     "backup", "restore", "simulate"],
)  # fmt: skip
def test_every_command_has_help_worth_reading(command):
    done = run(command, "--help")
    assert done.exit_code == 0
    assert command in run("--help").output
    assert len(done.output) > 300
