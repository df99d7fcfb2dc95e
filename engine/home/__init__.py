"""What a person finds on the phone's home and an account at its workbench, and why some is not open."""

from engine.home.at_pc import Entry, Step, Workbench, workbench
from engine.home.on_phone import Service, services

__all__ = ["Entry", "Service", "Step", "Workbench", "services", "workbench"]
