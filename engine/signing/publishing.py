"""The public page of a contract, and the code on its document that leads there (SGN-6).

The code stands on the document before the first signature, so its address has to be known before the
contract is: it follows from platform and number (one contract has them) under a key of the world, and is
as hard to guess as that key. A new version of a contract has the same address.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.pdf import marking, typeset
from engine.signing import model
from engine.signing.store import pages

# What stands below the code: the document is Chinese, whoever reads the page.
LABEL = "扫码验证本合同"
_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPage:
    """That a contract has a public page; `id` is the contract's."""

    id: str
    token: str
    created_at: int


def token(q: Reader, *, platform_id: str, number: str) -> str:
    """The unguessable part of the address (128 bits) of the contract with this number."""
    message = f"contract page|{platform_id}|{number}".encode()
    made = q.parts.keyring.mac("pepper", message)[:_TOKEN_BYTES]
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def address(q: Reader, told: str) -> str:
    """Where the page with this token is."""
    return f"{q.parts.public_url}/w/{q.parts.world_id}/v/{told}"


def marked(
    q: Reader,
    document: bytes,
    *,
    platform_id: str,
    number: str,
    avoid: Sequence[typeset.Placement] = (),
) -> bytes:
    """The document with the code that leads to its page; `avoid` are the places of the seals.

    Raises: marking.SignedPdf, and the refusals of `intake`.
    """
    found = token(q, platform_id=platform_id, number=number.strip())
    return marking.add_verification_code(document, text=address(q, found), label=LABEL, avoid=avoid)


def open_page(op: Operation, contract: model.Contract) -> None:
    """Give a contract its public page, unless it has one; the caller records the fact of the contract."""
    if pages.token_of(op, contract.id) is not None:
        return
    made = token(op, platform_id=contract.platform_id, number=contract.number)
    op.insert("contract_page", ContractPage(id=contract.id, token=made, created_at=op.now))
