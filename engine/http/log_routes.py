"""The log through a door: its signed heads, receipts and proofs of growth (AUD-1)."""

from __future__ import annotations

from engine.evidence import queries as evidence
from engine.http.routing import Route, asks

ROUTES: tuple[Route, ...] = (
    asks("person", evidence.my_receipts, "Receipts of what the person did to a thing"),
    asks("staff", evidence.receipt, "The receipt of an operation, to verify offline"),
    asks("staff", evidence.tree_heads, "The newest signed heads of the log"),
    asks("staff", evidence.log_growth, "The proof that the log only grew between two heads"),
)
