"""Cancelling one's own account, and what ends an account whoever wants it ended (ACC-7, PI-4)."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.registration import queries
from engine.registration.actions import closing_enterprises
from engine.registration.model import closing as model
from engine.registration.model.accounts import ACCOUNT
from engine.registration.model.claims import CLAIM, OPEN_CLAIMS
from engine.registration.model.proofs import PROOF
from engine.registration.queries import closing as closings
from engine.registration.store import closing as store
from engine.registration.store.enterprises import claims_of
from engine.registration.store.members import memberships_of
from engine.registration.store.proofs import open_proof
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.scanning import actions as scanning

NOTICE_SMS = "【印信】您的账号将被终止使用，期满前可以登录标证通查看原因并提出申诉。"
LIFTED_SMS = "【印信】您的申诉成立，账号可以继续使用。"
DISMISSED_SMS = "【印信】您的申诉未获支持，账号将在通知期届满时终止使用。"
CLOSED_SMS = "【印信】您的账号已注销，数据已依法删除或封存，不能恢复。"


class NotConfirmed(errors.InvalidInput):
    """A cancelled account and its data cannot be restored. Read what follows and confirm it first."""


class CancellationBlocked(errors.PolicyRefused):
    """{count} things stand in the way of cancelling the account. Settle what is listed and ask again."""


class ClosingRunning(errors.Conflict):
    """The account is being closed already. Wait for the answer."""


class NothingToWithdraw(errors.NotFound):
    """There is no cancellation that could be withdrawn."""


def require_free(op: Operation, account_id: str, revoke_certificates: bool) -> None:
    """Refuse while something stands in the way; the refusal names each kind of thing.

    Raises: CancellationBlocked.
    """
    left = closings.standing_in_the_way(op, account_id, revoke_certificates=revoke_certificates)
    if left:
        codes = " ".join(sorted({note.code for note in left}))
        raise CancellationBlocked(field="blockers", count=len(left), blockers=codes)


@second_factor
def request_cancellation(
    op: Operation, *, confirmed: bool, revoke_certificates: bool
) -> model.MyClosing:
    """Ask for one's own account to be cancelled for good; staff decide.

    Emits: cancellation.requested, case.opened.
    Raises: NotConfirmed, ClosingRunning, CancellationBlocked, SecondFactorNeeded.
    """
    account = queries.account(op, queries.person(op).account_id)
    if not confirmed:
        raise NotConfirmed(field="confirmed")
    require_free(op, account.id, revoke_certificates)
    closing = open_closing(
        op,
        account.id,
        kind=model.ClosingKind.CANCELLATION,
        revoke_certificates=revoke_certificates,
    )
    op.record("cancellation.requested", closing.id, account_id=account.id)
    reviewing.open_case(
        op,
        kind="cancellation",
        subject_id=closing.id,
        title=account.id,
        maker=op.actor.text,
        corrects=corrected(op, closing),
    )
    shown = closings.my_closing(op)
    assert shown is not None
    return shown


def corrected(op: Operation, closing: model.Closing) -> str | None:
    """The rejection that a closing answers: of the one of its kind before it."""
    return cases.corrected(op, store.earlier_closings(op, closing))


def open_closing(
    op: Operation,
    account_id: str,
    *,
    kind: model.ClosingKind,
    revoke_certificates: bool = True,
    reason: str = "",
    note: bytes | None = None,
    closing_id: str = "",
) -> model.Closing:
    """Begin to close an account; one closing at a time. The caller records the fact.

    Raises: ClosingRunning.
    """
    if store.open_closing(op, account_id) is not None:
        raise ClosingRunning()
    closing = model.Closing(
        id=closing_id or op.new_id("cls"),
        account_id=account_id,
        kind=kind,
        status=model.CLOSING.initial,
        revoke_certificates=int(revoke_certificates),
        reason=reason,
        reasons=(),
        note=note,
        appeal=None,
        proposed_by=op.actor.text,
        decided_by=None,
        created_at=op.now,
        decided_at=None,
        due_at=None,
        appealed_at=None,
        ended_at=None,
    )
    op.insert("closing", closing)
    return closing


def withdraw_cancellation(op: Operation) -> model.MyClosing:
    """Take a cancellation back that nobody has decided yet; the account goes on.

    Emits: cancellation.withdrawn, case.withdrawn. Raises: NothingToWithdraw.
    """
    account_id = queries.person(op).account_id
    closing = store.open_closing(op, account_id)
    if closing is None or closing.kind is not model.ClosingKind.CANCELLATION:
        raise NothingToWithdraw(what="cancellation")
    move(op, closing, "withdraw", "cancellation.withdrawn", ended_at=op.now)
    reviewing.withdraw(op, subject_id=closing.id)
    shown = closings.my_closing(op)
    assert shown is not None
    return shown


def move(
    op: Operation, closing: model.Closing, verb: str, fact: str, **changes: object
) -> model.Closing:
    """One step of the closing's table, with its fact."""
    status = model.CLOSING.advance(closing.status, verb)
    op.update("closing", closing.id, {"status": status, **changes}, was={"status": closing.status})
    op.record(fact, closing.id, account_id=closing.account_id, status=status)
    return op.get(model.Closing, "closing", closing.id)


def tell(op: Operation, closing: model.Closing, kind: str, text: str) -> None:
    """Tell a person of their closing in the app and by SMS.

    Emits: message.sent.
    """
    messaging.notify(
        op, account_id=closing.account_id, kind=kind, subject=closing.id, todo=closing.open
    )
    phone = queries.person_phone(op, closing.account_id)
    op.enqueue("send_sms", closing.id, {"phone": phone, "text": text})


def stage_end(op: Operation, closing: model.Closing) -> None:
    """Let the account end when its notice is due, unless something comes in between."""
    op.enqueue("end_terminated", closing.id, {"due_at": closing.due_at}, due_at=closing.due_at)


def end_account(op: Operation, closing: model.Closing, **decided: object) -> None:
    """The account ends now: nobody signs in, nothing finds it, and a job destroys what it held.

    What follows in other stages (certificates, orders, accounts at platforms) is in `boot`'s table.
    Emits: account.cancelled, closing.closed, member.left, device.removed, ticket.cancelled, claim.rejected,
    proof.mismatched, case.withdrawn.
    """
    account = queries.account(op, closing.account_id)
    phone = queries.person_phone(op, account.id)
    move(op, closing, "close", "closing.closed", ended_at=op.now, **_decision(op, decided))
    status = ACCOUNT.advance(account.status, "cancel")
    op.update("account", account.id, {"status": status}, was={"status": account.status})
    op.record("account.cancelled", account.id, closing_id=closing.id, kind=closing.kind)
    store.forget(op, account, phone)
    for device_id in store.devices(op, account.id):
        # A label may be a person's name: "李晓东的手机".
        op.update(
            "device",
            device_id,
            {"label": "", "removed_at": op.now},
            was={"account_id": account.id, "removed_at": None},
        )
        op.record("device.removed", device_id, account_id=account.id)
    for one in memberships_of(op, account.id):
        closing_enterprises.leave(op, one)
    scanning.end_of_account(op, account_id=account.id)
    _end_what_runs(op, account.id)
    op.enqueue("close_account", closing.id, {"phone": phone, "text": CLOSED_SMS})


def _end_what_runs(op: Operation, account_id: str) -> None:
    """What only an account that staff ended leaves open: nobody is there any more for the answer.

    Emits: proof.mismatched, claim.rejected, case.withdrawn.
    """
    proof = open_proof(op, account_id)
    if proof is not None:
        verb = "mismatch" if PROOF.allows(proof.status, "mismatch") else "lapse"
        op.update(
            "real_name_proof",
            proof.id,
            {
                "status": PROOF.advance(proof.status, verb),
                "reason": "account_ended",
                "decided_at": op.now,
            },
            was={"status": proof.status},
        )
        store.forget_jobs(op, proof.id)
        op.record("proof.mismatched", proof.id, account_id=account_id)
    for claim in claims_of(op, account_id):
        if claim.status in OPEN_CLAIMS:
            status = CLAIM.advance(claim.status, "reject")
            op.update(
                "enterprise_claim",
                claim.id,
                {"status": status, "decided_at": op.now},
                was={"status": claim.status},
            )
            op.record("claim.rejected", claim.id, decided_by=op.actor.text)
            reviewing.close_open(op, subject_id=claim.id)


def _decision(op: Operation, decided: dict[str, object]) -> dict[str, object]:
    return {**decided, "decided_at": op.now} if decided else {}
