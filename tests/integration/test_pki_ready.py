"""OCSP answers kept ready: never the old one of a revoked certificate, never many, never old (PKI-2)."""

from __future__ import annotations

import random
import threading

import pytest
from cryptography.x509 import ocsp as judge

from engine.issuing import actions as issuing
from engine.kernel import clock, errors
from engine.pki import ocsp
from engine.providers import responding
from tests.integration.test_issuing_processes import of_its_own
from tests.support import pki_clients, worlds
from tests.support.pki_clients import AGENCY

GOOD, REVOKED = judge.OCSPCertStatus.GOOD, judge.OCSPCertStatus.REVOKED


def question(stock: pki_clients.Stock, certificate_id: str, nonce: bytes | None = None) -> bytes:
    issuer = stock.world.authorities.path(AGENCY)[0]
    return ocsp.make_request(stock.signed(certificate_id), issuer, nonce)


def told(content: bytes) -> judge.OCSPCertStatus:
    return judge.load_der_ocsp_response(content).certificate_status


def ready(world, asked: bytes) -> bytes | None:
    found = world.authorities.ocsp_ready(AGENCY, asked)
    return None if found is None else found.content


def act(world, stock, action, certificate_id: str, **more: str) -> None:
    world.engine.perform(action, {"certificate_id": certificate_id, **more}, actor=stock.officer)


def revoke(world, stock, certificate_id: str) -> None:
    act(world, stock, issuing.revoke, certificate_id, reason="keyCompromise")


@pytest.mark.row("PKI-2")
@pytest.mark.parametrize("storage", ["world", "file_world"])
def test_an_answer_is_ready_until_anything_is_committed_and_true_again_after_a_look(
    request, storage
):
    world = request.getfixturevalue(storage)
    stock = pki_clients.Stock.of(world)
    first, other = stock.issue(), stock.issue()
    asked = question(stock, first)
    assert ready(world, asked) is None
    given = world.authorities.ocsp(AGENCY, asked)
    assert ready(world, asked) == given
    # Another certificate's end makes it look again, and it is the same bytes.
    revoke(world, stock, other)
    assert ready(world, asked) is None
    assert world.authorities.ocsp(AGENCY, asked) == given
    assert ready(world, asked) == given


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
def test_each_change_of_status_ends_what_was_kept_ready(any_world):
    world = any_world
    stock = pki_clients.Stock.of(world)
    certificate_id = stock.issue()
    asked = question(stock, certificate_id)
    steps = (
        (lambda: None, GOOD),
        (lambda: act(world, stock, issuing.suspend, certificate_id), REVOKED),
        (lambda: act(world, stock, issuing.resume, certificate_id), GOOD),
        (lambda: revoke(world, stock, certificate_id), REVOKED),
    )
    for step, status in steps:
        step()
        assert ready(world, asked) is None
        for _ in range(3):
            found = ready(world, asked) or world.authorities.ocsp(AGENCY, asked)
            assert told(found) is status


@pytest.mark.row("PKI-2")
@pytest.mark.row("S-CA-1")
def test_another_process_s_revocation_ends_it_too(any_world, count):
    world = any_world
    stock = pki_clients.Stock.of(world)
    other = of_its_own(world, 5)
    for _ in range(count(5, 200)):
        certificate_id = stock.issue()
        asked = question(stock, certificate_id)
        assert told(world.authorities.ocsp(AGENCY, asked)) is GOOD
        assert told(ready(world, asked) or world.authorities.ocsp(AGENCY, asked)) is GOOD
        revoke(other, stock, certificate_id)
        assert ready(world, asked) is None
        assert told(world.authorities.ocsp(AGENCY, asked)) is REVOKED
        assert told(ready(world, asked) or world.authorities.ocsp(AGENCY, asked)) is REVOKED
    other.engine.parts.db.close()


@pytest.mark.row("S-CA-1")
def test_no_answer_is_good_once_a_revocation_has_returned_whoever_asks_meanwhile(file_world, count):
    world = file_world
    stock = pki_clients.Stock.of(world)
    other = of_its_own(world, 6)
    over, lies = threading.Event(), []
    ids = {question(stock, one): one for one in (stock.issue() for _ in range(count(12, 300)))}
    # Whether each one's revocation has returned.
    revoked = dict.fromkeys(ids, False)

    def ask(seed: int) -> None:
        drawn = random.Random(seed)
        asked = list(ids)
        while not over.is_set():
            one = drawn.choice(asked)
            known = revoked[one]
            try:
                found = ready(world, one) or world.authorities.ocsp(AGENCY, one)
            except errors.ProviderUnavailable:
                continue
            if known and told(found) is not REVOKED:
                lies.append(one)

    askers = [threading.Thread(target=ask, args=(seed,)) for seed in range(3)]
    for one in askers:
        one.start()
    try:
        for place, (asked, certificate_id) in enumerate(ids.items()):
            revoke(other if place % 2 else world, stock, certificate_id)
            revoked[asked] = True
    finally:
        over.set()
        for one in askers:
            one.join()
    assert lies == []
    assert all(told(world.authorities.ocsp(AGENCY, asked)) is REVOKED for asked in ids)
    other.engine.parts.db.close()


@pytest.mark.row("PKI-2")
def test_it_is_handed_out_for_half_its_time_and_not_before_it_was_made(world):
    stock = pki_clients.Stock.of(world)
    asked = question(stock, stock.issue())
    given = world.authorities.ocsp_answer(AGENCY, asked)
    read = judge.load_der_ocsp_response(given.content)
    assert clock.from_datetime(read.this_update_utc) == given.this_update // 1000 * 1000
    assert clock.from_datetime(read.next_update_utc) == given.until // 1000 * 1000
    assert given.until - given.this_update == responding.ANSWER_LIFETIME_MS
    here = worlds.clock_of(world)
    here.advance(responding.REUSED_FOR_MS - 1)
    last = world.authorities.ocsp_ready(AGENCY, asked)
    assert last.content == given.content
    assert last.told_at == world.engine.now()
    assert last.until - last.told_at > responding.ANSWER_LIFETIME_MS // 2
    here.advance(1)
    assert ready(world, asked) is None
    assert world.authorities.ocsp(AGENCY, asked) != given.content


def test_no_more_is_kept_than_its_bound_and_nothing_with_a_nonce_or_of_no_use(world, monkeypatch):
    monkeypatch.setattr(responding, "_MOST_KEPT", 5)
    stock = pki_clients.Stock.of(world)
    asked = [question(stock, stock.issue()) for _ in range(8)]
    for one in asked:
        world.authorities.ocsp(AGENCY, one)
        world.authorities.ocsp(AGENCY, question(stock, stock.certificate["id"], b"n" * 16))
    kept = world.authorities._responders._kept
    assert len(kept) == 5
    assert [ready(world, one) is not None for one in asked] == [False] * 3 + [True] * 5
    assert world.authorities.ocsp_ready("nobody", asked[7]) is None
    assert world.authorities.ocsp_ready("huaxia", asked[7]) is None


def test_the_frames_of_a_plain_request_hide_nothing(world, count):
    stock = pki_clients.Stock.of(world)
    certificate_id = stock.issue()
    plain, other = question(stock, certificate_id), question(stock, certificate_id, b"n" * 8)
    assert ocsp.plain(plain) == ocsp.read(plain).only
    assert ocsp.plain(other) is None
    drawn = random.Random(11)
    seen = 0
    for _ in range(count(4_000, 200_000)):
        touched = bytearray(drawn.choice((plain, other)))
        for _ in range(drawn.randrange(1, 4)):
            place = (
                drawn.randrange(min(16, len(touched)))
                if drawn.random() < 0.7
                else drawn.randrange(len(touched))
            )
            touched[place] = drawn.choice(
                (0x30, 0xA0, touched[place] - 2 & 0xFF, drawn.randrange(256))
            )
        if drawn.random() < 0.2:
            del touched[-drawn.randrange(1, 9) :]
        found = ocsp.plain(bytes(touched))
        if found is None:
            continue
        try:
            read = ocsp.read(bytes(touched))
        except (errors.InvalidInput, ValueError):
            continue
        seen += 1
        assert read.only == found
    assert seen > 100
