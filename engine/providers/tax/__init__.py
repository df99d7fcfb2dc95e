"""The simulated tax service: numbers fully digital invoices (20 digits, `domain-rules.md` 7)."""

from engine.providers.tax.checking import PROBLEMS
from engine.providers.tax.rules import Faults, Rules, Sandbox, load_rules, sandbox_values
from engine.providers.tax.simulated import PROVIDER, SimulatedTaxService

__all__ = [
    "PROBLEMS",
    "PROVIDER",
    "Faults",
    "Rules",
    "Sandbox",
    "SimulatedTaxService",
    "load_rules",
    "sandbox_values",
]
