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

# How many of other people's newest pictures one is compared with.
MOST = 100_000


def keep(op: Operation, paper: uploads.Clean, subject_id: str) -> str:
    """A clean paper as a blob of its subject, and its print where it is a picture; the blob's id.

    The caller records the fact.
    """
    blob_id = op.put_blob(
        paper.content, media_type=paper.media_type, subject_id=subject_id, purpose="evidence"
    )
    if paper.facts.print and isinstance(op.actor, actors.Person):
        account_id = op.actor.account_id
        store.keep_print(
            op,
            store.PicturePrint(blob_id=blob_id, account_id=account_id, print=paper.facts.print),
        )
    return blob_id


def handed_in_before(q: Reader, blob_ids: Sequence[str]) -> list[str]:
    """Those of these pictures that somebody else handed in too, in whatever size or compression."""
    own = store.prints_of(q, blob_ids)
    found = []
    for account_id in {one.account_id for one in own}:
        others = store.prints_of_others(q, account_id, MOST)
        found += [
            one.blob_id
            for one in own
            if one.account_id == account_id
            and any(uploads.alike(one.print, other.print) for other in others)
        ]
    return found


def check(q: Reader, blob_ids: Sequence[str]) -> reviewing.Check:
    """The reviewer's warning that a picture has served another applicant."""
    count = len(handed_in_before(q, blob_ids))
    return reviewing.Check(
        label="No picture was handed in by another applicant",
        ok=count == 0,
        detail=(str(count),) if count else (),
    )
