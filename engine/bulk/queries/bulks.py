"""What is done to many, as who made it, who may agree to it, and auditors see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.bulk import acts, model, store
from engine.bulk.queries.choosing import offered, rules
from engine.kernel import actors, clock, codec, errors, paging
from engine.kernel.reader import Reader
from engine.reviewing import queries as reviewing
from engine.staffing import queries as staffing
from engine.staffing.model import Right

PAGE = 50
# Instead of an end: whatever refusal, and none yet.
REFUSED, OPEN = "refused", "open"


class NotYours(errors.NotFound):
    """There is no such bulk act that you may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A bulk act with how far it is, and what its reader may do with it (verbs of its course).

    `second` says that a second person has to agree, `proof` that a second factor is proved at the start.
    """

    bulk: model.Bulk
    progress: model.Progress
    possible: tuple[str, ...]
    second: bool
    proof: bool
    maker: str
    approver: str
    sample: tuple[model.Item, ...]
    titles: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A part of the items; `following` is the position to go on behind, -1 at the end."""

    items: tuple[model.Item, ...]
    titles: dict[str, str]
    following: int


def needs_second(q: Reader, bulk: model.Bulk) -> bool:
    """Whether a second person has to agree: to what cannot be taken back, and to many."""
    return acts.ACTS[bulk.act].final or bulk.size > rules(q).alone_up_to


def may_agree(q: Reader, bulk: model.Bulk) -> bool:
    """Whether the reader may agree to it, or end it: could act upon every item, or leads there."""
    return all(
        any(
            staffing.has(q.actor, Right(one), platform_id=platform_id, agency_id=agency_id)
            for one in _enough(bulk, right)
        )
        for right, platform_id, agency_id in bulk.places
    )


def _enough(bulk: model.Bulk, right: str) -> tuple[str, ...]:
    leads = acts.ACTS[bulk.act].target == "case"
    return (right, Right.LEAD_REVIEWS.value) if leads else (right,)


def is_maker(q: Reader, bulk: model.Bulk) -> bool:
    """Whether the reader made it."""
    return isinstance(q.actor, actors.Staff) and q.actor.staff_id == bulk.made_by


def bulk(q: Reader, bulk_id: str) -> model.Bulk:
    """A bulk act that the reader made, may agree to, or audits.

    Raises: NotYours.
    """
    found = q.first(model.Bulk, "SELECT * FROM bulk_act WHERE id = ?", (bulk_id,))
    if found is None or not _sees(q, found):
        raise NotYours(what="bulk act")
    return found


def _sees(q: Reader, found: model.Bulk) -> bool:
    return (
        isinstance(q.actor, actors.System)
        or is_maker(q, found)
        or may_agree(q, found)
        or staffing.has(q.actor, Right.AUDIT)
    )


def progress(q: Reader, found: model.Bulk) -> model.Progress:
    """How far a bulk act is."""
    lately = 0
    if found.status is model.BulkStatus.RUNNING:
        lately = store.lately(q, found.id, max(found.ran_from or 0, q.now - clock.MINUTE))
    ran = found.ran(q.now) if found.ran_ms == 0 else q.now - (found.ran_from or q.now)
    return model.progress(found.size, store.counts(q, found.id), lately=lately, ran_ms=ran)


def possible(q: Reader, found: model.Bulk) -> tuple[str, ...]:
    """What the reader may do with it now: the buttons of its page."""
    mine, agrees = is_maker(q, found), may_agree(q, found)
    ready = found.status is model.BulkStatus.APPROVED or not needs_second(q, found)
    allowed = {
        "approve": agrees and not mine and not ready,
        "start": mine and ready,
        "rehearse_again": mine,
        "drop": mine,
        "pause": mine or agrees,
        "go_on": mine,
        "stop": mine or agrees,
    }
    return tuple(verb for verb in model.BULK.verbs(found.status) if allowed.get(verb))


def one(q: Reader, bulk_id: str) -> Shown:
    """A bulk act with how far it is, and the head of its list. Raises: NotYours."""
    found = bulk(q, bulk_id)
    return _shown(q, found, sample=8)


def _shown(q: Reader, found: model.Bulk, *, sample: int = 0) -> Shown:
    head: tuple[model.Item, ...] = ()
    titles: dict[str, str] = {}
    if sample:
        ids = store.listed(q, found.id)[:sample]
        head = tuple(
            model.Item(
                id=model.item_key(found.id, place),
                bulk_id=found.id,
                position=place,
                item_id=item,
                foreseen="",
            )
            for place, item in enumerate(ids)
        )
        titles = _titles(q, found, ids)
    return Shown(
        bulk=found,
        progress=progress(q, found),
        possible=possible(q, found),
        second=needs_second(q, found),
        proof=acts.ACTS[found.act].proof,
        maker=staffing.name_of(q, found.made_by),
        approver=staffing.name_of(q, found.approved_by) if found.approved_by else "",
        sample=head,
        titles=titles,
    )


def _titles(q: Reader, found: model.Bulk, ids: Sequence[str]) -> dict[str, str]:
    """How things are called, without the cases that the reader has to do with as a customer."""
    target = acts.ACTS[found.act].target
    titles = store.titles(q, target, ids)
    if target == "case" and isinstance(q.actor, actors.Staff):
        theirs = reviewing.conflicting(q, q.actor.staff_id)
        for case_id, maker in store.makers(q, ids if theirs else ()).items():
            if maker in theirs:
                titles.pop(case_id, None)
    return titles


def listed(q: Reader, *, window: paging.Window | None = None) -> list[Shown]:
    """The bulk acts that the reader sees, newest first.

    Raises: MayNot for who may neither do nor audit any.
    """
    staff = q.actor
    audits = staffing.has(staff, Right.AUDIT)
    if not isinstance(staff, actors.Staff) or not (audits or offered(q)):
        raise staffing.MayNot(right=Right.LEAD_REVIEWS.value)
    window = window or paging.Window(limit=PAGE)
    seen: list[model.Bulk] = []
    part = window
    while len(seen) < window.limit:
        found = store.bulks(q, part)
        seen += [each for each in found if _sees(q, each)]
        if len(found) < part.limit:
            break
        part = paging.Window(limit=window.limit, after=(found[-1].id,))
    return [_shown(q, each) for each in seen[: window.limit]]


def items(
    q: Reader,
    *,
    bulk_id: str,
    foreseen: str = "",
    outcome: str = "",
    otherwise: bool = False,
    after: int = -1,
    limit: int = PAGE,
) -> Items:
    """A part of the items in their order, of one foreseen end or of one end; `otherwise` than foreseen.

    An end is `done`, a refusal's code, `refused` for any of those, or `open` where there is none yet.

    Raises: NotYours.
    """
    found = bulk(q, bulk_id)
    limit = max(1, min(limit, 500))
    told = store.shown(
        q,
        found.id,
        foreseen=foreseen,
        outcome=outcome,
        otherwise=otherwise,
        after=after,
        limit=limit + 1,
    )
    ids = [each.item_id for each in told[:limit]]
    return Items(
        items=tuple(told[:limit]),
        titles=_titles(q, found, ids),
        following=told[limit - 1].position if len(told) > limit else -1,
    )


def given(found: model.Bulk) -> model.Given:
    """What an act is told beside its items."""
    told: model.Given = codec.adapter_for(model.Given).validate_python(dict(found.given))
    return told
