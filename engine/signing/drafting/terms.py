"""What the form of a contract takes (03 合同信息)."""

from __future__ import annotations

import datetime

from engine.kernel import errors
from engine.signing import model

# Required texts of the form, and how many characters each may have.
LONGEST = {"name": 100, "number": 64, "payment_terms": 500, "place": 100, "currency": 16}
LONGEST_REMARKS = 500
MOST_FEN = 10**13


class OnlyPurchaser(errors.NotPermitted):
    """Only the purchaser can do this."""


class DateInvalid(errors.InvalidInput):
    """A date is written as year-month-day, such as 2026-11-24."""


class RemarksTooLong(errors.InvalidInput):
    """Remarks have at most 500 characters."""


class TextTooLong(errors.InvalidInput):
    """This field holds at most {limit} characters."""


class NumberTaken(errors.Conflict):
    """This platform has a contract with this number already. Choose another number."""


class FieldMissing(errors.InvalidInput):
    """Fill in this field."""


class TotalInvalid(errors.InvalidInput):
    """The total is an amount above nothing, in yuan with at most two decimals."""


def check(terms: model.ContractTerms) -> None:
    """Refuse a form by its first wrong field.

    Raises: DateInvalid, RemarksTooLong, FieldMissing, TextTooLong, TotalInvalid.
    """
    for field in ("signing_date", "effective_date"):
        check_date(field, getattr(terms, field))
    if len(terms.remarks) > LONGEST_REMARKS:
        raise RemarksTooLong(field="remarks")
    for field, limit in LONGEST.items():
        text = getattr(terms, field).strip()
        if not text:
            raise FieldMissing(field=field)
        if len(text) > limit:
            raise TextTooLong(field=field, limit=limit)
    if terms.total_fen is not None and not 0 < terms.total_fen <= MOST_FEN:
        raise TotalInvalid(field="total_fen")


def check_date(field: str, text: str) -> None:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise DateInvalid(field=field) from None
    # Python reads other forms of ISO 8601 too; a contract shows one.
    if day.isoformat() != text:
        raise DateInvalid(field=field)
