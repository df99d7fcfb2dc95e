"""Synthetic people and enterprises: valid in every check, unique in a run, and marked as synthetic.

Entity `i` of a seed is the same however many others there are. Marks, so that nobody can take one
for real: mobile numbers begin with 142, 143 or 154, which the numbering plan allots to nobody; the
organization part of a credit code begins with `YX`, bank cards with 620000. Resident ID numbers
pass GB 11643 and can't be marked, so they never stand alone.

It does not say how people behave: that is `personas`.
"""

from __future__ import annotations

import datetime
import functools
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.kernel import catalog, errors, identifiers
from engine.providers import identity
from simulations import columns, streams

PHONE_PREFIXES = ("142", "143", "154")
ORGANIZATION_MARK = "YX"
BANK_MARK = "620000"
RARE_SHARE = 0.02
PARTED_SHARE = 0.02
MOST = 1 << 27
# For so many enterprises beside their own somebody acts at most.
MOST_FURTHER = 20
_PREFIX_ROWS = columns.rows_of(PHONE_PREFIXES)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """People as columns: names as text, numbers as rows of ASCII bytes, 1 for a man and 0 for a woman."""

    names: columns.Texts
    resident_ids: NDArray[np.uint8]
    phones: NDArray[np.uint8]
    bank_cards: NDArray[np.uint8]
    male: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseColumns:
    """Enterprises as columns."""

    names: columns.Texts
    credit_codes: NDArray[np.uint8]
    representatives: columns.Texts
    representative_ids: NDArray[np.uint8]


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


@functools.lru_cache(maxsize=16)
def _births(reference: datetime.date, under_age: bool) -> NDArray[np.uint8]:
    """All birthdays that somebody of these ages can have, as rows."""
    oldest, youngest = (16, 10) if under_age else (65, 18)
    first = _years_before(reference, oldest) + 1
    return columns.days(first, _years_before(reference, youngest) - first)


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
        self._region_rows = columns.rows_of([region.code for region in self.regions])
        self._seat_rows = columns.rows_of([region.code for region in self.seats])
        self._seat_names: columns.Texts = np.array([region.zh for region in self.seats])

    # -- people ------------------------------------------------------------------------------

    def person(self, index: int, *, under_age: bool = False) -> Person:
        """One person; aged 18 to 64, or 10 to 15."""
        return self.people(range(index, index + 1), under_age=under_age)[0]

    def people(self, indices: range, *, under_age: bool = False) -> list[Person]:
        """People by index."""
        found = self.people_columns(indices, under_age=under_age)
        return [
            Person(
                index=index, name=name, resident_id=number, phone=phone, bank_card=card, male=male
            )
            for index, name, number, phone, card, male in zip(
                indices,
                found.names.tolist(),
                columns.texts_of(found.resident_ids),
                columns.texts_of(found.phones),
                columns.texts_of(found.bank_cards),
                found.male.astype(bool).tolist(),
                strict=True,
            )
        ]

    def people_columns(self, indices: range, *, under_age: bool = False) -> Columns:
        """The same people as columns, for those who want many and no object for each."""
        numbers, male = self._resident_ids(indices, under_age=under_age)
        phones = _scattered(self.seed, "person.phone", indices, len(PHONE_PREFIXES) * 10**8)
        drawn = streams.words(self.seed, "person.card", indices)[:, 0]
        return Columns(
            names=self._names("person.name", indices, male),
            resident_ids=numbers,
            phones=columns.phones(_PREFIX_ROWS[phones // 10**8], phones % 10**8),
            bank_cards=columns.cards(BANK_MARK, (drawn % np.uint64(10**9)).astype(np.int64)),
            male=male,
        )

    def _resident_ids(
        self, indices: range, *, under_age: bool = False, purpose: str = "person.id"
    ) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        births = _births(self.reference, under_age)
        size = len(self.regions) * len(births) * len(_SEQUENCES)
        purpose = "person.minor" if under_age else purpose
        place = _scattered(self.seed, purpose, indices, size)
        sequence = _SEQUENCES[place % len(_SEQUENCES)]
        region, day = np.divmod(place // len(_SEQUENCES), len(births))
        return columns.resident_ids(self._region_rows[region], births[day], sequence), sequence % 2

    def _names(self, purpose: str, indices: range, male: NDArray[np.int64]) -> columns.Texts:
        drawn = streams.words(self.seed, purpose, indices)
        return columns.names(drawn, male, PARTED_SHARE, RARE_SHARE)

    def staff_name(self, number: int) -> str:
        """The name of a member of staff."""
        return str(self._names("staff.name", range(number, number + 1), np.array([number % 2]))[0])

    # -- enterprises -------------------------------------------------------------------------

    def enterprise(self, index: int) -> Enterprise:
        """One enterprise."""
        return self.enterprises(range(index, index + 1))[0]

    def enterprises(self, indices: range) -> list[Enterprise]:
        """Enterprises by index."""
        found = self.enterprise_columns(indices)
        return [
            Enterprise(
                index=index,
                name=name,
                uscc=code,
                legal_representative=head,
                legal_representative_id=number,
            )
            for index, name, code, head, number in zip(
                indices,
                found.names.tolist(),
                columns.texts_of(found.credit_codes),
                found.representatives.tolist(),
                columns.texts_of(found.representative_ids),
                strict=True,
            )
        ]

    def enterprise_columns(self, indices: range) -> EnterpriseColumns:
        """The same enterprises as columns."""
        drawn = streams.words(self.seed, "enterprise.name", indices)
        codes = _scattered(self.seed, "enterprise.code", indices, 31**5)
        sexes = (streams.words(self.seed, "enterprise.sex", indices)[:, 0] & np.uint64(1)).astype(
            np.int64
        )
        seats = (drawn[:, 0] % np.uint64(len(self.seats))).astype(np.int64)
        return EnterpriseColumns(
            names=columns.company_names(drawn, self._seat_names),
            credit_codes=columns.credit_codes(self._seat_rows[seats], ORGANIZATION_MARK, codes),
            representatives=self._names("enterprise.representative", indices, sexes),
            representative_ids=self._resident_ids(indices, purpose="enterprise.representative.id")[
                0
            ],
        )
