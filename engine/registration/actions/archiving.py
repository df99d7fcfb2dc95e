"""What is destroyed and what is locked away when an account has ended, and who may read it (PI-4)."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.engine import step_up, unstored
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.policies import queries as settings
from engine.registration import queries
from engine.registration.actions.terminating import GroundUnknown
from engine.registration.model import closing as model
from engine.registration.queries import closing as closings
from engine.registration.store import closing as store
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Right


class ArchiveLocked(errors.NotPermitted):
    """This archive is locked. Ask for its release; a colleague has to agree."""


class ArchiveDestroyed(errors.NotFound):
    """What this archive held was destroyed when the law had it kept long enough."""


class RequestRunning(errors.Conflict):
    """You have asked for this archive already. Wait for your colleague's answer."""


def erase(op: Operation, *, closing_id: str, receipt_sent: bool) -> model.Archive:
    """Destroy an ended account's profile, and lock its evidence away until the law lets it go.

    Who never had a certificate leaves nothing. Done once: again it changes nothing.
    Emits: account.erased, archive.locked or archive.destroyed.
    """
    op.require_system()
    closing = op.get(model.Closing, "closing", closing_id)
    account = queries.account(op, closing.account_id)
    known = store.archive_of(op, account.id)
    if known is not None or closing.status is not model.ClosingStatus.CLOSED:
        return known or op.get(model.Archive, "archive", closing_id)
    until = closings.released_at(op, closings.kept(op, account.id))
    archive = model.Archive(
        id=op.new_id("arc"),
        account_id=account.id,
        subject_id=account.subject_id,
        closing_id=closing.id,
        status=model.ARCHIVE.initial,
        policy_version=None
        if until is None
        else settings.version_in_force(op, policies.Retention, until[1]).id,
        release_at=op.now if until is None else until[0],
        created_at=op.now,
        destroyed_at=None,
    )
    op.insert("archive", archive)
    op.lock_evidence(account.subject_id)
    op.destroy_key(account.subject_id, "profile")
    op.record("archive.locked", archive.id, account_id=account.id, release_at=archive.release_at)
    op.record("account.erased", account.id, receipt_sent=receipt_sent)
    if until is None:
        return destroy_archive(op, archive_id=archive.id)
    op.enqueue("release_archive", archive.id, due_at=archive.release_at)
    return archive


def destroy_archive(op: Operation, *, archive_id: str) -> model.Archive:
    """The release date has come: the key of what was kept is destroyed.

    Emits: archive.destroyed.
    """
    op.require_system()
    archive = op.get(model.Archive, "archive", archive_id)
    if archive.status is model.ArchiveStatus.DESTROYED or op.now < archive.release_at:
        return archive
    status = model.ARCHIVE.advance(archive.status, "destroy")
    op.update(
        "archive",
        archive.id,
        {"status": status, "destroyed_at": op.now},
        was={"status": archive.status},
    )
    op.destroy_key(archive.subject_id, "archive")
    op.record("archive.destroyed", archive.id, account_id=archive.account_id)
    return op.get(model.Archive, "archive", archive_id)


def request_release(op: Operation, *, archive_id: str, reason: str) -> model.ArchiveRequest:
    """Ask to read an archive, on a ground; a second member of staff decides.

    Emits: archive.requested, case.opened.
    Raises: MayNot, GroundUnknown, ArchiveDestroyed, RequestRunning, NotFound.
    """
    staffing.require(op, Right.MANAGE_ACCOUNTS)
    archive = op.get(model.Archive, "archive", archive_id)
    if reason not in cases.reasons_for(op, "archive_ground"):
        raise GroundUnknown(field="reason")
    if archive.status is not model.ArchiveStatus.LOCKED:
        raise ArchiveDestroyed(what="archive")
    request = model.ArchiveRequest(
        id=op.new_id("arq"),
        archive_id=archive.id,
        requester=op.actor.text,
        reason=reason,
        status=model.READING.initial,
        reasons=(),
        decided_by=None,
        created_at=op.now,
        decided_at=None,
        open_until=None,
    )
    try:
        op.insert("archive_request", request)
    except errors.Conflict:
        raise RequestRunning() from None
    op.record("archive.requested", archive.id, request_id=request.id, reason=reason)
    reviewing.open_case(
        op,
        kind="archive_release",
        subject_id=request.id,
        title=archive.id,
        maker=op.actor.text,
        corrects=cases.corrected(op, store.earlier_requests(op, request)),
    )
    return request


@step_up
@unstored
def released(op: Operation, *, archive_id: str) -> model.Retained:
    """What an archive holds, to whom it was opened, for a day; every reading is recorded.

    Emits: archive.read. Raises: MayNot, ArchiveLocked, ArchiveDestroyed.
    """
    staffing.require(op, Right.MANAGE_ACCOUNTS)
    archive = op.get(model.Archive, "archive", archive_id)
    request = store.newest_request(op, archive.id, op.actor.text)
    if request is None or request.open_until is None or op.now >= request.open_until:
        raise ArchiveLocked()
    if archive.status is not model.ArchiveStatus.LOCKED:
        raise ArchiveDestroyed(what="archive")
    op.record("archive.read", archive.id, request_id=request.id, reason=request.reason)
    return _retained(op, archive, request.open_until)


def _retained(op: Operation, archive: model.Archive, open_until: int) -> model.Retained:
    proofs = store.matched_proofs(op, archive.account_id)

    def proven(column: str, sealed: bytes) -> str:
        place = f"real_name_proof|{column}|{proofs[0].id}"
        return op.open(archive.subject_id, place, sealed, "archive")

    return model.Retained(
        archive_id=archive.id,
        name=proven("name", proofs[0].name) if proofs else "",
        resident_id=proven("resident_id", proofs[0].resident_id) if proofs else "",
        proofs=tuple(
            {
                "id": one.id,
                "way": one.way,
                "reference": one.reference,
                "created_at": one.created_at,
                "decided_at": one.decided_at,
            }
            for one in proofs
        ),
        certificates=tuple(
            store.plain(row, ("id", *owned.columns))
            for owned in op.parts.owned
            if owned.table == "certificate"
            for row in store.own_rows(op, owned, archive.account_id)
        ),
        open_until=open_until,
    )
