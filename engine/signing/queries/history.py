"""05 处理历史: what was done with a contract, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.reviewing import queries as cases
from engine.signing import model, parties, store, wording
from engine.signing.queries import contracts

# Acts that are steps of their own; a reminder is told in its party's messages alone.
_SHOWN = ("submitted", "withdrawn", "extended", "voiding_proposed", "voiding_agreed")
_SHOWN_TOO = ("voiding_refused", "voiding_taken_back")

_LATER = {"contract.submitted": 2, "contract.review": 3, "contract.voiding_proposed": 4}


def history(q: Reader, contract_id: str) -> list[model.Step]:
    """What was done with a contract, oldest first, with the guide's eight columns."""
    found = contracts.contract(q, contract_id)
    steps = [
        *_of_parties(q, found),
        *_given_up(q, found),
        *_of_acts(q, found),
        *_of_reviews(q, found),
    ]
    return sorted(steps, key=lambda one: (one.received_at, one.version, _rank(one)))


def _rank(step: model.Step) -> int:
    """What stands above what of the same moment."""
    if step.step in ("contract.created", "contract.revised"):
        return 0
    return _LATER.get(step.step, 1)


def _of_parties(q: Reader, found: model.Contract) -> Iterator[model.Step]:
    begun: dict[int, int] = {}
    proved = {
        (one.version, one.role): one.signed_at
        for one in store.signatures(q, found.id)
        if one.signed_at is not None and one.status is not model.SignatureStatus.FAILED
    }
    for party in store.all_parties(q, found.id):
        account = mall.mall_account(q, party.mall_account_id)
        first = party.role == parties.PURCHASER
        if first:
            begun[party.version] = party.read_at or party.asked_at or found.created_at
        received = begun.get(party.version) if first else party.asked_at
        if received is None:
            # Whose turn has not come has received nothing.
            continue
        handled = party.handled_at or proved.get((party.version, party.role))
        step = f"contract.sign_{party.role}"
        if first:
            step = "contract.created" if party.version == 1 else "contract.revised"
        yield model.Step(
            step=step,
            actor=mall.enterprise_of(q, account.id).name,
            handler=account.login,
            role=party.role,
            version=party.version,
            received_at=received,
            handled_at=handled,
            opinion=_opinion(party, handled),
            read_at=party.read_at,
            took_ms=None if handled is None else handled - received,
            text=wording.told(q, found, f"contract_party|opinion|{party.id}", party.opinion),
        )


def _opinion(party: model.ContractParty, handled: int | None) -> str:
    if party.status is model.PartyStatus.DECLINED:
        return "declined"
    return "not_signed" if handled is None else "signed"


def _given_up(q: Reader, found: model.Contract) -> Iterator[model.Step]:
    for one in store.signatures(q, found.id):
        if one.status is model.SignatureStatus.FAILED:
            account = mall.mall_account(q, one.mall_account_id)
            yield model.Step(
                step="contract.signature_begun",
                actor=mall.enterprise_of(q, account.id).name,
                handler=account.login,
                role=one.role,
                version=one.version,
                received_at=one.created_at,
                handled_at=None,
                opinion="given_up",
                read_at=one.created_at,
            )


def _of_acts(q: Reader, found: model.Contract) -> Iterator[model.Step]:
    accounts = {
        (one.version, one.role): one.mall_account_id for one in store.all_parties(q, found.id)
    }
    for act in store.acts(q, found.id):
        if act.kind not in (*_SHOWN, *_SHOWN_TOO):
            continue
        account = mall.mall_account(q, accounts[act.version, act.role])
        yield model.Step(
            step=f"contract.{act.kind}",
            actor=mall.enterprise_of(q, account.id).name,
            handler=account.login,
            role=act.role,
            version=act.version,
            received_at=act.created_at,
            handled_at=act.created_at,
            opinion=act.kind,
            read_at=act.created_at,
            took_ms=0,
            text=wording.told(q, found, f"contract_act|text|{act.id}", act.text),
        )


def _of_reviews(q: Reader, found: model.Contract) -> Iterator[model.Step]:
    for case in cases.of_subject(q, found.id):
        yield model.Step(
            step="contract.review",
            # The platform answers for a decision; which of its staff made it is not for the parties.
            actor="",
            received_at=case.opened_at,
            handled_at=case.decided_at,
            opinion=case.status.value,
            version=found.version,
            read_at=case.first_touched_at,
            took_ms=None if case.decided_at is None else case.decided_at - case.opened_at,
            reasons=case.reasons,
        )
