"""The links behind one signature on a contract, and the papers behind them by their digests."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from engine.evidence import store
from engine.issuing import model as issuing
from engine.kernel import errors, identifiers, vault
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.registration import queries as people
from engine.scanning import model as tickets
from engine.sealing import model as sealing
from engine.signing import model as signing

Ids = dict[str, set[str]]


def _ticket(q: Reader, signature: signing.ContractSignature) -> dict[str, str] | None:
    batch = str(getattr(signature, "batch_id", "") or "")
    ticket_id = store.ticket(q, signature.id, batch)
    if ticket_id is None:
        return None
    found = q.get(tickets.Ticket, "ticket", ticket_id)
    return {
        "id": found.id,
        "batch": batch,
        "challenge": base64.b64encode(tickets.challenge_of(found)).decode(),
        "confirmation": base64.b64encode(found.confirmation or b"").decode(),
    }


def _masked(q: Reader, account_id: str) -> dict[str, str]:
    try:
        return {
            "name": identifiers.masked_name(people.person_name(q, account_id)),
            "phone": identifiers.masked_phone(people.person_phone(q, account_id)),
        }
    except vault.Destroyed:
        return {"name": "", "phone": ""}


def _signed(signature: signing.ContractSignature) -> dict[str, Any]:
    """What the phone signed."""
    return {
        "role": signature.role,
        "signature": signature.id,
        "contract": signature.contract_id,
        "signed_at": signature.signed_at,
        "attributes": base64.b64encode(signature.attributes or b"").decode(),
        "value": base64.b64encode(signature.value or b"").decode(),
    }


def link(q: Reader, signature: signing.ContractSignature, ids: Ids) -> dict[str, Any]:
    """The chain behind one signature; every row of it is noted in `ids`."""
    certificate = q.get(issuing.Certificate, "certificate", signature.certificate_id)
    seal = q.get(sealing.Seal, "seal", signature.seal_id)
    order, enterprise = certificate.order_id, str(certificate.enterprise_id)
    claims = store.claims(q, enterprise)
    proofs = store.proofs(q, certificate.account_id, signature.signed_at or q.now)
    invoices, payments = store.invoices(q, order), store.payments(q, order)
    subjects = (order, seal.application_id, signature.contract_id, *claims)
    cases = store.cases(q, subjects)
    ticket = _ticket(q, signature)
    found = {
        "contract_signature": [signature.id],
        "certificate": [certificate.id],
        "seal": [seal.id],
        "seal_application": [seal.application_id],
        "certificate_order": [order],
        "enterprise": [enterprise],
        "payment": payments,
        "invoiced_order": [one for one, _ in invoices],
        "invoice": [one for _, one in invoices],
        "enterprise_claim": claims,
        "real_name_proof": proofs,
        "review_case": [one for one, _ in cases],
        "case_approval": store.approvals(q, [one for one, _ in cases]),
        "ticket": [ticket["id"]] if ticket else [],
    }
    for table, rows in found.items():
        ids.setdefault(table, set()).update(rows)
    return {
        **_signed(signature),
        "certificate": certificate.id,
        "seal": seal.id,
        "application": seal.application_id,
        "order": order,
        "enterprise": enterprise,
        "enterprise_name": mall.enterprise_of(q, signature.mall_account_id).name,
        "account": certificate.account_id,
        "person": _masked(q, certificate.account_id),
        "claims": claims,
        "proofs": proofs,
        "payments": payments,
        "invoices": invoices,
        "cases": cases,
        "ticket": ticket,
    }


def papers(q: Reader, ids: Ids) -> Iterator[dict[str, Any]]:
    """The papers that were handed in, by the digest of each as it was shown to its reviewers."""
    for claim_id in sorted(ids["enterprise_claim"]):
        kept = q.value("enterprise_claim", claim_id, "papers")
        for code, blob_id in _blobs(json.loads(kept)):
            yield _paper(q, claim_id, code, blob_id)
    for application_id in sorted(ids["seal_application"]):
        blob_id = q.value("seal_application", application_id, "form_blob_id")
        if blob_id:
            yield _paper(q, application_id, "form", blob_id)


def _blobs(value: Any, code: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _blobs(item, str(value.get("code") or key))
    elif isinstance(value, list):
        for item in value:
            yield from _blobs(item, code)
    elif isinstance(value, str) and value.startswith("blb"):
        yield code, value


def _paper(q: Reader, of: str, code: str, blob_id: str) -> dict[str, Any]:
    try:
        content = q.blob(blob_id)
    except (vault.Destroyed, errors.NotFound):
        return {"of": of, "code": code, "sha256": "", "size": 0}
    return {
        "of": of,
        "code": code,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }
