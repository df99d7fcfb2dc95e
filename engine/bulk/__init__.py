"""Doing one thing to many: a frozen list, a dry run, and a run that pauses and stops (OPS-4)."""
