"""The seven kinds of refusal, and the one error of configuration.

A leaf error lives beside the function that raises it. Its docstring is the English message for the
person, a `str.format` template; `engine.kernel.texts` translates it. `code` is stable and derived
from where the class lives, so that clients branch on the code and never on the text. Whatever is
not an `EngineError` is a bug: doors log it with the operation's id and show that id alone.
"""

from __future__ import annotations

import re
from typing import ClassVar

type_of_code: dict[str, type[EngineError]] = {}


def _code_of(cls: type) -> str:
    parts = cls.__module__.removeprefix("engine.").split(".")
    stem = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
    return f"{parts[0]}.{stem}"


class EngineError(Exception):
    """Something was refused."""

    code: ClassVar[str] = "kernel.engine_error"
    http_status: ClassVar[int] = 400
    # A refusal that must be remembered (a wrong PIN counts): the operation commits what it wrote
    # before the error reaches the caller. Every other error undoes the whole operation. It is of the kind
    # of error, or of one of them alone, where what was written before it stands by itself.
    commits: bool = False
    # Where only waiting helps: the shortest wait worth trying, in seconds, unless a parameter says it.
    wait_s: ClassVar[int] = 1

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.code = _code_of(cls)
        type_of_code[cls.code] = cls

    def __init__(self, *, field: str | None = None, **params: str | int) -> None:
        self.field = field
        self.params = params
        super().__init__(self.message())

    @classmethod
    def template(cls) -> str:
        """The English message, one line, as the translators see it."""
        return " ".join((cls.__doc__ or cls.__name__).split())

    def message(self) -> str:
        """The English message with its parameters filled in."""
        return self.template().format(**self.params)


class InvalidInput(EngineError):
    """What was entered is not valid."""

    http_status = 422


class NotFound(EngineError):
    """There is no such {what}."""

    http_status = 404


class NotPermitted(EngineError):
    """You may not do this."""

    http_status = 403


class IllegalTransition(EngineError):
    """This is not possible now: it is {status}."""

    http_status = 409


class Conflict(EngineError):
    """Somebody else changed this in the meantime. Look again and repeat."""

    http_status = 409


class PolicyRefused(EngineError):
    """The rules in force do not allow this."""

    http_status = 409


class ProviderUnavailable(EngineError):
    """The service cannot be reached at the moment. Try again later."""

    http_status = 503


class ConfigurationError(EngineError):
    """The configuration is wrong in {file}: {problem}"""

    http_status = 500
