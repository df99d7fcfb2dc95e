"""The base of every setting."""

from __future__ import annotations

from typing import ClassVar

from engine.kernel.catalog import Declared


class Setting(Declared):
    """Base of every setting. `KIND` names its file and its rows; `NAMED` kinds have many."""

    KIND: ClassVar[str]
    NAMED: ClassVar[bool] = False
