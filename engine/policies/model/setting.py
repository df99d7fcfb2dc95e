"""The base of every setting."""

from __future__ import annotations

import json
from typing import ClassVar, Self

from engine.kernel.catalog import Declared


class Setting(Declared):
    """Base of every setting. `KIND` names its file and its rows; `NAMED` kinds have many.

    `GONE` are what older versions say and nobody asks any more: it is left out when one is read.
    """

    KIND: ClassVar[str]
    NAMED: ClassVar[bool] = False
    GONE: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def of_body(cls, body: str) -> Self:
        """A setting from its stored JSON, of whatever age.

        Raises: pydantic.ValidationError.
        """
        if cls.GONE:
            told = json.loads(body)
            if isinstance(told, dict) and cls.GONE & told.keys():
                body = json.dumps({name: told[name] for name in told if name not in cls.GONE})
        return cls.model_validate_json(body)
