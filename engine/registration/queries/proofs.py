"""What a person sees of the proofs of their name."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.registration import model, store
from engine.registration.queries.accounts import person


def my_newest_proof(q: Reader) -> model.Proof | None:
    """The signed-in person's newest real-name proof."""
    return store.newest_proof(q, person(q).account_id)


def ways(q: Reader) -> dict[str, policies.RealNameWay]:
    """The ways to prove a real name, by label."""
    return q.policies(policies.RealNameWay)
