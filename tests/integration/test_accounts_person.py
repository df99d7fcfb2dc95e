"""ACC-8: nothing moves an account to another person, whatever is tried through every action."""

from __future__ import annotations

import ast
import inspect
import typing

import pytest

from engine import worker
from engine.boot import World, tables
from engine.http import routes
from engine.kernel import actors, clock, events, identifiers
from engine.registration import actions, model, queries
from engine.registration.actions import proofs
from tests.support import registering, sources, worlds

MINE, THEIRS, FREE = "13800138000", "13900139000", "13700137000"
OTHER_ID = registering.resident_id(sequence="024")
OTHER_NAME = "王大明"
# Who may write whose account it is: the outcome of a proof alone.
WRITERS = {"name_account"}


def _everything() -> dict[str, tuple[typing.Any, str]]:
    """Each action of the table and of this stage, and who performs it there."""
    found = {f"registration.{n}": (getattr(actions, n), "person") for n in actions.__all__}
    found |= {r.name: (r.function, r.who) for r in routes.ROUTES if r.changes}
    return found


ALL = _everything()


def _held(world: World) -> dict[str, tuple[str, str]]:
    """Whose each account is: name and number in the clear, by account."""
    held = {}
    with world.engine.reader(worlds.SYSTEM) as q:
        for row in q.rows("SELECT id FROM account WHERE real_name_at IS NOT NULL"):
            account = queries.account(q, row["id"])
            place = f"account|resident_id|{account.id}"
            assert account.resident_id is not None
            number = q.open(account.subject_id, place, account.resident_id)
            assert q.find("account.resident_id", number) == [account.id]
            held[account.id] = (queries.person_name(q, account.id), number)
    return held


def _arguments(function: typing.Any, values: dict[str, object]) -> dict[str, object]:
    """The other person's particulars wherever a field takes them."""
    hints = typing.get_type_hints(function)
    given = {}
    for one in inspect.signature(function).parameters.values():
        if one.name in ("op", "prepared"):
            continue
        hint = hints[one.name]
        if one.name in values:
            given[one.name] = values[one.name]
        elif one.default is inspect.Parameter.empty:
            given[one.name] = _some(hint)
    return given


def _some(hint: typing.Any) -> object:
    if isinstance(hint, type) and issubclass(hint, str):
        return next(iter(hint)) if hasattr(hint, "__members__") else "x"
    return {int: 1, bool: True, bytes: registering.PNG}.get(hint, ())


def _attempt(
    world: World, function: typing.Any, who: actors.Actor, given: dict[str, object]
) -> None:
    try:
        world.engine.perform(function, given, actor=who)
    except Exception:  # noqa: BLE001
        # Most of it is refused; what counts is whose the accounts are afterwards.
        return


@pytest.mark.row("ACC-8")
@pytest.mark.parametrize("name", sorted(ALL))
def test_no_action_moves_an_account_to_another_person(world, name):
    function, who = ALL[name]
    mine, theirs = registering.sign_up(world, MINE), registering.sign_up(world, THEIRS)
    registering.prove(world, mine)
    before = _held(world)
    assert len(before) == 1
    worlds.clock_of(world).advance(clock.HOUR)
    values: dict[str, object] = {
        "name": OTHER_NAME,
        "resident_id": OTHER_ID,
        "way": "alipay",
        "face": registering.PNG,
        "account_id": mine.account_id,
        "device_id": mine.device_id,
        "phone": MINE,
        "new_phone": FREE,
        "new_password": "山重水复疑无路柳暗花明又一村",
        "terms_accepted": True,
        "matched": True,
        "device_key": b"\x04 other",
        "device_label": "other",
    }
    purpose = _purpose(name)
    if purpose is not None:
        number = FREE if "number" in name else MINE
        asked = registering.ask_for_code(world, number, purpose)
        values |= {"request_id": asked.request.request_id, "code": asked.code}
    performers: list[actors.Actor] = [mine, theirs, tables.INSIDE]
    for performer in performers if who == "person" else [worlds.SYSTEM]:
        _attempt(world, function, performer, _arguments(function, values))
    worker.run_due(world)
    after = _held(world)
    for account_id, person in after.items():
        assert before.get(account_id, person) == person
    assert not any(person[1] == OTHER_ID for a, person in after.items() if a == mine.account_id)
    _told_once(world)


def _purpose(name: str) -> model.CodePurpose | None:
    purposes = {
        "registration.change_number": model.CodePurpose.CHANGE_NUMBER,
        "registration.recover_number": model.CodePurpose.RECOVER_NUMBER,
        "registration.unfreeze": model.CodePurpose.UNFREEZE,
        "registration.reset_password": model.CodePurpose.FORGOTTEN_PASSWORD,
        "registration.report_misuse_by_code": model.CodePurpose.REPORT_MISUSE,
        "registration.sign_in_by_code": model.CodePurpose.SIGN_IN,
    }
    return purposes.get(name)


def _told_once(world: World) -> None:
    """In the log, an account's person is written once; afterwards it is the same or nobody's."""
    written: dict[str, set[object]] = {}
    with world.engine.parts.db.read() as connection:
        for event in events.read_all(connection):
            for table, row_id, values in event.body["rows"]:
                number = (values or {}).get("resident_id")
                if table == "account" and number is not None:
                    written.setdefault(row_id, set()).add(str(number))
    assert all(len(numbers) == 1 for numbers in written.values())


@pytest.mark.row("ACC-8")
def test_what_writes_an_accounts_person_is_known_by_name():
    """The source itself: no other function of the engine writes that column of that table."""
    found = set()
    for path in sources.files("engine"):
        for function in sources.functions(path):
            for node in ast.walk(function):
                call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                if not call or node.func.attr != "update" or not node.args:
                    continue
                table = node.args[0]
                keys = {
                    key.value
                    for child in ast.walk(node)
                    if isinstance(child, ast.Dict)
                    for key in child.keys
                    if isinstance(key, ast.Constant)
                }
                if isinstance(table, ast.Constant) and table.value == "account":
                    found |= {function.name} if "resident_id" in keys else set()
    assert found == WRITERS


@pytest.mark.row("ACC-8")
def test_a_second_proof_of_the_same_person_changes_nothing_of_whose_it_is(any_world):
    person = registering.sign_up(any_world, MINE)
    registering.prove(any_world, person)
    before = _held(any_world)
    worlds.clock_of(any_world).advance(clock.DAY)
    registering.prove(any_world, person)
    assert _held(any_world) == before
    number = identifiers.resident_id(OTHER_ID, now=any_world.engine.now()).number
    assert number not in repr(before)
    assert set(proofs.OUTCOMES) == {"name", "unfreeze", "recover_number"}
