"""The tax service as the engine sees it, for `ports`, which is where others take it from (INV-2).

It takes an application with its lines, gives the invoice a number at once or later, or says why not. What
it is asked is idempotent by our own id: asked twice, an invoice is numbered once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxParty:
    """A buyer or a seller as an invoice names it; a person has a name at most."""

    name: str
    code: str = ""
    address: str = ""
    phone: str = ""
    bank: str = ""
    bank_account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLine:
    """One line: `code` is its classification (19 digits), quantity and price are decimals or empty.

    Of a red letter, quantity, `net_fen` and `tax_fen` are negative.
    """

    code: str
    name: str
    net_fen: int
    tax_fen: int
    rate_permille: int
    exempt: bool = False
    spec: str = ""
    unit: str = ""
    quantity: str = ""
    price: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRequest:
    """What the tax service is asked to number; `invoice_id` is ours, `kind` ordinary or special."""

    invoice_id: str
    kind: str
    seller: TaxParty
    buyer: TaxParty
    lines: tuple[TaxLine, ...]
    net_fen: int
    tax_fen: int
    total_fen: int
    drawer: str
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedRequest:
    """A red letter: what it takes back, why (01 to 04), and who asks (0 the seller, 1 the buyer).

    `blue_number` is the number of the invoice that it is about; amounts are negative.
    """

    invoice_id: str
    blue_number: str
    reason: str
    applicant: str
    confirmed: bool
    kind: str
    seller: TaxParty
    buyer: TaxParty
    lines: tuple[TaxLine, ...]
    net_fen: int
    tax_fen: int
    total_fen: int
    drawer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxOutcome:
    """What became of an application. `problem` is a code that says why it was refused.

    `issued`: `number` of 20 digits, `issued_at` the instant on its face, and the total that was numbered.
    """

    invoice_id: str
    status: Literal["unknown", "accepted", "issued", "refused"]
    number: str = ""
    issued_at: int = 0
    total_fen: int = 0
    problem: str = ""
    # When an accepted one will be there, where the service says so.
    ready_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxEntry:
    """One numbered invoice in the list of a day; `blue_number` is of the one that a red letter is about."""

    number: str
    invoice_id: str
    blue_number: str
    net_fen: int
    tax_fen: int
    total_fen: int
    issued_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperForm:
    """The paper that an invoice was printed on: a code of 12 digits and a number of 8."""

    code: str
    number: str


class TaxService(Protocol):
    """Numbers fully digital invoices and their red letters."""

    def issue(self, request: InvoiceRequest) -> TaxOutcome:
        """Number an invoice. Asking twice gives the same; a refused one is tried anew."""

    def reverse(self, request: RedRequest) -> TaxOutcome:
        """Number a red letter. Asking twice gives the same; a refused one is tried anew."""

    def outcome(self, invoice_id: str) -> TaxOutcome:
        """What became of an application or a red letter."""

    def list_of(self, business_date: str) -> Sequence[TaxEntry]:
        """Everything numbered on a civil date in Shanghai, by number.

        Raises: ports.NotYet until the day is over.
        """

    def print_paper(self, invoice_id: str, *, print_id: str) -> PaperForm:
        """Put a numbered invoice onto paper; another `print_id` takes a new sheet and voids the one before.

        Raises: errors.NotFound for one that has no number.
        """
