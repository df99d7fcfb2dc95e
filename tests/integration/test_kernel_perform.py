"""`perform`: at most once by key, all or nothing, remembered refusals, retried conflicts."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest

from engine import worker
from engine.kernel import actors, clock, codec, database, engine, errors, events, records
from engine.kernel.operation import AlreadyTaken, Operation, WriteWithoutFact
from engine.messaging.model import Message
from engine.policies.model import PolicyVersion
from engine.registration import actions as registration
from engine.registration.actions import codes
from tests.support import registering, worlds

ACTOR = actors.System(job="test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What `note` returns: a bit of every type that replies keep."""

    message: Message
    raw: bytes
    drawn: bytes
    pair: tuple[int, int]


def note(op: Operation, *, text: str, raw: bytes = b"\x00\xff") -> Noted:
    message = Message(
        id=op.new_id("msg"),
        account_id="acc_x",
        kind="test",
        params={"text": text},
        subject="x",
        todo=0,
        created_at=op.now,
    )
    op.insert("message", message)
    op.record("test.noted", message.id, text=text)
    return Noted(message=message, raw=raw, drawn=op.entropy(8), pair=(1, 2))


class NotToday(errors.PolicyRefused):
    """Not today, {left} left."""


class Remembered(errors.PolicyRefused):
    """Remembered, {left} left."""

    commits = True


def note_and_refuse(op: Operation, *, text: str) -> None:
    note(op, text=text)
    raise NotToday(left=2)


def note_and_remember(op: Operation, *, text: str) -> None:
    note(op, text=text)
    raise Remembered(left=3, field="pin")


def forget_the_fact(op: Operation, *, text: str) -> None:
    note(op, text=text)
    op.update("message", op.rows("SELECT id FROM message")[0]["id"], {"todo": 1}, was={"todo": 0})


def stumble(op: Operation, *, text: str) -> None:
    note(op, text=text)
    op.enqueue("send_sms", "x", {"phone": "1", "text": text})
    op.put_blob(b"x", media_type="text/plain", subject_id="nobody")


def change_stale(op: Operation, *, message_id: str) -> None:
    op.update("message", message_id, {"todo": 1}, was={"todo": 7})


def test_a_replay_returns_an_equal_result_and_writes_nothing(any_world):
    first = any_world.engine.perform(note, {"text": "一"}, actor=ACTOR, key="k1")
    worlds.clock_of(any_world).advance(clock.HOUR)
    with worlds.unchanged(any_world):
        again = any_world.engine.perform(note, {"text": "一"}, actor=ACTOR, key="k1")
    assert again == first
    assert type(again.pair) is tuple


def test_a_stage_s_own_reply_comes_back_equal(any_world):
    arguments = {
        "phone": "13800138000",
        "purpose": registering.model.CodePurpose.SIGN_IN,
        "terms_accepted": True,
    }
    perform = any_world.engine.perform
    first = perform(registration.request_code, arguments, actor=ACTOR, key="k")
    with worlds.unchanged(any_world):
        assert perform(registration.request_code, arguments, actor=ACTOR, key="k") == first


def test_the_same_key_with_other_arguments_is_refused(any_world):
    any_world.engine.perform(note, {"text": "一"}, actor=ACTOR, key="k1")
    with worlds.unchanged(any_world), pytest.raises(engine.KeyReused) as refused:
        any_world.engine.perform(note, {"text": "二"}, actor=ACTOR, key="k1")
    assert refused.value.code == "kernel.key_reused"
    assert isinstance(refused.value, errors.Conflict)


def test_a_key_belongs_to_its_actor_and_its_action(any_world):
    perform = any_world.engine.perform
    one = perform(note, {"text": "一"}, actor=ACTOR, key="k")
    other = perform(note, {"text": "一"}, actor=actors.System(job="other"), key="k")
    assert one.message.id != other.message.id
    with pytest.raises(NotToday):
        perform(note_and_refuse, {"text": "一"}, actor=ACTOR, key="k")


def test_without_a_key_the_same_call_happens_twice(any_world):
    ids = {any_world.engine.perform(note, {"text": "一"}, actor=ACTOR).message.id for _ in "ab"}
    assert len(ids) == 2


def test_a_stored_reply_shows_nothing_and_is_forgotten_after_72_hours(any_world):
    any_world.engine.perform(note, {"text": "PLAIN-TEXT"}, actor=ACTOR, key="k")
    stored = worlds.rows(any_world, "SELECT result, arguments FROM reply")[0]
    assert b"PLAIN-TEXT" not in bytes(stored["result"]) + bytes(stored["arguments"])
    worlds.clock_of(any_world).advance(72 * clock.HOUR - 1)
    assert worker.sweep(any_world) == 0
    worlds.clock_of(any_world).advance(1)
    assert worker.sweep(any_world) == 1


def test_a_refusal_undoes_everything(any_world):
    with worlds.unchanged(any_world), pytest.raises(NotToday, match="2 left"):
        any_world.engine.perform(note_and_refuse, {"text": "x"}, actor=ACTOR, key="k")


def test_a_bug_undoes_everything(any_world):
    with worlds.unchanged(any_world), pytest.raises(errors.NotFound):
        any_world.engine.perform(stumble, {"text": "x"}, actor=ACTOR, key="k")
    with worlds.unchanged(any_world), pytest.raises(TypeError):
        any_world.engine.perform(note, {"text": "x", "more": 1}, actor=ACTOR)


def test_a_committing_refusal_is_kept_and_replayed_as_the_same_refusal(any_world):
    with pytest.raises(Remembered) as first:
        any_world.engine.perform(note_and_remember, {"text": "x"}, actor=ACTOR, key="k")
    assert worlds.kinds(any_world)[-1] == "test.noted"
    with worlds.unchanged(any_world), pytest.raises(Remembered) as again:
        any_world.engine.perform(note_and_remember, {"text": "x"}, actor=ACTOR, key="k")
    assert (again.value.params, again.value.field, str(again.value)) == (
        first.value.params,
        "pin",
        str(first.value),
    )


def test_a_write_without_a_fact_is_a_bug(any_world):
    with worlds.unchanged(any_world), pytest.raises(WriteWithoutFact, match="message"):
        any_world.engine.perform(forget_the_fact, {"text": "x"}, actor=ACTOR)


def test_an_update_of_what_has_changed_is_a_conflict(any_world):
    made = any_world.engine.perform(note, {"text": "x"}, actor=ACTOR)
    with worlds.unchanged(any_world), pytest.raises(errors.Conflict):
        any_world.engine.perform(change_stale, {"message_id": made.message.id}, actor=ACTOR)


def test_an_update_can_ask_that_something_is_not_set_yet(any_world):
    def read(op: Operation, *, message_id: str) -> None:
        op.update("message", message_id, {"read_at": op.now}, was={"read_at": None, "todo": 0})
        op.record("test.read", message_id)

    made = any_world.engine.perform(note, {"text": "x"}, actor=ACTOR)
    any_world.engine.perform(read, {"message_id": made.message.id}, actor=ACTOR)
    with worlds.unchanged(any_world), pytest.raises(errors.Conflict):
        any_world.engine.perform(read, {"message_id": made.message.id}, actor=ACTOR)


def test_a_unique_constraint_is_told_as_already_taken(any_world):
    def twice(op: Operation) -> None:
        """Insert the same setting again."""
        known = records.make(PolicyVersion, op.rows("SELECT * FROM policy_version LIMIT 1")[0])
        op.insert("policy_version", {**records.columns(known), "id": "pol_other"})

    with worlds.unchanged(any_world), pytest.raises(AlreadyTaken):
        any_world.engine.perform(twice, {}, actor=ACTOR)


def test_a_foreign_key_is_in_force(any_world):
    def orphan(op: Operation) -> None:
        op.insert("staff_grant", {**GRANT, "granted_at": op.now})
        op.record("test.granted", "grt_x")

    with worlds.unchanged(any_world), pytest.raises(Exception, match=r"(?i)foreign key"):
        any_world.engine.perform(orphan, {}, actor=ACTOR)


GRANT = {"id": "grt_x", "staff_id": "stf_none", "role": "lead", "scope_kind": "all", "scope_id": ""}


def test_an_operation_never_happens_before_the_newest_event(any_world):
    at = any_world.engine.perform(note, {"text": "a"}, actor=ACTOR).message.created_at
    any_world.engine.parts.clock._now_ms = at - clock.DAY
    assert any_world.engine.perform(note, {"text": "b"}, actor=ACTOR).message.created_at == at


def test_a_serialization_failure_is_retried_with_the_same_ids(postgres_world):
    """Another transaction wins between the first try's read and its commit."""
    tries: list[tuple[str, int, bytes]] = []

    def contended(op: Operation, *, text: str) -> str:
        found = op.rows("SELECT shift_ms FROM clock_shift WHERE id = 'test'")
        message_id = note(op, text=text).message.id
        tries.append((message_id, op.now, op.entropy(4)))
        if len(tries) == 1:
            thread = threading.Thread(target=interfere)
            thread.start()
            thread.join()
        worlds_shift = found[0]["shift_ms"] + 1
        op.unlogged("UPDATE clock_shift SET shift_ms = ? WHERE id = 'test'", (worlds_shift,))
        return message_id

    def interfere() -> None:
        # Without the chain lock, as nothing in the engine does: only so can a conflict arise.
        db = postgres_world.engine.parts.db
        with db._lease() as connection, connection.raw.transaction():
            connection.run("UPDATE clock_shift SET shift_ms = 40 WHERE id = 'test'")
        worlds.clock_of(postgres_world).advance(5)

    worlds.run_sql(postgres_world, "INSERT INTO clock_shift (id, shift_ms) VALUES ('test', 0)")
    made = postgres_world.engine.perform(contended, {"text": "x"}, actor=ACTOR, key="k")
    assert len(tries) == 2
    assert tries[0] == tries[1]
    assert tries[1][0] == made
    assert worlds.kinds(postgres_world).count("test.noted") == 1
    assert worlds.rows(postgres_world, "SELECT shift_ms FROM clock_shift") == [{"shift_ms": 41}]


def test_a_conflict_that_never_ends_is_told_and_changes_nothing(postgres_world):
    def always(op: Operation) -> None:
        note(op, text="x")
        raise database.Unserializable

    with worlds.unchanged(postgres_world), pytest.raises(database.DatabaseBusy):
        postgres_world.engine.perform(always, {}, actor=ACTOR)


def test_parallel_writers_queue_and_the_chain_stays_whole(any_world, count):
    threads, each = 4, count(10, 100)
    problems: list[errors.EngineError] = []

    def work(number: int) -> None:
        try:
            for turn in range(each):
                key = f"{number}-{turn}"
                any_world.engine.perform(note, {"text": key}, actor=ACTOR, key=key)
        except errors.EngineError as problem:
            problems.append(problem)

    running = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert problems == []
    assert worlds.kinds(any_world).count("test.noted") == threads * each
    with any_world.engine.parts.db.read() as connection:
        assert events.verify(connection, any_world.keyring)[1] == []


def test_the_same_key_at_the_same_moment_happens_once(any_world):
    results: list[Noted] = []
    gate = threading.Barrier(4)

    def work() -> None:
        gate.wait()
        results.append(any_world.engine.perform(note, {"text": "x"}, actor=ACTOR, key="k"))

    running = [threading.Thread(target=work) for _ in range(4)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert len(results) == 4
    assert len({codec.canonical(result) for result in results}) == 1
    assert worlds.kinds(any_world).count("test.noted") == 1


def test_facts_are_answered_in_the_same_operation(any_world):
    """Reactions run until nothing follows, and what they do is undone with the rest."""
    seen: list[str] = []

    def follow(op: Operation, event: events.Event) -> None:
        seen.append(event.subject)
        if len(seen) == 1:
            note(op, text="follows")

    parts = any_world.engine.parts
    object.__setattr__(parts, "reactions", {"test.noted": (follow,)})
    any_world.engine.perform(note, {"text": "first"}, actor=ACTOR)
    assert len(seen) == 2
    operations = worlds.rows(
        any_world, "SELECT DISTINCT operation FROM event WHERE kind = 'test.noted'"
    )
    assert len(operations) == 1


def test_every_leaf_of_a_stage_has_its_own_code():
    assert codes.CodeWrong.code == "registration.code_wrong"
    assert errors.type_of_code["registration.code_wrong"] is codes.CodeWrong
