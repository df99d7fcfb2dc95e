"""What the parties of a contract can do with it now, and who they are."""

from __future__ import annotations

from engine.kernel import actors
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.signing import model, parties, store, wording
from engine.signing.queries import contracts

_S = model.ContractStatus


def possible_actions(q: Reader, found: model.Contract) -> tuple[str, ...]:
    """What the signed-in account can do with a contract now: the buttons of its page."""
    account = mall.signed_in(q)
    of_version = parties.of_version(q, found)
    mine = next((one for one in of_version if one.mall_account_id == account.id), None)
    if mine is None:
        return ()
    if found.status is _S.DRAFT:
        return tuple(_while_signing(q, found, of_version, mine))
    if found.status is _S.PASSED:
        return _of_voiding(store.open_voiding(q, found.id), mine.role)
    if mine.role != parties.PURCHASER:
        return ()
    return tuple(
        verb for verb in ("revise", "withdraw") if model.CONTRACT.allows(found.status, verb)
    )


def _while_signing(
    q: Reader,
    found: model.Contract,
    of_version: list[model.ContractParty],
    mine: model.ContractParty,
) -> list[str]:
    possible: list[str] = []
    late = parties.expired(q, found)
    signed = mine.status is model.PartyStatus.SIGNED
    able = parties.turn(of_version, found.signing_order)
    purchaser = mine.role == parties.PURCHASER
    if not late and mine.role in able:
        possible.append("sign")
    if purchaser and not able:
        return ["submit"]
    if not late and not signed and not purchaser:
        possible.append("decline")
    if not late and (signed or purchaser) and any(role != mine.role for role in able):
        possible.append("remind")
    if purchaser:
        possible += ["withdraw", "extend"]
        if not any(one.status is model.PartyStatus.SIGNED for one in of_version):
            possible.append("revise")
    return possible


def _of_voiding(proposed: model.ContractVoiding | None, role: str) -> tuple[str, ...]:
    if proposed is None:
        return ("propose_voiding",)
    if proposed.role == role:
        return ("take_back_voiding",)
    return () if role in proposed.agreed_by else ("agree_voiding", "refuse_voiding")


def contract_parties(q: Reader, contract_id: str) -> list[model.PartyShown]:
    """The parties of a contract in the order of their turns, and how far each is."""
    found = contracts.contract(q, contract_id)
    of_version = parties.of_version(q, found)
    signing = found.status is _S.DRAFT and not parties.expired(q, found)
    able = parties.turn(of_version, found.signing_order) if signing else ()
    return [_shown(q, found, one, one.role in able) for one in of_version]


def _shown(
    q: Reader, found: model.Contract, party: model.ContractParty, able: bool
) -> model.PartyShown:
    account = mall.mall_account(q, party.mall_account_id)
    enterprise = mall.enterprise_of(q, account.id)
    return model.PartyShown(
        role=party.role,
        mall_account_id=account.id,
        login=account.login,
        enterprise=enterprise.name,
        uscc=enterprise.uscc,
        ordinal=party.ordinal,
        status=party.status,
        asked_at=party.asked_at,
        read_at=party.read_at,
        handled_at=party.handled_at,
        opinion=wording.told(q, found, f"contract_party|opinion|{party.id}", party.opinion),
        turn=able,
        mine=isinstance(q.actor, actors.MallAccount) and q.actor.mall_account_id == account.id,
    )


def possible_parties(
    q: Reader, purchase_order_id: str, text: str = ""
) -> list[model.PossibleParty]:
    """Accounts of this platform that a contract of an order can name as further parties, by text.

    At most twenty. Raises: NotFound, NotPermitted.
    """
    mine = mall.signed_in(q)
    order = mall.purchase_order(q, purchase_order_id)
    sides = tuple(mall.enterprise_of(q, one).id for one in (order.purchaser_id, order.supplier_id))
    return store.possible_parties(q, mine.platform_id, text.strip(), sides, 20)


def voiding(q: Reader, contract_id: str) -> list[model.VoidingShown]:
    """The proposals to void a contract, oldest first; the last one may wait for answers."""
    found = contracts.contract(q, contract_id)
    roles = [one.role for one in parties.of_version(q, found)]
    return [
        model.VoidingShown(
            id=one.id,
            role=one.role,
            status=one.status,
            agreed_by=one.agreed_by,
            waits_for=tuple(
                role
                for role in roles
                if one.status is model.VoidingStatus.PROPOSED
                and role not in (one.role, *one.agreed_by)
            ),
            reason=wording.told(q, found, f"contract_voiding|reason|{one.id}", one.reason),
            created_at=one.created_at,
            ended_at=one.ended_at,
        )
        for one in store.voidings(q, contract_id)
    ]
