"""Identifiers that China's registers define, checked before anybody outside is asked.

Resident ID numbers (GB 11643), unified social credit codes (GB 32100), bank card numbers (Luhn),
mobile numbers, and names. Rules and weights: `domain-rules.md` section 1.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass

from engine.kernel import clock, errors

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_NAME = re.compile(r"[^\W\d_]+(?:[·•.\s][^\W\d_]+)*")
# Mobile numbers, resident ID numbers and bank cards, as they could stand in a text.
_IN_TEXT = re.compile(
    r"(?<![0-9A-Za-z])(?:1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9Xx]|[1-9][0-9]{15,18})(?![0-9A-Za-z])"
)
ADULT_AT = 18


class PhoneInvalid(errors.InvalidInput):
    """This is not a mainland mobile number: it has 11 digits and begins with 13 to 19."""


class ResidentIdInvalid(errors.InvalidInput):
    """This resident ID number is not valid. Compare it with the card, the last character too."""


class CreditCodeInvalid(errors.InvalidInput):
    """This unified social credit code is not valid. Compare it with the business licence."""


class BankCardInvalid(errors.InvalidInput):
    """This bank card number is not valid. Compare it with the card."""


class NameInvalid(errors.InvalidInput):
    """A name has 2 to 50 letters or characters, and at most a dot between its parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentId:
    """A valid resident ID number and what it tells."""

    number: str
    region: str
    born_on: datetime.date
    male: bool

    def age_on(self, day: datetime.date) -> int:
        """Completed years of life on a date."""
        birthday_to_come = (day.month, day.day) < (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - birthday_to_come


def _narrow(text: str) -> str:
    """Full-width digits and letters, as a Chinese keyboard types them, in their ordinary form."""
    return unicodedata.normalize("NFKC", text)


def holds_number(text: str) -> bool:
    """Whether a text seems to hold somebody's mobile, resident ID or card number."""
    return _IN_TEXT.search(_narrow(text)) is not None


def phone(text: str) -> str:
    """A mainland mobile number, 11 digits, without country code or blanks.

    Raises: PhoneInvalid.
    """
    number = re.sub(r"[\s-]", "", _narrow(text)).removeprefix("+86")
    if not _MOBILE.fullmatch(number):
        raise PhoneInvalid(field="phone")
    return number


def id_check_character(first_17: str) -> str:
    """The 18th character of a resident ID number (GB 11643, ISO 7064 MOD 11-2)."""
    return _ID_CHECKS[sum(int(d) * w for d, w in zip(first_17, _ID_WEIGHTS, strict=True)) % 11]


def resident_id(text: str, *, now: int) -> ResidentId:
    """A resident ID number: 17 digits and a check character, born on a real day not to come.

    Raises: ResidentIdInvalid.
    """
    number = _narrow(text).strip().upper()
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        raise ResidentIdInvalid(field="resident_id")
    try:
        born_on = datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ResidentIdInvalid(field="resident_id") from None
    early = born_on.year < 1900 or born_on > clock.civil_date(now)
    if early or id_check_character(number[:17]) != number[17]:
        raise ResidentIdInvalid(field="resident_id")
    return ResidentId(
        number=number, region=number[:6], born_on=born_on, male=int(number[16]) % 2 == 1
    )


def credit_code_check_character(first_17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100)."""
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(first_17, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[-total % 31]


def credit_code(text: str) -> str:
    """A unified social credit code, 18 characters, upper case.

    Raises: CreditCodeInvalid.
    """
    code = _narrow(text).strip().upper()
    alphabet = set(_USCC_ALPHABET)
    if len(code) != 18 or not alphabet.issuperset(code) or not code[2:8].isdigit():
        raise CreditCodeInvalid(field="uscc")
    if credit_code_check_character(code[:17]) != code[17]:
        raise CreditCodeInvalid(field="uscc")
    return code


def organization_check_character(first_8: str) -> str:
    """The 9th character of an organization code (GB 11714), which a credit code holds in places 9 to 17."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(
        (ord(c) - 55 if c.isalpha() else int(c)) * w for c, w in zip(first_8, weights, strict=True)
    )
    check = -total % 11
    return "X" if check == 10 else str(check)


def entity_class(code: str) -> str:
    """What kind of organization a credit code stands for, by its first two characters."""
    return {
        "91": "company",
        "92": "sole_trader",
        "93": "cooperative",
        "11": "state_organ",
        "12": "public_institution",
        "51": "association",
        "52": "private_non_enterprise",
    }.get(code[:2], "other")


def luhn_digit(digits: str) -> str:
    """The check digit after `digits` (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def bank_card(text: str) -> str:
    """A bank card number, 13 to 19 digits, whose check digit holds.

    Raises: BankCardInvalid.
    """
    number = re.sub(r"\s", "", _narrow(text))
    if not re.fullmatch(r"[0-9]{13,19}", number) or luhn_digit(number[:-1]) != number[-1]:
        raise BankCardInvalid(field="bank_card")
    return number


def person_name(text: str) -> str:
    """A natural person's name: 2 to 50 letters, with `·` between the parts of one.

    Raises: NameInvalid.
    """
    name = re.sub(r"[•.・‧]", "·", " ".join(text.split()))
    if not 2 <= len(name) <= 50 or not _NAME.fullmatch(name):
        raise NameInvalid(field="name")
    return name


def masked_phone(number: str) -> str:
    """138****1234."""
    return f"{number[:3]}****{number[-4:]}"


def masked_name(name: str) -> str:
    """张*三: the first and the last character stay; of two characters the first."""
    if len(name) <= 2:
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def masked_card(number: str) -> str:
    """622202******1234: the first six and the last four, at most (PCI 3.4.1)."""
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"


def masked_id(number: str) -> str:
    """310***********1234: the first three and the last four."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
