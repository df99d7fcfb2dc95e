"""Synthetic people and enterprises: valid in every check, unique in a run, and marked as synthetic.

Entity `i` of a seed is the same however many others there are. Marks, so that nobody can take one
for real: mobile numbers begin with 142, 143 or 154, which the numbering plan allots to nobody; the
organization part of a credit code begins with `YX`, bank cards with 620000. Resident ID numbers
pass GB 11643 and can't be marked, so they never stand alone.

It does not say how people behave: that is `personas`.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.kernel import catalog, errors, identifiers
from engine.providers import identity
from simulations import streams, words

PHONE_PREFIXES = ("142", "143", "154")
ORGANIZATION_MARK = "YX"
BANK_MARK = "620000"
RARE_SHARE = 0.02
PARTED_SHARE = 0.02
MOST = 1 << 27
# For so many enterprises beside their own somebody acts at most.
MOST_FURTHER = 20
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_ID_CHECKS = "10X98765432"
# Numbers that a simulated identity provider answers in a special way (data/providers/real_name.toml).
_SANDBOX = tuple(int(rule.digits) for rule in identity.sandbox_values())
WRONG_SEQUENCE = "404"
# An enterprise's name has at most 6 + 2 + 6 + 6 characters: 60 bytes of a certificate's 64.
_LONGEST_SEAT = 6
_SEQUENCES = np.array([n for n in range(1, 1000) if n not in _SANDBOX])


class Region(catalog.Declared):
    """An administrative division: GB/T 2260 code and name."""

    code: str
    zh: str
    en: str
    # In force only for births from this year on: good for enterprises, not for people.
    since: int = 0


class Regions(catalog.Declared):
    """data/regions/*.toml."""

    region: tuple[Region, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A synthetic natural person."""

    index: int
    name: str
    resident_id: str
    phone: str
    bank_card: str
    male: bool

    @property
    def wrong_resident_id(self) -> str:
        """A number that passes its check and which no identity provider has on record."""
        first = self.resident_id[:14] + WRONG_SEQUENCE
        return first + identifiers.id_check_character(first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise:
    """A synthetic enterprise."""

    index: int
    name: str
    uscc: str
    legal_representative: str
    legal_representative_id: str


def load_regions(path: Path) -> tuple[Region, ...]:
    """The declared regions of a file; at least one is needed.

    Raises: ConfigurationError.
    """
    found = catalog.load(path, Regions).region
    if not found:
        raise errors.ConfigurationError(file=path.name, problem="region: none")
    return found


def _scattered(seed: int, purpose: str, indices: range, size: int) -> NDArray[np.int64]:
    """Numbers below `size`, no two alike for different indices: an affine permutation."""
    if indices.stop > min(size, MOST):
        raise ValueError(f"at most {min(size, MOST)} entities")
    drawn = int.from_bytes(streams.entropy(seed, purpose, "permutation"), "big")
    step, offset = drawn % size, (drawn >> 128) % size
    while math.gcd(step, size) != 1:
        step = (step + 1) % size
    index = np.arange(indices.start, indices.stop, dtype=np.uint64)
    return ((index * np.uint64(step) + np.uint64(offset)) % np.uint64(size)).astype(np.int64)


def _years_before(day: datetime.date, years: int) -> int:
    # 29 February counts as 28 in a year without one.
    anniversary = day.replace(year=day.year - years, day=min(day.day, 28))
    return anniversary.toordinal()


class Population:
    """Everybody of a seed, on a reference date (which ages are counted from)."""

    def __init__(
        self, seed: int, reference: datetime.date, regions: tuple[Region, ...] | None = None
    ) -> None:
        self.seed = seed
        self.reference = reference
        folder = catalog.DATA / "regions"
        self.regions = regions or load_regions(folder / "regions.toml")
        # Where enterprises are: those regions too whose codes are newer than some people.
        seats = regions or self.regions + load_regions(folder / "newer.toml")
        self.seats = tuple(region for region in seats if len(region.zh) <= _LONGEST_SEAT)

    # -- people ------------------------------------------------------------------------------

    def person(self, index: int, *, under_age: bool = False) -> Person:
        """One person; aged 18 to 64, or 10 to 15."""
        return self.people(range(index, index + 1), under_age=under_age)[0]

    def people(self, indices: range, *, under_age: bool = False) -> list[Person]:
        """People by index."""
        numbers, male = self._resident_ids(indices, under_age=under_age)
        names = self._names("person.name", indices, male)
        phones = _scattered(self.seed, "person.phone", indices, len(PHONE_PREFIXES) * 10**8)
        cards = streams.words(self.seed, "person.card", indices)[:, 0] % np.uint64(10**9)
        return [
            Person(
                index=index,
                name=name,
                resident_id=number,
                phone=f"{PHONE_PREFIXES[phone // 10**8]}{phone % 10**8:08d}",
                bank_card=_with_luhn(f"{BANK_MARK}{card:09d}"),
                male=bool(is_male),
            )
            for index, name, number, phone, card, is_male in zip(
                indices, names, numbers, phones.tolist(), cards.tolist(), male, strict=True
            )
        ]

    def _resident_ids(
        self, indices: range, *, under_age: bool = False, purpose: str = "person.id"
    ) -> tuple[list[str], NDArray[np.int64]]:
        oldest, youngest = (16, 10) if under_age else (65, 18)
        first = _years_before(self.reference, oldest) + 1
        days = _years_before(self.reference, youngest) - first
        size = len(self.regions) * days * len(_SEQUENCES)
        purpose = "person.minor" if under_age else purpose
        place = _scattered(self.seed, purpose, indices, size)
        sequence = _SEQUENCES[place % len(_SEQUENCES)]
        rest = place // len(_SEQUENCES)
        texts = [
            f"{self.regions[rest_ // days].code}"
            f"{datetime.date.fromordinal(first + rest_ % days):%Y%m%d}{number:03d}"
            for rest_, number in zip(rest.tolist(), sequence.tolist(), strict=True)
        ]
        digits = np.frombuffer("".join(texts).encode(), dtype=np.uint8).reshape(-1, 17) - 48
        checks = (digits.astype(np.int64) @ _ID_WEIGHTS) % 11
        numbers = [
            text + _ID_CHECKS[check] for text, check in zip(texts, checks.tolist(), strict=True)
        ]
        return numbers, sequence % 2

    def _names(self, purpose: str, indices: range, male: NDArray[np.int64]) -> list[str]:
        drawn = streams.words(self.seed, purpose, indices)
        kinds = streams.fraction(drawn[:, 0])
        surnames = np.searchsorted(
            words.SURNAME_WEIGHTS, streams.fraction(drawn[:, 1]), side="right"
        )
        return [
            _name(kind, words.SURNAMES[surname], int(sex), int(one), int(two))
            for kind, surname, sex, one, two in zip(
                kinds.tolist(), surnames, male, drawn[:, 2], drawn[:, 3], strict=True
            )
        ]

    def staff_name(self, number: int) -> str:
        """The name of a member of staff."""
        return self._names("staff.name", range(number, number + 1), np.array([number % 2]))[0]

    # -- enterprises -------------------------------------------------------------------------

    def enterprise(self, index: int) -> Enterprise:
        """One enterprise."""
        return self.enterprises(range(index, index + 1))[0]

    def enterprises(self, indices: range) -> list[Enterprise]:
        """Enterprises by index."""
        drawn = streams.words(self.seed, "enterprise.name", indices)
        codes = _scattered(self.seed, "enterprise.code", indices, 31**5)
        sexes = (streams.words(self.seed, "enterprise.sex", indices)[:, 0] & np.uint64(1)).astype(
            np.int64
        )
        heads = self._names("enterprise.representative", indices, sexes)
        numbers = self._resident_ids(indices, purpose="enterprise.representative.id")[0]
        forms = np.searchsorted(words.FORM_WEIGHTS, streams.fraction(drawn[:, 3]), side="right")
        found = []
        for index, row, form, code, head, number in zip(
            indices, drawn.tolist(), forms.tolist(), codes.tolist(), heads, numbers, strict=True
        ):
            region = self.seats[row[0] % len(self.seats)]
            name = f"{region.zh}{_brand(row[1])}{words.TRADES[row[2] % len(words.TRADES)]}"
            found.append(
                Enterprise(
                    index=index,
                    name=name + words.FORMS[form],
                    uscc=_credit_code(region.code, code),
                    legal_representative=head,
                    legal_representative_id=number,
                )
            )
        return found


def _name(kind: float, surname: str, male: int, one: int, two: int) -> str:
    if kind < PARTED_SHARE:
        return words.PARTED_NAMES[one % len(words.PARTED_NAMES)]
    if kind < PARTED_SHARE + RARE_SHARE:
        return surname + words.RARE_GIVEN[one % len(words.RARE_GIVEN)]
    if kind < 0.4:
        return surname + words.GIVEN[male][one % len(words.GIVEN[male])]
    pool = words.GIVEN_CHARACTERS[male]
    return surname + pool[one % len(pool)] + pool[two % len(pool)]


def _brand(word: int) -> str:
    first, rest = word % len(words.BRAND_FIRST), word // len(words.BRAND_FIRST)
    return words.BRAND_FIRST[first] + words.BRAND_SECOND[rest % len(words.BRAND_SECOND)]


def _with_luhn(digits: str) -> str:
    return digits + identifiers.luhn_digit(digits)


def _credit_code(region: str, number: int) -> str:
    # Digits and letters in mixed radix: 31^5 codes of the alphabet, then a fixed sixth place.
    organization = ""
    for _ in range(5):
        number, place = divmod(number, 31)
        organization = _ALPHABET[place] + organization
    body = f"{ORGANIZATION_MARK}{organization}0"
    first = f"91{region}{body}{identifiers.organization_check_character(body)}"
    return first + identifiers.credit_code_check_character(first)
