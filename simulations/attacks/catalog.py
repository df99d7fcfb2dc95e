"""Attacks as strict TOML: `data/attacks/*.toml`. What is tried, what refuses it, what that rests on.

`way` is where a person stands when the attack begins (`data/states`), `attacker` where the attacker does.
A try is refused as it should be when `refusal` came back, the log has `fact` of it (none where nothing is
to be kept), and nothing was written but rows of `writes`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from engine.kernel import catalog
from engine.kernel.catalog import Declared, Text

FOLDER = catalog.DATA / "attacks"


class Try(Declared):
    """One thing that is tried: `id` names the function that does it."""

    id: str = Field(pattern=r"^[a-z_]+$")
    title: Text
    refusal: str
    fact: str = ""
    writes: tuple[str, ...] = ()


class Attack(Declared):
    """An attack with everything that is said of it. `twin` is the same thing done by whom it is for."""

    id: str = Field(pattern=r"^[a-z_]+$")
    order: int
    way: str
    attacker: str = ""
    title: Text
    story: Text
    control: Text
    clause: Text
    twin: Text
    tries: tuple[Try, ...] = Field(min_length=1)


@functools.cache
def shipped() -> Mapping[str, Attack]:
    """The attacks that come with it, by id, in their order.

    Raises: ConfigurationError naming file and key.
    """
    return load(FOLDER)


def load(folder: Path) -> Mapping[str, Attack]:
    """The attacks of a folder.

    Raises: ConfigurationError naming file and key.
    """
    found = [catalog.load(path, Attack) for path in folder.glob("*.toml")]
    return {one.id: one for one in sorted(found, key=lambda one: one.order)}
