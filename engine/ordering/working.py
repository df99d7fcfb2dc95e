"""Which orders can go on now, and what can be ordered from a certification authority."""

from __future__ import annotations

from collections.abc import Iterator

from engine.incidents import queries as incidents
from engine.kernel import notes
from engine.kernel.reader import Reader
from engine.ordering import model
from engine.policies import model as policies


def working(q: Reader, within: notes.Within) -> list[notes.Note]:
    """The orders under way whose certificate can be issued; of a CA also what platforms offer of it."""
    where, given = within.where("o")
    open_ = [one for one in model.OrderStatus if not model.ORDER.terminal(one)]
    marks = ", ".join("?" for _ in open_)
    rows = q.rows(
        "SELECT o.id, o.number, o.agency_id FROM certificate_order o"  # noqa: S608
        f" WHERE {where} AND o.status IN ({marks}) ORDER BY o.id",
        (*given, *open_),
    )
    stopped = {one: incidents.stopped(q, one) for one in {row["agency_id"] for row in rows}}
    found = [
        notes.Note(code="works.order", subject=row["id"], params={"number": row["number"]})
        for row in rows
        if stopped[row["agency_id"]] is None
    ]
    return found + list(_offered(q, within.agency_id))


def _offered(q: Reader, agency_id: str) -> Iterator[notes.Note]:
    if not agency_id or incidents.stopped(q, agency_id) is not None:
        return
    for name, platform in q.policies(policies.Platform).items():
        if platform.open and agency_id in platform.agencies:
            yield notes.Note(
                code="works.offer", subject=f"{name}|{agency_id}", params={"platform": name}
            )
