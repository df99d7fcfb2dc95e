"""Everything that can be done with a contract."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.signing import model, noting, parties, queries
from engine.signing.batches import request_batch
from engine.signing.confirming import confirm_signature, open_signing_ticket, send_to_phone
from engine.signing.drafting import (
    OnlyPurchaser,
    create_contract,
    discard_draft,
    revise_contract,
    save_draft,
)
from engine.signing.ending import (
    agree_voiding,
    decline,
    extend,
    propose_voiding,
    read,
    refuse_voiding,
    remind,
    take_back_voiding,
    tell_of_deadline,
    withdraw,
)
from engine.signing.raising import record_not_raised, record_raised
from engine.signing.recording import (
    record_not_prepared,
    record_not_signed,
    record_prepared,
    record_signed_document,
)
from engine.signing.signatures import request_signature

__all__ = [
    "agree_voiding",
    "confirm_signature",
    "create_contract",
    "decline",
    "discard_draft",
    "extend",
    "open_signing_ticket",
    "propose_voiding",
    "read",
    "record_not_prepared",
    "record_not_raised",
    "record_not_signed",
    "record_prepared",
    "record_raised",
    "record_signed_document",
    "refuse_voiding",
    "remind",
    "request_batch",
    "request_signature",
    "revise_contract",
    "save_draft",
    "send_to_phone",
    "submit",
    "take_back_voiding",
    "tell_of_deadline",
    "withdraw",
]


class SealsMissing(errors.PolicyRefused):
    """Every party has to sign before the contract can be submitted."""


def submit(op: Operation, *, contract_id: str) -> model.Contract:
    """Submit a contract that every party has signed; its review begins (SGN-5).

    Emits: contract.submitted, case.opened. Raises: OnlyPurchaser, SealsMissing.
    """
    found = queries.contract(op, contract_id)
    account = mall.signed_in(op)
    if found.purchaser_id != account.id:
        raise OnlyPurchaser()
    status = model.CONTRACT.advance(found.status, "submit")
    if parties.unsigned(op, found):
        raise SealsMissing()
    op.update("contract", found.id, {"status": status}, was={"status": found.status})
    op.record("contract.submitted", found.id, version=found.version)
    noting.note(op, found, parties.PURCHASER, "submitted")
    others = [
        f"mall:{one.mall_account_id}"
        for one in parties.of_version(op, found)
        if one.mall_account_id != account.id
    ]
    reviewing.open_case(
        op,
        kind="contract",
        subject_id=found.id,
        title=found.name,
        maker=f"mall:{account.id}",
        platform_id=found.platform_id,
        excluded=tuple(others),
        corrects=cases.corrected(op, [found.id]),
    )
    return op.get(model.Contract, "contract", contract_id)
