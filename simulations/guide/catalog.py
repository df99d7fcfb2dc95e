"""The guide and the rows of the product as strict TOML: `data/guide/steps.toml` and `rows.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from engine.kernel import catalog


class Row(catalog.Declared):
    """A row of the product."""

    id: str
    title: catalog.Text


class Rows(catalog.Declared):
    """data/guide/rows.toml."""

    row: tuple[Row, ...]


class Function(catalog.Declared):
    """A function that the guide explains; its slug stands in the ids of its steps."""

    slug: str
    title: catalog.Text


class Step(catalog.Declared):
    """What the guide asks in one place; `number` is the one printed before it, 0 where there is none.

    `state` is a story and the step of it before which this one is done.
    """

    id: str
    section: str
    number: int
    kind: Literal["step", "precondition", "path", "statement"]
    asks: catalog.Text
    labels: tuple[str, ...]
    row: str
    screen: str = Field(pattern=r"^(handset|mall)/[a-z-]+(/[a-z-]+)?$")
    state: str = Field(pattern=r"^[a-z_]+/[a-z_0-9]+$")

    @property
    def slug(self) -> str:
        """The function it belongs to."""
        return self.id.removeprefix("G-").rpartition("-")[0]


class Guide(catalog.Declared):
    """data/guide/steps.toml: unique ids, counted within each function without a gap."""

    function: tuple[Function, ...]
    step: tuple[Step, ...]

    @model_validator(mode="after")
    def _ids_in_order(self) -> Self:
        expected = [
            f"G-{function.slug}-{number}"
            for function in self.function
            for number in range(1, 1 + sum(step.slug == function.slug for step in self.step))
        ]
        for step, right in zip(self.step, expected, strict=False):
            if step.id != right:
                raise ValueError(f"{step.id} stands where {right} belongs")
        if len(self.step) != len(expected):
            raise ValueError("a step belongs to no function")
        return self


def load_rows(data: Path = catalog.DATA) -> tuple[Row, ...]:
    """The rows of the product, in order."""
    return catalog.load(data / "guide" / "rows.toml", Rows).row


def load_guide(data: Path = catalog.DATA) -> Guide:
    """The guide's steps, in the guide's order."""
    return catalog.load(data / "guide" / "steps.toml", Guide)
