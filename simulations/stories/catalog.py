"""Stories as strict TOML: `data/stories/*.toml`. Who is in it, what each does, what is said, how it ends.

A step is done when the log has its `fact` so often, whoever did it; `act` (a function of `acts`) is how the
story does it itself. Texts, what is filled in and addresses may name what a persona or the story has:
`{phone}`, `{contract_id}`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from engine.kernel import catalog, errors
from engine.kernel.catalog import Declared, Text

FOLDER = catalog.DATA / "stories"
Side = Literal["phone", "pc", "staff"]
Slot = Literal["a", "b"]


class Part(Declared):
    """A persona: who they are, what they are at a trading platform, which phone on the stage is theirs."""

    id: str = Field(pattern=r"^[a-z_]+$")
    label: Text
    role: Literal["purchaser", "supplier"]
    phone: Slot
    platform: str = "guangzheng"
    agency: str = "dongfang"
    # Particulars that a sandbox knows: an identity's field → its value.
    identity: Mapping[str, str] = Field(default_factory=dict)


class Filled(Declared):
    """What is entered somewhere."""

    label: Text
    value: str


class Shown(Declared):
    """Where the apps stand: a path of the handset, and an address of the mall."""

    phone: str = ""
    pc: str = ""


class Step(Declared):
    """A step: `at` is where it is done by hand, `shows` what is to be seen afterwards."""

    id: str = Field(pattern=r"^[a-z_0-9]+$")
    who: str
    side: Side
    act: str
    title: Text
    note: Text
    button: Text
    fact: str = ""
    times: int = Field(default=1, ge=1, le=9)
    fill: tuple[Filled, ...] = ()
    at: Shown = Shown()
    shows: Shown = Shown()
    guide: tuple[str, ...] = ()
    clause: Text | None = None


class Before(Declared):
    """What has happened before the story begins."""

    who: str
    act: str


class Story(Declared):
    """A story with everything that is said in it."""

    id: str = Field(pattern=r"^[a-z_]+$")
    order: int
    title: Text
    about: Text
    personas: tuple[Part, ...] = Field(min_length=1, max_length=2)
    before: tuple[Before, ...] = ()
    opens: Shown = Shown(phone="home", pc="/")
    steps: tuple[Step, ...] = Field(min_length=1)

    def part(self, who: str) -> Part:
        """A persona by id."""
        return next(one for one in self.personas if one.id == who)


def load(path: Path) -> Story:
    """The story of a file.

    Raises: ConfigurationError naming file and key, also for who or what is named twice or nowhere.
    """
    story = catalog.load(path, Story)
    _require(story, path.name)
    return story


def _require(story: Story, file: str) -> None:
    people = [one.id for one in story.personas]
    for what, names in (
        ("personas", people),
        ("phones", [one.phone for one in story.personas]),
        ("steps", [one.id for one in story.steps]),
    ):
        if len(set(names)) != len(names):
            raise errors.ConfigurationError(file=file, problem=f"{what}: one is there twice")
    for who in (*(one.who for one in story.before), *(one.who for one in story.steps)):
        if who not in people:
            raise errors.ConfigurationError(file=file, problem=f"nobody is called {who}")


@functools.cache
def shipped() -> Mapping[str, Story]:
    """The stories that come with it, by id, in their order."""
    found = sorted((load(path) for path in FOLDER.glob("*.toml")), key=lambda one: one.order)
    return {one.id: one for one in found}
