"""The door for uploaded files: nothing is kept as it came in (`security.md` 3.5).

Callers: `clean` in an action's `prepare`, never inside its transaction.
"""

from engine.uploads.cleaning import Clean, Facts, clean

__all__ = ["Clean", "Facts", "clean"]
