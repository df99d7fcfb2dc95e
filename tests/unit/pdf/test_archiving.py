"""Document time-stamps: over validation data, renewed, and for what was signed without a time."""

from __future__ import annotations

import hashlib
import threading
import time

import pytest

from engine.kernel import errors
from engine.pdf import archiving, container, signing, tokens, verification
from tests import support_pdf as support
from tests.support_pdf_pki import root_authority

LATER = support.NOW + 2 * support.HOUR


def source(world: support.World, at: int) -> tokens.Source:
    return tokens.checked(world.stamp(at), roots=[world.root.certificate], now_ms=at)


def judged(world: support.World, document: bytes, at: int) -> verification.Verdict:
    return verification.verify(document, roots=[world.root.certificate], at_ms=at)


@pytest.mark.row("SGN-4")
def test_a_time_stamp_over_validation_data_makes_b_lta(world: support.World, signed: bytes) -> None:
    archived = archiving.add_timestamp(signed, source(world, LATER))
    assert archived.startswith(signed)
    found = judged(world, archived, LATER + support.HOUR)
    assert found.verdict == "valid"
    assert [one.level for one in found.signatures if one.kind == "signature"] == ["B-LTA"] * 2
    facts = archiving.newest(archived)
    assert facts is not None
    assert (facts.made_at, facts.authority_until) == (LATER, support.NOW + 9 * support.YEAR)
    assert archiving.newest(signed) is None


def test_renewed_it_holds_beyond_the_first_authoritys_end(
    world: support.World, signed: bytes
) -> None:
    end = support.NOW + 9 * support.YEAR
    once = archiving.add_timestamp(signed, source(world, LATER))
    assert judged(world, once, end + support.DAY).verdict != "valid"
    renewing = end - 30 * support.DAY
    agency = world.first_agency
    newer = agency.issue(
        "时间戳服务二号",
        timestamping=True,
        usage=("digital_signature",),
        begin=renewing - support.DAY,
        end=renewing + support.YEAR // 2,
    )
    twice = archiving.add_timestamp(
        world.with_info(once, at=renewing - support.HOUR),
        lambda digest: support.token(newer, digest, renewing),
    )
    assert twice.startswith(once)
    found = judged(world, twice, end + support.DAY)
    assert [one.field for one in found.signatures][-2:] == ["archive-1", "archive-2"]
    assert not {"timestamp_certificate_out_of_validity"} & set(found.reasons)


def test_what_was_signed_without_a_time_gets_one(world: support.World, contract: bytes) -> None:
    bare = support.sign_field(
        world, contract, world.purchaser, support.PURCHASER, first=True, stamped=False
    )
    assert judged(world, bare, LATER).verdict == "indeterminate"
    timed = archiving.add_timestamp(bare, source(world, LATER))
    assert timed.startswith(bare)
    assert judged(world, world.with_info(timed), LATER + support.HOUR).verdict == "valid"


def test_only_a_trusted_authoritys_fresh_token_over_the_digest_passes(
    world: support.World,
) -> None:
    digest = hashlib.sha256(b"document").digest()
    stranger = root_authority("外人").issue("时间戳", timestamping=True)
    assert source(world, LATER)(digest)

    def altered(asked: bytes) -> bytes:
        made = bytearray(world.stamp(LATER)(asked))
        made[-3] ^= 1
        return bytes(made)

    bad = {
        "garbage": lambda asked: b"garbage",
        "nothing": lambda asked: b"",
        "a page": lambda asked: b"<html>502 Bad Gateway</html>",
        "wrong imprint": lambda asked: world.stamp(LATER)(b"\0" * 32),
        "old": world.stamp(LATER - support.HOUR),
        "future": world.stamp(LATER + support.HOUR),
        "foreign": lambda asked: support.token(stranger, asked, LATER),
        "no authority": lambda asked: support.token(world.purchaser, asked, LATER),
        "altered": altered,
        "a certificate": lambda asked: support.der(world.root.certificate),
    }
    for name, answer in bad.items():
        checked = tokens.checked(answer, roots=[world.root.certificate], now_ms=LATER)
        with pytest.raises(container.TimestampUnusable):
            pytest.fail(f"{name}: {checked(digest)!r}")


def test_whoever_hangs_drips_or_breaks_is_not_waited_for() -> None:
    let_go = threading.Event()

    def hangs() -> bytes:
        let_go.wait(30)
        return b""

    def drips() -> bytes:
        for _ in range(3_000):
            if let_go.wait(0.01):
                break
        return b"x"

    def resets() -> bytes:
        raise ConnectionResetError

    def refuses() -> bytes:
        raise errors.ProviderUnavailable

    begun = time.monotonic()
    for slow in (hangs, drips):
        with pytest.raises(tokens.TooLate):
            tokens.in_time(slow, deadline_ms=100)
    assert time.monotonic() - begun < 5
    let_go.set()
    for broken in (resets, refuses):
        with pytest.raises(errors.ProviderUnavailable):
            tokens.in_time(broken)
    assert tokens.in_time(lambda: b"x") == b"x"
    assert tokens.DEADLINE_MS == 8_000


def test_what_is_no_document_is_not_archived(world: support.World) -> None:
    for broken in (b"", b"%PDF-1.7 nothing"):
        with pytest.raises(archiving.NotArchivable):
            archiving.add_timestamp(broken, world.stamp(LATER))


def test_equal_inputs_give_equal_bytes(world: support.World, signed: bytes) -> None:
    kept: dict[bytes, bytes] = {}
    stamp = world.stamp(LATER)
    made = [
        archiving.add_timestamp(signed, lambda digest: kept.setdefault(digest, stamp(digest)))
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert len(kept) == 1
    assert signing.has_field(made[0], "archive-1")
    assert not signing.has_field(made[0], "archive-2")
