"""Protected values: bound to their place, readable with their key alone, findable by exact match."""

from __future__ import annotations

import pytest

from engine.boot import World
from engine.kernel import errors, vault
from engine.kernel.operation import Operation
from engine.registration import queries
from tests.support import worlds
from tests.support.registering import sign_up

PHONE, OTHER = "13800138000", "13900139000"


def phone_of(world: World, account_id: str) -> str:
    return world.engine.ask(queries.person_phone, worlds.SYSTEM, account_id)


def test_a_value_opens_in_its_place(any_world):
    assert phone_of(any_world, sign_up(any_world).account_id) == PHONE


def test_a_ciphertext_moved_to_another_row_does_not_open(any_world):
    one, other = sign_up(any_world), sign_up(any_world, OTHER)
    worlds.run_sql(
        any_world,
        "UPDATE account SET subject_id = (SELECT subject_id FROM account WHERE id = ?),"
        " phone = (SELECT phone FROM account WHERE id = ?) WHERE id = ?",
        *(one.account_id, one.account_id, other.account_id),
    )
    with pytest.raises(vault.Unreadable):
        phone_of(any_world, other.account_id)


def test_a_ciphertext_of_another_subject_does_not_open(any_world):
    one, other = sign_up(any_world), sign_up(any_world, OTHER)
    worlds.run_sql(
        any_world,
        "UPDATE account SET phone = (SELECT phone FROM account WHERE id = ?) WHERE id = ?",
        *(one.account_id, other.account_id),
    )
    with pytest.raises(vault.Unreadable):
        phone_of(any_world, other.account_id)


def test_a_flipped_bit_does_not_open(any_world):
    person = sign_up(any_world)
    sealed = bytearray(worlds.rows(any_world, "SELECT phone FROM account")[0]["phone"])
    sealed[-1] ^= 1
    worlds.run_sql(any_world, "UPDATE account SET phone = ?", bytes(sealed))
    with pytest.raises(vault.Unreadable):
        phone_of(any_world, person.account_id)


@pytest.mark.row("SEC-1")
def test_what_a_destroyed_key_protected_is_gone_for_good(any_world):
    def keep(op: Operation, *, subject_id: str) -> str:
        blob = op.put_blob(b"x" * 50, media_type="text/plain", subject_id=subject_id)
        op.record("test.kept", blob)
        return blob

    def destroy(op: Operation, *, subject_id: str) -> None:
        op.destroy_key(subject_id, "profile")
        op.record("test.destroyed", subject_id)

    person, other = sign_up(any_world), sign_up(any_world, OTHER)
    subject = worlds.rows(
        any_world, "SELECT subject_id FROM account WHERE id = ?", person.account_id
    )[0]["subject_id"]
    perform = any_world.engine.perform
    blob_id = perform(keep, {"subject_id": subject}, actor=worlds.SYSTEM)
    with any_world.engine.reader(worlds.SYSTEM) as q:
        assert q.blob(blob_id) == b"x" * 50
    perform(destroy, {"subject_id": subject}, actor=worlds.SYSTEM)
    with pytest.raises(vault.Destroyed):
        phone_of(any_world, person.account_id)
    with any_world.engine.reader(worlds.SYSTEM) as q:
        with pytest.raises(vault.Destroyed):
            q.blob(blob_id)
        assert q.data_key(subject, "evidence")
    assert phone_of(any_world, other.account_id) == OTHER


def test_a_phone_number_is_found_by_exact_match_only(any_world):
    person = sign_up(any_world)
    with any_world.engine.reader(worlds.SYSTEM) as q:
        assert q.find("account.phone", PHONE) == [person.account_id]
        assert q.find("account.phone", f"+86{PHONE}") == [person.account_id]
        assert q.find("account.phone", PHONE[:-1]) == []
        assert q.find("account.name", PHONE) == []


@pytest.mark.row("SEC-1")
def test_the_database_and_its_jobs_hold_no_phone_number_in_the_clear(any_world):
    sign_up(any_world)
    held = repr(worlds.content(any_world))
    assert PHONE not in held
    assert "Pixel" in held


def test_two_seals_of_one_text_differ(any_world):
    person = sign_up(any_world)

    def twice(op: Operation) -> tuple[bytes, bytes]:
        subject = queries.account(op, person.account_id).subject_id
        return op.seal(subject, "a|b|c", "x"), op.seal(subject, "a|b|c", "x")

    one, other = any_world.engine.perform(twice, {}, actor=worlds.SYSTEM)
    assert one != other


def test_an_unknown_blob_is_not_found(any_world):
    with (
        any_world.engine.reader(worlds.SYSTEM) as q,
        pytest.raises(errors.NotFound, match="There is no such file"),
    ):
        q.blob("blb_x")
