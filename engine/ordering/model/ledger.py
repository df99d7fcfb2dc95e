"""The ledger: postings whose lines add up to zero (the accounts: `data/policies/ledger_account.toml`)."""

from __future__ import annotations

from dataclasses import dataclass

# The accounts that actions post to; a setting of each name has to be there.
RECEIVABLE = "receivable"
CLEARING = "provider_clearing"
BANK = "bank"
FEES = "provider_fees"
REFUNDS_PAYABLE = "refunds_payable"
OVERPAYMENT = "overpayment"
SUSPENSE = "suspense"
DIFFERENCES = "differences"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPosting:
    """The header that closes a posting. `kind` says what happened, `subject` to what."""

    id: str
    kind: str
    subject: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One line of a posting: a debit (positive) or a credit (negative), for an order or a statement."""

    id: str
    posting_id: str
    account: str
    amount_fen: int
    order_id: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What stands in an account: debits, credits and their difference, in fen."""

    account: str
    debit_fen: int
    credit_fen: int
    lines: int

    @property
    def balance_fen(self) -> int:
        """Debits less credits."""
        return self.debit_fen - self.credit_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """A line with its posting, as finance reads an account."""

    id: str
    posting_id: str
    kind: str
    subject: str
    account: str
    amount_fen: int
    order_id: str
    created_at: int
