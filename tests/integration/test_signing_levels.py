"""B-B to B-LTA as is wanted and as the services allow: degraded, told, raised later, renewed (SGN-4)."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from engine import worker
from engine.issuing import actions as issuing
from engine.kernel import clock, errors
from engine.pdf import tokens
from engine.signing import actions, model, queries, raising
from tests.support import fold, parties, trading, worlds
from tests.support.worlds import SYSTEM

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")


@pytest.fixture
def deal(world):
    return trading.trade(world)


@dataclass(frozen=True)
class Stamps:
    """A time-stamp authority that answers what a test wants."""

    answer: Callable[[bytes], bytes]

    def stamp(self, digest: bytes, *, now: int) -> bytes:
        return self.answer(digest)


@dataclass(frozen=True)
class Material:
    """A revocation service that answers what a test wants."""

    answer: Callable[[], Any]

    def material(self, agency_ids):
        return self.answer()

    def publish(self, agency_id):
        raise errors.ProviderUnavailable


def down(*_):
    raise errors.ProviderUnavailable


def reset(*_):
    raise ConnectionResetError


def breaks(*_):
    raise RuntimeError("500 Internal Server Error")


def with_ports(world, **ports):
    return replace(world, ports=replace(world.ports, **ports))


def wanting(world, deal, level):
    arguments = {
        "purchase_order_id": deal.purchase_order.id,
        "terms": trading.TERMS,
        "level": level,
    }
    return world.engine.perform(actions.create_contract, arguments, actor=deal.purchaser.mall)


def proved(world, party, contract):
    """The PIN was right; the worker has not finished it."""
    asked, ticket = trading.scanned(world, party, contract)
    trading.confirm(world, party, ticket)
    return asked


def newest(world, contract):
    return world.engine.ask(queries.newest, SYSTEM, contract.id)


def pass_time(world, ms=clock.MINUTE):
    worlds.clock_of(world).advance(ms)
    worker.tick(world, owner="test")


@pytest.mark.row("SGN-4")
@pytest.mark.parametrize("level", LEVELS)
def test_each_level_is_reached_as_it_is_wanted(world, deal, level):
    contract = wanting(world, deal, level)
    for party in (deal.purchaser, deal.supplier):
        trading.sign(world, party, contract.id)
    worker.tick(world, owner="test")
    assert newest(world, contract).level == level
    judged = trading.verdict(world, trading.document(world, contract))
    signed = [one for one in judged.signatures if one.kind == "signature"]
    assert [one.level for one in signed] == [level] * 2
    assert judged.verdict == ("valid" if level in ("B-LT", "B-LTA") else "indeterminate")
    found = world.engine.ask(queries.signatures, SYSTEM, contract.id)
    assert {one.level for one in found} == {level}
    told = world.engine.ask(queries.validation, deal.supplier.mall, contract.id)
    assert (told.reached, told.wanted, told.pending) == (level, level, False)
    assert (told.archived_until is not None) == (level == "B-LTA")
    assert worlds.rows(world, "SELECT kind FROM job WHERE kind = 'raise_signatures'") == []
    assert parties.violations(world) == {}
    fold.require(world)


BROKEN = {
    "refused": down,
    "reset": reset,
    "500": breaks,
    "garbage": lambda digest: b"\x30\x82garbage",
    "nothing": lambda digest: b"",
    "a page": lambda digest: b"<html>502 Bad Gateway</html>",
}


@pytest.mark.parametrize("how", BROKEN)
def test_whatever_the_time_stamp_authority_does_the_signature_is_kept(world, deal, how):
    contract = trading.draft(world, deal)
    asked = proved(world, deal.purchaser, contract)
    broken = with_ports(world, timestamps=Stamps(BROKEN[how]))
    worker.run_due(broken)
    kept = trading.signature_of(world, asked)
    assert (kept.status, kept.level) == (model.SignatureStatus.COMPLETED, "B-B")
    told = world.engine.ask(queries.validation, deal.purchaser.mall, contract.id)
    assert (told.reached, told.wanted, told.pending) == ("B-B", "B-LT", True)
    assert trading.verdict(world, trading.document(world, contract)).verdict == "indeterminate"
    # It is asked again and again, at longer and longer intervals, and nothing is lost.
    waits = []
    for _ in range(6):
        (due,) = worlds.rows(world, "SELECT due_at FROM job WHERE kind = 'raise_signatures'")
        waits.append(due["due_at"] - world.engine.now())
        worlds.clock_of(world).advance(waits[-1])
        worker.run_due(broken)
    assert kept.completed_at is not None
    assert waits == sorted(waits)
    assert waits[-1] > 4 * waits[0] > 0
    before = trading.document(world, contract)
    pass_time(world, clock.DAY)
    assert newest(world, contract).level == "B-LT"
    after = trading.document(world, contract)
    assert after.startswith(before)
    assert trading.verdict(world, after).verdict == "valid"
    assert worlds.kinds(world).count("contract.level_raised") == 1
    fold.require(world)


def test_tokens_of_another_time_imprint_or_authority_are_as_good_as_none(world, deal):
    real = world.ports.timestamps
    earlier: list[bytes] = []

    def remembered(digest):
        # The answer to an older question: another imprint and another nonce.
        if not earlier:
            earlier.append(real.stamp(b"\1" * 32, now=world.engine.now()))
        return earlier[0]

    contract = trading.draft(world, deal)
    asked = proved(world, deal.purchaser, contract)
    worker.run_due(with_ports(world, timestamps=Stamps(remembered)))
    assert trading.signature_of(world, asked).level == "B-B"
    old: dict[bytes, bytes] = {}

    def kept(digest):
        return old.setdefault(digest, real.stamp(digest, now=world.engine.now()))

    pass_time_with = with_ports(world, timestamps=Stamps(kept))
    document = trading.document(world, contract)
    worlds.clock_of(world).advance(clock.MINUTE)
    # One that was made for this very digest, an hour ago.
    checked = tokens.checked(
        lambda digest: kept(digest), roots=world.roots, now_ms=world.engine.now()
    )
    assert checked(b"\2" * 32)
    worlds.clock_of(world).advance(clock.HOUR)
    late = tokens.checked(lambda digest: kept(digest), roots=world.roots, now_ms=world.engine.now())
    with pytest.raises(errors.ProviderUnavailable):
        late(b"\2" * 32)
    worker.run_due(pass_time_with)
    assert trading.document(world, contract).startswith(document)


def test_whoever_hangs_is_not_waited_for_beyond_the_deadline(world, deal, monkeypatch):
    let_go = threading.Event()

    def hangs(digest):
        let_go.wait(20)
        return b""

    contract = trading.draft(world, deal)
    asked = proved(world, deal.purchaser, contract)
    begun = time.monotonic()
    worker.run_due(with_ports(world, timestamps=Stamps(hangs)))
    took = time.monotonic() - begun
    let_go.set()
    assert trading.signature_of(world, asked).level == "B-B"
    assert tokens.DEADLINE_MS / 1000 - 0.1 < took < tokens.DEADLINE_MS / 1000 + 3


@pytest.mark.parametrize(
    "how", ["refused", "reset", "500", "garbage", "nothing", "foreign", "over"]
)
def test_without_good_revocation_lists_the_level_is_b_t(world, deal, how):
    real = world.ports.validation
    certificates, crls = real.material([])

    def over():
        return certificates, crls

    answers = {
        "refused": down,
        "reset": reset,
        "500": breaks,
        "garbage": lambda: (certificates, [b"garbage"]),
        "nothing": lambda: (certificates, []),
        "foreign": lambda: (certificates[:1], crls),
        "over": over,
    }
    contract = trading.draft(world, deal)
    asked = proved(world, deal.purchaser, contract)
    if how == "over":
        worlds.clock_of(world).advance(30 * clock.DAY)
    broken = with_ports(world, validation=Material(answers[how]))
    worker.run_due(broken)
    assert trading.signature_of(world, asked).level == "B-T"
    judged = trading.verdict(world, trading.document(world, contract))
    assert (judged.verdict, judged.signatures[0].level) == ("indeterminate", "B-T")
    before = trading.document(world, contract)
    pass_time(world)
    assert newest(world, contract).level == "B-LT"
    assert trading.document(world, contract).startswith(before)
    assert trading.verdict(world, trading.document(world, contract)).verdict == "valid"


def test_both_sign_without_time_stamps_and_one_later_is_for_both(world, deal):
    contract = trading.draft(world, deal)
    broken = with_ports(world, timestamps=Stamps(down))
    for party in (deal.purchaser, deal.supplier):
        proved(world, party, contract)
        worker.run_due(broken)
    assert newest(world, contract).signed_by == ("purchaser", "supplier")
    assert newest(world, contract).level == "B-B"
    pass_time(world, clock.HOUR)
    judged = trading.verdict(world, trading.document(world, contract))
    assert judged.verdict == "valid"
    assert [one.level for one in judged.signatures if one.kind == "signature"] == ["B-LT"] * 2
    assert {one.level for one in world.engine.ask(queries.signatures, SYSTEM, contract.id)} == {
        "B-LT"
    }


def test_a_document_is_validated_as_far_as_the_least_of_its_signatures(world, deal):
    contract = trading.draft(world, deal)
    first = proved(world, deal.purchaser, contract)
    worker.run_due(with_ports(world, timestamps=Stamps(down)))
    second = proved(world, deal.supplier, contract)
    worker.run_due(world)
    levels = [trading.signature_of(world, one).level for one in (first, second)]
    assert (levels, newest(world, contract).level) == (["B-B", "B-LT"], "B-B")
    pass_time(world, clock.HOUR)
    assert newest(world, contract).level == "B-LT"
    judged = trading.verdict(world, trading.document(world, contract))
    assert judged.verdict == "valid"
    # The second one's data lay under the time-stamp that the first one got.
    assert {one.level for one in judged.signatures if one.kind == "signature"} == {"B-LTA"}


def test_nothing_is_added_while_somebody_signs_unless_they_let_it_lie(world, deal):
    contract = trading.draft(world, deal)
    proved(world, deal.purchaser, contract)
    worker.run_due(with_ports(world, timestamps=Stamps(down)))
    open_one = trading.ask_to_sign(world, deal.supplier, contract.id)
    pass_time(world)
    assert newest(world, contract).level == "B-B"
    assert trading.signature_of(world, open_one.id).status is model.SignatureStatus.PREPARED
    pass_time(world, clock.HOUR)
    assert newest(world, contract).level == "B-LT"
    given_up = trading.signature_of(world, open_one.id)
    assert (given_up.status, given_up.why) == (model.SignatureStatus.FAILED, "document_raised")
    trading.sign(world, deal.supplier, contract.id)
    assert trading.verdict(world, trading.document(world, contract)).verdict == "valid"


def test_whoever_asks_to_sign_while_a_time_stamp_is_on_its_way_goes_first(world, deal):
    contract = trading.draft(world, deal)
    proved(world, deal.purchaser, contract)
    worker.run_due(with_ports(world, timestamps=Stamps(down)))
    real = world.ports.timestamps

    def meanwhile(digest):
        trading.ask(world, deal.supplier, contract)
        return real.stamp(digest, now=world.engine.now())

    worlds.clock_of(world).advance(clock.MINUTE)
    worker.run_due(with_ports(world, timestamps=Stamps(meanwhile)), limit=1)
    assert newest(world, contract).level == "B-B"
    (job,) = worlds.rows(world, "SELECT status FROM job WHERE kind = 'raise_signatures'")
    assert job == {"status": "ready"}
    trading.sign(world, deal.supplier, contract.id)
    pass_time(world, clock.HOUR)
    assert newest(world, contract).level == "B-LT"
    assert trading.verdict(world, trading.document(world, contract)).verdict == "valid"


@pytest.mark.parametrize("verb", ["revoke", "suspend"])
def test_a_certificate_withdrawn_before_the_finish_makes_no_document(world, deal, verb):
    contract = trading.draft(world, deal)
    party = deal.purchaser
    asked = proved(world, party, contract)
    act, given = {
        "revoke": (issuing.revoke, {"reason": "keyCompromise"}),
        "suspend": (issuing.suspend, {"reason": "lost_phone"}),
    }[verb]
    if verb == "suspend":
        worlds.run_sql(
            world,
            "UPDATE certificate SET status = 'suspended' WHERE id = ?",
            party.certificate_id,
        )
    else:
        world.engine.perform(
            act, {"certificate_id": party.certificate_id, **given}, actor=party.person
        )
    worker.tick(world, owner="test")
    found = trading.signature_of(world, asked)
    assert found.status is model.SignatureStatus.FAILED
    assert found.why == ("certificate_revoked" if verb == "revoke" else "certificate_suspended")
    assert trading.verdict(world, trading.document(world, contract)).verdict == "unsigned"
    told = worlds.rows(world, "SELECT kind, todo FROM message WHERE kind = 'contract.not_signed'")
    assert [row["kind"] for row in told] == ["contract.not_signed"]


def test_a_signature_without_time_whose_certificate_is_revoked_is_never_lifted(world, deal):
    contract = trading.draft(world, deal)
    asked = proved(world, deal.purchaser, contract)
    worker.run_due(with_ports(world, timestamps=Stamps(down)))
    world.engine.perform(
        issuing.revoke,
        {"certificate_id": deal.purchaser.certificate_id, "reason": "keyCompromise"},
        actor=deal.purchaser.person,
    )
    pass_time(world, clock.HOUR)
    assert trading.signature_of(world, asked).level == "B-B"
    assert "contract.level_not_raised" in worlds.kinds(world)
    assert trading.verdict(world, trading.document(world, contract)).verdict != "valid"
    assert worlds.rows(world, "SELECT kind FROM job WHERE kind = 'raise_signatures'") == []


def test_the_archive_is_renewed_before_its_authority_lapses(world, deal):
    # So early that the root's own list, which comes out of a ceremony, is still good.
    early = 3_600
    body = f'{{"levels":[],"renew_before_days":{early}}}'
    worlds.run_sql(world, "UPDATE policy_version SET body = ? WHERE kind = 'signing_rules'", body)
    contract = wanting(world, deal, "B-LTA")
    for party in (deal.purchaser, deal.supplier):
        trading.sign(world, party, contract.id)
    first = world.engine.ask(queries.validation, deal.supplier.mall, contract.id)
    (job,) = worlds.rows(world, "SELECT due_at FROM job WHERE kind = 'renew_archive'")
    assert job["due_at"] == first.archived_until - early * clock.DAY
    before = trading.document(world, contract)
    worlds.clock_of(world).advance(job["due_at"] - world.engine.now())
    broken = with_ports(world, timestamps=Stamps(down))
    worker.run_due(broken, subject=contract.id)
    assert trading.document(world, contract) == before
    worlds.clock_of(world).advance(raising.LONGEST_MS)
    worker.run_due(world, subject=contract.id)
    after = trading.document(world, contract)
    assert after.startswith(before)
    assert len(after) > len(before)
    assert "contract.archive_renewed" in worlds.kinds(world)
    judged = trading.verdict(world, after)
    assert [one.field for one in judged.signatures][-2:] == ["archive-1", "archive-2"]
    assert judged.verdict == "valid"
    # And watched again.
    assert worlds.rows(world, "SELECT kind FROM job WHERE kind = 'renew_archive'") != []


def test_every_document_on_the_way_is_kept_and_begins_with_the_one_before(world, deal):
    contract = wanting(world, deal, "B-LTA")
    broken = with_ports(world, timestamps=Stamps(down))
    proved(world, deal.purchaser, contract)
    worker.run_due(broken)
    pass_time(world, clock.HOUR)
    trading.sign(world, deal.supplier, contract.id)
    kept = world.engine.ask(queries.versions, SYSTEM, contract.id)
    with world.engine.reader(SYSTEM) as q:
        contents = [q.blob(one.blob_id) for one in kept]
    assert [one.level for one in kept] == ["", "B-B", "B-LT", "B-LT", "B-LTA"]
    assert [one.revision for one in kept] == [0, 1, 2, 3, 4]
    for earlier, later in itertools.pairwise(contents):
        assert later.startswith(earlier)


def test_nobody_but_the_platform_raises(world, deal):
    contract = trading.signed(world, deal)
    version = newest(world, contract)
    document = trading.document(world, contract)
    given = {
        "contract_id": contract.id,
        "version_id": version.id,
        "document": document,
        "level": "B-LTA",
    }
    for actor in (deal.purchaser.mall, deal.purchaser.person, deal.reviewers.contract):
        with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
            world.engine.perform(actions.record_raised, given, actor=actor)
    for wrong in ({"version_id": "ver_old"}, {"document": b"%PDF-other"}):
        with worlds.unchanged(world), pytest.raises(errors.Conflict):
            world.engine.perform(actions.record_raised, {**given, **wrong}, actor=SYSTEM)
