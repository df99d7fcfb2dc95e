"""The SQL of review cases."""

from engine.reviewing.store.cases import counts, decided, of_subject, open_cases

UNLOGGED: dict[str, str] = {}

__all__ = ["UNLOGGED", "counts", "decided", "of_subject", "open_cases"]
