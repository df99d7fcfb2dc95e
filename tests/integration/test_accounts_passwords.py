"""Passwords: which are taken, what a sign-in by one may do, and what its answers tell."""

from __future__ import annotations

import dataclasses
import statistics
import time
import unicodedata

import pytest

from engine import worker
from engine.boot import World
from engine.kernel import actors, catalog, clock, passwords
from engine.kernel.engine import SecondFactorNeeded
from engine.kernel.reader import Hashing
from engine.registration import actions, model, queries
from engine.registration.actions import codes, credentials
from engine.registration.actions.passwords import WrongPhoneOrPassword
from tests.support import fold, registering, web, worlds

PHONE = "13800138000"
UNKNOWN = "13900139000"
SECRET = "山重水复疑无路柳暗花明又一村"
OTHER = "correct horse battery staple"


def set_password(world: World, person: actors.Person, new: str = SECRET, old: str = "") -> None:
    given = {"new_password": new, "old_password": old}
    world.engine.perform(actions.set_password, given, actor=person)


def sign_in(
    world: World, password: str, phone: str = PHONE, *, terms: bool = True, device: bytes = b"\x04"
) -> model.HandsetSession:
    given = {
        "phone": phone,
        "password": password,
        "terms_accepted": terms,
        "device_key": device,
        "device_label": "Pixel 9",
    }
    return world.engine.perform(actions.sign_in_by_password, given, actor=worlds.SYSTEM)


# -- which are taken (AUTH-5) ---------------------------------------------------------------------


@pytest.mark.row("S-AUTH-5")
def test_every_common_password_is_refused(count):
    path = catalog.DATA / "passwords" / "common.txt"
    listed = path.read_text(encoding="utf-8").splitlines()[1:]
    assert len(listed) >= 10_000
    taken = []
    for password in listed[:: len(listed) // count(2_000, len(listed))]:
        for form in (password, password.upper(), password.title()):
            try:
                passwords.check(form, PHONE)
                taken.append(form)
            except (passwords.PasswordTooCommon, passwords.PasswordTooShort):
                continue
    assert taken == []


@pytest.mark.row("S-AUTH-5")
@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("yinxin-ist-gut", passwords.PasswordTooCommon),
        ("我爱标证通我爱标证通", passwords.PasswordTooCommon),
        ("BiaoZhengTong88", passwords.PasswordTooCommon),
        ("我的电话13800138000", passwords.PasswordContainsLogin),
        ("１３８００１３８０００号", passwords.PasswordContainsLogin),
        ("鱼" * 12, passwords.PasswordTooCommon),
        ("七个字的密码呀", passwords.PasswordTooShort),
        ("字" * 60 + "长" * 69, passwords.PasswordTooShort),
    ],
)
def test_words_of_the_context_are_refused(any_world, password, refusal):
    person = registering.sign_up(any_world, PHONE)
    with worlds.unchanged(any_world), pytest.raises(refusal):
        set_password(any_world, person, password)


@pytest.mark.row("S-AUTH-5")
def test_long_chinese_and_emoji_are_taken_to_the_last_character(any_world):
    person = registering.sign_up(any_world, PHONE)
    poem = (
        "大漠孤烟直长河落日圆野火烧不尽春风吹又生举头望明月低头思故乡"
        "海内存知己天涯若比邻欲穷千里目更上一层楼会当凌绝顶一览众山小随风潜入夜"
    )
    assert len(poem[:64]) == 64
    old = ""
    for password in (poem[:64], "🐼🎋🐼🎋🐼🎋🎍🐉", "Ａｂｃ全角也可以的呀"):
        set_password(any_world, person, password, old)
        sign_in(any_world, unicodedata.normalize("NFKC", password))
        # The last of 192 bytes counts: nothing is cut off at 72.
        with pytest.raises(WrongPhoneOrPassword):
            sign_in(any_world, password[:-1] + "差")
        old = password


# -- what the answers tell (AUTH-4) ----------------------------------------------------------------


@pytest.mark.row("S-AUTH-4")
@pytest.mark.row("ACC-4")
def test_known_unknown_and_without_password_are_one_answer(world, monkeypatch, count):
    """Status, body and headers are equal, and the Argon2 work is done for each."""
    numbers = count(20, 200)
    with_account = [f"136{number:08d}" for number in range(numbers)]
    without = [f"135{number:08d}" for number in range(numbers)]
    for number, phone in enumerate(with_account):
        person = registering.sign_up(world, phone)
        if number % 2:
            set_password(world, person)
        worlds.clock_of(world).advance(clock.SECOND)
    stretched: list[str] = []
    real = passwords.stretch
    monkeypatch.setattr(
        passwords,
        "stretch",
        lambda parts, word, salt: stretched.append(word) or real(parts, word, salt),
    )
    visitor = web.browser(web.application(world, monkeypatch))
    answers: dict[tuple[object, ...], list[str]] = {}
    for phone in with_account + without:
        before = len(stretched)
        answer = visitor.post(
            "/api/v1/registration/sign-in-by-password",
            json={
                "phone": phone,
                "password": "不是这个密码不是",
                "terms_accepted": True,
                "device_key": "BA==",
                "device_label": "x",
            },
        )
        headers = {k: v for k, v in answer.headers.items() if k != "date"}
        told = (answer.status_code, answer.text, tuple(sorted(headers.items())))
        answers.setdefault(told, []).append(phone)
        assert len(stretched) == before + 1
    [(status, body, _)] = answers
    assert status == 401
    assert "SMS" in body, "it names the way that works"


@pytest.mark.row("S-AUTH-4")
def test_an_unknown_number_takes_as_long_as_a_known_one(world, count):
    """Medians of the processor's time of interleaved tries, where hashing is what takes it."""
    costly = Hashing(memory_kib=16_384, passes=3)
    world.engine.parts = dataclasses.replace(world.engine.parts, hashing=costly)
    set_password(world, registering.sign_up(world, PHONE))
    took: dict[str, list[float]] = {PHONE: [], UNKNOWN: []}
    # Sixty tries hold the promised twentieth; fifteen, beside other tests, twice that.
    margin, tries = count(10, 5) / 100, count(15, 60)
    for _ in range(tries):
        for phone, times in took.items():
            worlds.run_sql(world, "DELETE FROM sign_in_failure")
            started = time.thread_time()
            with pytest.raises(WrongPhoneOrPassword):
                sign_in(world, "不是这个密码不是", phone)
            times.append(time.thread_time() - started)
    known, unknown = (statistics.median(times) for times in took.values())
    assert abs(known - unknown) / known < margin, (known, unknown)


# -- what it opens ---------------------------------------------------------------------------------


@pytest.mark.row("ACC-4")
@pytest.mark.row("S-AUTH-3")
def test_a_password_opens_a_session_that_only_looks_until_a_code_confirms_it(any_world):
    person = registering.sign_up(any_world, PHONE)
    set_password(any_world, person)
    session = sign_in(any_world, SECRET)
    me = any_world.engine.ask(queries.person_by_token, worlds.SYSTEM, session.token)
    assert me is not None
    assert me.second_factor_at is None
    assert any_world.engine.ask(queries.me, me).phone == "138****8000"
    with worlds.unchanged(any_world), pytest.raises(SecondFactorNeeded):
        set_password(any_world, me, OTHER, SECRET)
    worlds.clock_of(any_world).advance(clock.MINUTE)
    asked = any_world.engine.perform(actions.request_step_up, {}, actor=me)
    worker.run_due(any_world, subject=asked.request_id)
    code = any_world.sms.outbox(PHONE)[0].text.split("验证码 ")[1][:6]
    given = {"request_id": asked.request_id, "code": code}
    any_world.engine.perform(actions.step_up, given, actor=me)
    strong = any_world.engine.ask(queries.person_by_token, worlds.SYSTEM, session.token)
    set_password(any_world, strong, OTHER, SECRET)
    fold.require(any_world)


@pytest.mark.row("ACC-4")
def test_terms_come_before_the_password(any_world):
    set_password(any_world, registering.sign_up(any_world, PHONE))
    with worlds.unchanged(any_world), pytest.raises(codes.TermsNotAccepted):
        sign_in(any_world, SECRET, terms=False)


@pytest.mark.row("ACC-1")
def test_a_password_can_be_set_while_registering_and_only_then(any_world):
    for password, new in ((SECRET, True), (OTHER, False)):
        asked = registering.ask_for_code(any_world, PHONE)
        given = {
            "request_id": asked.request.request_id,
            "phone": PHONE,
            "code": asked.code,
            "device_key": b"\x04",
            "device_label": "x",
            "password": password,
        }
        session = any_world.engine.perform(actions.sign_in_by_code, given, actor=worlds.SYSTEM)
        assert session.new_account is new
        worlds.clock_of(any_world).advance(clock.MINUTE)
    sign_in(any_world, SECRET)
    with pytest.raises(WrongPhoneOrPassword):
        sign_in(any_world, OTHER)
    held = repr(worlds.content(any_world))
    assert SECRET not in held
    assert OTHER not in held


@pytest.mark.row("ACC-6")
def test_a_change_needs_the_old_password_and_ends_the_other_sessions(any_world):
    person = registering.sign_up(any_world, PHONE)
    set_password(any_world, person)
    other = sign_in(any_world, SECRET)
    with pytest.raises(credentials.WrongPassword):
        set_password(any_world, person, OTHER)
    with pytest.raises(credentials.WrongPassword):
        set_password(any_world, person, OTHER, "不是这个密码不是")
    assert any_world.engine.ask(queries.person_by_token, worlds.SYSTEM, other.token)
    set_password(any_world, person, OTHER, SECRET)
    assert any_world.engine.ask(queries.person_by_token, worlds.SYSTEM, other.token) is None
    living = any_world.engine.ask(queries.my_security, person)
    assert [one.current for one in living.sessions] == [True]
    assert living.has_password
    told = [row["kind"] for row in worlds.rows(any_world, "SELECT kind FROM message")]
    assert told.count("account.password_changed") == 2
    sign_in(any_world, OTHER)


def _reset(world: World, code: str, asked: registering.Asked, **more: str) -> None:
    given = {
        "request_id": asked.request.request_id,
        "phone": asked.phone,
        "code": code,
        "new_password": OTHER,
        **more,
    }
    world.engine.perform(actions.reset_password, given, actor=worlds.SYSTEM)


@pytest.mark.row("ACC-6")
def test_a_forgotten_password_takes_a_code_and_the_proven_name(any_world):
    person = registering.sign_up(any_world, PHONE)
    registering.prove(any_world, person)
    set_password(any_world, person)
    worlds.clock_of(any_world).advance(clock.MINUTE)
    asked = registering.ask_for_code(any_world, PHONE, model.CodePurpose.FORGOTTEN_PASSWORD)
    right = {"name": registering.NAME, "resident_id": registering.resident_id()}
    wrong_code = f"{(int(asked.code) + 1) % 1_000_000:06d}"
    tries = (
        (asked.code, {}),
        (asked.code, {**right, "name": "王大明"}),
        (asked.code, {**right, "resident_id": registering.resident_id(sequence="024")}),
        (wrong_code, right),
    )
    for left, (code, particulars) in zip((4, 3, 2, 1), tries, strict=True):
        # The refusal does not tell which of them was wrong.
        with pytest.raises(codes.DetailsWrong) as refused:
            _reset(any_world, code, asked, **particulars)
        assert refused.value.params == {"left": left}
    _reset(any_world, asked.code, asked, **right)
    sign_in(any_world, OTHER)
    assert any_world.engine.ask(queries.my_security, person).sessions[0].way == "password"


@pytest.mark.row("ACC-6")
def test_without_a_proven_name_the_code_is_enough(any_world):
    registering.sign_up(any_world, PHONE)
    worlds.clock_of(any_world).advance(clock.MINUTE)
    asked = registering.ask_for_code(any_world, PHONE, model.CodePurpose.FORGOTTEN_PASSWORD)
    _reset(any_world, asked.code, asked)
    assert sign_in(any_world, OTHER).new_account is False
