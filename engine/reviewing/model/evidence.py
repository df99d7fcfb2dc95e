"""What exactly was approved: a digest that any change of a field or a paper changes."""

from __future__ import annotations

import enum
import hashlib

from engine.kernel import codec
from engine.reviewing.model.sheet import Sheet


class Kept(enum.StrEnum):
    """Whether the papers of an approved case are still those that were approved."""

    SAME = "same"
    CHANGED = "changed"  # other papers, or another content under the same name
    GONE = "gone"  # their key was destroyed with the account: nobody reads them any more


def evidence_digest(sheet: Sheet) -> str:
    """What an approval is bound to: SHA-256 of the fields and of the papers, joined by a dot.

    A paper counts with the digest of its content and not with its id alone, so that a swapped file is
    another one. The machine's checks are left out: they may speak otherwise tomorrow of the same papers.
    The two halves stand apart because a field may follow what was approved (the present name of an
    enterprise), while papers never do.
    """
    fields: list[list[object]] = [
        [
            one.name,
            one.digest
            or (one.value if isinstance(one.value, str) else [one.value.zh, one.value.en]),
        ]
        for one in sheet.fields
    ]
    papers: list[list[object]] = [
        [one.code, one.blob_id, one.digest, one.media_type] for one in sheet.papers
    ]
    return ".".join(_digest(part) for part in (fields, papers))


def papers_of(evidence: str) -> str:
    """The half of an evidence digest that tells of the papers."""
    return evidence.partition(".")[2]


def _digest(part: list[list[object]]) -> str:
    return hashlib.sha256(codec.canonical(part).encode()).hexdigest()
