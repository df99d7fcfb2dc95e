"""What somebody may do to many, and what a filter finds for it."""

from __future__ import annotations

from engine.bulk import acts
from engine.issuing import model as certificates
from engine.issuing import queries as issuing
from engine.kernel import errors, jobs
from engine.kernel.reader import Reader
from engine.operating import queries as operating
from engine.policies import model as policies
from engine.reviewing import model as cases
from engine.reviewing import queries as reviewing
from engine.staffing import queries as staffing


def offered(q: Reader, target: str = "") -> tuple[str, ...]:
    """The acts that the reader may do to many somewhere, of one target or of any.

    Cases are chosen from the queue: whoever does not see it is offered nothing that is done to them.
    """
    at_desk = bool(reviewing.kinds_seen(q))
    return tuple(
        name
        for name, act in acts.ACTS.items()
        if target in ("", act.target)
        and (at_desk or act.target != "case")
        and any(staffing.has(q.actor, right, anywhere=True) for right in act.rights)
    )


def require_act(q: Reader, name: str, target: str) -> acts.Act:
    """An act upon a target that the actor may do somewhere.

    Raises: NotFound, MayNot.
    """
    act = acts.ACTS.get(name)
    if act is None or act.target != target:
        raise errors.NotFound(what="bulk act")
    if target == "case":
        reviewing.reviewer(q)
    if name not in offered(q):
        staffing.require(q, act.rights[0], anywhere=True)
    return act


def rules(q: Reader) -> policies.BulkRules:
    """How many at most, and when a second person has to agree."""
    return q.policy(policies.BulkRules)


def cases_of(q: Reader, wanted: cases.Wanted, most: int) -> list[str]:
    """Every case that a filter shows the reader, in the queue's order; one more than `most` at most."""
    found: list[str] = []
    after = ""
    while len(found) <= most:
        page = reviewing.page(q, wanted, after=after, limit=200, counted=False)
        found += [row.case.id for row in page.rows]
        after = page.following
        if not after:
            break
    return found[: most + 1]


def certificates_of(q: Reader, wanted: certificates.Chosen, most: int) -> list[str]:
    """Every certificate that a filter finds for the reader; one more than `most`. Raises: MayNot."""
    return list(issuing.chosen(q, wanted)[: most + 1])


def jobs_of(q: Reader, kind: str, most: int) -> list[str]:
    """The stuck jobs (of a kind, where given), the oldest first; one more than `most`. Raises: MayNot."""
    operating.require(q)
    return [one.id for one in jobs.stuck(q.connection, kind=kind, most=most + 1)]
