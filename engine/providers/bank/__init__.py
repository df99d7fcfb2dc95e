"""The simulated payment provider: asynchronous, signed, repeated callbacks, a daily statement (PAY-1)."""

from engine.providers.bank.notices import DueCallback
from engine.providers.bank.rules import Faults, Rules, Sandbox, load_rules, sandbox_values
from engine.providers.bank.simulated import PaymentClosed, PaymentUnknown, SimulatedBank

__all__ = [
    "DueCallback",
    "Faults",
    "PaymentClosed",
    "PaymentUnknown",
    "Rules",
    "Sandbox",
    "SimulatedBank",
    "load_rules",
    "sandbox_values",
]
