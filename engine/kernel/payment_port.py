"""The payment provider as the engine sees it, for `ports`, which is where others take it from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A payment to be asked for; `payment_id` is ours."""

    payment_id: str
    amount_fen: int
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentState:
    """What the provider knows of a payment: `status` is unknown, created, paid, refunded or closed."""

    payment_id: str
    status: str
    amount_fen: int
    trade_no: str
    occurred_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Payback:
    """Money to be given back: some of a trade. `refund_no` is ours, so that twice gives back once."""

    refund_no: str
    payment_id: str
    trade_no: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundState:
    """What the provider knows of a refund: `status` is unknown, accepted, done or refused.

    `problem` is a code that says why it was refused, such as `card_closed`.
    """

    refund_no: str
    status: str
    problem: str = ""
    occurred_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A notice from the payment provider as it came in: the very bytes and their signature."""

    body: bytes
    signature: bytes


class PaymentProvider(Protocol):
    """Takes money and gives it back; tells of both by signed callbacks, repeatedly and late."""

    def create(self, charge: Charge) -> str:
        """Open a payment; the provider's reference. Asking twice opens it once."""

    def state(self, payment_id: str) -> PaymentState:
        """Ask what became of a payment whose callback did not come."""

    def close(self, payment_id: str) -> PaymentState:
        """Take no more money for a payment; what became of it, where it had come already."""

    def refund(self, payback: Payback) -> RefundState:
        """Give money back. Asked again it gives back once; a refused one is tried anew."""

    def refund_state(self, refund_no: str) -> RefundState:
        """Ask what became of a refund whose callback did not come."""

    def statement(self, business_date: str) -> bytes:
        """The daily statement (CSV) of a civil date in Shanghai.

        Raises: NotYet until the provider has made it.
        """
