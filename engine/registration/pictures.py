"""Papers that were handed in as evidence: kept, and known again when somebody else hands them in.

No parser sees that a stamp is forged; that the very picture already served another applicant it can
see (`security.md` 3.5, d). The prints are derived from the pictures, and tell nothing of anybody.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine import uploads
from engine.kernel import actors
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.registration.store import pictures as store
from engine.reviewing import model as reviewing

# With how many pictures that share a part of its print one is compared at most, the newest first.
MOST = 20_000
# How many other applicants a reviewer is shown: many more are one finding, not many.
SHOWN = 20


def keep(op: Operation, paper: uploads.Clean, subject_id: str) -> str:
    """A clean paper as a blob of its subject, and its print where it is a picture; the blob's id.

    The caller records the fact.
    """
    blob_id = op.put_blob(
        paper.content, media_type=paper.media_type, subject_id=subject_id, purpose="evidence"
    )
    if paper.facts.print and isinstance(op.actor, actors.Person):
        _note(op, blob_id, op.actor.account_id, paper.facts.print)
    return blob_id


def _note(op: Operation, blob_id: str, account_id: str, found: str) -> None:
    """Keep a print, and which pictures of other people are alike."""
    bands = uploads.bands(found)
    for other in store.candidates(op, account_id, bands, MOST):
        if uploads.alike(found, other.print):
            store.keep_match(op, blob_id, other.blob_id)
    kept = store.PicturePrint(blob_id=blob_id, account_id=account_id, print=found)
    store.keep_print(op, kept, bands)


def handed_in_before(q: Reader, blob_ids: Sequence[str]) -> list[str]:
    """Those of these pictures that somebody else handed in too, in whatever size or compression."""
    return store.matched(q, list(dict.fromkeys(blob_ids)))


def check(q: Reader, blob_ids: Sequence[str]) -> reviewing.Check:
    """The reviewer's warning that a picture has served another applicant, and whom: the first of many."""
    count = len(handed_in_before(q, blob_ids))
    return reviewing.Check(
        label="No picture was handed in by another applicant",
        ok=count == 0,
        detail=(str(count),) if count else (),
        subjects=tuple(store.others(q, blob_ids, SHOWN)),
    )
