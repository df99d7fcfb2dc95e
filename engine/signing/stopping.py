"""Giving up a signature that is being made, because its contract takes another way."""

from __future__ import annotations

from engine.kernel.operation import Operation
from engine.signing import model, signatures, store


def give_up_open(op: Operation, contract: model.Contract, why: str) -> None:
    """The signature that somebody asked for and has not proved is given up.

    Emits: signature.failed. Raises: SigningRunning when it is proved already and only has to be finished.
    """
    open_one = store.open_signature(op, contract.id)
    if open_one is None:
        return
    if open_one.status is model.SignatureStatus.SIGNED:
        raise signatures.SigningRunning()
    signatures.fail(op, open_one, why)


def is_being_finished(op: Operation, contract: model.Contract) -> bool:
    """Whether a signature is proved and the worker is finishing it."""
    open_one = store.open_signature(op, contract.id)
    return open_one is not None and open_one.status is model.SignatureStatus.SIGNED
