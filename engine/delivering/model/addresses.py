"""An address: who takes the post, where, and what its owner calls the place (ADR-1)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel.catalog import Text

RECIPIENT_LONGEST = 40
DETAIL_LONGEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAddress:
    """An address as its row is: everything that says who or where is a ciphertext."""

    id: str
    account_id: str
    recipient: bytes
    phone: bytes
    region: bytes
    detail: bytes
    label: bytes | None
    is_default: int
    created_at: int
    changed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where something goes: `region` is the code of a district, the names are what is written out."""

    recipient: str
    phone: str
    region: str
    province: str
    city: str
    district: str
    detail: str

    @property
    def place(self) -> str:
        """The whole place in one line, as it is written on a parcel; a name said twice is said once."""
        parts = dict.fromkeys((self.province, self.city, self.district))
        return "".join(parts) + self.detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address as its owner gets it; `label` is 家, 公司 or a word of their own, or empty."""

    id: str
    account_id: str
    recipient: str
    phone: str
    region: str
    province: str
    city: str
    district: str
    detail: str
    label: str
    is_default: bool
    created_at: int
    changed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressForm:
    """What the form for an address needs to know: the labels to choose from, and how much there can be."""

    labels: tuple[Text, ...]
    label_longest: int
    recipient_longest: int
    detail_longest: int
    at_most: int
    left: int
