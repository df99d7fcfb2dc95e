"""The simulated courier: it fetches parcels and tells where they are (INV-2)."""

from engine.providers.courier.rules import Faults, Rules, Sandbox, load_rules, sandbox_values
from engine.providers.courier.simulated import PROVIDER, SimulatedCourier

__all__ = [
    "PROVIDER",
    "Faults",
    "Rules",
    "Sandbox",
    "SimulatedCourier",
    "load_rules",
    "sandbox_values",
]
