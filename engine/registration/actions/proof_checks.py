"""What can be told of a proof before any provider is asked (IDV-4): by rule, by limit, by person."""

from __future__ import annotations

from engine.kernel import clock, codec, errors, identifiers
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.registration import model, queries, store


class UnderAge(errors.PolicyRefused):
    """This service is for people of 18 years or more."""


class OtherPerson(errors.PolicyRefused):
    """This account's name is already proven for somebody else. An account cannot change its person."""


class PersonKnown(errors.PolicyRefused):
    """This person already has an account with another phone number. Sign in with that one."""


class WayUsedUp(errors.PolicyRefused):
    """You have tried this way {count} times today. Take another way, or try again tomorrow."""

    http_status = 429
    wait_s = 3600


class ProofsUsedUp(errors.PolicyRefused):
    """You have tried to prove your name {count} times today. Try again tomorrow."""

    http_status = 429
    wait_s = 3600


def stated(op: Operation, given: model.ProofGiven, asked: policies.RealNameWay) -> model.ProofGiven:
    """What was stated, in its canonical form; fields that the way does not ask for are dropped.

    Raises: the errors of `identifiers`, queries.NotUnionPay, queries.CardUnknown, UnderAge.
    """
    name = identifiers.person_name(given.name)
    number = identifiers.resident_id(given.resident_id, now=op.now)
    if number.age_on(clock.civil_date(op.now)) < identifiers.ADULT_AT:
        raise UnderAge(field="resident_id")
    card = identifiers.bank_card(given.bank_card) if "bank_card" in asked.fields else ""
    if card:
        queries.union_pay(card)
    phone = identifiers.phone(given.phone) if "phone" in asked.fields else ""
    return model.ProofGiven(
        way=given.way, name=name, resident_id=number.number, bank_card=card, phone=phone
    )


def within_limits(
    op: Operation, account: model.Account, way: str, asked: policies.RealNameWay
) -> None:
    """So many tries a business day; those that no provider answered do not count.

    Raises: WayUsedUp, ProofsUsedUp.
    """
    today = store.proofs_since(op, account.id, clock.start_of(clock.civil_date(op.now)))
    counted = [proof for proof in today if proof.reason != model.UNAVAILABLE]
    in_all = op.policy(policies.RealNameRules).per_day
    if len(counted) >= in_all:
        raise ProofsUsedUp(count=in_all)
    if len([proof for proof in counted if proof.way == way]) >= asked.per_day:
        raise WayUsedUp(count=asked.per_day)


def same_person(op: Operation, account: model.Account, number: str) -> None:
    """The account's proven person, or nobody's yet.

    Raises: OtherPerson, PersonKnown.
    """
    holders = op.find("account.resident_id", number)
    if account.resident_id is not None and holders != [account.id]:
        raise OtherPerson(field="resident_id")
    if holders and holders != [account.id]:
        raise PersonKnown(field="resident_id")


def reusable(
    op: Operation, account: model.Account, purpose: str, clean: model.ProofGiven
) -> model.Proof | None:
    """The account's last bank check when it matched these very four values within a year.

    The values are kept as one keyed digest (domain-rules 2); a fresh check is never spared to who wants
    into an account.
    """
    if not clean.bank_card:
        return None
    four = codec.canonical([clean.name, clean.resident_id, clean.bank_card, clean.phone])
    known = account.id in op.find("account.bank_elements", four)
    op.index("account.bank_elements", four, account.id)
    last = store.newest_proof(op, account.id, clean.way)
    days = op.policy(policies.RealNameRules).reuse_days
    fresh = (
        known
        and purpose == "name"
        and last is not None
        and last.status is model.ProofStatus.MATCHED
        and last.decided_at is not None
        and op.now < last.decided_at + days * clock.DAY
    )
    return last if fresh else None
