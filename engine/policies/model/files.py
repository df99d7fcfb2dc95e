"""How large files may be that are made and opened by scan, and for how many they are."""

from __future__ import annotations

from pydantic import Field

from engine.policies.model.setting import Setting


class FileRules(Setting):
    """What may be encrypted at a trading platform's pages (ENC-2)."""

    KIND = "file_rules"
    # The page carries a file through in pieces: the size is for people's patience, not for its memory.
    largest_bytes: int = Field(ge=1)
    most_recipients: int = Field(ge=1, le=1_000)
