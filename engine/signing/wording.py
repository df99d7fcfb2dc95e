"""What people write about a contract: encrypted under the purchaser's enterprise, and read again."""

from __future__ import annotations

from engine.kernel import errors, vault
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.signing import model

LONGEST = 500
# What stands where the key to a text is gone.
GONE = "已删除"


class ReasonMissing(errors.InvalidInput):
    """Say why, in a few words: the other parties read it."""


class ReasonTooLong(errors.InvalidInput):
    """This text has at most {limit} characters."""


def checked(text: str, field: str) -> str:
    """A reason or an opinion as it is kept.

    Raises: ReasonMissing, ReasonTooLong.
    """
    found = text.strip()
    if not found:
        raise ReasonMissing(field=field)
    if len(found) > LONGEST:
        raise ReasonTooLong(field=field, limit=LONGEST)
    return found


def sealed(op: Operation, contract: model.Contract, place: str, text: str) -> bytes:
    """A text as its column keeps it; `place` is `table|column|row id`."""
    return op.seal(_subject(op, contract), place, text, "evidence")


def told(q: Reader, contract: model.Contract, place: str, kept: bytes | None) -> str:
    """A kept text in the clear; what was deleted says so."""
    if kept is None:
        return ""
    try:
        return q.open(_subject(q, contract), place, kept, "evidence")
    except vault.Destroyed:
        return GONE


def _subject(q: Reader, contract: model.Contract) -> str:
    return mall.enterprise_of(q, contract.purchaser_id).subject_id
