"""Populations of simulated people against the real engine, on a virtual clock."""
