"""Ending somebody else's account: proposed by one, decided by another, with notice and appeal (ACC-7)."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.engine import step_up
from engine.kernel.operation import Operation
from engine.registration import queries
from engine.registration.actions import closing as closings
from engine.registration.model import closing as model
from engine.registration.model.accounts import AccountStatus
from engine.registration.store import closing as store
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Right

NOTE_AT_MOST, APPEAL_AT_LEAST, APPEAL_AT_MOST = 500, 10, 1_000


class GroundUnknown(errors.InvalidInput):
    """Choose one of the listed grounds."""


class AccountEnded(errors.PolicyRefused):
    """This account was cancelled already."""


class NothingToAppeal(errors.PolicyRefused):
    """There is nothing to appeal against: your account is not being ended."""


class AppealedAlready(errors.PolicyRefused):
    """You have appealed once, and the appeal was answered. The decision stands."""


class AppealTooShort(errors.InvalidInput):
    """Say in {least} to {most} characters why the account should not be ended."""


@step_up
def propose_termination(
    op: Operation, *, account_id: str, reason: str, note: str
) -> model.ClosingStatus:
    """Propose to end an account, with a ground and what speaks for it; another member of staff decides.

    Emits: termination.proposed, case.opened.
    Raises: MayNot, GroundUnknown, AccountEnded, ClosingRunning, NotFound.
    """
    staffing.require(op, Right.MANAGE_ACCOUNTS)
    account = queries.account(op, account_id)
    if reason not in cases.reasons_for(op, "termination_ground"):
        raise GroundUnknown(field="reason")
    if account.status is AccountStatus.CANCELLED:
        raise AccountEnded()
    closing_id, said = op.new_id("cls"), note.strip()[:NOTE_AT_MOST]
    closing = closings.open_closing(
        op,
        account.id,
        kind=model.ClosingKind.TERMINATION,
        reason=reason,
        note=op.seal(account.subject_id, f"closing|note|{closing_id}", said),
        closing_id=closing_id,
    )
    op.record("termination.proposed", closing.id, account_id=account.id, reason=reason)
    reviewing.open_case(
        op,
        kind="account_termination",
        subject_id=closing.id,
        title=account.id,
        maker=op.actor.text,
        # Nobody decides on their own account.
        excluded=(f"person:{account.id}",),
        corrects=closings.corrected(op, closing),
    )
    return closing.status


def appeal(op: Operation, *, text: str) -> model.ClosingStatus:
    """Say why one's account should not be ended; the notice stands still until others have answered.

    Emits: termination.appealed, case.opened.
    Raises: NothingToAppeal, AppealedAlready, AppealTooShort.
    """
    account = queries.account(op, queries.person(op).account_id)
    closing = store.open_closing(op, account.id)
    if closing is None or not model.CLOSING.allows(closing.status, "appeal"):
        raise NothingToAppeal()
    if closing.appealed_at is not None:
        raise AppealedAlready()
    said = text.strip()
    if not APPEAL_AT_LEAST <= len(said) <= APPEAL_AT_MOST:
        raise AppealTooShort(field="text", least=APPEAL_AT_LEAST, most=APPEAL_AT_MOST)
    closing = closings.move(
        op,
        closing,
        "appeal",
        "termination.appealed",
        appeal=op.seal(account.subject_id, f"closing|appeal|{closing.id}", said),
        appealed_at=op.now,
    )
    reviewing.open_case(
        op,
        kind="termination_appeal",
        subject_id=closing.id,
        title=account.id,
        maker=op.actor.text,
        excluded=tuple(one for one in (closing.proposed_by, closing.decided_by) if one),
    )
    return closing.status


def end_terminated(op: Operation, *, closing_id: str, due_at: int) -> model.ClosingStatus:
    """The notice is over: the account ends, unless an appeal has stopped the clock or moved it.

    Emits: account.cancelled and what it says, or nothing.
    """
    op.require_system()
    closing = op.get(model.Closing, "closing", closing_id)
    on_time = closing.due_at == due_at and op.now >= due_at
    if closing.status is model.ClosingStatus.NOTICE and on_time:
        closings.end_account(op, closing)
    return op.get(model.Closing, "closing", closing_id).status
