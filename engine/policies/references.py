"""What a setting names: that it is there, chosen at all, and not twice."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel import errors


class ReferenceUnknown(errors.InvalidInput):
    """There is no {kind} called “{name}”. Choose one of those there are."""


class ChoiceMissing(errors.InvalidInput):
    """Choose at least one."""


class NamedTwice(errors.InvalidInput):
    """“{name}” stands here twice."""


def twice(field: str, given: tuple[str, ...]) -> Iterator[errors.EngineError]:
    """A refusal for each name that stands there more than once."""
    for name in sorted({name for name in given if given.count(name) > 1}):
        yield NamedTwice(field=field, name=name)
