"""Webhooks: what happened is told at least once in one body, tried for three days, and named if not."""

from __future__ import annotations

import datetime
import itertools
import json
import pathlib

import pytest
import standardwebhooks

import engine
from engine import worker
from engine.boot import World, tables
from engine.integrating import actions, jobs, model, queries, signing
from engine.kernel import clock, errors
from engine.kernel import jobs as kernel_jobs
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from simulations.invariants import outside
from tests.support import machines, registering, worlds
from tests.support.line import Line

pytestmark = pytest.mark.row("API-1")

FLAKY, DOWN, REFUSING = (
    f"https://receiver.example/{name}" for name in ("flaky", "down", "refusing")
)


@pytest.fixture
def office(world: World) -> machines.Office:
    return machines.office(world)


def register_somebody(world: World, phone: str = "13900139000") -> str:
    """An account that is made, which is an event; its id."""
    asked = registering.ask_for_code(world, phone)
    registering.enter_code(world, asked)
    return worlds.rows(world, "SELECT id FROM account ORDER BY id DESC LIMIT 1")[0]["id"]


def test_an_event_is_told_to_who_hears_of_it_and_to_nobody_else(any_world):
    office, world = machines.office(any_world), any_world
    hears = office.endpoint(office.client(), kinds=("account.registered", "order.placed"))
    other = office.endpoint(office.client(name="财务系统"), FLAKY, kinds=("invoice.issued",))
    account_id = register_somebody(world)
    worker.tick(world, owner="test")
    (told,) = office.deliveries(hears.endpoint_id)
    assert (told.kind, told.status, told.subject) == ("account.registered", "delivered", account_id)
    assert office.deliveries(other.endpoint_id) == []
    (arrived,) = world.receivers.arrived()
    assert (arrived.message_id, arrived.body, arrived.verified) == (told.id, told.body, True)
    event = worlds.rows(world, "SELECT * FROM event WHERE kind = 'account.registered'")[0]
    body = json.loads(told.body)
    assert body == {
        "type": "account.registered",
        "version": 1,
        "timestamp": body["timestamp"],
        "sequence": event["seq"],
        "data": {"id": account_id},
    }
    at = datetime.datetime.fromisoformat(body["timestamp"])
    assert round(at.timestamp() * 1000) == event["occurred_at"]
    (tried,) = office.attempts(told.id)
    assert (tried.number, tried.code, tried.problem, tried.answer) == (1, 200, "", "taken")


def test_no_published_kind_tells_a_value_of_a_persons():
    """Ids, states, numbers of papers, amounts, days: nothing else is named by any kind."""
    allowed = {
        *("order_id", "enterprise_id", "mall_account_id", "refund_id", "contract_id", "subject_id"),
        *("about", "number", "amount_fen", "total_fen", "product", "business", "status", "reasons"),
        *("reason", "kind", "sha256", "not_after", "starts_at", "days", "seal_kind", "purpose"),
        *("origin", "version", "role", "level"),
    }
    for name, kind in model.events().items():
        assert set(kind.tells) <= allowed, name
    assert len(model.by_fact()) == len(model.events())
    assert model.by_fact().keys() <= tables.REACTIONS.keys()


def test_every_published_fact_is_one_that_the_engine_records():
    folder = pathlib.Path(engine.__file__).parent
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for path in folder.rglob("*.py")
        if "boot" not in path.parts
    )
    for kind in model.events().values():
        assert f'"{kind.fact}"' in source, kind.fact


def test_a_signature_is_what_the_specifications_own_library_checks(world, office):
    made = office.endpoint(office.client())
    register_somebody(world)
    (waiting,) = office.deliveries(made.endpoint_id)
    sent = world.engine.ask(queries.sending, worlds.SYSTEM, waiting.id, waiting.job_id)
    theirs = standardwebhooks.Webhook(made.secret)
    # The library looks at the machine's clock, the world has its own: signed again for that instant.
    now = round(datetime.datetime.now(tz=datetime.UTC).timestamp() * 1000)
    secret = signing.secret_of(made.secret)
    headers = dict(signing.headers(waiting.id, waiting.body, [secret], now=now))
    assert theirs.verify(waiting.body, headers) == json.loads(waiting.body)
    at = datetime.datetime.fromtimestamp(world.engine.now() // 1000, tz=datetime.UTC)
    expected = theirs.sign(waiting.id, at, waiting.body)
    assert sent.headers["webhook-signature"] == expected
    for forged in (
        {"webhook-id": "whd_other"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-timestamp": str(now // 1000 - 301)},
        {"webhook-timestamp": str(now // 1000 + 301)},
        {"webhook-timestamp": "soon"},
    ):
        assert not signing.verified(headers | forged, waiting.body, [secret], now=now)
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            theirs.verify(waiting.body, headers | forged)
    assert signing.verified(headers, waiting.body, [secret], now=now)
    assert not signing.verified(headers, waiting.body + " ", [secret], now=now)


def test_the_specifications_own_vector():
    """The example of the specification and of its reference libraries."""
    secret = signing.secret_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = signing.signature(
        secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}'
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_a_secret_is_changed_both_sign_and_then_the_new_one_alone(world, office):
    made = office.endpoint(office.client())
    given = {"endpoint_id": made.endpoint_id, "overlap_hours": 2}
    fresh = world.engine.perform(actions.rotate_secret, given, actor=office.maker)
    old, new = signing.secret_of(made.secret), signing.secret_of(fresh.secret)

    def signed_by() -> list[bool]:
        waits = office.test(made.endpoint_id)
        sent = world.engine.ask(queries.sending, worlds.SYSTEM, waits.id, waits.job_id)
        return [
            signing.verified(sent.headers, waits.body, [one], now=world.engine.now())
            for one in (old, new)
        ]

    assert signed_by() == [True, True]
    worlds.clock_of(world).advance(2 * clock.HOUR)
    assert signed_by() == [False, True]


def test_who_answers_in_the_end_is_told_everything_once_more_or_at_once(any_world):
    office, world = machines.office(any_world), any_world
    made = office.endpoint(office.client(), FLAKY)
    for _ in range(20):
        office.test(made.endpoint_id)
    machines.run_until(world, world.engine.now() + clock.DAY)
    found = office.deliveries(made.endpoint_id)
    assert {one.status for one in found} == {"delivered"}
    tries = [office.attempts(one.id) for one in found]
    assert max(map(len, tries)) > 1
    arrived = world.receivers.arrived("flaky")
    bodies: dict[str, set[str]] = {}
    for one in arrived:
        bodies.setdefault(one.message_id, set()).add(one.body)
    assert bodies == {one.id: {one.body} for one in found}
    for some in tries:
        assert [one.number for one in some] == list(range(1, len(some) + 1))
        assert all(one.code is None or one.code >= 500 for one in some[:-1])


def test_one_that_nobody_takes_is_tried_for_three_days_and_given_up_by_name(world, office):
    """The endpoint takes others meanwhile, so it is not paused for this one."""
    made = office.endpoint(office.client(), REFUSING)
    waits = office.test(made.endpoint_id)
    began = world.engine.now()
    while office.deliveries(made.endpoint_id)[0].status == "waiting":
        # Somebody else's event is taken once a day: the endpoint as a whole has not failed for long.
        worlds.run_sql(world, "UPDATE webhook_health SET failing_since = ?", world.engine.now())
        worker.tick(world, owner="test")
        due = world.next_due()
        if due is not None:
            worlds.clock_of(world).set(max(due, world.engine.now()))
    (ended,) = office.deliveries(made.endpoint_id)
    assert ended.status == "given_up"
    assert sum(kernel_jobs.BACKOFF_MS) == jobs.TRIED_FOR_MS >= 2.9 * clock.DAY
    assert ended.ended_at - began == jobs.TRIED_FOR_MS
    tries = office.attempts(waits.id)
    waited = [b.tried_at - a.tried_at for a, b in itertools.pairwise(tries)]
    assert tuple(waited) == kernel_jobs.BACKOFF_MS
    assert worlds.kinds(world)[-1] == "webhook.given_up"
    assert worlds.rows(world, "SELECT id FROM job WHERE kind = 'deliver_webhook'") == []


def test_an_endpoint_that_fails_for_long_is_paused_its_owner_told_and_nothing_lost(world, office):
    client = office.client()
    made = office.endpoint(client, DOWN)
    first = office.test(made.endpoint_id)
    machines.run_until(world, world.engine.now() + 26 * clock.HOUR)
    paused = office.shown(made.endpoint_id)
    assert (paused.status, paused.paused_why) == (model.EndpointStatus.PAUSED, "timed_out")
    register_somebody(world)
    machines.run_until(world, world.engine.now() + clock.DAY)
    assert office.shown(made.endpoint_id).waiting == 2
    tries = len(office.attempts(first.id))
    for who, seen in (
        (office.maker, 1),
        (office.approver, 1),
        (worlds.staff(world, Role.AGENT), 0),
    ):
        assert len(world.engine.ask(queries.attention, who)) == seen
    # Put right: it moves to a receiver that answers, and goes on.
    given = {
        "endpoint_id": made.endpoint_id,
        "url": machines.STEADY,
        "kinds": ("account.registered",),
    }
    world.engine.perform(actions.change_endpoint, given, actor=office.maker)
    world.receivers.trust(machines.STEADY, made.secret)
    given = {"endpoint_id": made.endpoint_id}
    world.engine.perform(actions.resume_endpoint, given, actor=office.maker)
    worker.tick(world, owner="test")
    shown = office.shown(made.endpoint_id)
    assert (shown.waiting, shown.delivered, shown.health.failing_since) == (0, 2, None)
    assert len(office.attempts(first.id)) == tries + 1
    arrived = [json.loads(one.body)["sequence"] for one in world.receivers.arrived("steady")]
    assert arrived == sorted(arrived, reverse=True)
    assert world.engine.ask(queries.attention, office.maker) == []


def test_who_does_not_answer_is_asked_for_one_delivery_at_a_time(world, office):
    made = office.endpoint(office.client(), DOWN)
    for _ in range(10):
        office.test(made.endpoint_id)
        worlds.clock_of(world).advance(1)
    worker.tick(world, owner="test")
    found = office.deliveries(made.endpoint_id)
    assert sum(len(office.attempts(one.id)) for one in found) == 1
    assert office.attempts(found[-1].id)


def test_a_replay_is_the_same_id_and_the_same_body(world, office):
    made = office.endpoint(office.client())
    first = office.test(made.endpoint_id)
    with worlds.unchanged(world), pytest.raises(actions.StillWaiting):
        world.engine.perform(actions.replay, {"delivery_id": first.id}, actor=office.maker)
    worker.tick(world, owner="test")
    given = {"delivery_id": first.id}
    world.engine.perform(actions.replay, given, actor=office.maker, key="replay-once")
    world.engine.perform(actions.replay, given, actor=office.maker, key="replay-once")
    worker.tick(world, owner="test")
    came = world.receivers.arrived()
    assert [(one.message_id, one.body) for one in came] == [(first.id, first.body)] * 2
    assert [one.number for one in office.attempts(first.id)] == [1, 2]


def test_what_was_given_up_since_then_is_replayed_in_order(world, office):
    made = office.endpoint(office.client())
    for _ in range(5):
        office.test(made.endpoint_id)
        worlds.clock_of(world).advance(clock.MINUTE)
    worker.tick(world, owner="test")
    found = list(reversed(office.deliveries(made.endpoint_id)))
    worlds.run_sql(world, "UPDATE webhook_delivery SET status = 'given_up' WHERE seq % 2 = 0")
    failed = office.deliveries(made.endpoint_id, "given_up")
    given = {"endpoint_id": made.endpoint_id, "since": found[1].made_at}
    count = world.engine.perform(actions.replay_since, given, actor=office.maker)
    assert count == len([one for one in failed if one.made_at >= found[1].made_at])
    worker.tick(world, owner="test")
    came = world.receivers.arrived()[:count]
    assert [one.message_id for one in came] == [
        one.id for one in failed if one.made_at >= found[1].made_at
    ]
    given = {**given, "only_failed": False}
    assert world.engine.perform(actions.replay_since, given, actor=office.maker) == 4
    with worlds.unchanged(world), pytest.raises(actions.NothingToReplay):
        world.engine.perform(actions.replay_since, {**given, "since": 1 << 60}, actor=office.maker)


def test_a_machine_sees_and_replays_its_own_and_nobody_elses(world, office):
    client, other = office.client(), office.client(name="财务系统")
    mine, theirs = office.endpoint(client), office.endpoint(other, FLAKY)
    who = office.machine(office.token(client).token)
    own, foreign = office.test(mine.endpoint_id), office.test(theirs.endpoint_id)
    machines.run_until(world, world.engine.now() + clock.DAY)
    ask, perform = world.engine.ask, world.engine.perform
    assert [one.id for one in ask(queries.endpoints, who)] == [mine.endpoint_id]
    assert [one.id for one in ask(queries.deliveries, who)] == [own.id]
    assert ask(queries.attempts, who, own.id)
    perform(actions.replay, {"delivery_id": own.id}, actor=who)
    for attempt in (
        lambda: ask(queries.endpoint, who, theirs.endpoint_id),
        lambda: ask(queries.attempts, who, foreign.id),
        lambda: perform(actions.replay, {"delivery_id": foreign.id}, actor=who),
        lambda: perform(actions.send_test, {"endpoint_id": theirs.endpoint_id}, actor=who),
    ):
        with worlds.unchanged(world), pytest.raises(errors.NotFound):
            attempt()
    with worlds.unchanged(world), pytest.raises(staffing.MayNot):
        perform(actions.pause_endpoint, {"endpoint_id": mine.endpoint_id}, actor=who)


def test_events_go_to_who_holds_their_scope_while_they_hold_it(world, office):
    client = office.client(scopes=("registration:read", "ordering:read"))
    with worlds.unchanged(world), pytest.raises(actions.EventNotInScope) as refused:
        office.endpoint(client, kinds=("invoice.issued",))
    assert refused.value.params == {"kind": "invoice.issued", "scope": "invoicing:read"}
    made = office.endpoint(client, kinds=("account.registered", "order.placed"))
    given = {"client_id": client.id, "access": office.access(scopes=("ordering:read",))}
    world.engine.perform(actions.change_client, given, actor=office.maker)
    register_somebody(world)
    assert office.deliveries(made.endpoint_id) == []


def test_a_limited_client_is_not_offered_what_belongs_to_no_platform(world, office):
    client = office.client(scope_kind="platform", scope_id="guangzheng")
    with worlds.unchanged(world), pytest.raises(actions.EventOfNobody) as refused:
        office.endpoint(client, kinds=("order.placed", "account.registered"))
    assert refused.value.params == {"kind": "account.registered"}
    made = office.endpoint(client, kinds=("order.placed",))
    given = {"endpoint_id": made.endpoint_id, "url": machines.STEADY, "kinds": ("claim.submitted",)}
    with worlds.unchanged(world), pytest.raises(actions.EventOfNobody):
        world.engine.perform(actions.change_endpoint, given, actor=office.maker)


def test_a_limited_client_hears_of_what_belongs_to_its_platform_or_agency_alone(any_world):
    line, office = Line.on(any_world), machines.office(any_world)
    scoped = tuple(name for name, one in model.events().items() if not one.unscoped)
    ours, mine, theirs = (
        office.endpoint(office.client(name, **within), kinds=scoped).endpoint_id
        for name, within in (
            ("全部", {}),
            ("东方", {"scope_kind": "agency", "scope_id": "dongfang"}),
            ("南方", {"scope_kind": "agency", "scope_id": "nanfang"}),
        )
    )
    platform = office.client("光正", scope_kind="platform", scope_id="guangzheng")
    there = office.endpoint(platform, kinds=scoped).endpoint_id
    for number, agency_id in ((1, "dongfang"), (2, "nanfang")):
        line.bound(line.person(number), agency_id)
    told = {
        one: {(event.kind, event.subject) for event in office.deliveries(one)}
        for one in (ours, mine, theirs, there)
    }
    assert not told[mine] & told[theirs]
    assert told[mine] | told[theirs] <= told[ours]
    kinds = {"order.placed", "order.paid", "payment.paid", "certificate.activated", "binding.bound"}
    kinds |= {"case.approved", "order.completed"}
    for one in (mine, theirs):
        assert kinds - {kind for kind, _ in told[one]} == set()
    # Both are customers of one platform. Claims are cases of no platform, of which nobody limited hears.
    assert told[there] >= {one for one in told[mine] | told[theirs] if one[0] in kinds}
    with any_world.engine.parts.db.read() as connection:
        assert outside.overheard(connection) == []
        assert outside.untold(connection) == []
        claims = connection.rows("SELECT id FROM review_case WHERE kind = 'enterprise_claim'")
    assert claims
    limited = told[mine] | told[theirs] | told[there]
    assert not {subject for _, subject in limited} & {row["id"] for row in claims}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "receiver.example/x",
        "ftp://receiver.example/x",
        "https://",
        "https://user:secret@receiver.example/x",
        "https://receiver.example/x#part",
        "https://receiver.example/a b",
        "https://receiver.example/a\nb",
        "https://接收.example/x",
        "https://receiver.example:99999/x",
        "https://receiver.example/" + "x" * 500,
    ],
)
def test_an_address_that_is_none_is_refused(world, office, url):
    client = office.client()
    with worlds.unchanged(world), pytest.raises(actions.AddressUnusual):
        office.endpoint(client, url)


def test_an_endpoint_is_there_once_and_so_many_at_most(world, office):
    client = office.client()
    office.endpoint(client)
    with worlds.unchanged(world), pytest.raises(actions.EndpointThere):
        office.endpoint(client)
    for number in range(9):
        office.endpoint(client, f"https://receiver.example/{number}")
    with worlds.unchanged(world), pytest.raises(actions.TooManyEndpoints):
        office.endpoint(client, "https://receiver.example/more")


def test_what_waits_for_an_endpoint_that_is_removed_is_given_up(world, office):
    made = office.endpoint(office.client(), DOWN)
    office.test(made.endpoint_id)
    world.engine.perform(
        actions.remove_endpoint, {"endpoint_id": made.endpoint_id}, actor=office.maker
    )
    worker.tick(world, owner="test")
    rows = worlds.rows(world, "SELECT status FROM webhook_delivery")
    assert [row["status"] for row in rows] == ["given_up"]
    assert worlds.rows(world, "SELECT id FROM webhook_secret") == []
    for name, sql in tables.INVARIANTS.items():
        assert worlds.rows(world, sql) == [], name


def test_what_ended_long_ago_is_forgotten_with_its_tries(world, office):
    made = office.endpoint(office.client())
    office.test(made.endpoint_id)
    worker.tick(world, owner="test")
    worlds.clock_of(world).advance(30 * clock.DAY)
    assert jobs.look_after(world) == 0
    worlds.clock_of(world).advance(1)
    assert jobs.look_after(world) == 1
    for table in ("webhook_delivery", "webhook_attempt"):
        assert worlds.rows(world, f"SELECT id FROM {table}") == []


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (b"ok", "ok"),
        (b"call 13800138000 or 11010519491231002X", "call … or …"),
        (b"token=eyJhbGciOiJIUzI1NiJ9abcdefgh", "…"),
        (b"a\x00b\r\n\x1b[31mred", "a b [31mred"),
        (b"\xff\xfe", "��"),
        (b"x " * 1000, ("x " * 150).strip()),
    ],
)
def test_of_an_answer_the_beginning_is_kept_without_numbers_or_secrets(answer, kept):
    assert jobs.scrubbed(answer).strip() == kept
