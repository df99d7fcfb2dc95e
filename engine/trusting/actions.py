"""Adopting a trust list."""

from __future__ import annotations

import hashlib

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.trusting import model, queries, store


class ListOlder(errors.Conflict):
    """This trust list is older than the one in force, or the same. It was not adopted."""


def adopt(op: Operation, *, document: bytes) -> model.AdoptedList:
    """Take a new trust list over, once its signature and its signer's path to a trusted root hold.

    Its number must be higher than that of any list before, so that an old list cannot come back.
    Emits: trust_list.adopted.
    Raises: ListOlder, NoListInForce, trust_list.TrustListUnusable.
    """
    op.require_system()
    listed = queries.read(op, document)
    if not listed.issued_at <= op.now < listed.next_update:
        raise queries.NoListInForce()
    last = store.newest(op)
    if last is not None and listed.sequence <= last.sequence:
        raise ListOlder()
    made = model.AdoptedList(
        id=op.new_id("trl"),
        sequence=listed.sequence,
        document=document,
        issued_at=listed.issued_at,
        next_update=listed.next_update,
        adopted_at=op.now,
    )
    op.insert("trust_list", made)
    op.record(
        "trust_list.adopted",
        made.id,
        sequence=listed.sequence,
        digest=hashlib.sha256(document).hexdigest(),
        agencies=len(listed.agencies),
    )
    return made
