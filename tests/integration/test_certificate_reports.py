"""The reports on certificates, against worlds whose every certificate was counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from concurrent import futures
from pathlib import Path

import pytest

from engine.binding import queries as bindings
from engine.boot import World
from engine.issuing import actions as issuing
from engine.issuing import proofs
from engine.kernel import clock, ids
from engine.ordering import actions as ordering_actions
from engine.pki import keys
from engine.reports import catalog, snapshot
from tests.support import binding, ordering, parties, registering, worlds

NAMES = ("", *(f"新疆天山{word}有限公司" for word in ("净水", "办公", "暖通", "印务")))
Ask = Callable[..., list[dict[str, object]]]


@pytest.fixture
def ask(world: World, tmp_path: Path) -> Ask:
    """The rows of a report, or of the cases behind it, up to now or another moment."""

    def rows(name: str, *, cases: bool = False, at: int | None = None) -> list[dict[str, object]]:
        snapshot.refresh(world.engine, tmp_path)
        newest = snapshot.newest(tmp_path)
        assert newest is not None
        question = catalog.cases if cases else catalog.ask
        moment = worlds.clock_of(world).now_ms() + 1 if at is None else at
        with snapshot.open_copy(newest) as copy:
            told = question(copy, catalog.load(name), to_ms=moment)
        return [dict(zip(told.columns, row, strict=True)) for row in told.rows]

    return rows


def test_several_readers_at_once_share_one_copy(world: World, tmp_path: Path) -> None:
    parties.certified(world, parties.Reviewers.of(world))
    with futures.ThreadPoolExecutor(8) as readers:
        asked = [readers.submit(snapshot.refresh, world.engine, tmp_path) for _ in range(8)]
        heads = {one.result().seq for one in asked}
    assert len(heads) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["analytics-1.duckdb"]


def test_every_figure_is_a_count_of_the_cases_behind_it(world: World, ask: Ask) -> None:
    party = parties.certified(world, parties.Reviewers.of(world))
    binding.bind(world, party)
    for name, figure in {
        "certificates": "certificates",
        "renewals": "due",
        "bindings": "asked",
        "scan_logins": "logins",
        "revocations": "revoked",
    }.items():
        figures, cases = ask(name), ask(name, cases=True)
        assert sum(int(str(row[figure])) for row in figures) == len(cases), name
        assert all(row["look_up"] is None or row["look_up"] for row in cases)
        assert all(isinstance(row["happened_at"], int) for row in cases)


@pytest.mark.row("CRT-3")
def test_certificates_are_counted_by_their_state_at_a_moment(world: World, ask: Ask) -> None:
    party = parties.certified(world, parties.Reviewers.of(world))
    held = ordering.certificate(world, party.certificate_id)
    in_use = worlds.clock_of(world).now_ms() + 1
    worlds.clock_of(world).advance(clock.DAY)
    given = {"certificate_id": party.certificate_id}
    world.engine.perform(issuing.suspend, given, actor=ordering.fresh(world, party.person))
    on_hold = worlds.clock_of(world).now_ms() + 1
    worlds.clock_of(world).advance(clock.DAY)
    world.engine.perform(
        issuing.revoke,
        {**given, "reason": "keyCompromise"},
        actor=ordering.fresh(world, party.person),
    )

    def states(at: int | None = None) -> list[tuple[object, ...]]:
        return [
            (row["agency"], row["product"], row["business"], row["state"], row["certificates"])
            for row in ask("certificates", at=at)
        ]

    assert states(in_use) == [("dongfang", "enterprise", "new", "active", 1)]
    assert states(on_hold) == [("dongfang", "enterprise", "new", "suspended", 1)]
    assert states() == [("dongfang", "enterprise", "new", "revoked", 1)]
    assert states(int(str(held["created_at"]))) == []
    (case,) = ask("certificates", cases=True)
    assert case["look_up"] == held["serial_hex"]
    (revoked,) = ask("revocations")
    assert (revoked["agency"], revoked["reason"], revoked["revoked"]) == (
        "dongfang",
        "keyCompromise",
        1,
    )
    assert ask("revocations", at=on_hold) == []


@pytest.mark.row("CRT-3")
def test_what_has_run_out_is_told_apart_from_what_was_revoked(world: World, ask: Ask) -> None:
    party = parties.certified(world, parties.Reviewers.of(world))
    ends = int(str(ordering.certificate(world, party.certificate_id)["not_after"]))
    assert [row["state"] for row in ask("certificates", at=ends - 1)] == ["active"]
    assert [row["state"] for row in ask("certificates", at=ends)] == ["expired"]


@pytest.mark.row("CRT-3")
def test_renewals_are_due_in_the_month_of_the_end_and_done_once_the_new_one_is_in_use(
    world: World, ask: Ask
) -> None:
    reviewers = parties.Reviewers.of(world)
    renews = parties.certified(world, reviewers)
    lapses = parties.certified(world, reviewers, number=2, name=NAMES[2])
    replaces = parties.certified(world, reviewers, number=3, name=NAMES[3])
    gives_up = parties.certified(world, reviewers, number=4, name=NAMES[4])
    again = ordering.perform(
        world,
        replaces,
        ordering_actions.replace_certificate,
        certificate_id=replaces.certificate_id,
        why="lost_phone",
    )
    ordering.complete(world, replaces, again.id, 8)
    world.engine.perform(
        issuing.revoke,
        {"certificate_id": gives_up.certificate_id, "reason": "cessationOfOperation"},
        actor=ordering.fresh(world, gives_up.person),
    )
    end = int(str(ordering.certificate(world, lapses.certificate_id)["not_after"]))
    month = clock.civil_date(end).isoformat()[:7]

    def due(at: int | None = None) -> dict[object, tuple[object, ...]]:
        return {
            row["month"]: tuple(row[name] for name in ("due", "renewed", "lapsed", "ahead"))
            for row in ask("renewals", at=at)
        }

    # The replaced one's end is its successor's; who gave up is due no more.
    assert due() == {month: (3, 0, 0, 3)}
    worlds.clock_of(world).set(end - 60 * clock.DAY)
    before = worlds.clock_of(world).now_ms() + 1
    placed = ordering.perform(
        world,
        renews,
        ordering_actions.renew_certificate,
        certificate_id=renews.certificate_id,
        years=1,
    )
    assert due()[month] == (3, 0, 0, 3)
    after = ordering.complete(world, renews, placed.id, 7)
    its_end = int(str(ordering.certificate(world, after.certificate_id)["not_after"]))
    following = clock.civil_date(its_end).isoformat()[:7]
    assert due() == {month: (3, 1, 0, 2), following: (1, 0, 0, 1)}
    assert due(before) == {month: (3, 0, 0, 3)}
    (open_month, _) = ask("renewals")
    assert open_month["renewed_percent"] is None
    over = end + clock.DAY
    assert due(over)[month] == (3, 1, 2, 0)
    assert ask("renewals", at=over)[0]["renewed_percent"] == 33.3


@pytest.mark.row("BND-2")
@pytest.mark.row("LOG-1")
def test_bindings_and_sign_ins_are_told_by_what_became_of_them(world: World, ask: Ask) -> None:
    reviewers = parties.Reviewers.of(world)
    at_once = parties.certified(world, reviewers)
    binding.bind(world, at_once)
    looked_at = parties.certified(world, reviewers, number=2, name=NAMES[2])
    opened = binding.binding_qr(world, looked_at)
    binding.scan(world, looked_at, opened)
    waits = binding.confirm(
        world, looked_at, opened, given=binding.answers(world, looked_at, contact="王小明")
    )
    worlds.clock_of(world).advance(30 * clock.MINUTE)
    parties.approve(world, "entity", waits.entity_id, reviewers.platform)
    found = world.engine.ask(bindings.of_certificate, worlds.SYSTEM, looked_at.certificate_id)
    assert len(found) == 1
    rows = ask("bindings")
    assert {row["platform"] for row in rows} == {"guangzheng"}
    assert sum(int(str(row["asked"])) for row in rows) == 2
    assert sum(int(str(row["bound"])) for row in rows) == 2
    assert sum(int(str(row["bound_at_once"])) for row in rows) == 1
    cases = ask("bindings", cases=True)
    assert [(row["outcome"], float(str(row["bound_min"]))) for row in cases] == [
        ("at_once", 0.0),
        ("after_review", 30.0),
    ]
    # One signs in, one QR nobody reads.
    login = binding.login_qr(world, "guangzheng")
    binding.scan(world, at_once, login)
    binding.confirm(world, at_once, login)
    binding.finish(world, login)
    binding.login_qr(world, "guangzheng")
    worlds.clock_of(world).advance(clock.HOUR)
    outcomes = {row["outcome"]: row["logins"] for row in ask("scan_logins")}
    assert outcomes == {"done": 1, "lapsed_unread": 1}


@pytest.mark.row("CRT-1")
def test_turnaround_is_measured_per_ca_from_its_own_cases(world: World, ask: Ask) -> None:
    reviewers = parties.Reviewers.of(world)
    for number, wait in enumerate((1, 2, 9), 1):
        about = {"number": number, "name": NAMES[number]}
        party = parties.order(world, parties.enterprise(world, reviewers, **about))
        parties.pay(world, party)
        parties.hand_in(world, party)
        parties.approve(world, "certificate_platform", party.order_id, reviewers.platform)
        worlds.clock_of(world).advance(wait * clock.HOUR)
        parties.approve(world, "certificate_ca", party.order_id, reviewers.agency)
        parties.download(world, party)
    (row,) = ask("turnaround")
    assert (row["agency"], row["decided"], row["in_use"]) == ("dongfang", 3, 3)
    assert row["decision_p50_h"] == 2.0
    assert row["decision_p90_h"] == pytest.approx(2 + 0.8 * 7)
    assert float(str(row["in_use_p50_h"])) > 2.0
    cases = [one for one in ask("turnaround", cases=True) if one["what"] == "decision"]
    assert [float(str(one["hours"])) for one in cases] == [1.0, 2.0, 9.0]
    assert all(str(one["look_up"]) for one in cases)


@pytest.mark.row("CRT-4")
def test_pins_are_counted_as_wrong_locked_and_unlocked(world: World, ask: Ask) -> None:
    party = parties.certified(world, parties.Reviewers.of(world))
    binding.bind(world, party)
    opened = binding.login_qr(world, "guangzheng")
    binding.scan(world, party, opened)
    another = keys.generate(ids.seeded(99, "another"))
    for refusal in [*[proofs.WrongPin] * 4, proofs.PinLocked]:
        with pytest.raises(refusal):
            binding.confirm(world, party, opened, key=another)
    worlds.clock_of(world).advance(clock.MINUTE)
    registering.prove(world, party.person)
    given = {"certificate_id": party.certificate_id}
    world.engine.perform(issuing.unlock_pin, given, actor=party.person)
    (row,) = ask("pins")
    counted = [row[f"{what}_pins"] for what in ("wrong", "locked", "unlocked", "changed")]
    assert (row["agency"], counted) == ("dongfang", [4, 1, 1, 0])
    assert [case["what"] for case in ask("pins", cases=True)] == [
        *["wrong"] * 4,
        "locked",
        "unlocked",
    ]
