"""`yinxin sign`: where the seal goes, and how far the signature can be validated."""

from __future__ import annotations

import io
import json

import pikepdf
import pytest
import typst
from typer.testing import CliRunner

from simulations.cli import main


@pytest.fixture
def offer(tmp_path):
    source = "#set page(width: 210mm, height: 297mm)\n#lorem(50) party B #pagebreak() party B seals"
    path = tmp_path / "offer.pdf"
    path.write_bytes(bytes(typst.compile(source.encode(), format="pdf")))
    return path


def run(*arguments: object):
    done = CliRunner(env={"LANG": "C.UTF-8"}).invoke(main, [str(one) for one in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def sign(offer, *options):
    target, root = offer.with_name("signed.pdf"), offer.with_name("root.pem")
    done = run("sign", offer, target, "--root-out", root, *options)
    assert done.exit_code == 0, done.output
    told = run("verify", target, "--root", root, "--json")
    return target.read_bytes(), json.loads(told.output)


def fields(document):
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return [str(one.T) for one in pdf.Root.AcroForm.Fields]


@pytest.mark.row("SGN-3")
def test_pages_words_and_the_edges_at_b_lta(offer):
    document, told = sign(
        offer, "--place", "last@20,200", "--keyword", "party B#0", "--seam", 120, "--level", "B-LTA"
    )
    assert told["verdict"] == "valid"
    assert told["signatures"][0]["level"] == "B-LTA"
    names = fields(document)
    main_name = names[0]
    assert names == [
        main_name,
        *(f"{main_name}-{n}" for n in (2, 3)),
        f"{main_name}-4-1of2",
        f"{main_name}-5-2of2",
        "archive-1",
    ]


@pytest.mark.parametrize(
    ("level", "verdict"), [("B-B", "indeterminate"), ("B-T", "indeterminate"), ("B-LT", "valid")]
)
def test_a_level_that_is_asked_for_is_made(offer, level, verdict):
    _, told = sign(offer, "--level", level)
    assert (told["signatures"][0]["level"], told["verdict"]) == (level, verdict)


def test_a_signed_file_is_signed_once_more_with_places_of_its_own(offer):
    first, _ = sign(offer)
    again = offer.with_name("again.pdf")
    again.write_bytes(first)
    done = run("sign", again, offer.with_name("twice.pdf"))
    # The first one certifies for one signer, and permits no second.
    assert done.exit_code == 2
    assert not offer.with_name("twice.pdf").exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--place", "1@"),
        ("--place", "7@10,10"),
        ("--place", "1@190,10"),
        ("--keyword", "party C"),
        ("--keyword", "party B#9"),
        ("--seam", "10"),
        ("--level", "B-X"),
    ],
)
def test_a_place_or_level_that_is_none_leaves_no_file(offer, options):
    target = offer.with_name("none.pdf")
    done = run("sign", offer, target, *options)
    assert done.exit_code == 2
    assert done.output.strip()
    assert not target.exists()
