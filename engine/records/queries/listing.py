"""Lists of records, page by page, and the lists that staff saved for themselves and for each other."""

from __future__ import annotations

from engine.kernel import codec, errors
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.records import kinds, model, naming, protected, store, values
from engine.staffing import queries as staffing
from engine.staffing.model import Right

_MOST = 500


class CannotFilter(errors.InvalidInput):
    """These records cannot be filtered by this: {what}."""


def listed(q: Reader, wanted: model.Wanted, *, after: str = "", limit: int = 50) -> model.Page:
    """A part of the records of a kind that the reader may see, newest first; `limit` is 1 to 500.

    Raises: CannotFilter, staffing.MayNot.
    """
    staff = staffing.require(q, Right.LOOK_UP, anywhere=True)
    kind = kinds.KINDS[wanted.kind]
    _check(kind, wanted)
    most = min(max(limit, 1), _MOST)
    seen = staffing.within(staff, Right.LOOK_UP, kind.scoped) if kind.scoped else ("", ())
    rows = store.listed(q, kind, wanted, seen, after, most + 1)
    page = rows[:most]
    return model.Page(
        names=tuple(protected.name_of(column) for column in kind.listed),
        rows=tuple(
            model.Row(
                hit=naming.hit_of(q, kind, row),
                created_at=row["created_at"],
                values=tuple(
                    values.of(q, kind.table, row["id"], column, row[column]) or _NOTHING
                    for column in kind.listed
                ),
            )
            for row in page
        ),
        following=page[-1]["id"] if len(rows) > most else "",
    )


_NOTHING = model.Value(form="text")


def _check(kind: kinds.Kind, wanted: model.Wanted) -> None:
    states = _states(kind)
    if wanted.status and wanted.status not in states:
        raise CannotFilter(field="status", what=wanted.status)
    for column in ("platform_id", "agency_id"):
        if getattr(wanted, column) and column not in kind.scoped:
            raise CannotFilter(field=column, what=column)


def _states(kind: kinds.Kind) -> tuple[str, ...]:
    """The states that a record of a kind can be in; of invoices those of red letters too."""
    found = {
        status.value: None
        for reverses in ("", "x")
        for status in kind.states({"reverses": reverses}).workflow.statuses()
    }
    return tuple(found)


def filters(q: Reader, kind: model.KindName) -> model.Filters:
    """What a kind's list can be filtered by.

    Raises: staffing.MayNot.
    """
    staffing.require(q, Right.LOOK_UP, anywhere=True)
    found = kinds.KINDS[kind]
    family = found.states({"reverses": ""}).family
    authorities = {
        name: one.label
        for known in (q.policies(policies.CertificateAgency), q.policies(policies.SealAgency))
        for name, one in known.items()
    }
    platforms = q.policies(policies.Platform) if "platform_id" in found.scoped else {}
    return model.Filters(
        states={status: f"{family}.{status}" for status in _states(found)},
        platforms={name: one.label for name, one in platforms.items()},
        agencies=authorities if "agency_id" in found.scoped else {},
    )


def views(q: Reader) -> list[model.View]:
    """The reader's saved lists, then the shared ones of others.

    Raises: staffing.MayNot.
    """
    me = staffing.require(q, Right.LOOK_UP, anywhere=True).staff_id
    return [
        model.View(
            id=row.id,
            name=row.name,
            wanted=codec.adapter_for(model.Wanted).validate_python(dict(row.wanted)),
            shared=bool(row.shared),
            mine=row.staff_id == me,
            owner=staffing.name_of(q, row.staff_id),
        )
        for row in store.views(q, me)
    ]
