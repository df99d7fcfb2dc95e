"""The user guide, step by step: what it asks, what proves it, how it looks, and its screen opened."""

from simulations.guide.catalog import Function, Guide, Row, Rows, Step, load_guide, load_rows
from simulations.guide.opening import NoWay, opened
from simulations.guide.proving import Proof, Result, proofs

__all__ = [
    "Function",
    "Guide",
    "NoWay",
    "Proof",
    "Result",
    "Row",
    "Rows",
    "Step",
    "load_guide",
    "load_rows",
    "opened",
    "proofs",
]
