"""Who may have the evidence of a contract: the administrators of its parties, and auditors."""

from __future__ import annotations

from engine.evidence import gathering
from engine.kernel import actors, errors
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


class NotAdministrator(errors.NotPermitted):
    """Only an administrator of a party may have the evidence. Ask yours."""


class NothingSigned(errors.PolicyRefused):
    """Nobody has signed this contract yet, so there is nothing to prove."""


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
