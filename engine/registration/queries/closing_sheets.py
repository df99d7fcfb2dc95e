"""What reviewers see of an account that is to be closed, and of an archive that somebody wants to read."""

from __future__ import annotations

from engine.kernel import clock, identifiers
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.registration.model import closing as model
from engine.registration.queries import closing as closings
from engine.registration.queries.accounts import account, person_name, person_phone
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases


def _account_fields(q: Reader, account_id: str) -> tuple[reviewing.SheetField, ...]:
    found = account(q, account_id)
    return (
        cases.masked(
            q, "name", label="Name", whole=person_name(q, account_id), mask=identifiers.masked_name
        ),
        cases.masked(
            q,
            "phone",
            label="Phone number",
            whole=person_phone(q, account_id),
            mask=identifiers.masked_phone,
        ),
        reviewing.SheetField(
            name="account",
            label="Account opened",
            value=f"{clock.civil_date(found.created_at):%Y-%m-%d}",
        ),
    )


def review_sheet_cancellation(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What staff see of a cancellation: whose account, and whether anything stands in the way."""
    closing = q.get(model.Closing, "closing", subject_id)
    if closing.status is model.ClosingStatus.CLOSED:
        return reviewing.Sheet(fields=())
    left = closings.standing_in_the_way(
        q, closing.account_id, revoke_certificates=bool(closing.revoke_certificates)
    )
    live = sum(one.live for one in closings.kept(q, closing.account_id))
    return reviewing.Sheet(
        fields=(
            *_account_fields(q, closing.account_id),
            reviewing.SheetField(
                name="certificates", label="Certificates to be revoked", value=str(live)
            ),
        ),
        checks=(
            reviewing.Check(
                label="Nothing stands in the way",
                ok=not left,
                detail=tuple(sorted({note.code for note in left})),
            ),
            reviewing.Check(label="The person was told that nothing can be restored", ok=True),
        ),
    )


def review_sheet_account_termination(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the second member of staff sees of a proposed termination."""
    closing = q.get(model.Closing, "closing", subject_id)
    if closing.status is model.ClosingStatus.CLOSED:
        return reviewing.Sheet(fields=())
    reason = q.policies(policies.Reason).get(closing.reason)
    return reviewing.Sheet(
        fields=(
            *_account_fields(q, closing.account_id),
            reviewing.SheetField(
                name="reason",
                label="Ground for termination",
                value=closing.reason if reason is None else reason.text,
            ),
            reviewing.SheetField(
                name="note", label="Note of the proposer", value=_opened(q, closing, "note")
            ),
        ),
        checks=(
            reviewing.Check(
                label="Nothing stands in the way",
                ok=not closings.blockers(q, closing.account_id),
                detail=tuple(sorted({n.code for n in closings.blockers(q, closing.account_id)})),
            ),
        ),
    )


def review_sheet_termination_appeal(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What those who decide an appeal see: the termination, and what its person says."""
    sheet = review_sheet_account_termination(q, subject_id)
    closing = q.get(model.Closing, "closing", subject_id)
    if closing.status is model.ClosingStatus.CLOSED:
        return sheet
    said = reviewing.SheetField(name="appeal", label="Appeal", value=_opened(q, closing, "appeal"))
    return reviewing.Sheet(fields=(*sheet.fields, said), checks=sheet.checks)


def _opened(q: Reader, closing: model.Closing, column: str) -> str:
    sealed: bytes | None = getattr(closing, column)
    if sealed is None:
        return ""
    subject_id = account(q, closing.account_id).subject_id
    return q.open(subject_id, f"closing|{column}|{closing.id}", sealed)


def review_sheet_archive_release(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What the second member of staff sees of a request to read an archive: nothing of what is in it."""
    request = q.get(model.ArchiveRequest, "archive_request", subject_id)
    archive = q.get(model.Archive, "archive", request.archive_id)
    reason = q.policies(policies.Reason).get(request.reason)
    return reviewing.Sheet(
        fields=(
            reviewing.SheetField(name="archive", label="Archive", value=archive.id),
            reviewing.SheetField(
                name="reason",
                label="Ground for reading",
                value=request.reason if reason is None else reason.text,
            ),
            reviewing.SheetField(
                name="release",
                label="Locked until",
                value=f"{clock.civil_date(archive.release_at):%Y-%m-%d}",
            ),
        ),
        checks=(
            reviewing.Check(
                label="The archive still exists", ok=archive.status is model.ArchiveStatus.LOCKED
            ),
        ),
    )
