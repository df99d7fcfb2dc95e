"""What the particulars of a claim or a change have in common with other people's: counts and ids alone.

Equal values are found by their blind index; no value is opened for it.
"""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.registration import model, store
from engine.registration.queries.accounts import person_phone
from engine.reviewing import model as reviewing

# One person may well represent a few enterprises.
FEW = 3


def claim_checks(q: Reader, claim: model.Claim, number: str) -> tuple[reviewing.Check, ...]:
    """Who else claims this enterprise, and what the representative's number is known for."""
    others = store.claims_by_others(q, claim.uscc, claim.account_id)
    return (
        reviewing.Check(
            label="Nobody else has claimed this enterprise",
            ok=not others,
            detail=(str(len(others)),) if others else (),
            subjects=tuple(others),
        ),
        representative_check(q, number, claim.uscc),
        *phone_checks(q, claim),
    )


def representative_check(q: Reader, number: str, uscc: str) -> reviewing.Check:
    """In how many other enterprises' claims and changes the representative's number stands."""
    found = q.find("claim.representative_id", number) if number else []
    others = store.other_enterprises(q, found, uscc)
    return reviewing.Check(
        label="The representative stands for at most three other enterprises here",
        ok=len(others) <= FEW,
        detail=(str(len(others)),) if others else (),
        subjects=tuple(others.values()),
    )


def phone_checks(q: Reader, claim: model.Claim) -> tuple[reviewing.Check, ...]:
    """The numbers at which a representative was asked: the claimant's own, or another enterprise's too."""
    asked = {one.id for one in store.representative_requests(q, claim.id)}
    if not asked:
        return ()
    own = asked.intersection(q.find("representative.phone", person_phone(q, claim.account_id)))
    elsewhere = store.same_phone_elsewhere(q, claim.id, claim.uscc)
    return (
        reviewing.Check(label="The representative's number is not the claimant's own", ok=not own),
        reviewing.Check(
            label="The representative's number was asked for no other enterprise",
            ok=not elsewhere,
            detail=(str(len(elsewhere)),) if elsewhere else (),
            subjects=tuple(elsewhere),
        ),
    )
