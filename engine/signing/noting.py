"""Writing down what a party did with a contract, for its history."""

from __future__ import annotations

from engine.kernel.operation import Operation
from engine.signing import model, wording


def note(
    op: Operation,
    contract: model.Contract,
    role: str,
    kind: str,
    *,
    about: str = "",
    text: str = "",
) -> model.ContractAct:
    """Keep an act of a party with its words, encrypted. Composed by this stage alone.

    Emits: contract.noted.
    """
    act_id = op.new_id("act")
    act = model.ContractAct(
        id=act_id,
        contract_id=contract.id,
        version=contract.version,
        kind=kind,
        role=role,
        about=about,
        text=wording.sealed(op, contract, f"contract_act|text|{act_id}", text) if text else None,
        created_at=op.now,
    )
    op.insert("contract_act", act)
    op.record("contract.noted", contract.id, act=kind, role=role)
    return act
