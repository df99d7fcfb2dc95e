"""Names and numbers for many people at once, as columns: arithmetic on arrays, and no object a person.

Numbers are rows of ASCII bytes, put together from tables of their parts and checked by table as well; names
are arrays of text. What comes out is what `engine.kernel.identifiers` says of each, character by character.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulations import streams, words

Bytes = NDArray[np.uint8]
Integers = NDArray[np.int64]
Texts = NDArray[np.str_]

_ZERO = 48
_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_ID_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
# The credit code's alphabet has no I, O, S, V and Z; an organization code counts its letters from 10 on.
_ALPHABET = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", dtype=np.uint8)
_CREDIT_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)])
_ORGANIZATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_ORGANIZATION_CHECKS = np.frombuffer(b"0123456789X", dtype=np.uint8)


def rows_of(texts: Sequence[str]) -> Bytes:
    """Texts of one length as a table of ASCII bytes, one row each."""
    return np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8).reshape(len(texts), -1)


# All numbers of three and of four digits, as rows.
_THREE = rows_of([f"{number:03d}" for number in range(1_000)])
_FOUR = rows_of([f"{number:04d}" for number in range(10_000)])


def texts_of(rows: Bytes) -> list[str]:
    """The rows of a table as Python's texts."""
    wide, whole = rows.shape[1], rows.tobytes().decode("ascii")
    return [whole[start : start + wide] for start in range(0, len(whole), wide)]


def days(first: int, count: int) -> Bytes:
    """So many days from an ordinal on, as rows `YYYYMMDD`."""
    told = [f"{datetime.date.fromordinal(first + day):%Y%m%d}" for day in range(count)]
    return rows_of(told)


def resident_ids(regions: Bytes, births: Bytes, sequences: Integers) -> Bytes:
    """Resident ID numbers (GB 11643) of regions, birthdays and sequences, with their check characters."""
    first = np.concatenate((regions, births, _THREE[sequences]), axis=1)
    checks = (first.astype(np.int64) - _ZERO) @ _ID_WEIGHTS % 11
    return np.concatenate((first, _ID_CHECKS[checks][:, None]), axis=1)


def phones(prefixes: Bytes, numbers: Integers) -> Bytes:
    """Mobile numbers: a prefix's row and eight digits."""
    return np.concatenate((prefixes, _FOUR[numbers // 10_000], _FOUR[numbers % 10_000]), axis=1)


def cards(mark: str, numbers: Integers) -> Bytes:
    """Bank cards: a mark, nine digits and Luhn's check digit."""
    parts = (_THREE[numbers // 10**6], _THREE[numbers // 1_000 % 1_000], _THREE[numbers % 1_000])
    marks = np.broadcast_to(rows_of([mark]), (len(numbers), len(mark)))
    body = np.concatenate((marks, *parts), axis=1)
    digits = body[:, ::-1] - np.uint8(_ZERO)
    doubled = digits[:, 0::2] * np.uint8(2)
    # What doubles to ten or more counts its two digits.
    doubled = np.where(doubled > 9, doubled - np.uint8(9), doubled)
    total = doubled.sum(axis=1, dtype=np.int64) + digits[:, 1::2].sum(axis=1, dtype=np.int64)
    check = (-total % 10 + _ZERO).astype(np.uint8)
    return np.concatenate((body, check[:, None]), axis=1)


def credit_codes(regions: Bytes, mark: str, numbers: Integers) -> Bytes:
    """Unified social credit codes (GB 32100) of companies, whose organization codes begin with a mark.

    The number makes five characters of the code's alphabet, and a zero follows.
    """
    count = len(numbers)
    organization = np.full((count, 8), _ZERO, dtype=np.uint8)
    organization[:, : len(mark)] = rows_of([mark])
    left = numbers
    for place in range(5):
        left, character = np.divmod(left, 31)
        organization[:, len(mark) + 4 - place] = _ALPHABET[character]
    letters = np.where(organization >= 65, organization.astype(np.int64) - 55, organization - _ZERO)
    nine = _ORGANIZATION_CHECKS[-(letters.astype(np.int64) @ _ORGANIZATION_WEIGHTS) % 11]
    company = np.broadcast_to(rows_of(["91"]), (count, 2))
    first = np.concatenate((company, regions, organization, nine[:, None]), axis=1)
    values = _VALUE[first]
    check = _ALPHABET[-(values @ _CREDIT_WEIGHTS) % 31]
    return np.concatenate((first, check[:, None]), axis=1)


# Byte → its value in the credit code's alphabet.
_VALUE = np.zeros(256, dtype=np.int64)
_VALUE[_ALPHABET] = np.arange(31)

_SURNAMES: Texts = np.array(words.SURNAMES)
_RARE: Texts = np.array(words.RARE_GIVEN)
_PARTED: Texts = np.array(words.PARTED_NAMES)
_GIVEN: Texts = np.array(words.GIVEN[0] + words.GIVEN[1])
_CHARACTERS: Texts = np.array(words.GIVEN_CHARACTERS[0] + words.GIVEN_CHARACTERS[1])


def _of(pools: tuple[list[str], list[str]], male: Integers, drawn: streams.Words) -> Integers:
    """A place in two pools that stand one after the other, women's first."""
    sizes = np.array([len(pool) for pool in pools])
    return np.where(male, sizes[0], 0) + (drawn % sizes[male].astype(np.uint64)).astype(np.int64)


def names(drawn: streams.Words, male: Integers, parted: float, rare: float) -> Texts:
    """Names by four drawn words each: what kind of name, the surname, and the given name."""
    kind = streams.fraction(drawn[:, 0])
    surname = _SURNAMES[
        np.searchsorted(words.SURNAME_WEIGHTS, streams.fraction(drawn[:, 1]), side="right")
    ]
    one, two = drawn[:, 2], drawn[:, 3]
    characters = (_of(words.GIVEN_CHARACTERS, male, word) for word in (one, two))
    first, second = (_CHARACTERS[place] for place in characters)
    given = np.strings.add(first, second)
    given = np.where(kind < 0.4, _GIVEN[_of(words.GIVEN, male, one)], given)
    given = np.where(kind < parted + rare, _RARE[one % np.uint64(len(_RARE))], given)
    whole = np.strings.add(surname, given)
    return np.where(kind < parted, _PARTED[one % np.uint64(len(_PARTED))], whole)


_TRADES: Texts = np.array(words.TRADES)
_FORMS: Texts = np.array(words.FORMS)
_BRAND_FIRST: Texts = np.array(words.BRAND_FIRST)
_BRAND_SECOND: Texts = np.array(words.BRAND_SECOND)


def company_names(drawn: streams.Words, places: Texts) -> Texts:
    """Names of companies by four drawn words each: place, brand of two characters, trade, form."""
    seat = places[(drawn[:, 0] % np.uint64(len(places))).astype(np.int64)]
    first, rest = (
        drawn[:, 1] % np.uint64(len(_BRAND_FIRST)),
        drawn[:, 1] // np.uint64(len(_BRAND_FIRST)),
    )
    brand = np.strings.add(
        _BRAND_FIRST[first.astype(np.int64)],
        _BRAND_SECOND[(rest % np.uint64(len(_BRAND_SECOND))).astype(np.int64)],
    )
    trade = _TRADES[(drawn[:, 2] % np.uint64(len(_TRADES))).astype(np.int64)]
    form = _FORMS[np.searchsorted(words.FORM_WEIGHTS, streams.fraction(drawn[:, 3]), side="right")]
    return np.strings.add(np.strings.add(seat, brand), np.strings.add(trade, form))
