"""Which certificate PINs a phone lets its holder choose: no PIN leaves it, so it alone can refuse one."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from engine.kernel import errors


class PinInvalid(errors.InvalidInput):
    """A certificate PIN has {digits} digits, not all the same and not in sequence."""


class PinGuessable(errors.InvalidInput):
    """This PIN would be tried first: it is a common one, or a date or number of yours. Choose another."""


def repeats(pin: str) -> bool:
    """Whether it is one part over and over: 888888, 282828, 258258."""
    return any(
        pin == pin[:size] * (len(pin) // size)
        for size in range(1, len(pin) // 2 + 1)
        if len(pin) % size == 0
    )


def runs(pin: str) -> bool:
    """Whether it goes up or down by one throughout: 123456, 098765."""
    return {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)} in ({1}, {9})


def check(pin: str, rules: Mapping[str, Any]) -> None:
    """Refuse a PIN that the CA's rules do not allow (`issuing.pin_rules`).

    Raises: PinInvalid, PinGuessable. Source: CRT-4, security 3.3.
    """
    digits = int(rules["digits"])
    if len(pin) != digits or not (pin.isascii() and pin.isdigit()):
        raise PinInvalid(field="pin", digits=digits)
    if (rules["repeats"] and repeats(pin)) or (rules["runs"] and runs(pin)):
        raise PinInvalid(field="pin", digits=digits)
    if pin in rules["refused"]:
        raise PinGuessable(field="pin")
