"""What a person sees of the ways into their account, and of getting it back."""

from __future__ import annotations

from engine.kernel import clock, errors
from engine.kernel.reader import Reader
from engine.registration import model, store
from engine.registration.queries.accounts import person

_SHOWN = 20
_NOTED_MS = clock.MINUTE


def my_security(q: Reader) -> model.Security:
    """The own devices, living sessions and newest sign-ins, and whether a password is set (ACC-5)."""
    me = person(q)
    return model.Security(
        has_password=store.password_of(q, me.account_id) is not None,
        devices=tuple(
            model.KnownDevice(
                id=row["id"],
                label=row["label"],
                created_at=row["created_at"],
                last_seen_at=row["last_seen_at"],
                current=row["id"] == me.device_id,
            )
            for row in store.devices_of(q, me.account_id)
        ),
        sessions=tuple(
            model.LivingSession(
                id=row["id"],
                device_id=row["device_id"],
                device_label=row["label"],
                way=row["way"],
                created_at=row["created_at"],
                last_seen_at=row["last_seen_at"] or row["created_at"],
                current=row["device_id"] == me.device_id,
            )
            for row in store.sessions_of(q, me.account_id)
        ),
        sign_ins=tuple(
            model.PastSignIn(
                signed_in_at=row["created_at"], way=row["way"], device_label=row["label"]
            )
            for row in store.sign_ins_of(q, me.account_id, _SHOWN)
        ),
    )


def unnoted(q: Reader, token: str) -> bool:
    """Whether a living session's use was last noted a minute ago or longer."""
    seen = store.last_seen(q, token)
    return seen is not None and q.now - seen >= _NOTED_MS


def proof_outcome(q: Reader, *, proof_id: str, request_id: str) -> model.RecoveryOutcome:
    """How far the check is that somebody began with a code, without being signed in.

    Particulars that fit no account and those that were not confirmed read the same.
    Raises: NotFound, unless the code's request is the one that began it.
    """
    begun = store.recovery(q, proof_id)
    if begun is None or begun.request_id != request_id:
        raise errors.NotFound(what="proof")
    if begun.account_id is None:
        return _unconfirmed()
    proof = q.get(model.Proof, "real_name_proof", proof_id)
    if proof.status is model.ProofStatus.MISMATCHED:
        return _unconfirmed()
    if begun.refusal:
        return model.RecoveryOutcome(
            status=model.ProofStatus.MISMATCHED.value, reason=begun.refusal, mismatched=()
        )
    return model.RecoveryOutcome(status=proof.status.value, reason="", mismatched=())


def _unconfirmed() -> model.RecoveryOutcome:
    return model.RecoveryOutcome(
        status=model.ProofStatus.MISMATCHED.value, reason="not_confirmed", mismatched=()
    )
