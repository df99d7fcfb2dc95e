"""The door for uploaded files: nothing is kept as it came in (`security.md` 3.5).

Callers: `clean` in an action's `prepare`, never inside its transaction.
"""

from engine.uploads.cleaning import PAPER, PICTURE, Clean, Facts, alike, bands, clean, letter
from engine.uploads.contracts import ContractPaper, contract
from engine.uploads.kinds import DOCX
from engine.uploads.stamped_forms import impression

__all__ = [
    "DOCX",
    "PAPER",
    "PICTURE",
    "Clean",
    "ContractPaper",
    "Facts",
    "alike",
    "bands",
    "clean",
    "contract",
    "impression",
    "letter",
]
