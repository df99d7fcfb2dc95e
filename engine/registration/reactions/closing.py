"""What follows for an account from the decision on its closing, and for an archive from a second yes."""

from __future__ import annotations

from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.registration.actions import closing as actions
from engine.registration.model import closing as model
from engine.reviewing.model import Decision


def decide_cancellation(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """The account is cancelled for good, or goes on.

    Emits: account.cancelled and what it says, or cancellation.rejected, message.sent.
    Raises: CancellationBlocked when something has come up since it was asked for.
    """
    closing = op.get(model.Closing, "closing", subject_id)
    if decision.approved:
        actions.require_free(op, closing.account_id, bool(closing.revoke_certificates))
        actions.end_account(op, closing, decided_by=decision.decided_by)
        return
    actions.move(
        op,
        closing,
        "reject",
        "cancellation.rejected",
        decided_by=decision.decided_by,
        decided_at=op.now,
        ended_at=op.now,
        reasons=decision.reasons,
    )
    messaging.notify(
        op, account_id=closing.account_id, kind="cancellation.rejected", subject=closing.id
    )


def decide_account_termination(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """The person is told, and has the notice period to appeal; or nothing comes of it.

    Emits: termination.noticed or termination.rejected, message.sent.
    """
    closing = op.get(model.Closing, "closing", subject_id)
    about = {"decided_by": decision.decided_by, "decided_at": op.now}
    if not decision.approved:
        actions.move(
            op,
            closing,
            "reject",
            "termination.rejected",
            ended_at=op.now,
            reasons=decision.reasons,
            **about,
        )
        return
    days = op.policy(policies.AccountClosing).notice_business_days
    due_at = model.notice_ends(op.now, days)
    closing = actions.move(
        op, closing, "give_notice", "termination.noticed", due_at=due_at, **about
    )
    actions.stage_end(op, closing)
    actions.tell(op, closing, "termination.noticed", actions.NOTICE_SMS)


def decide_termination_appeal(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """The account stays, or the notice runs on for what was left of it.

    Emits: termination.lifted or termination.appeal_dismissed, message.sent.
    """
    closing = op.get(model.Closing, "closing", subject_id)
    if decision.approved:
        closing = actions.move(op, closing, "uphold", "termination.lifted", ended_at=op.now)
        actions.tell(op, closing, "termination.lifted", actions.LIFTED_SMS)
        return
    due_at = model.after_standing_still(
        closing.due_at or op.now, closing.appealed_at or op.now, op.now
    )
    closing = actions.move(
        op,
        closing,
        "dismiss",
        "termination.appeal_dismissed",
        due_at=due_at,
        reasons=decision.reasons,
    )
    actions.stage_end(op, closing)
    actions.tell(op, closing, "termination.appeal_dismissed", actions.DISMISSED_SMS)


def decide_archive_release(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """An archive is open to whoever asked for it, for a day; or stays locked.

    Emits: archive.opened, archive.request_rejected.
    """
    request = op.get(model.ArchiveRequest, "archive_request", subject_id)
    status = model.READING.advance(request.status, "grant" if decision.approved else "reject")
    op.update(
        "archive_request",
        request.id,
        {
            "status": status,
            "reasons": decision.reasons,
            "decided_by": decision.decided_by,
            "decided_at": op.now,
            "open_until": op.now + model.READING_MS if decision.approved else None,
        },
        was={"status": request.status},
    )
    fact = "archive.opened" if decision.approved else "archive.request_rejected"
    op.record(fact, request.archive_id, request_id=request.id, requester=request.requester)
