"""Who is to sign a contract, in which order and until when: as the purchaser's form says it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import clock, errors
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.policies import model as policies
from engine.signing import model, parties


class TooManyParties(errors.InvalidInput):
    """A contract has at most {most} parties."""


class PartyTwice(errors.InvalidInput):
    """An enterprise can be a party of a contract only once."""


class PartyElsewhere(errors.InvalidInput):
    """This party has no account at this platform. Choose one of those there are."""


class TurnsIncomplete(errors.InvalidInput):
    """Say for every party when it signs, each once."""


class DeadlineOver(errors.InvalidInput):
    """The time to sign ends in the future, at most {days} days from now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """`others` are mall accounts beside purchaser and supplier; `turns` the roles in signing order.

    `sign_by` is the instant (UTC ms) from which nobody can sign any more; 0 for no such instant.
    """

    others: tuple[str, ...] = ()
    signing_order: model.SigningOrder = model.SigningOrder.ANY
    turns: tuple[str, ...] = ()
    sign_by: int = 0


NOBODY_ELSE = Naming()


def deadline(q: Reader, named: Naming) -> int | None:
    """The instant until which can be signed.

    Raises: DeadlineOver.
    """
    if not named.sign_by:
        return None
    longest = q.policy(policies.ContractRules).longest_days
    if not q.now < named.sign_by <= q.now + longest * clock.DAY:
        raise DeadlineOver(field="sign_by", days=longest)
    return named.sign_by


def watch(op: Operation, contract: model.Contract) -> None:
    """What is due at a contract's deadline, and a while before, becomes jobs."""
    if contract.sign_by is None:
        return
    before = op.policy(policies.ContractRules).remind_before_hours * clock.HOUR
    if contract.sign_by - before > op.now:
        op.enqueue("watch_deadline", contract.id, due_at=contract.sign_by - before)
    op.enqueue("watch_deadline", contract.id, due_at=contract.sign_by)


def accounts(op: Operation, contract: model.Contract, named: Naming) -> list[tuple[str, str]]:
    """Role and mall account of every party, in the order in which they sign.

    Raises: TooManyParties, PartyElsewhere, PartyTwice, TurnsIncomplete.
    """
    found = {parties.PURCHASER: contract.purchaser_id, parties.SUPPLIER: contract.supplier_id}
    for number, mall_account_id in enumerate(named.others, start=3):
        found[f"party{number}"] = mall_account_id
    require_here(op, contract.platform_id, named.others)
    enterprises = [mall.enterprise_of(op, one).id for one in found.values()]
    if len(set(enterprises)) != len(enterprises):
        raise PartyTwice(field="others")
    if not named.turns:
        return list(found.items())
    if sorted(named.turns) != sorted(found):
        raise TurnsIncomplete(field="turns")
    return [(role, found[role]) for role in named.turns]


def require_here(q: Reader, platform_id: str, others: tuple[str, ...]) -> None:
    """Refuse further parties without a living account at a platform.

    Raises: TooManyParties, PartyElsewhere.
    """
    if len(others) > model.MOST_PARTIES - 2:
        raise TooManyParties(field="others", most=model.MOST_PARTIES)
    for one in others:
        try:
            account = mall.mall_account(q, one)
        except errors.NotFound:
            raise PartyElsewhere(field="others") from None
        if account.platform_id != platform_id or account.status != "active":
            raise PartyElsewhere(field="others")


def of_contract(q: Reader, contract: model.Contract) -> Naming:
    """The parties and the order that a contract has; without its deadline."""
    found = parties.of_version(q, contract)
    others = sorted(
        (one for one in found if one.role not in (parties.PURCHASER, parties.SUPPLIER)),
        key=lambda one: one.role,
    )
    return Naming(
        others=tuple(one.mall_account_id for one in others),
        signing_order=contract.signing_order,
        turns=tuple(one.role for one in found),
    )
