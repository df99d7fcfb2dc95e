"""Keeping the platform going: jobs that are stuck, and taking them up again (OPS)."""
