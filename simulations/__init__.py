"""Seeded populations on a virtual clock, over the very engine that the console uses."""
