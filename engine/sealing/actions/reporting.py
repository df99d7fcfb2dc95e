"""Filing seals with the public security register, and telling people in time that one comes to its end."""

from __future__ import annotations

from engine.kernel import clock, errors
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.sealing import model, store
from engine.sealing.queries import offers

# How many days before its end whoever looks after a seal is told; the last of them is the end itself.
NOTICE_DAYS = (60, 30, 7, 0)
_AT_ONCE = 500


class NotRefused(errors.Conflict):
    """Nothing that was filed of this seal was refused. There is nothing to send again."""


def send(op: Operation, found: model.Seal, matter: model.FilingMatter) -> None:
    """File a seal's making, change or end, where its kind is filed. Composed by this stage alone.

    Emits: seal_filing.sent.
    """
    rule = op.policies(policies.SealKindRule).get(found.kind)
    if rule is None or not rule.filed:
        return
    filing = model.SealFiling(
        id=op.new_id("sfl"),
        seal_id=found.id,
        matter=matter,
        status=model.FILING.initial,
        number="",
        reason="",
        created_at=op.now,
        answered_at=None,
    )
    op.insert("seal_filing", filing)
    op.enqueue("file_seal", filing.id)
    op.record("seal_filing.sent", filing.id, seal_id=found.id, matter=matter)


def record_filing(op: Operation, *, filing_id: str, number: str, reason: str) -> model.SealFiling:
    """Record what the register answered: the number of the entry, or why it refused.

    Emits: seal_filing.filed or seal_filing.refused, message.sent. Raises: NotPermitted.
    """
    op.require_system()
    filing = op.get(model.SealFiling, "seal_filing", filing_id)
    if filing.status is not model.FilingStatus.SENT:
        return filing
    verb, fact = ("file", "filed") if number else ("refuse", "refused")
    status = model.FILING.advance(filing.status, verb)
    op.update(
        "seal_filing",
        filing.id,
        {"status": status, "number": number, "reason": reason, "answered_at": op.now},
        was={"status": filing.status},
    )
    found = op.get(model.Seal, "seal", filing.seal_id)
    if number and filing.matter != "cancellation":
        op.update("seal", found.id, {"filing_number": number}, was={"status": found.status})
    op.record(
        f"seal_filing.{fact}", filing.id, seal_id=found.id, matter=filing.matter, reason=reason
    )
    if not number:
        messaging.notify(
            op,
            account_id=found.account_id,
            kind="seal.filing_refused",
            params={"name": found.name},
            subject=found.id,
            todo=True,
        )
    return op.get(model.SealFiling, "seal_filing", filing_id)


def file_again(op: Operation, *, seal_id: str) -> list[model.SealFiling]:
    """Send what the register refused once more, after what kept it out was put right.

    Emits: seal_filing.sent, message.done. Raises: NotAMember, NotFound, NotRefused.
    """
    found = op.get(model.Seal, "seal", seal_id)
    offers.require_keeper(op, found)
    refused = [
        one for one in store.filings(op, seal_id) if one.status is model.FilingStatus.REFUSED
    ]
    if not refused:
        raise NotRefused()
    for one in refused:
        status = model.FILING.advance(one.status, "send")
        op.update(
            "seal_filing",
            one.id,
            {"status": status, "reason": "", "answered_at": None},
            was={"status": one.status},
        )
        op.enqueue("file_seal", one.id)
        op.record("seal_filing.sent", one.id, seal_id=seal_id, matter=one.matter)
    return store.filings(op, seal_id)


def remind_later(op: Operation, found: model.Seal) -> None:
    """Come again on the next day of notice before a seal's end."""
    left = (found.valid_to - days * clock.DAY for days in NOTICE_DAYS)
    due = min((at for at in left if at > op.now), default=None)
    if due is not None:
        op.enqueue("remind_of_seal", found.id, due_at=due)


def remind_of_seal(op: Operation, *, seal_id: str) -> str:
    """Tell who looks after a seal how many days are left of it; what was done.

    Nobody is hurried while another one is being made in its place. Emits: seal.expiring, seal.expired,
    message.sent, message.done. Raises: NotPermitted.
    """
    op.require_system()
    found = op.get(model.Seal, "seal", seal_id)
    if found.status not in model.MADE:
        return "ended"
    days = max(0, -(-(found.valid_to - op.now) // clock.DAY))
    if days:
        remind_later(op, found)
    if store.open_for(op, seal_id) or store.in_place_of(op, seal_id) is not None:
        return "under_way"
    messaging.done(op, subject=found.id)
    op.record("seal.expiring" if days else "seal.expired", found.id, days=days)
    messaging.notify(
        op,
        account_id=found.account_id,
        kind="seal.ends_soon" if days else "seal.has_expired",
        params={
            "name": found.name,
            "days": str(days),
            "day": clock.civil_date(found.valid_to).isoformat(),
        },
        subject=found.id,
        todo=True,
    )
    return "told" if days else "expired"


def look_after_seals(op: Operation) -> int:
    """See to the notices and filings of seals that were made before there were any; how many.

    Once there is a job or an entry for it nothing more happens, however often this comes.
    Emits: seal_filing.sent. Raises: NotPermitted.
    """
    op.require_system()
    filed = [kind for kind, rule in op.policies(policies.SealKindRule).items() if rule.filed]
    unfiled = store.never_filed(op, filed, _AT_ONCE)
    for one in unfiled:
        send(op, one, "making")
    lacking = store.without_reminder(op, _AT_ONCE)
    for one in lacking:
        remind_later(op, one)
    return len(unfiled) + len(lacking)
