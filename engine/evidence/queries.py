"""Who may have evidence: of a contract its parties' administrators, of an act whoever did it; auditors.

What auditors may have is the whole log: that it holds, its signed heads, its receipts and its export.
"""

from __future__ import annotations

from engine.evidence import checking, gathering, growing, keeping, receipts
from engine.evidence.verifier.heads import TreeHead
from engine.kernel import actors, errors, events
from engine.kernel.engine import require_step_up
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.registration import model as registration
from engine.registration import queries as people
from engine.signing import model as signing
from engine.signing import queries as contracts
from engine.staffing import queries as staffing
from engine.staffing.model import Right

# A pack is made from the tables: it holds no row of its own to be kept right.
INVARIANTS: dict[str, str] = {}
_MOST_HEADS, _MOST_RECEIPTS, _MOST_EVENTS = 1_000, 20, 200


class NotAdministrator(errors.NotPermitted):
    """Only an administrator of a party may have the evidence. Ask yours."""


class NothingSigned(errors.PolicyRefused):
    """Nobody has signed this contract yet, so there is nothing to prove."""


def _require_auditor(q: Reader) -> None:
    """Raises: MayNot."""
    if not isinstance(q.actor, actors.System):
        staffing.require(q, Right.AUDIT)


def require_exporter(q: Reader) -> None:
    """Who may take the whole log along: auditors, with a fresh second factor.

    Raises: MayNot, StepUpNeeded.
    """
    _require_auditor(q)
    require_step_up(q)


def check_log(q: Reader) -> checking.Checked:
    """Whether the whole log holds: its chain, and the tree under every signed head. Source: AUD-1.

    Raises: MayNot.
    """
    _require_auditor(q)
    return checking.check(q.parts, q.connection)


def log_events(q: Reader, wanted: str = "") -> list[events.Event]:
    """The events that a number, an operation's id or a record's id names, oldest first, at most 200.

    With a number, all that its operation recorded; the newest, newest first, where nothing is named.
    Raises: MayNot.
    """
    _require_auditor(q)
    wanted = wanted.strip()
    if not wanted:
        newest = events.head(q.connection).seq
        return events.read(q.connection, after=max(0, newest - _MOST_EVENTS), limit=_MOST_EVENTS)[
            ::-1
        ]
    if wanted.isdecimal():
        number = int(wanted) if len(wanted) < 16 else 0
        one = events.read(q.connection, after=number - 1, limit=1) if number else []
        if not one or one[0].seq != number:
            return []
        return events.of_operation(q.connection, one[0].operation)[:_MOST_EVENTS]
    found = events.of_operation(q.connection, wanted) or events.of_subjects(q.connection, [wanted])
    return found[:_MOST_EVENTS]


def log_standing(q: Reader) -> growing.Standing:
    """How the log stands to its newest signed head, which a look at a few rows tells.

    Raises: MayNot, NoHeadsHere.
    """
    _require_auditor(q)
    return growing.standing(q.parts, q.connection)


def tree_heads(q: Reader, most: int = 100) -> tuple[TreeHead, ...]:
    """The newest signed heads, newest first. `most`: up to 1,000.

    Raises: MayNot, NoHeadsHere.
    """
    _require_auditor(q)
    folder = keeping.folder_of(q.parts)
    if folder is None:
        raise growing.NoHeadsHere()
    return tuple(folder.last(max(1, min(most, _MOST_HEADS))))


def log_growth(q: Reader, first: int, second: int) -> receipts.Growth:
    """The proof that the log only grew between the signed heads over so many events (RFC 9162 2.1.4).

    Raises: MayNot, NoHeadsHere, HeadMissing, HeadGivenUp, LogNotSigned.
    """
    _require_auditor(q)
    return receipts.growth(q, first, second)


def receipt(q: Reader, operation: str) -> receipts.Receipt:
    """The receipt of an operation: for auditors with its events, for staff of what they did themselves.

    A head is signed for it where none is over it yet. Raises: MayNot, NotFound, NoHeadsHere, LogNotSigned.
    """
    own = events.of_operation(q.connection, operation)
    auditor = isinstance(q.actor, actors.System) or staffing.has(q.actor, Right.AUDIT)
    if not auditor and not any(one.actor == q.actor.text for one in own):
        raise staffing.MayNot(right=Right.AUDIT.value)
    return receipts.receipt(q, operation, whole=auditor)


def my_receipts(q: Reader, subject: str) -> tuple[receipts.Receipt, ...]:
    """The receipts of what the person did to a thing of theirs, such as an order, newest first, at most 20.

    What was done to a contract's signatures was done to the contract.
    Raises: NotAdministrator, NotFound, NoHeadsHere, LogNotSigned.
    """
    if not isinstance(q.actor, actors.Person):
        raise NotAdministrator()
    signed = contracts.signatures(q, subject) if subject.startswith("con_") else []
    about = [subject, *(one.id for one in signed)]
    mine = [one for one in events.of_subjects(q.connection, about) if one.actor == q.actor.text]
    wanted = list(dict.fromkeys(one.operation for one in reversed(mine)))[:_MOST_RECEIPTS]
    return tuple(receipts.receipt(q, one, whole=False) for one in wanted)


def require_entitled(q: Reader, contract_id: str) -> signing.Contract:
    """The contract, whose evidence the actor may have. Source: AUD-2.

    Staff need the right to audit and a fresh second factor; what the pack holds of persons is masked or
    stays encrypted, so nothing is released by it. Raises: NotFound, MayNot, StepUpNeeded, NotAdministrator.
    """
    found = contracts.contract(q, contract_id)
    if isinstance(q.actor, actors.Staff):
        staffing.require(q, Right.AUDIT, platform_id=found.platform_id)
        require_step_up(q)
    elif isinstance(q.actor, actors.MallAccount):
        account = mall.signed_in(q)
        mine = people.membership(q, account.enterprise_id, account.account_id)
        if mine is None or mine.role is not registration.MemberRole.ADMINISTRATOR:
            raise NotAdministrator()
    elif not isinstance(q.actor, actors.System):
        raise NotAdministrator()
    return found


def evidence(q: Reader, contract_id: str) -> gathering.Gathered:
    """What stands behind a contract's signatures, for who may have it.

    Raises: NothingSigned, and those of `require_entitled`.
    """
    require_entitled(q, contract_id)
    if not contracts.newest(q, contract_id).signed_by:
        raise NothingSigned()
    return gathering.gather(q, contract_id)
