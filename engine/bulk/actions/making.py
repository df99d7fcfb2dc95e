"""Freezing a list: all that match a filter now, in their order, with the digest of it (OPS-4).

Choosing is long work, so it is done on a snapshot before the transaction; what is written is what was
chosen. The dry run begins at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.bulk import acts, model, queries, store
from engine.issuing import model as certificates
from engine.kernel import actors, codec, errors
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.reviewing import model as cases


class NothingMatches(errors.Conflict):
    """Nothing matches this filter now. Widen it, or look whether somebody else was faster."""


class TooMany(errors.PolicyRefused):
    """More than {limit} match. Narrow the filter and do them in parts."""


class GivenMissing(errors.InvalidInput):
    """Say what this act needs for all of them: reasons, a colleague, or a note."""


class NoteTooLong(errors.InvalidInput):
    """A note holds at most {limit} characters."""


class NothingRefused(errors.Conflict):
    """Nothing was refused here, or it is not over yet: there is no list to make of it."""


def _cases(q: Reader, *, act: str, wanted: cases.Wanted, given: model.Given, note: str = "") -> Any:
    queries.require_act(q, act, "case")
    return queries.cases_of(q, wanted, queries.rules(q).most_items)


@prepared_by(_cases)
def freeze_cases(
    op: Operation,
    *,
    act: str,
    wanted: cases.Wanted,
    given: model.Given,
    note: str = "",
    prepared: Sequence[str] = (),
) -> model.Bulk:
    """Freeze all open cases that a filter of the queue shows the actor, to do an act to them.

    Emits: bulk.frozen. Raises: NotFound, MayNot, NothingMatches, TooMany, GivenMissing, NoteTooLong.
    """
    queries.require_act(op, act, "case")
    return _freeze(op, act, prepared, given, note, codec.plain(wanted))


def _certificates(
    q: Reader, *, act: str, wanted: certificates.Chosen, given: model.Given, note: str = ""
) -> Any:
    queries.require_act(q, act, "certificate")
    return queries.certificates_of(q, wanted, queries.rules(q).most_items)


@prepared_by(_certificates)
def freeze_certificates(
    op: Operation,
    *,
    act: str,
    wanted: certificates.Chosen,
    given: model.Given,
    note: str = "",
    prepared: Sequence[str] = (),
) -> model.Bulk:
    """Freeze all pairs of certificates that a filter finds within what the actor may revoke.

    Emits: bulk.frozen. Raises: NotFound, MayNot, NothingMatches, TooMany, GivenMissing, NoteTooLong.
    """
    queries.require_act(op, act, "certificate")
    return _freeze(op, act, prepared, given, note, codec.plain(wanted))


def _jobs(q: Reader, *, act: str, kind: str, given: model.Given, note: str = "") -> Any:
    queries.require_act(q, act, "job")
    return queries.jobs_of(q, kind, queries.rules(q).most_items)


@prepared_by(_jobs)
def freeze_jobs(
    op: Operation,
    *,
    act: str,
    kind: str,
    given: model.Given,
    note: str = "",
    prepared: Sequence[str] = (),
) -> model.Bulk:
    """Freeze all stuck jobs, of a kind where one is given.

    Emits: bulk.frozen. Raises: NotFound, MayNot, NothingMatches, TooMany, GivenMissing, NoteTooLong.
    """
    queries.require_act(op, act, "job")
    return _freeze(op, act, prepared, given, note, {"kind": kind})


def freeze_refused(op: Operation, *, bulk_id: str, note: str = "") -> model.Bulk:
    """Make a new list of what was refused in a bulk act of one's own that is over.

    Emits: bulk.frozen. Raises: NotYours, MayNot, NothingRefused, NoteTooLong.
    """
    found = queries.bulk(op, bulk_id)
    target = acts.ACTS[found.act].target
    queries.require_act(op, found.act, target)
    ids = store.refused(op, bulk_id) if model.BULK.terminal(found.status) else []
    if not ids:
        raise NothingRefused()
    return _freeze(op, found.act, ids, queries.given(found), note, {"refused_in": bulk_id})


def _freeze(
    op: Operation,
    act: str,
    items: Sequence[str],
    given: model.Given,
    note: str,
    wanted: Mapping[str, Any],
) -> model.Bulk:
    if not isinstance(op.actor, actors.Staff):
        raise errors.NotPermitted()
    _require_told(acts.ACTS[act], given, note)
    most = queries.rules(op).most_items
    if not items:
        raise NothingMatches()
    if len(items) > most:
        raise TooMany(limit=most)
    made = model.Bulk(
        id=op.new_id("blk"),
        act=act,
        given=codec.plain(given),
        wanted=dict(wanted),
        note=note.strip(),
        size=len(items),
        list_digest=model.list_digest(items),
        places=_places(op, acts.ACTS[act], items),
        status=model.BULK.initial,
        turn=0,
        made_by=op.actor.staff_id,
        made_at=op.now,
    )
    op.insert("bulk_act", made)
    op.insert("bulk_list", {"id": made.id, "items": "\n".join(items)})
    op.record("bulk.frozen", made.id, act=act, size=made.size, digest=made.list_digest)
    op.enqueue("bulk_rehearse", made.id, {"turn": made.turn, "first": 0})
    return made


def _places(
    op: Operation, act: acts.Act, items: Sequence[str]
) -> tuple[tuple[str, str | None, str | None], ...]:
    found = {
        (acts.right_for(act, kind).value, platform_id, agency_id)
        for kind, platform_id, agency_id in store.places(op, act.target, items)
    }
    return tuple(sorted(found, key=lambda one: (one[0], one[1] or "", one[2] or "")))


def _require_told(act: acts.Act, given: model.Given, note: str) -> None:
    for name in act.takes:
        value = getattr(given, name)
        if not (value.strip() if isinstance(value, str) else value):
            raise GivenMissing(field=name)
    for name, text in (("note", note), ("note", given.note), ("reason", given.reason)):
        if len(text) > model.LONGEST_NOTE or "\0" in text:
            raise NoteTooLong(field=name, limit=model.LONGEST_NOTE)
