"""Identifiers judged by python-stdnum, over thousands of made-up numbers."""

from __future__ import annotations

import contextlib
import datetime
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric, uscc

from engine.kernel import clock, errors, identifiers, ids

NOW = 1_780_272_000_000
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ID_ALPHABET = string.digits + "X"


def resident_ids(entropy: ids.Entropy, how_many: int) -> list[str]:
    """Valid numbers of people born between 1990 and 2025, in real counties."""
    start = datetime.date(1990, 1, 1)
    made = []
    for _ in range(how_many):
        days = int.from_bytes(entropy(4), "big") % 12_900
        born = (start + datetime.timedelta(days=days)).strftime("%Y%m%d")
        region = ("110101", "320106", "310104", "440305")[entropy(1)[0] % 4]
        first = region + born + ids.digits(3, entropy)
        made.append(first + identifiers.id_check_character(first))
    return made


def credit_codes(entropy: ids.Entropy, how_many: int) -> list[str]:
    """Valid unified social credit codes of companies."""
    made = []
    for _ in range(how_many):
        body = "".join(USCC_ALPHABET[byte % 31] for byte in entropy(9))
        first = "91" + ids.digits(6, entropy) + body
        made.append(first + identifiers.credit_code_check_character(first))
    return made


def test_stdnum_agrees_on_valid_resident_ids(count):
    for number in resident_ids(ids.seeded(1, "people"), count(3_000, 100_000)):
        assert ric.validate(number) == number
        found = identifiers.resident_id(number, now=NOW)
        assert found.born_on == ric.get_birth_date(number)
        assert found.male == (int(number[16]) % 2 == 1)


def test_stdnum_agrees_on_valid_credit_codes(count):
    for code in credit_codes(ids.seeded(1, "companies"), count(3_000, 100_000)):
        assert uscc.validate(code) == code
        assert identifiers.credit_code(code) == code


def test_stdnum_agrees_on_every_check_character_of_random_numbers(count):
    entropy = ids.seeded(2, "any")
    for _ in range(count(3_000, 100_000)):
        first = ids.digits(17, entropy)
        assert identifiers.id_check_character(first) == ric.calc_check_digit(first + "0")
        assert identifiers.luhn_digit(first) == luhn.calc_check_digit(first)


def test_every_single_substitution_in_a_resident_id_is_refused(count):
    for number in resident_ids(ids.seeded(3, "people"), count(30, 500)):
        for place in range(18):
            for other in ID_ALPHABET:
                if other != number[place]:
                    wrong = number[:place] + other + number[place + 1 :]
                    with pytest.raises(identifiers.ResidentIdInvalid):
                        identifiers.resident_id(wrong, now=NOW)


def test_every_single_substitution_in_a_credit_code_is_refused(count):
    for code in credit_codes(ids.seeded(3, "companies"), count(20, 300)):
        for place in range(18):
            for other in USCC_ALPHABET + "IOSVZ":
                if other != code[place]:
                    wrong = code[:place] + other + code[place + 1 :]
                    with pytest.raises(identifiers.CreditCodeInvalid):
                        identifiers.credit_code(wrong)


def test_every_single_substitution_in_a_bank_card_is_refused(count):
    entropy = ids.seeded(4, "cards")
    for _ in range(count(100, 1_000)):
        first = "6222" + ids.digits(14, entropy)
        card = first + identifiers.luhn_digit(first)
        assert luhn.validate(identifiers.bank_card(card))
        for place in range(19):
            for other in set(string.digits) - {card[place]}:
                with pytest.raises(identifiers.BankCardInvalid):
                    identifiers.bank_card(card[:place] + other + card[place + 1 :])


def test_exchanged_neighbours_in_a_resident_id_are_refused(count):
    for number in resident_ids(ids.seeded(5, "people"), count(300, 5_000)):
        for place in range(17):
            one, other = number[place], number[place + 1]
            if one != other:
                wrong = number[:place] + other + one + number[place + 2 :]
                with pytest.raises(identifiers.ResidentIdInvalid):
                    identifiers.resident_id(wrong, now=NOW)


@given(st.text(max_size=24))
def test_no_text_breaks_a_check(text):
    for check, refusal in (
        (lambda t: identifiers.resident_id(t, now=NOW), identifiers.ResidentIdInvalid),
        (identifiers.credit_code, identifiers.CreditCodeInvalid),
        (identifiers.bank_card, identifiers.BankCardInvalid),
        (identifiers.phone, identifiers.PhoneInvalid),
        (identifiers.person_name, identifiers.NameInvalid),
    ):
        with contextlib.suppress(refusal):
            check(text)


@given(st.text(alphabet="٠١٢٣٤५६७८९๑๒๓", min_size=1, max_size=12))
def test_digits_of_other_scripts_are_refused(text):
    for check, start, length in (
        (identifiers.phone, "138", 11),
        (identifiers.bank_card, "6222", 19),
        (lambda t: identifiers.resident_id(t, now=NOW), "320106", 18),
        (identifiers.credit_code, "91", 18),
    ):
        for end in string.digits + "X":
            with pytest.raises(errors.InvalidInput):
                check((start + text).ljust(length - 1, "0")[: length - 1] + end)


def test_full_width_digits_of_a_chinese_keyboard_are_the_same_number():
    wide = str.maketrans(string.digits + "X", "０１２３４５６７８９Ｘ")
    [number] = resident_ids(ids.seeded(6, "people"), 1)
    [code] = credit_codes(ids.seeded(6, "companies"), 1)
    assert identifiers.phone("13800138000".translate(wide)) == "13800138000"
    assert identifiers.resident_id(number.translate(wide), now=NOW).number == number
    assert identifiers.credit_code(code.translate(wide)) == code


def _born(day: datetime.date) -> str:
    first = "320106" + day.strftime("%Y%m%d") + "002"
    return first + identifiers.id_check_character(first)


def test_a_person_born_tomorrow_or_on_no_day_is_refused():
    today = clock.civil_date(NOW)
    assert identifiers.resident_id(_born(today), now=NOW).age_on(today) == 0
    with pytest.raises(identifiers.ResidentIdInvalid):
        identifiers.resident_id(_born(today + datetime.timedelta(days=1)), now=NOW)
    for born in ("19890229", "19881301", "18991231", "19880000"):
        first = f"320106{born}002"
        with pytest.raises(identifiers.ResidentIdInvalid):
            identifiers.resident_id(first + identifiers.id_check_character(first), now=NOW)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ((2008, 6, 1), (2026, 5, 31), 17),
        ((2008, 6, 1), (2026, 6, 1), 18),
        ((2008, 2, 29), (2026, 2, 28), 17),
        ((2008, 2, 29), (2026, 3, 1), 18),
    ],
)
def test_a_year_of_life_is_completed_on_the_birthday(born, day, age):
    found = identifiers.resident_id(_born(datetime.date(*born)), now=NOW)
    assert found.age_on(datetime.date(*day)) == age


@pytest.mark.parametrize(
    "text", ["13800138000", " 138 0013 8000", "+8613800138000", "138-0013-8000"]
)
def test_a_mobile_number_is_taken_as_people_write_it(text):
    assert identifiers.phone(text) == "13800138000"


@pytest.mark.parametrize("text", ["", "12800138000", "1380013800", "138001380000", "2380013800"])
def test_what_is_no_mobile_number_is_refused(text):
    with pytest.raises(identifiers.PhoneInvalid) as refused:
        identifiers.phone(text)
    assert refused.value.field == "phone"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王小明", "王小明"),
        (" 阿依古丽 • 买买提 ".replace(" • ", "•"), "阿依古丽·买买提"),
        ("John  Smith", "John Smith"),
        ("欧阳娜娜", "欧阳娜娜"),
    ],
)
def test_names_are_written_one_way(text, name):
    assert identifiers.person_name(text) == name


@pytest.mark.parametrize("text", ["", "王", "王1", "王_", "·王", "王" * 51, "王;DROP", "王\x00明"])
def test_what_is_no_name_is_refused(text):
    with pytest.raises(identifiers.NameInvalid):
        identifiers.person_name(text)


def test_masks_keep_what_the_guide_shows():
    assert identifiers.masked_phone("13812341234") == "138****1234"
    assert [identifiers.masked_name(n) for n in ("张三", "张小三", "欧阳小三")] == [
        "张*",
        "张*三",
        "欧**三",
    ]
    assert identifiers.masked_id("310115199001011234") == "310***********1234"


@pytest.mark.parametrize(
    ("code", "kind"), [("91", "company"), ("92", "sole_trader"), ("52", "private_non_enterprise")]
)
def test_a_credit_code_tells_the_kind_of_entity(code, kind):
    assert identifiers.entity_class(code + "320100MA1K00001X") == kind
